-- +goose Up
-- modify "case_follow_ups" table
ALTER TABLE "case_follow_ups" ADD COLUMN "satisfaction" bigint NULL;
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "first_accepted_at" timestamptz NULL, ADD COLUMN "counted_time" bigint NULL, ADD COLUMN "satisfaction" bigint NULL;
-- create index "servicecase_closed_at" to table: "cases"
CREATE INDEX "servicecase_closed_at" ON "cases" ("closed_at");
-- create index "servicecase_resolved_at" to table: "cases"
CREATE INDEX "servicecase_resolved_at" ON "cases" ("resolved_at");
