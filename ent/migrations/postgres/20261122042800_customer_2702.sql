-- +goose Up
-- keep what is to become contact points
CREATE TABLE moved_contact_points AS
  SELECT id AS customer_id, registered_at AS added_at, 'PHONE' AS kind, phone_sealed AS sealed, phone_index AS digest FROM customers WHERE phone_sealed IS NOT NULL
  UNION ALL
  SELECT id, registered_at, 'EMAIL', email_sealed, email_index FROM customers WHERE email_sealed IS NOT NULL;
-- modify "customers" table
ALTER TABLE "customers" DROP COLUMN "phone_sealed", DROP COLUMN "phone_index", DROP COLUMN "email_sealed", DROP COLUMN "email_index";
-- create "contact_points" table
CREATE TABLE "contact_points" ("id" uuid NOT NULL, "kind" character varying NOT NULL, "channel" character varying NULL, "sealed" bytea NULL, "digest" bytea NULL, "label" character varying NULL, "is_primary" boolean NOT NULL DEFAULT false, "added_at" timestamptz NOT NULL, "verified_at" timestamptz NULL, "removed_at" timestamptz NULL, "customer_id" uuid NOT NULL, "verified_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "contact_points_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "contact_points_staff_verified_by" FOREIGN KEY ("verified_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "contactpoint_customer_id_digest" to table: "contact_points"
CREATE UNIQUE INDEX "contactpoint_customer_id_digest" ON "contact_points" ("customer_id", "digest");
-- create index "contactpoint_digest_customer_id" to table: "contact_points"
CREATE INDEX "contactpoint_digest_customer_id" ON "contact_points" ("digest", "customer_id");
-- create index "contactpoint_primary" to table: "contact_points"
CREATE UNIQUE INDEX "contactpoint_primary" ON "contact_points" ("customer_id", "kind") WHERE is_primary;
-- move contact data, under ids as old as their customers
INSERT INTO "contact_points" ("id", "customer_id", "kind", "sealed", "digest", "is_primary", "added_at")
  SELECT (substr(customer_id::text, 1, 15) || substr(gen_random_uuid()::text, 16))::uuid,
    customer_id, kind, sealed, digest, true, added_at FROM moved_contact_points;
DROP TABLE moved_contact_points;
