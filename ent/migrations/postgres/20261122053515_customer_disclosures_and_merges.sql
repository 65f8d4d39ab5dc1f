-- +goose Up
-- drop index "customers_external_id_key" from table: "customers"
DROP INDEX "customers_external_id_key";
-- modify "customers" table
ALTER TABLE "customers" ADD COLUMN "merged_at" timestamptz NULL, ADD COLUMN "merged_into_id" uuid NULL, ADD CONSTRAINT "customers_customers_merged_from" FOREIGN KEY ("merged_into_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create index "customer_external_id" to table: "customers"
CREATE INDEX "customer_external_id" ON "customers" ("external_id");
-- create index "customer_merged_into_id" to table: "customers"
CREATE INDEX "customer_merged_into_id" ON "customers" ("merged_into_id");
-- create index "customer_site_id_external_id" to table: "customers"
CREATE UNIQUE INDEX "customer_site_id_external_id" ON "customers" ("site_id", "external_id");
-- create "customer_merges" table
CREATE TABLE "customer_merges" ("id" uuid NOT NULL, "reason" character varying NULL, "moved" jsonb NOT NULL, "actor" character varying NOT NULL, "at" timestamptz NOT NULL, "into_id" uuid NOT NULL, "from_id" uuid NOT NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "customer_merges_customers_from" FOREIGN KEY ("from_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "customer_merges_customers_into" FOREIGN KEY ("into_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "customer_merges_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "customermerge_from_id" to table: "customer_merges"
CREATE UNIQUE INDEX "customermerge_from_id" ON "customer_merges" ("from_id");
-- create index "customermerge_into_id_at_id" to table: "customer_merges"
CREATE INDEX "customermerge_into_id_at_id" ON "customer_merges" ("into_id", "at", "id");
-- create "disclosures" table
CREATE TABLE "disclosures" ("id" uuid NOT NULL, "kind" character varying NOT NULL, "purpose" character varying NOT NULL, "note" character varying NULL, "actor" character varying NOT NULL, "at" timestamptz NOT NULL, "customer_id" uuid NOT NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "disclosures_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "disclosures_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "disclosure_actor_at" to table: "disclosures"
CREATE INDEX "disclosure_actor_at" ON "disclosures" ("actor", "at");
-- create index "disclosure_customer_id_at_id" to table: "disclosures"
CREATE INDEX "disclosure_customer_id_at_id" ON "disclosures" ("customer_id", "at", "id");
