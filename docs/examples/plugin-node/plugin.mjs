// The process: a plugin of Rounds over gRPC, as the head of checklist.proto tells.

import path from 'node:path';
import { Server, ServerCredentials } from '@grpc/grpc-js';

import { makeCertificate } from './certificate.mjs';
import { checklists, description } from './checklist.mjs';
import { check, judge } from './judge.mjs';
import { Checklist, Controller, Health, statusOf } from './wire.mjs';

const contractVersion = '1';
const maxMessage = 4 << 20; // bytes

// answering turns a function of the request into a call that is answered, by an
// error if need be. What is thrown is logged by its name and place: its message may
// hold an answer.
function answering(fn) {
  return (call, callback) => {
    try {
      callback(null, fn(call.request));
    } catch (error) {
      const status = statusOf(error);
      if (!error.problems) log('error', 'A call failed.', { error: error.name, at: error.stack?.split('\n')[1]?.trim() });
      callback(status);
    }
  };
}

// log writes a line that the server's log keeps with its level and fields.
function log(level, message, fields) {
  process.stderr.write(`${JSON.stringify({ '@level': level, '@message': message, '@timestamp': new Date().toISOString(), ...fields })}\n`);
}

function newServer() {
  const server = new Server({ 'grpc.max_receive_message_length': maxMessage, 'grpc.max_send_message_length': maxMessage });
  server.addService(Checklist, {
    Describe: answering(() => ({ description })),
    Judge: answering(({ inspection }) => ({ judgement: judge(checklists, inspection) })),
    Check: answering(({ inspection }) => ({ problems: check(checklists, inspection) })),
  });
  server.addService(Health, { Check: answering(() => ({ status: 'SERVING' })) });
  server.addService(Controller, {
    Shutdown(_call, callback) {
      callback(null, {});
      server.tryShutdown(() => process.exit(0));
      setTimeout(() => process.exit(0), 1000); // whatever is still under way
    },
  });
  return server;
}

// watchParent ends the process when its parent has gone, and not at an interrupt from the
// terminal, which is the server's to handle.
function watchParent() {
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.exit(0); }, 1000);
  process.on('SIGINT', () => {});
}

async function main() {
  const env = process.env;
  if (env.ROUNDS_PLUGIN !== 'checklist') {
    process.stderr.write('This is a plugin of Rounds: a server starts it. See docs/plugin-author.md.\n');
    process.exit(1);
  }
  if (!env.PLUGIN_PROTOCOL_VERSIONS?.split(',').includes(contractVersion)) {
    process.stderr.write(`This plugin speaks version ${contractVersion} of the contract, the server ${env.PLUGIN_PROTOCOL_VERSIONS}.\n`);
    process.exit(1);
  }
  watchParent();
  let credentials = ServerCredentials.createInsecure();
  const handshake = ['1', contractVersion, 'unix', path.join(env.PLUGIN_UNIX_SOCKET_DIR, 'plugin.sock'), 'grpc'];
  if (env.PLUGIN_CLIENT_CERT) {
    const own = await makeCertificate();
    credentials = ServerCredentials.createSsl(Buffer.from(env.PLUGIN_CLIENT_CERT),
      [{ private_key: own.key, cert_chain: own.certificate }], true);
    handshake.push(own.der.toString('base64').replace(/=+$/, ''));
  }
  newServer().bindAsync(`unix:${handshake[3]}`, credentials, (error) => {
    if (error) throw error;
    process.stdout.write(`${handshake.join('|')}\n`);
  });
}

main();
