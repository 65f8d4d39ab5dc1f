// The services that a plugin speaks, and errors in the form that they have on the
// wire.

import { status as codes, Metadata } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import protobuf from 'protobufjs';

import contract from '../../../plugins/checklistpb/rounds/checklist/v1/checklist.proto';
import { InputError } from './judge.mjs';

// Of these a plugin needs no more than what is written here: they are
// grpc.health.v1.Health and what go-plugin ends a plugin with, and google.rpc.Status.
const health = `syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse { ServingStatus status = 1; enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; } }
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }`;
const controller = `syntax = "proto3";
package plugin;
message Empty {}
service GRPCController { rpc Shutdown(Empty) returns (Empty); }`;
const rpc = `syntax = "proto3";
package google.rpc;
message Any { string type_url = 1; bytes value = 2; }
message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`;

const root = new protobuf.Root();
for (const source of [contract, health, controller, rpc]) {
  protobuf.parse(source, root, { keepCase: true });
}
root.resolveAll();

const definitions = fromJSON(root.toJSON(), { keepCase: true, enums: String, longs: Number, defaults: true, arrays: true, oneofs: true });

// The definitions of the services.
export const Checklist = definitions['rounds.checklist.v1.Checklist'];
export const Health = definitions['grpc.health.v1.Health'];
export const Controller = definitions['plugin.GRPCController'];

const Fault = root.lookupType('rounds.checklist.v1.Fault');
const Status = root.lookupType('google.rpc.Status');

// statusOf gives an error its status: the code and a Fault say who is to blame. The
// message goes to the server's log, so it holds no answer.
export function statusOf(error) {
  const refused = error instanceof InputError;
  const code = refused ? codes.INVALID_ARGUMENT : codes.INTERNAL;
  const message = refused ? 'the answers cannot be judged' : `the plugin failed: ${error.name}`;
  const fault = Fault.encode(Fault.fromObject(refused
    ? { source: 'SOURCE_INPUT', problems: error.problems }
    : { source: 'SOURCE_PLUGIN' })).finish();
  const details = [{ type_url: 'type.googleapis.com/rounds.checklist.v1.Fault', value: fault }];
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(Status.encode({ code, message, details }).finish()));
  return { code, details: message, metadata };
}
