-- +goose Up
-- modify "departments" table
ALTER TABLE "departments" ADD COLUMN "calendar_id" uuid NULL;
-- modify "sites" table
ALTER TABLE "sites" ADD COLUMN "calendar_id" uuid NULL;
-- create "calendars" table
CREATE TABLE "calendars" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "code" character varying NOT NULL, "name" character varying NOT NULL, "definition" jsonb NOT NULL, "created_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- create index "calendar_code" to table: "calendars"
CREATE INDEX "calendar_code" ON "calendars" ("code");
-- create index "calendar_name_id" to table: "calendars"
CREATE INDEX "calendar_name_id" ON "calendars" ("name", "id");
-- create index "calendar_site_id_code" to table: "calendars"
CREATE UNIQUE INDEX "calendar_site_id_code" ON "calendars" ("site_id", "code");
-- create index "calendar_site_id_name_id" to table: "calendars"
CREATE INDEX "calendar_site_id_name_id" ON "calendars" ("site_id", "name", "id");
-- modify "departments" table
ALTER TABLE "departments" ADD CONSTRAINT "departments_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "sites" table
ALTER TABLE "sites" ADD CONSTRAINT "sites_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "calendars" table
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
