-- +goose Up
-- create index "caseentry_copy_of_id" to table: "case_entries"
CREATE INDEX "caseentry_copy_of_id" ON "case_entries" ("copy_of_id") WHERE (copy_of_id IS NOT NULL);
-- modify "customers" table
ALTER TABLE "customers" ADD COLUMN "erased_at" timestamptz NULL, ADD COLUMN "erased_for" character varying NULL, ADD COLUMN "traces" boolean NOT NULL DEFAULT false;
-- create index "customer_traces" to table: "customers"
CREATE INDEX "customer_traces" ON "customers" ("traces") WHERE traces;
