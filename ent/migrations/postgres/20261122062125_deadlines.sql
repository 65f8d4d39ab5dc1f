-- +goose Up
-- create "absences" table
CREATE TABLE "absences" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "reason" character varying NOT NULL, "from_at" timestamptz NOT NULL, "until_at" timestamptz NOT NULL, "created_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "staff_id" uuid NOT NULL, "delegate_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "absences_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "absences_staff_delegate" FOREIGN KEY ("delegate_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "absences_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "absence_from_at_id" to table: "absences"
CREATE INDEX "absence_from_at_id" ON "absences" ("from_at", "id");
-- create index "absence_staff_id_until_at" to table: "absences"
CREATE INDEX "absence_staff_id_until_at" ON "absences" ("staff_id", "until_at");
-- create "deadline_policies" table
CREATE TABLE "deadline_policies" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "name" character varying NOT NULL, "position" bigint NOT NULL, "created_at" timestamptz NOT NULL, "retired_at" timestamptz NULL, "site_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "deadline_policies_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "deadlinepolicy_position_id" to table: "deadline_policies"
CREATE INDEX "deadlinepolicy_position_id" ON "deadline_policies" ("position", "id");
-- create index "deadlinepolicy_site_id_position_id" to table: "deadline_policies"
CREATE INDEX "deadlinepolicy_site_id_position_id" ON "deadline_policies" ("site_id", "position", "id");
-- create "deadline_policy_versions" table
CREATE TABLE "deadline_policy_versions" ("id" uuid NOT NULL, "number" bigint NOT NULL, "current" boolean NOT NULL DEFAULT true, "definition" jsonb NOT NULL, "created_at" timestamptz NOT NULL, "policy_id" uuid NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "deadline_policy_versions_deadline_policies_policy" FOREIGN KEY ("policy_id") REFERENCES "deadline_policies" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "deadlinepolicyversion_policy_id_number" to table: "deadline_policy_versions"
CREATE UNIQUE INDEX "deadlinepolicyversion_policy_id_number" ON "deadline_policy_versions" ("policy_id", "number");
-- drop index "servicecase_customer_id_opened_at_id_seen" from table: "cases"
DROP INDEX "servicecase_customer_id_opened_at_id_seen";
-- drop index "servicecase_department_id_open_due_at_id_seen" from table: "cases"
DROP INDEX "servicecase_department_id_open_due_at_id_seen";
-- drop index "servicecase_department_id_opened_at_id_seen" from table: "cases"
DROP INDEX "servicecase_department_id_opened_at_id_seen";
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "due_promised" boolean NOT NULL DEFAULT false, ADD COLUMN "deadline_policy_version_id" uuid NULL, ADD COLUMN "escalated_to_id" uuid NULL, ADD CONSTRAINT "cases_deadline_policy_versions_deadline_policy_version" FOREIGN KEY ("deadline_policy_version_id") REFERENCES "deadline_policy_versions" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "cases_staff_escalated_to" FOREIGN KEY ("escalated_to_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create index "servicecase_customer_id_opened_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_customer_id_opened_at_id_seen" ON "cases" ("customer_id", "opened_at", "id", "site_id", "department_id", "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id");
-- create index "servicecase_department_id_open_due_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_open_due_at_id_seen" ON "cases" ("department_id", "open", "due_at", "id", "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id", "tasked");
-- create index "servicecase_department_id_opened_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_opened_at_id_seen" ON "cases" ("department_id", "opened_at", "id", "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id", "tasked");
-- create index "servicecase_escalated_to_id_opened_at_id" to table: "cases"
CREATE INDEX "servicecase_escalated_to_id_opened_at_id" ON "cases" ("escalated_to_id", "opened_at", "id");
-- create "deadlines" table
CREATE TABLE "deadlines" ("id" uuid NOT NULL, "policy_version" bigint NOT NULL DEFAULT 0, "calendar_revision" bigint NOT NULL DEFAULT 0, "target" character varying NOT NULL, "rule" jsonb NOT NULL, "fixed" boolean NOT NULL DEFAULT false, "promise" character varying NULL, "state" character varying NOT NULL DEFAULT 'RUNNING', "runs" boolean NOT NULL DEFAULT true, "started_at" timestamptz NOT NULL, "due_at" timestamptz NOT NULL, "ended_at" timestamptz NULL, "spent" bigint NOT NULL DEFAULT 0, "segment_at" timestamptz NOT NULL, "step" bigint NOT NULL DEFAULT 0, "next_alert_at" timestamptz NULL, "case_id" uuid NOT NULL, "policy_id" uuid NULL, "calendar_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "deadlines_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "deadlines_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "deadlines_deadline_policies_policy" FOREIGN KEY ("policy_id") REFERENCES "deadline_policies" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "deadline_calendar_id_ended_at_calendar_revision" to table: "deadlines"
CREATE INDEX "deadline_calendar_id_ended_at_calendar_revision" ON "deadlines" ("calendar_id", "ended_at", "calendar_revision");
-- create index "deadline_case_id_started_at_id" to table: "deadlines"
CREATE INDEX "deadline_case_id_started_at_id" ON "deadlines" ("case_id", "started_at", "id");
-- create index "deadline_next_alert_at_case_id" to table: "deadlines"
CREATE INDEX "deadline_next_alert_at_case_id" ON "deadlines" ("next_alert_at", "case_id");
-- modify "case_entries" table
ALTER TABLE "case_entries" ADD COLUMN "deadline_id" uuid NULL, ADD CONSTRAINT "case_entries_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create "clock_segments" table
CREATE TABLE "clock_segments" ("id" uuid NOT NULL, "reason" character varying NOT NULL, "counted" boolean NOT NULL, "from_at" timestamptz NOT NULL, "to_at" timestamptz NULL, "spent" bigint NOT NULL DEFAULT 0, "deadline_id" uuid NOT NULL, "calendar_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "clock_segments_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "clock_segments_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "clocksegment_deadline_id_from_at_id" to table: "clock_segments"
CREATE INDEX "clocksegment_deadline_id_from_at_id" ON "clock_segments" ("deadline_id", "from_at", "id");
-- create "escalations" table
CREATE TABLE "escalations" ("id" uuid NOT NULL, "step" bigint NOT NULL, "kind" character varying NOT NULL, "level" bigint NOT NULL, "skipped" character varying NULL, "planned_at" timestamptz NOT NULL, "fired_at" timestamptz NOT NULL, "acknowledged_at" timestamptz NULL, "revision" bigint NOT NULL DEFAULT 1, "deadline_id" uuid NOT NULL, "case_id" uuid NOT NULL, "to_id" uuid NULL, "instead_of_id" uuid NULL, "acknowledged_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "escalations_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "escalations_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "escalations_staff_acknowledged_by" FOREIGN KEY ("acknowledged_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "escalations_staff_instead_of" FOREIGN KEY ("instead_of_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "escalations_staff_to" FOREIGN KEY ("to_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "escalation_case_id_fired_at_id" to table: "escalations"
CREATE INDEX "escalation_case_id_fired_at_id" ON "escalations" ("case_id", "fired_at", "id");
-- create index "escalation_deadline_id_step" to table: "escalations"
CREATE UNIQUE INDEX "escalation_deadline_id_step" ON "escalations" ("deadline_id", "step");
-- create index "escalation_to_id_acknowledged_at" to table: "escalations"
CREATE INDEX "escalation_to_id_acknowledged_at" ON "escalations" ("to_id", "acknowledged_at");
