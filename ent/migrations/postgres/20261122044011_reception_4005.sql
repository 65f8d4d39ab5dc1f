-- +goose Up
-- create "shifts" table
CREATE TABLE "shifts" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "group" character varying NOT NULL, "starts_at" timestamptz NOT NULL, "ends_at" timestamptz NOT NULL, "cancelled" boolean NOT NULL DEFAULT false, "created_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "staff_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "shifts_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shifts_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shifts_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "shift_department_id_starts_at_id" to table: "shifts"
CREATE INDEX "shift_department_id_starts_at_id" ON "shifts" ("department_id", "starts_at", "id");
-- create index "shift_site_id_starts_at_id" to table: "shifts"
CREATE INDEX "shift_site_id_starts_at_id" ON "shifts" ("site_id", "starts_at", "id");
-- create index "shift_staff_id_starts_at_id" to table: "shifts"
CREATE INDEX "shift_staff_id_starts_at_id" ON "shifts" ("staff_id", "starts_at", "id");
-- create index "shift_starts_at_id" to table: "shifts"
CREATE INDEX "shift_starts_at_id" ON "shifts" ("starts_at", "id");
-- create "shift_swaps" table
CREATE TABLE "shift_swaps" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "status" character varying NOT NULL DEFAULT 'REQUESTED', "decided_at" timestamptz NULL, "requested_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "shift_id" uuid NOT NULL, "staff_id" uuid NOT NULL, "with_id" uuid NOT NULL, "with_shift_id" uuid NULL, "decided_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "shift_swaps_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shift_swaps_shifts_shift" FOREIGN KEY ("shift_id") REFERENCES "shifts" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shift_swaps_shifts_with_shift" FOREIGN KEY ("with_shift_id") REFERENCES "shifts" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shift_swaps_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shift_swaps_staff_decided_by" FOREIGN KEY ("decided_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shift_swaps_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "shift_swaps_staff_with" FOREIGN KEY ("with_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "shiftswap_department_id_status_requested_at_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_department_id_status_requested_at_id" ON "shift_swaps" ("department_id", "status", "requested_at", "id");
-- create index "shiftswap_requested_at_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_requested_at_id" ON "shift_swaps" ("requested_at", "id");
-- create index "shiftswap_shift_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_shift_id" ON "shift_swaps" ("shift_id");
-- create index "shiftswap_site_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_site_id_requested_at_id" ON "shift_swaps" ("site_id", "requested_at", "id");
-- create index "shiftswap_staff_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_staff_id_requested_at_id" ON "shift_swaps" ("staff_id", "requested_at", "id");
-- create index "shiftswap_with_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_with_id_requested_at_id" ON "shift_swaps" ("with_id", "requested_at", "id");
-- create index "shiftswap_with_shift_id" to table: "shift_swaps"
CREATE INDEX "shiftswap_with_shift_id" ON "shift_swaps" ("with_shift_id");
