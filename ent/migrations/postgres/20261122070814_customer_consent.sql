-- +goose Up
-- modify "customers" table
ALTER TABLE "customers" ADD COLUMN "class" character varying NULL, ADD COLUMN "preferences" jsonb NULL;
-- create index "customer_class_registered_at_id" to table: "customers"
CREATE INDEX "customer_class_registered_at_id" ON "customers" ("class", "registered_at", "id");
-- create "consents" table
CREATE TABLE "consents" ("id" uuid NOT NULL, "purpose" character varying NOT NULL, "state" character varying NOT NULL, "channel" character varying NOT NULL, "note" character varying NULL, "is_current" boolean NOT NULL DEFAULT true, "at" timestamptz NOT NULL, "recorded_at" timestamptz NOT NULL, "actor" character varying NOT NULL, "customer_id" uuid NOT NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "consents_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "consents_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "consent_current" to table: "consents"
CREATE UNIQUE INDEX "consent_current" ON "consents" ("customer_id", "purpose") WHERE is_current;
-- create index "consent_customer_id_at_id" to table: "consents"
CREATE INDEX "consent_customer_id_at_id" ON "consents" ("customer_id", "at", "id");
-- create "external_ids" table
CREATE TABLE "external_ids" ("id" uuid NOT NULL, "system" character varying NOT NULL, "value" character varying NOT NULL, "added_at" timestamptz NOT NULL, "customer_id" uuid NOT NULL, "site_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "external_ids_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "external_ids_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "externalid_customer_id_system_value" to table: "external_ids"
CREATE INDEX "externalid_customer_id_system_value" ON "external_ids" ("customer_id", "system", "value");
-- create index "externalid_site_id_system_value" to table: "external_ids"
CREATE UNIQUE INDEX "externalid_site_id_system_value" ON "external_ids" ("site_id", "system", "value");
-- create index "externalid_system_value" to table: "external_ids"
CREATE INDEX "externalid_system_value" ON "external_ids" ("system", "value");
