-- +goose Up
-- modify "absences" table
ALTER TABLE "absences" ADD COLUMN "planned" boolean NOT NULL DEFAULT false;
-- create index "absence_to_plan" to table: "absences"
CREATE INDEX "absence_to_plan" ON "absences" ("updated_at", "id") WHERE (NOT planned);
-- modify "case_entries" table
ALTER TABLE "case_entries" ADD COLUMN "calendar_id" uuid NULL, ADD COLUMN "absence_id" uuid NULL, ADD CONSTRAINT "case_entries_absences_absence" FOREIGN KEY ("absence_id") REFERENCES "absences" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_entries_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create index "caseentry_absence" to table: "case_entries"
CREATE INDEX "caseentry_absence" ON "case_entries" ("absence_id", "action") WHERE (absence_id IS NOT NULL);
-- modify "sites" table
ALTER TABLE "sites" ADD COLUMN "hours_revision" bigint NOT NULL DEFAULT 0;
-- drop index "deadline_calendar_id_ended_at_calendar_revision" from table: "deadlines"
DROP INDEX "deadline_calendar_id_ended_at_calendar_revision";
-- modify "deadlines" table
ALTER TABLE "deadlines" ADD COLUMN "hours_revision" bigint NOT NULL DEFAULT 0, ADD COLUMN "site_id" uuid NULL, ADD CONSTRAINT "deadlines_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create index "deadline_calendar" to table: "deadlines"
CREATE INDEX "deadline_calendar" ON "deadlines" ("calendar_id", "calendar_revision") WHERE (ended_at IS NULL);
-- create index "deadline_hours" to table: "deadlines"
CREATE INDEX "deadline_hours" ON "deadlines" ("site_id", "hours_revision") WHERE (ended_at IS NULL);
