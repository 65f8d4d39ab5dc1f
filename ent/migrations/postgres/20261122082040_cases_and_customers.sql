-- +goose Up
-- keep what is to become contact points
CREATE TABLE moved_contact_points AS
  SELECT id AS customer_id, registered_at AS added_at, 'PHONE' AS kind, phone_sealed AS sealed, phone_index AS digest FROM customers WHERE phone_sealed IS NOT NULL
  UNION ALL
  SELECT id, registered_at, 'EMAIL', email_sealed, email_index FROM customers WHERE email_sealed IS NOT NULL;
-- modify "case_entries" table
ALTER TABLE "case_entries" ADD COLUMN "deadline_id" uuid NULL, ADD COLUMN "calendar_id" uuid NULL, ADD COLUMN "absence_id" uuid NULL, ADD COLUMN "other_case_id" uuid NULL, ADD COLUMN "copy_of_id" uuid NULL;
-- create index "caseentry_absence" to table: "case_entries"
CREATE INDEX "caseentry_absence" ON "case_entries" ("absence_id", "action") WHERE (absence_id IS NOT NULL);
-- create index "caseentry_copy_of_id" to table: "case_entries"
CREATE INDEX "caseentry_copy_of_id" ON "case_entries" ("copy_of_id") WHERE (copy_of_id IS NOT NULL);
-- drop index "servicecase_customer_id_opened_at_id_seen" from table: "cases"
DROP INDEX "servicecase_customer_id_opened_at_id_seen";
-- drop index "servicecase_department_id_open_due_at_id_seen" from table: "cases"
DROP INDEX "servicecase_department_id_open_due_at_id_seen";
-- drop index "servicecase_department_id_opened_at_id_seen" from table: "cases"
DROP INDEX "servicecase_department_id_opened_at_id_seen";
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "order_reference" character varying NULL, ADD COLUMN "desired_remedy" character varying NULL, ADD COLUMN "anonymous" boolean NOT NULL DEFAULT false, ADD COLUMN "due_promised" boolean NOT NULL DEFAULT false, ADD COLUMN "first_accepted_at" timestamptz NULL, ADD COLUMN "first_response_at" timestamptz NULL, ADD COLUMN "contained_at" timestamptz NULL, ADD COLUMN "decision" character varying NULL, ADD COLUMN "decided_at" timestamptz NULL, ADD COLUMN "answered_at" timestamptz NULL, ADD COLUMN "agreed_at" timestamptz NULL, ADD COLUMN "held_at" timestamptz NULL, ADD COLUMN "held_until" timestamptz NULL, ADD COLUMN "hold_counts_time" boolean NOT NULL DEFAULT false, ADD COLUMN "counted_time" bigint NULL, ADD COLUMN "satisfaction" bigint NULL, ADD COLUMN "archived_at" timestamptz NULL, ADD COLUMN "reopened_count" bigint NOT NULL DEFAULT 0, ADD COLUMN "refused_count" bigint NOT NULL DEFAULT 0, ADD COLUMN "returned_count" bigint NOT NULL DEFAULT 0, ADD COLUMN "tasked" boolean NOT NULL DEFAULT false, ADD COLUMN "open_tasks" bigint NOT NULL DEFAULT 0, ADD COLUMN "deadline_policy_version_id" uuid NULL, ADD COLUMN "escalated_to_id" uuid NULL, ADD COLUMN "merged_into_id" uuid NULL, ADD COLUMN "topic_id" uuid NULL, ADD COLUMN "cause_id" uuid NULL;
-- create index "servicecase_customer_id_opened_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_customer_id_opened_at_id_seen" ON "cases" ("customer_id", "opened_at", "id", "site_id", "department_id", "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id");
-- create index "servicecase_department_id_open_due_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_open_due_at_id_seen" ON "cases" ("department_id", "open", "due_at", "id", "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id", "tasked");
-- create index "servicecase_department_id_opened_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_opened_at_id_seen" ON "cases" ("department_id", "opened_at", "id", "assignee_id", "received_by_id", "dispatched_to_id", "escalated_to_id", "tasked");
-- create index "servicecase_cause_id_opened_at_id" to table: "cases"
CREATE INDEX "servicecase_cause_id_opened_at_id" ON "cases" ("cause_id", "opened_at", "id");
-- create index "servicecase_closed_at" to table: "cases"
CREATE INDEX "servicecase_closed_at" ON "cases" ("closed_at");
-- create index "servicecase_escalated_to_id_opened_at_id" to table: "cases"
CREATE INDEX "servicecase_escalated_to_id_opened_at_id" ON "cases" ("escalated_to_id", "opened_at", "id");
-- create index "servicecase_resolved_at" to table: "cases"
CREATE INDEX "servicecase_resolved_at" ON "cases" ("resolved_at");
-- create index "servicecase_topic_id_opened_at_id" to table: "cases"
CREATE INDEX "servicecase_topic_id_opened_at_id" ON "cases" ("topic_id", "opened_at", "id");
-- drop index "customers_external_id_key" from table: "customers"
DROP INDEX "customers_external_id_key";
-- modify "customers" table
ALTER TABLE "customers" DROP COLUMN "phone_sealed", DROP COLUMN "phone_index", DROP COLUMN "email_sealed", DROP COLUMN "email_index", ADD COLUMN "class" character varying NULL, ADD COLUMN "preferences" jsonb NULL, ADD COLUMN "merged_at" timestamptz NULL, ADD COLUMN "erased_at" timestamptz NULL, ADD COLUMN "erased_for" character varying NULL, ADD COLUMN "traces" boolean NOT NULL DEFAULT false, ADD COLUMN "merged_into_id" uuid NULL;
-- create index "customer_class_registered_at_id" to table: "customers"
CREATE INDEX "customer_class_registered_at_id" ON "customers" ("class", "registered_at", "id");
-- create index "customer_external_id" to table: "customers"
CREATE INDEX "customer_external_id" ON "customers" ("external_id");
-- create index "customer_merged_into_id" to table: "customers"
CREATE INDEX "customer_merged_into_id" ON "customers" ("merged_into_id");
-- create index "customer_site_id_external_id" to table: "customers"
CREATE UNIQUE INDEX "customer_site_id_external_id" ON "customers" ("site_id", "external_id");
-- create index "customer_traces" to table: "customers"
CREATE INDEX "customer_traces" ON "customers" ("traces") WHERE traces;
-- modify "departments" table
ALTER TABLE "departments" ADD COLUMN "calendar_id" uuid NULL;
-- modify "sites" table
ALTER TABLE "sites" ADD COLUMN "hours_revision" bigint NOT NULL DEFAULT 0, ADD COLUMN "calendar_id" uuid NULL;
-- create "absences" table
CREATE TABLE "absences" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "reason" character varying NOT NULL, "from_at" timestamptz NOT NULL, "until_at" timestamptz NOT NULL, "created_at" timestamptz NOT NULL, "planned" boolean NOT NULL DEFAULT false, "site_id" uuid NOT NULL, "staff_id" uuid NOT NULL, "delegate_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "absence_from_at_id" to table: "absences"
CREATE INDEX "absence_from_at_id" ON "absences" ("from_at", "id");
-- create index "absence_staff_id_until_at" to table: "absences"
CREATE INDEX "absence_staff_id_until_at" ON "absences" ("staff_id", "until_at");
-- create index "absence_to_plan" to table: "absences"
CREATE INDEX "absence_to_plan" ON "absences" ("updated_at", "id") WHERE (NOT planned);
-- create "attachments" table
CREATE TABLE "attachments" ("id" uuid NOT NULL, "position" bigint NOT NULL, "name" character varying NULL, "content_type" character varying NOT NULL, "size" bigint NOT NULL, "digest" bytea NOT NULL, "added_at" timestamptz NOT NULL, "erased_at" timestamptz NULL, "case_id" uuid NOT NULL, "entry_id" uuid NOT NULL, "file_id" uuid NULL, "added_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "attachment_case_id" to table: "attachments"
CREATE INDEX "attachment_case_id" ON "attachments" ("case_id");
-- create index "attachment_entry_id_position" to table: "attachments"
CREATE UNIQUE INDEX "attachment_entry_id_position" ON "attachments" ("entry_id", "position");
-- create index "attachment_file_id" to table: "attachments"
CREATE INDEX "attachment_file_id" ON "attachments" ("file_id");
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
-- create "case_archives" table
CREATE TABLE "case_archives" ("id" uuid NOT NULL, "digest" bytea NOT NULL, "lines" bigint NOT NULL, "document" text NOT NULL, "at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "archived_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "casearchive_at_id" to table: "case_archives"
CREATE INDEX "casearchive_at_id" ON "case_archives" ("at", "id");
-- create "case_compensations" table
CREATE TABLE "case_compensations" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "kind" character varying NOT NULL, "amount" bigint NOT NULL, "currency" character varying NOT NULL, "reason" character varying NOT NULL, "status" character varying NOT NULL, "asked_at" timestamptz NOT NULL, "decided_at" timestamptz NULL, "decision" character varying NULL, "case_id" uuid NOT NULL, "asked_by_id" uuid NULL, "decided_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "casecompensation_case_id_asked_at_id" to table: "case_compensations"
CREATE INDEX "casecompensation_case_id_asked_at_id" ON "case_compensations" ("case_id", "asked_at", "id");
-- create "case_follow_ups" table
CREATE TABLE "case_follow_ups" ("id" uuid NOT NULL, "channel" character varying NOT NULL, "outcome" character varying NOT NULL, "word" character varying NULL, "satisfaction" bigint NULL, "call_again_at" timestamptz NULL, "at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "author_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "casefollowup_case_id_at_id" to table: "case_follow_ups"
CREATE INDEX "casefollowup_case_id_at_id" ON "case_follow_ups" ("case_id", "at", "id");
-- create "case_investigations" table
CREATE TABLE "case_investigations" ("id" uuid NOT NULL, "version" bigint NOT NULL, "substantiated" boolean NOT NULL, "service_caused" boolean NOT NULL, "loss" bigint NULL, "currency" character varying NULL, "findings" character varying NOT NULL, "at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "investigator_id" uuid NULL, "cause_id" uuid NULL, "department_id" uuid NULL, "person_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "caseinvestigation_case_id_at_id" to table: "case_investigations"
CREATE INDEX "caseinvestigation_case_id_at_id" ON "case_investigations" ("case_id", "at", "id");
-- create index "caseinvestigation_case_id_version" to table: "case_investigations"
CREATE UNIQUE INDEX "caseinvestigation_case_id_version" ON "case_investigations" ("case_id", "version");
-- create "case_links" table
CREATE TABLE "case_links" ("id" uuid NOT NULL, "kind" character varying NOT NULL, "at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "other_id" uuid NOT NULL, "author_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "caselink_case_id_at_id" to table: "case_links"
CREATE INDEX "caselink_case_id_at_id" ON "case_links" ("case_id", "at", "id");
-- create index "caselink_case_id_other_id_kind" to table: "case_links"
CREATE UNIQUE INDEX "caselink_case_id_other_id_kind" ON "case_links" ("case_id", "other_id", "kind");
-- create "case_tasks" table
CREATE TABLE "case_tasks" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "title" character varying NOT NULL, "what" character varying NULL, "required" boolean NOT NULL, "status" character varying NOT NULL DEFAULT 'OPEN', "due_at" timestamptz NOT NULL, "added_at" timestamptz NOT NULL, "accepted_at" timestamptz NULL, "ended_at" timestamptz NULL, "result" character varying NULL, "case_id" uuid NOT NULL, "department_id" uuid NOT NULL, "assignee_id" uuid NULL, "added_by_id" uuid NULL, "ended_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "casetask_assignee_id_status_due_at_id" to table: "case_tasks"
CREATE INDEX "casetask_assignee_id_status_due_at_id" ON "case_tasks" ("assignee_id", "status", "due_at", "id");
-- create index "casetask_case_id_due_at_id_seen" to table: "case_tasks"
CREATE INDEX "casetask_case_id_due_at_id_seen" ON "case_tasks" ("case_id", "due_at", "id", "status", "department_id", "assignee_id");
-- create index "casetask_department_id_status_due_at_id" to table: "case_tasks"
CREATE INDEX "casetask_department_id_status_due_at_id" ON "case_tasks" ("department_id", "status", "due_at", "id");
-- create index "casetask_due_at_id" to table: "case_tasks"
CREATE INDEX "casetask_due_at_id" ON "case_tasks" ("due_at", "id");
-- create "causes" table
CREATE TABLE "causes" ("id" uuid NOT NULL, "code" character varying NOT NULL, "name_en" character varying NOT NULL, "name_zh" character varying NOT NULL, "path" character varying NOT NULL, "active" boolean NOT NULL DEFAULT true, "created_at" timestamptz NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "site_id" uuid NULL, "parent_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "causes_causes_children" FOREIGN KEY ("parent_id") REFERENCES "causes" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "cause_parent_id_path_id" to table: "causes"
CREATE INDEX "cause_parent_id_path_id" ON "causes" ("parent_id", "path", "id");
-- create index "cause_path_id" to table: "causes"
CREATE INDEX "cause_path_id" ON "causes" ("path", "id");
-- create index "cause_site_id_path_id" to table: "causes"
CREATE INDEX "cause_site_id_path_id" ON "causes" ("site_id", "path", "id");
-- create index "causes_path_key" to table: "causes"
CREATE UNIQUE INDEX "causes_path_key" ON "causes" ("path");
-- create "clock_segments" table
CREATE TABLE "clock_segments" ("id" uuid NOT NULL, "reason" character varying NOT NULL, "counted" boolean NOT NULL, "from_at" timestamptz NOT NULL, "to_at" timestamptz NULL, "spent" bigint NOT NULL DEFAULT 0, "deadline_id" uuid NOT NULL, "calendar_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "clocksegment_deadline_id_from_at_id" to table: "clock_segments"
CREATE INDEX "clocksegment_deadline_id_from_at_id" ON "clock_segments" ("deadline_id", "from_at", "id");
-- create "conduct_proposals" table
CREATE TABLE "conduct_proposals" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "rule" character varying NOT NULL, "status" character varying NOT NULL DEFAULT 'PROPOSED', "person_from" bigint NOT NULL, "person_to" bigint NOT NULL, "first_from" bigint NOT NULL, "first_to" bigint NOT NULL, "currency" character varying NOT NULL, "proposed_at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "investigation_id" uuid NOT NULL, "person_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "first_responsible_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "conductproposal_case_id" to table: "conduct_proposals"
CREATE INDEX "conductproposal_case_id" ON "conduct_proposals" ("case_id");
-- create index "conductproposal_department_id_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX "conductproposal_department_id_proposed_at_id" ON "conduct_proposals" ("department_id", "proposed_at", "id");
-- create index "conductproposal_person_id_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX "conductproposal_person_id_proposed_at_id" ON "conduct_proposals" ("person_id", "proposed_at", "id");
-- create index "conductproposal_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX "conductproposal_proposed_at_id" ON "conduct_proposals" ("proposed_at", "id");
-- create index "conductproposal_site_id_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX "conductproposal_site_id_proposed_at_id" ON "conduct_proposals" ("site_id", "proposed_at", "id");
-- create "consents" table
CREATE TABLE "consents" ("id" uuid NOT NULL, "purpose" character varying NOT NULL, "state" character varying NOT NULL, "channel" character varying NOT NULL, "note" character varying NULL, "is_current" boolean NOT NULL DEFAULT true, "at" timestamptz NOT NULL, "recorded_at" timestamptz NOT NULL, "actor" character varying NOT NULL, "customer_id" uuid NOT NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "consent_current" to table: "consents"
CREATE UNIQUE INDEX "consent_current" ON "consents" ("customer_id", "purpose") WHERE is_current;
-- create index "consent_customer_id_at_id" to table: "consents"
CREATE INDEX "consent_customer_id_at_id" ON "consents" ("customer_id", "at", "id");
-- create "contact_points" table
CREATE TABLE "contact_points" ("id" uuid NOT NULL, "kind" character varying NOT NULL, "channel" character varying NULL, "sealed" bytea NULL, "digest" bytea NULL, "label" character varying NULL, "is_primary" boolean NOT NULL DEFAULT false, "added_at" timestamptz NOT NULL, "verified_at" timestamptz NULL, "removed_at" timestamptz NULL, "customer_id" uuid NOT NULL, "verified_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "contactpoint_customer_id_digest" to table: "contact_points"
CREATE UNIQUE INDEX "contactpoint_customer_id_digest" ON "contact_points" ("customer_id", "digest");
-- create index "contactpoint_digest_customer_id" to table: "contact_points"
CREATE INDEX "contactpoint_digest_customer_id" ON "contact_points" ("digest", "customer_id");
-- create index "contactpoint_primary" to table: "contact_points"
CREATE UNIQUE INDEX "contactpoint_primary" ON "contact_points" ("customer_id", "kind") WHERE is_primary;
-- create "customer_merges" table
CREATE TABLE "customer_merges" ("id" uuid NOT NULL, "reason" character varying NULL, "moved" jsonb NOT NULL, "actor" character varying NOT NULL, "at" timestamptz NOT NULL, "into_id" uuid NOT NULL, "from_id" uuid NOT NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "customermerge_from_id" to table: "customer_merges"
CREATE UNIQUE INDEX "customermerge_from_id" ON "customer_merges" ("from_id");
-- create index "customermerge_into_id_at_id" to table: "customer_merges"
CREATE INDEX "customermerge_into_id_at_id" ON "customer_merges" ("into_id", "at", "id");
-- create "deadlines" table
CREATE TABLE "deadlines" ("id" uuid NOT NULL, "policy_version" bigint NOT NULL DEFAULT 0, "calendar_revision" bigint NOT NULL DEFAULT 0, "hours_revision" bigint NOT NULL DEFAULT 0, "target" character varying NOT NULL, "rule" jsonb NOT NULL, "fixed" boolean NOT NULL DEFAULT false, "promise" character varying NULL, "state" character varying NOT NULL DEFAULT 'RUNNING', "runs" boolean NOT NULL DEFAULT true, "started_at" timestamptz NOT NULL, "due_at" timestamptz NOT NULL, "ended_at" timestamptz NULL, "spent" bigint NOT NULL DEFAULT 0, "segment_at" timestamptz NOT NULL, "step" bigint NOT NULL DEFAULT 0, "next_alert_at" timestamptz NULL, "case_id" uuid NOT NULL, "policy_id" uuid NULL, "calendar_id" uuid NULL, "site_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "deadline_calendar" to table: "deadlines"
CREATE INDEX "deadline_calendar" ON "deadlines" ("calendar_id", "calendar_revision") WHERE (ended_at IS NULL);
-- create index "deadline_case_id_started_at_id" to table: "deadlines"
CREATE INDEX "deadline_case_id_started_at_id" ON "deadlines" ("case_id", "started_at", "id");
-- create index "deadline_hours" to table: "deadlines"
CREATE INDEX "deadline_hours" ON "deadlines" ("site_id", "hours_revision") WHERE (ended_at IS NULL);
-- create index "deadline_next_alert_at_case_id" to table: "deadlines"
CREATE INDEX "deadline_next_alert_at_case_id" ON "deadlines" ("next_alert_at", "case_id");
-- create "deadline_policies" table
CREATE TABLE "deadline_policies" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "name" character varying NOT NULL, "position" bigint NOT NULL, "created_at" timestamptz NOT NULL, "retired_at" timestamptz NULL, "site_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "deadlinepolicy_position_id" to table: "deadline_policies"
CREATE INDEX "deadlinepolicy_position_id" ON "deadline_policies" ("position", "id");
-- create index "deadlinepolicy_site_id_position_id" to table: "deadline_policies"
CREATE INDEX "deadlinepolicy_site_id_position_id" ON "deadline_policies" ("site_id", "position", "id");
-- create "deadline_policy_versions" table
CREATE TABLE "deadline_policy_versions" ("id" uuid NOT NULL, "number" bigint NOT NULL, "current" boolean NOT NULL DEFAULT true, "definition" jsonb NOT NULL, "created_at" timestamptz NOT NULL, "policy_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- create index "deadlinepolicyversion_policy_id_number" to table: "deadline_policy_versions"
CREATE UNIQUE INDEX "deadlinepolicyversion_policy_id_number" ON "deadline_policy_versions" ("policy_id", "number");
-- create "disclosures" table
CREATE TABLE "disclosures" ("id" uuid NOT NULL, "kind" character varying NOT NULL, "purpose" character varying NOT NULL, "note" character varying NULL, "actor" character varying NOT NULL, "at" timestamptz NOT NULL, "customer_id" uuid NOT NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "disclosure_actor_at" to table: "disclosures"
CREATE INDEX "disclosure_actor_at" ON "disclosures" ("actor", "at");
-- create index "disclosure_customer_id_at_id" to table: "disclosures"
CREATE INDEX "disclosure_customer_id_at_id" ON "disclosures" ("customer_id", "at", "id");
-- create "escalations" table
CREATE TABLE "escalations" ("id" uuid NOT NULL, "step" bigint NOT NULL, "kind" character varying NOT NULL, "level" bigint NOT NULL, "skipped" character varying NULL, "planned_at" timestamptz NOT NULL, "fired_at" timestamptz NOT NULL, "acknowledged_at" timestamptz NULL, "revision" bigint NOT NULL DEFAULT 1, "deadline_id" uuid NOT NULL, "case_id" uuid NOT NULL, "to_id" uuid NULL, "instead_of_id" uuid NULL, "acknowledged_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "escalation_case_id_fired_at_id" to table: "escalations"
CREATE INDEX "escalation_case_id_fired_at_id" ON "escalations" ("case_id", "fired_at", "id");
-- create index "escalation_deadline_id_step" to table: "escalations"
CREATE UNIQUE INDEX "escalation_deadline_id_step" ON "escalations" ("deadline_id", "step");
-- create index "escalation_to_id_acknowledged_at" to table: "escalations"
CREATE INDEX "escalation_to_id_acknowledged_at" ON "escalations" ("to_id", "acknowledged_at");
-- create "external_ids" table
CREATE TABLE "external_ids" ("id" uuid NOT NULL, "system" character varying NOT NULL, "value" character varying NOT NULL, "added_at" timestamptz NOT NULL, "customer_id" uuid NOT NULL, "site_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- create index "externalid_customer_id_system_value" to table: "external_ids"
CREATE INDEX "externalid_customer_id_system_value" ON "external_ids" ("customer_id", "system", "value");
-- create index "externalid_site_id_system_value" to table: "external_ids"
CREATE UNIQUE INDEX "externalid_site_id_system_value" ON "external_ids" ("site_id", "system", "value");
-- create index "externalid_system_value" to table: "external_ids"
CREATE INDEX "externalid_system_value" ON "external_ids" ("system", "value");
-- create "hand_overs" table
CREATE TABLE "hand_overs" ("id" uuid NOT NULL, "offered_at" timestamptz NOT NULL, "state" character varying NOT NULL DEFAULT 'OFFERED', "decided_at" timestamptz NULL, "reason" character varying NULL, "case_id" uuid NOT NULL, "from_id" uuid NULL, "from_department_id" uuid NULL, "to_department_id" uuid NOT NULL, "to_staff_id" uuid NULL, "offered_by_id" uuid NULL, "decided_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "handover_case_id_offered_at_id" to table: "hand_overs"
CREATE INDEX "handover_case_id_offered_at_id" ON "hand_overs" ("case_id", "offered_at", "id");
-- create index "handover_state_offered_at_id" to table: "hand_overs"
CREATE INDEX "handover_state_offered_at_id" ON "hand_overs" ("state", "offered_at", "id");
-- create "owner_changes" table
CREATE TABLE "owner_changes" ("id" uuid NOT NULL, "reason" character varying NULL, "actor" character varying NOT NULL, "at" timestamptz NOT NULL, "customer_id" uuid NOT NULL, "from_id" uuid NULL, "to_id" uuid NULL, "staff_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "ownerchange_customer_id_at_id" to table: "owner_changes"
CREATE INDEX "ownerchange_customer_id_at_id" ON "owner_changes" ("customer_id", "at", "id");
-- create "rotations" table
CREATE TABLE "rotations" ("id" uuid NOT NULL, "day" character varying NOT NULL, "group" character varying NOT NULL, "draws" bigint NOT NULL DEFAULT 0, "department_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- create index "rotation_department_id_day_group" to table: "rotations"
CREATE UNIQUE INDEX "rotation_department_id_day_group" ON "rotations" ("department_id", "day", "group");
-- create "rotation_places" table
CREATE TABLE "rotation_places" ("id" uuid NOT NULL, "turns" bigint NOT NULL DEFAULT 0, "level" bigint NOT NULL DEFAULT 0, "extra" bigint NOT NULL DEFAULT 0, "seen" bigint NOT NULL DEFAULT 0, "last" bigint NOT NULL DEFAULT 0, "rotation_id" uuid NOT NULL, "staff_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- create index "rotationplace_rotation_id_staff_id" to table: "rotation_places"
CREATE UNIQUE INDEX "rotationplace_rotation_id_staff_id" ON "rotation_places" ("rotation_id", "staff_id");
-- create index "rotationplace_staff_id" to table: "rotation_places"
CREATE INDEX "rotationplace_staff_id" ON "rotation_places" ("staff_id");
-- create "shifts" table
CREATE TABLE "shifts" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "group" character varying NOT NULL, "starts_at" timestamptz NOT NULL, "ends_at" timestamptz NOT NULL, "cancelled" boolean NOT NULL DEFAULT false, "created_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "staff_id" uuid NOT NULL, PRIMARY KEY ("id"));
-- create index "shift_department_id_starts_at_id" to table: "shifts"
CREATE INDEX "shift_department_id_starts_at_id" ON "shifts" ("department_id", "starts_at", "id");
-- create index "shift_site_id_starts_at_id" to table: "shifts"
CREATE INDEX "shift_site_id_starts_at_id" ON "shifts" ("site_id", "starts_at", "id");
-- create index "shift_staff_id_starts_at_id" to table: "shifts"
CREATE INDEX "shift_staff_id_starts_at_id" ON "shifts" ("staff_id", "starts_at", "id");
-- create index "shift_starts_at_id" to table: "shifts"
CREATE INDEX "shift_starts_at_id" ON "shifts" ("starts_at", "id");
-- create "shift_swaps" table
CREATE TABLE "shift_swaps" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "status" character varying NOT NULL DEFAULT 'REQUESTED', "decided_at" timestamptz NULL, "requested_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "shift_id" uuid NOT NULL, "staff_id" uuid NOT NULL, "with_id" uuid NOT NULL, "with_shift_id" uuid NULL, "decided_by_id" uuid NULL, PRIMARY KEY ("id"));
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
-- create "stored_files" table
CREATE TABLE "stored_files" ("id" uuid NOT NULL, "digest" bytea NOT NULL, "size" bigint NOT NULL, "key" bytea NULL, "state" character varying NOT NULL DEFAULT 'PENDING', "stored_by" character varying NOT NULL, "stored_at" timestamptz NOT NULL, PRIMARY KEY ("id"));
-- create index "storedfile_kept" to table: "stored_files"
CREATE UNIQUE INDEX "storedfile_kept" ON "stored_files" ("digest") WHERE ((state)::text = 'KEPT'::text);
-- create index "storedfile_loose" to table: "stored_files"
CREATE INDEX "storedfile_loose" ON "stored_files" ("stored_at") WHERE ((state)::text <> 'KEPT'::text);
-- create index "storedfile_stored_by_stored_at" to table: "stored_files"
CREATE INDEX "storedfile_stored_by_stored_at" ON "stored_files" ("stored_by", "stored_at");
-- create "teaching_cases" table
CREATE TABLE "teaching_cases" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "month" character varying NOT NULL, "title" character varying NOT NULL, "lesson" character varying NOT NULL, "trained" boolean NOT NULL DEFAULT false, "selected_at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NULL, "selected_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "teachingcase_case_id_month" to table: "teaching_cases"
CREATE UNIQUE INDEX "teachingcase_case_id_month" ON "teaching_cases" ("case_id", "month");
-- create index "teachingcase_department_id_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_department_id_selected_at_id" ON "teaching_cases" ("department_id", "selected_at", "id");
-- create index "teachingcase_month_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_month_selected_at_id" ON "teaching_cases" ("month", "selected_at", "id");
-- create index "teachingcase_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_selected_at_id" ON "teaching_cases" ("selected_at", "id");
-- create index "teachingcase_site_id_month_department_id_trained" to table: "teaching_cases"
CREATE INDEX "teachingcase_site_id_month_department_id_trained" ON "teaching_cases" ("site_id", "month", "department_id", "trained");
-- create index "teachingcase_site_id_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_site_id_selected_at_id" ON "teaching_cases" ("site_id", "selected_at", "id");
-- create "topics" table
CREATE TABLE "topics" ("id" uuid NOT NULL, "code" character varying NOT NULL, "name_en" character varying NOT NULL, "name_zh" character varying NOT NULL, "path" character varying NOT NULL, "active" boolean NOT NULL DEFAULT true, "created_at" timestamptz NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "parent_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "topics_topics_children" FOREIGN KEY ("parent_id") REFERENCES "topics" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "topic_parent_id_path_id" to table: "topics"
CREATE INDEX "topic_parent_id_path_id" ON "topics" ("parent_id", "path", "id");
-- create index "topic_path_id" to table: "topics"
CREATE INDEX "topic_path_id" ON "topics" ("path", "id");
-- create index "topic_site_id_path_id" to table: "topics"
CREATE INDEX "topic_site_id_path_id" ON "topics" ("site_id", "path", "id");
-- create index "topics_path_key" to table: "topics"
CREATE UNIQUE INDEX "topics_path_key" ON "topics" ("path");
-- create "trainings" table
CREATE TABLE "trainings" ("id" uuid NOT NULL, "held_on" character varying NOT NULL, "note" character varying NULL, "recorded_at" timestamptz NOT NULL, "teaching_case_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "trainer_id" uuid NOT NULL, "recorded_by_id" uuid NULL, PRIMARY KEY ("id"));
-- create index "training_department_id_held_on_id" to table: "trainings"
CREATE INDEX "training_department_id_held_on_id" ON "trainings" ("department_id", "held_on", "id");
-- create index "training_held_on_id" to table: "trainings"
CREATE INDEX "training_held_on_id" ON "trainings" ("held_on", "id");
-- create index "training_site_id_held_on_id" to table: "trainings"
CREATE INDEX "training_site_id_held_on_id" ON "trainings" ("site_id", "held_on", "id");
-- create index "training_teaching_case_id_held_on_id" to table: "trainings"
CREATE INDEX "training_teaching_case_id_held_on_id" ON "trainings" ("teaching_case_id", "held_on", "id");
-- create "visits" table
CREATE TABLE "visits" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "channel" character varying NOT NULL, "assignment" character varying NOT NULL, "group" character varying NULL, "known" boolean NOT NULL, "source" character varying NULL, "rings" bigint NULL, "no_customer" character varying NOT NULL DEFAULT 'NOT_ASKED', "at" timestamptz NOT NULL, "day" character varying NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "customer_id" uuid NULL, "owner_id" uuid NULL, "assigned_id" uuid NOT NULL, "received_by_id" uuid NULL, "dealing_with_id" uuid NULL, "decided_by_id" uuid NULL, PRIMARY KEY ("id"));
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
-- create "training_participants" table
CREATE TABLE "training_participants" ("training_id" uuid NOT NULL, "staff_id" uuid NOT NULL, PRIMARY KEY ("training_id", "staff_id"));
-- modify "case_entries" table
ALTER TABLE "case_entries" ADD CONSTRAINT "case_entries_absences_absence" FOREIGN KEY ("absence_id") REFERENCES "absences" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_entries_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_entries_case_entries_copies" FOREIGN KEY ("copy_of_id") REFERENCES "case_entries" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_entries_cases_other_case" FOREIGN KEY ("other_case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_entries_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "cases" table
ALTER TABLE "cases" ADD CONSTRAINT "cases_cases_merged" FOREIGN KEY ("merged_into_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "cases_causes_cause" FOREIGN KEY ("cause_id") REFERENCES "causes" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "cases_deadline_policy_versions_deadline_policy_version" FOREIGN KEY ("deadline_policy_version_id") REFERENCES "deadline_policy_versions" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "cases_staff_escalated_to" FOREIGN KEY ("escalated_to_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "cases_topics_topic" FOREIGN KEY ("topic_id") REFERENCES "topics" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "customers" table
ALTER TABLE "customers" ADD CONSTRAINT "customers_customers_merged_from" FOREIGN KEY ("merged_into_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "departments" table
ALTER TABLE "departments" ADD CONSTRAINT "departments_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "sites" table
ALTER TABLE "sites" ADD CONSTRAINT "sites_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "absences" table
ALTER TABLE "absences" ADD CONSTRAINT "absences_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "absences_staff_delegate" FOREIGN KEY ("delegate_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "absences_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "attachments" table
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_case_entries_entry" FOREIGN KEY ("entry_id") REFERENCES "case_entries" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "attachments_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "attachments_staff_added_by" FOREIGN KEY ("added_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "attachments_stored_files_file" FOREIGN KEY ("file_id") REFERENCES "stored_files" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "calendars" table
ALTER TABLE "calendars" ADD CONSTRAINT "calendars_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "case_archives" table
ALTER TABLE "case_archives" ADD CONSTRAINT "case_archives_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_archives_staff_archived_by" FOREIGN KEY ("archived_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "case_compensations" table
ALTER TABLE "case_compensations" ADD CONSTRAINT "case_compensations_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_compensations_staff_asked_by" FOREIGN KEY ("asked_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_compensations_staff_decided_by" FOREIGN KEY ("decided_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "case_follow_ups" table
ALTER TABLE "case_follow_ups" ADD CONSTRAINT "case_follow_ups_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_follow_ups_staff_author" FOREIGN KEY ("author_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "case_investigations" table
ALTER TABLE "case_investigations" ADD CONSTRAINT "case_investigations_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_investigations_causes_cause" FOREIGN KEY ("cause_id") REFERENCES "causes" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_investigations_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_investigations_staff_investigator" FOREIGN KEY ("investigator_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_investigations_staff_person" FOREIGN KEY ("person_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "case_links" table
ALTER TABLE "case_links" ADD CONSTRAINT "case_links_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_links_cases_other" FOREIGN KEY ("other_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_links_staff_author" FOREIGN KEY ("author_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "case_tasks" table
ALTER TABLE "case_tasks" ADD CONSTRAINT "case_tasks_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_tasks_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_tasks_staff_added_by" FOREIGN KEY ("added_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_tasks_staff_assignee" FOREIGN KEY ("assignee_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_tasks_staff_ended_by" FOREIGN KEY ("ended_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "causes" table
ALTER TABLE "causes" ADD CONSTRAINT "causes_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "clock_segments" table
ALTER TABLE "clock_segments" ADD CONSTRAINT "clock_segments_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "clock_segments_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "conduct_proposals" table
ALTER TABLE "conduct_proposals" ADD CONSTRAINT "conduct_proposals_case_investigations_investigation" FOREIGN KEY ("investigation_id") REFERENCES "case_investigations" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "conduct_proposals_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "conduct_proposals_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "conduct_proposals_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "conduct_proposals_staff_first_responsible" FOREIGN KEY ("first_responsible_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "conduct_proposals_staff_person" FOREIGN KEY ("person_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "consents" table
ALTER TABLE "consents" ADD CONSTRAINT "consents_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "consents_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "contact_points" table
ALTER TABLE "contact_points" ADD CONSTRAINT "contact_points_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "contact_points_staff_verified_by" FOREIGN KEY ("verified_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "customer_merges" table
ALTER TABLE "customer_merges" ADD CONSTRAINT "customer_merges_customers_from" FOREIGN KEY ("from_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "customer_merges_customers_into" FOREIGN KEY ("into_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "customer_merges_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "deadlines" table
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_calendars_calendar" FOREIGN KEY ("calendar_id") REFERENCES "calendars" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "deadlines_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "deadlines_deadline_policies_policy" FOREIGN KEY ("policy_id") REFERENCES "deadline_policies" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "deadlines_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "deadline_policies" table
ALTER TABLE "deadline_policies" ADD CONSTRAINT "deadline_policies_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "deadline_policy_versions" table
ALTER TABLE "deadline_policy_versions" ADD CONSTRAINT "deadline_policy_versions_deadline_policies_policy" FOREIGN KEY ("policy_id") REFERENCES "deadline_policies" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "disclosures" table
ALTER TABLE "disclosures" ADD CONSTRAINT "disclosures_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "disclosures_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "escalations" table
ALTER TABLE "escalations" ADD CONSTRAINT "escalations_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "escalations_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "escalations_staff_acknowledged_by" FOREIGN KEY ("acknowledged_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "escalations_staff_instead_of" FOREIGN KEY ("instead_of_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "escalations_staff_to" FOREIGN KEY ("to_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "external_ids" table
ALTER TABLE "external_ids" ADD CONSTRAINT "external_ids_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "external_ids_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "hand_overs" table
ALTER TABLE "hand_overs" ADD CONSTRAINT "hand_overs_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "hand_overs_departments_from_department" FOREIGN KEY ("from_department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "hand_overs_departments_to_department" FOREIGN KEY ("to_department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "hand_overs_staff_decided_by" FOREIGN KEY ("decided_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "hand_overs_staff_from" FOREIGN KEY ("from_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "hand_overs_staff_offered_by" FOREIGN KEY ("offered_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "hand_overs_staff_to_staff" FOREIGN KEY ("to_staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "owner_changes" table
ALTER TABLE "owner_changes" ADD CONSTRAINT "owner_changes_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "owner_changes_staff_from" FOREIGN KEY ("from_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "owner_changes_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "owner_changes_staff_to" FOREIGN KEY ("to_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "rotations" table
ALTER TABLE "rotations" ADD CONSTRAINT "rotations_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "rotation_places" table
ALTER TABLE "rotation_places" ADD CONSTRAINT "rotation_places_rotations_rotation" FOREIGN KEY ("rotation_id") REFERENCES "rotations" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "rotation_places_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "shifts" table
ALTER TABLE "shifts" ADD CONSTRAINT "shifts_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shifts_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shifts_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "shift_swaps" table
ALTER TABLE "shift_swaps" ADD CONSTRAINT "shift_swaps_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shift_swaps_shifts_shift" FOREIGN KEY ("shift_id") REFERENCES "shifts" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shift_swaps_shifts_with_shift" FOREIGN KEY ("with_shift_id") REFERENCES "shifts" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shift_swaps_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shift_swaps_staff_decided_by" FOREIGN KEY ("decided_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shift_swaps_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "shift_swaps_staff_with" FOREIGN KEY ("with_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "teaching_cases" table
ALTER TABLE "teaching_cases" ADD CONSTRAINT "teaching_cases_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "teaching_cases_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "teaching_cases_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "teaching_cases_staff_selected_by" FOREIGN KEY ("selected_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "topics" table
ALTER TABLE "topics" ADD CONSTRAINT "topics_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "trainings" table
ALTER TABLE "trainings" ADD CONSTRAINT "trainings_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "trainings_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "trainings_staff_recorded_by" FOREIGN KEY ("recorded_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "trainings_staff_trainer" FOREIGN KEY ("trainer_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "trainings_teaching_cases_teaching_case" FOREIGN KEY ("teaching_case_id") REFERENCES "teaching_cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "visits" table
ALTER TABLE "visits" ADD CONSTRAINT "visits_customers_customer" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_staff_assigned" FOREIGN KEY ("assigned_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_staff_dealing_with" FOREIGN KEY ("dealing_with_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_staff_decided_by" FOREIGN KEY ("decided_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_staff_owner" FOREIGN KEY ("owner_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "visits_staff_received_by" FOREIGN KEY ("received_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- modify "training_participants" table
ALTER TABLE "training_participants" ADD CONSTRAINT "training_participants_staff_id" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE CASCADE, ADD CONSTRAINT "training_participants_training_id" FOREIGN KEY ("training_id") REFERENCES "trainings" ("id") ON UPDATE NO ACTION ON DELETE CASCADE;
-- move contact data, under ids as old as their customers
INSERT INTO "contact_points" ("id", "customer_id", "kind", "sealed", "digest", "is_primary", "added_at")
  SELECT (substr(customer_id::text, 1, 15) || substr(gen_random_uuid()::text, 16))::uuid,
    customer_id, kind, sealed, digest, true, added_at FROM moved_contact_points;
DROP TABLE moved_contact_points;
