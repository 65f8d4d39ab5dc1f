-- +goose Up
-- create "sealing_keys" table
CREATE TABLE "sealing_keys" ("id" character varying NOT NULL, "state" character varying NOT NULL, "added_at" timestamptz NOT NULL, "primary_at" timestamptz NULL, "retired_at" timestamptz NULL, PRIMARY KEY ("id"));
-- create index "sealingkey_primary" to table: "sealing_keys"
CREATE UNIQUE INDEX "sealingkey_primary" ON "sealing_keys" ("state") WHERE ((state)::text = 'PRIMARY'::text);
