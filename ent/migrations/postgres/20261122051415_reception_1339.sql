-- +goose Up
-- create "rotations" table
CREATE TABLE "rotations" ("id" uuid NOT NULL, "day" character varying NOT NULL, "group" character varying NOT NULL, "draws" bigint NOT NULL DEFAULT 0, "department_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "rotations_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "rotation_department_id_day_group" to table: "rotations"
CREATE UNIQUE INDEX "rotation_department_id_day_group" ON "rotations" ("department_id", "day", "group");
-- create "rotation_places" table
CREATE TABLE "rotation_places" ("id" uuid NOT NULL, "turns" bigint NOT NULL DEFAULT 0, "level" bigint NOT NULL DEFAULT 0, "extra" bigint NOT NULL DEFAULT 0, "seen" bigint NOT NULL DEFAULT 0, "last" bigint NOT NULL DEFAULT 0, "rotation_id" uuid NOT NULL, "staff_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "rotation_places_rotations_rotation" FOREIGN KEY ("rotation_id") REFERENCES "rotations" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "rotation_places_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "rotationplace_rotation_id_staff_id" to table: "rotation_places"
CREATE UNIQUE INDEX "rotationplace_rotation_id_staff_id" ON "rotation_places" ("rotation_id", "staff_id");
-- create index "rotationplace_staff_id" to table: "rotation_places"
CREATE INDEX "rotationplace_staff_id" ON "rotation_places" ("staff_id");
-- create "visits" table
CREATE TABLE "visits" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "channel" character varying NOT NULL, "assignment" character varying NOT NULL, "group" character varying NULL, "known" boolean NOT NULL, "source" character varying NULL, "rings" bigint NULL, "no_customer" character varying NOT NULL DEFAULT 'NOT_ASKED', "at" timestamptz NOT NULL, "day" character varying NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "customer_id" uuid NULL, "owner_id" uuid NULL, "assigned_id" uuid NOT NULL, "received_by_id" uuid NULL, "dealing_with_id" uuid NULL, "decided_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "visits_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_staff_assigned" FOREIGN KEY ("assigned_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_staff_dealing_with" FOREIGN KEY ("dealing_with_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_staff_decided_by" FOREIGN KEY ("decided_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_staff_owner" FOREIGN KEY ("owner_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "visits_staff_received_by" FOREIGN KEY ("received_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "visit_assigned_id_at_id" to table: "visits"
CREATE INDEX "visit_assigned_id_at_id" ON "visits" ("assigned_id", "at", "id");
-- create index "visit_at_id" to table: "visits"
CREATE INDEX "visit_at_id" ON "visits" ("at", "id");
-- create index "visit_customer_id_at_id" to table: "visits"
CREATE INDEX "visit_customer_id_at_id" ON "visits" ("customer_id", "at", "id");
-- create index "visit_dealing_with_id" to table: "visits"
CREATE INDEX "visit_dealing_with_id" ON "visits" ("dealing_with_id");
-- create index "visit_decided_by_id" to table: "visits"
CREATE INDEX "visit_decided_by_id" ON "visits" ("decided_by_id");
-- create index "visit_department_id_at_id" to table: "visits"
CREATE INDEX "visit_department_id_at_id" ON "visits" ("department_id", "at", "id");
-- create index "visit_department_id_day" to table: "visits"
CREATE INDEX "visit_department_id_day" ON "visits" ("department_id", "day");
-- create index "visit_owner_id_at_id" to table: "visits"
CREATE INDEX "visit_owner_id_at_id" ON "visits" ("owner_id", "at", "id");
-- create index "visit_received_by_id_at_id" to table: "visits"
CREATE INDEX "visit_received_by_id_at_id" ON "visits" ("received_by_id", "at", "id");
-- create index "visit_site_id_at_id" to table: "visits"
CREATE INDEX "visit_site_id_at_id" ON "visits" ("site_id", "at", "id");
-- create index "visit_site_id_day" to table: "visits"
CREATE INDEX "visit_site_id_day" ON "visits" ("site_id", "day");
