-- +goose Up
-- modify "customers" table
ALTER TABLE "customers" ADD COLUMN "contact_every" bigint NULL, ADD COLUMN "last_contact_at" timestamptz NULL, ADD COLUMN "call_again_at" timestamptz NULL, ADD COLUMN "next_contact_at" timestamptz NULL;
-- create index "customer_department_id_next_contact_at_id" to table: "customers"
CREATE INDEX "customer_department_id_next_contact_at_id" ON "customers" ("department_id", "next_contact_at", "id");
-- create index "customer_next_contact_at_id" to table: "customers"
CREATE INDEX "customer_next_contact_at_id" ON "customers" ("next_contact_at", "id");
-- create index "customer_owner_id_next_contact_at_id" to table: "customers"
CREATE INDEX "customer_owner_id_next_contact_at_id" ON "customers" ("owner_id", "next_contact_at", "id");
-- create index "customer_site_id_next_contact_at_id" to table: "customers"
CREATE INDEX "customer_site_id_next_contact_at_id" ON "customers" ("site_id", "next_contact_at", "id");
-- create "contact_attempts" table
CREATE TABLE "contact_attempts" ("id" uuid NOT NULL, "channel" character varying NOT NULL, "reached" boolean NOT NULL, "outcome" character varying NULL, "call_again_at" timestamptz NULL, "note" character varying NULL, "at" timestamptz NOT NULL, "recorded_at" timestamptz NOT NULL, "actor" character varying NOT NULL, "customer_id" uuid NOT NULL, "case_id" uuid NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "contact_attempts_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "contact_attempts_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "contact_attempts_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "contactattempt_case_id" to table: "contact_attempts"
CREATE INDEX "contactattempt_case_id" ON "contact_attempts" ("case_id");
-- create index "contactattempt_customer_id_at_id" to table: "contact_attempts"
CREATE INDEX "contactattempt_customer_id_at_id" ON "contact_attempts" ("customer_id", "at", "id");
