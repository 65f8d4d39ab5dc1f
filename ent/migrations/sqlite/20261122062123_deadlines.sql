-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_case_entries" table
CREATE TABLE `new_case_entries` (`id` uuid NOT NULL, `kind` text NOT NULL, `visibility` text NOT NULL DEFAULT ('INTERNAL'), `text` text NOT NULL, `action` text NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, `to_department_id` uuid NULL, `to_staff_id` uuid NULL, `deadline_id` uuid NULL, `other_case_id` uuid NULL, `copy_of_id` uuid NULL, `corrects_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_entries_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_departments_to_department` FOREIGN KEY (`to_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_to_staff` FOREIGN KEY (`to_staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_cases_other_case` FOREIGN KEY (`other_case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_copies` FOREIGN KEY (`copy_of_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_corrections` FOREIGN KEY (`corrects_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "case_entries" to new temporary table "new_case_entries"
INSERT INTO `new_case_entries` (`id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `other_case_id`, `copy_of_id`, `corrects_id`) SELECT `id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `other_case_id`, `copy_of_id`, `corrects_id` FROM `case_entries`;
-- drop "case_entries" table after copying rows
DROP TABLE `case_entries`;
-- rename temporary table "new_case_entries" to "case_entries"
ALTER TABLE `new_case_entries` RENAME TO `case_entries`;
-- create index "caseentry_case_id_at_id" to table: "case_entries"
CREATE INDEX `caseentry_case_id_at_id` ON `case_entries` (`case_id`, `at`, `id`);
-- create "new_cases" table
CREATE TABLE `new_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `order_reference` text NULL, `desired_remedy` text NULL, `anonymous` bool NOT NULL DEFAULT (false), `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `due_promised` bool NOT NULL DEFAULT (false), `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `first_response_at` datetime NULL, `contained_at` datetime NULL, `decision` text NULL, `decided_at` datetime NULL, `answered_at` datetime NULL, `agreed_at` datetime NULL, `held_at` datetime NULL, `held_until` datetime NULL, `hold_counts_time` bool NOT NULL DEFAULT (false), `resolved_at` datetime NULL, `closed_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `reopened_count` integer NOT NULL DEFAULT (0), `refused_count` integer NOT NULL DEFAULT (0), `returned_count` integer NOT NULL DEFAULT (0), `tasked` bool NOT NULL DEFAULT (false), `open_tasks` integer NOT NULL DEFAULT (0), `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `deadline_policy_version_id` uuid NULL, `escalated_to_id` uuid NULL, `inspection_id` uuid NULL, `merged_into_id` uuid NULL, `topic_id` uuid NULL, `cause_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_deadline_policy_versions_deadline_policy_version` FOREIGN KEY (`deadline_policy_version_id`) REFERENCES `deadline_policy_versions` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_escalated_to` FOREIGN KEY (`escalated_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_cases_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_topics_topic` FOREIGN KEY (`topic_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "cases" to new temporary table "new_cases"
INSERT INTO `new_cases` (`id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `order_reference`, `desired_remedy`, `anonymous`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `first_response_at`, `contained_at`, `decision`, `decided_at`, `answered_at`, `agreed_at`, `held_at`, `held_until`, `hold_counts_time`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `reopened_count`, `refused_count`, `returned_count`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `merged_into_id`, `topic_id`, `cause_id`) SELECT `id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `order_reference`, `desired_remedy`, `anonymous`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `first_response_at`, `contained_at`, `decision`, `decided_at`, `answered_at`, `agreed_at`, `held_at`, `held_until`, `hold_counts_time`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `reopened_count`, `refused_count`, `returned_count`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `merged_into_id`, `topic_id`, `cause_id` FROM `cases`;
-- drop "cases" table after copying rows
DROP TABLE `cases`;
-- rename temporary table "new_cases" to "cases"
ALTER TABLE `new_cases` RENAME TO `cases`;
-- create index "cases_number_key" to table: "cases"
CREATE UNIQUE INDEX `cases_number_key` ON `cases` (`number`);
-- create index "cases_external_id_key" to table: "cases"
CREATE UNIQUE INDEX `cases_external_id_key` ON `cases` (`external_id`);
-- create index "servicecase_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_opened_at_id` ON `cases` (`opened_at`, `id`);
-- create index "servicecase_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_open_due_at_id` ON `cases` (`open`, `due_at`, `id`);
-- create index "servicecase_due_at_id" to table: "cases"
CREATE INDEX `servicecase_due_at_id` ON `cases` (`due_at`, `id`);
-- create index "servicecase_site_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_site_id_opened_at_id` ON `cases` (`site_id`, `opened_at`, `id`);
-- create index "servicecase_site_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_site_id_open_due_at_id` ON `cases` (`site_id`, `open`, `due_at`, `id`);
-- create index "servicecase_department_id_opened_at_id_seen" to table: "cases"
CREATE INDEX `servicecase_department_id_opened_at_id_seen` ON `cases` (`department_id`, `opened_at`, `id`, `assignee_id`, `received_by_id`, `dispatched_to_id`, `escalated_to_id`, `tasked`);
-- create index "servicecase_department_id_open_due_at_id_seen" to table: "cases"
CREATE INDEX `servicecase_department_id_open_due_at_id_seen` ON `cases` (`department_id`, `open`, `due_at`, `id`, `assignee_id`, `received_by_id`, `dispatched_to_id`, `escalated_to_id`, `tasked`);
-- create index "servicecase_assignee_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_assignee_id_opened_at_id` ON `cases` (`assignee_id`, `opened_at`, `id`);
-- create index "servicecase_assignee_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_assignee_id_open_due_at_id` ON `cases` (`assignee_id`, `open`, `due_at`, `id`);
-- create index "servicecase_dispatched_to_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_dispatched_to_id_open_due_at_id` ON `cases` (`dispatched_to_id`, `open`, `due_at`, `id`);
-- create index "servicecase_received_by_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_received_by_id_opened_at_id` ON `cases` (`received_by_id`, `opened_at`, `id`);
-- create index "servicecase_customer_id_opened_at_id_seen" to table: "cases"
CREATE INDEX `servicecase_customer_id_opened_at_id_seen` ON `cases` (`customer_id`, `opened_at`, `id`, `site_id`, `department_id`, `assignee_id`, `received_by_id`, `dispatched_to_id`, `escalated_to_id`);
-- create index "servicecase_escalated_to_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_escalated_to_id_opened_at_id` ON `cases` (`escalated_to_id`, `opened_at`, `id`);
-- create index "servicecase_inspection_id" to table: "cases"
CREATE INDEX `servicecase_inspection_id` ON `cases` (`inspection_id`);
-- create index "servicecase_topic_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_topic_id_opened_at_id` ON `cases` (`topic_id`, `opened_at`, `id`);
-- create index "servicecase_cause_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_cause_id_opened_at_id` ON `cases` (`cause_id`, `opened_at`, `id`);
-- create "absences" table
CREATE TABLE `absences` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `reason` text NOT NULL, `from_at` datetime NOT NULL, `until_at` datetime NOT NULL, `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `delegate_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `absences_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `absences_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `absences_staff_delegate` FOREIGN KEY (`delegate_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "absence_staff_id_until_at" to table: "absences"
CREATE INDEX `absence_staff_id_until_at` ON `absences` (`staff_id`, `until_at`);
-- create index "absence_from_at_id" to table: "absences"
CREATE INDEX `absence_from_at_id` ON `absences` (`from_at`, `id`);
-- create "clock_segments" table
CREATE TABLE `clock_segments` (`id` uuid NOT NULL, `reason` text NOT NULL, `counted` bool NOT NULL, `from_at` datetime NOT NULL, `to_at` datetime NULL, `spent` integer NOT NULL DEFAULT (0), `deadline_id` uuid NOT NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `clock_segments_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `clock_segments_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
-- create index "clocksegment_deadline_id_from_at_id" to table: "clock_segments"
CREATE INDEX `clocksegment_deadline_id_from_at_id` ON `clock_segments` (`deadline_id`, `from_at`, `id`);
-- create "deadlines" table
CREATE TABLE `deadlines` (`id` uuid NOT NULL, `policy_version` integer NOT NULL DEFAULT (0), `calendar_revision` integer NOT NULL DEFAULT (0), `target` text NOT NULL, `rule` json NOT NULL, `fixed` bool NOT NULL DEFAULT (false), `promise` text NULL, `state` text NOT NULL DEFAULT ('RUNNING'), `runs` bool NOT NULL DEFAULT (true), `started_at` datetime NOT NULL, `due_at` datetime NOT NULL, `ended_at` datetime NULL, `spent` integer NOT NULL DEFAULT (0), `segment_at` datetime NOT NULL, `step` integer NOT NULL DEFAULT (0), `next_alert_at` datetime NULL, `case_id` uuid NOT NULL, `policy_id` uuid NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `deadlines_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_deadline_policies_policy` FOREIGN KEY (`policy_id`) REFERENCES `deadline_policies` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
-- create index "deadline_case_id_started_at_id" to table: "deadlines"
CREATE INDEX `deadline_case_id_started_at_id` ON `deadlines` (`case_id`, `started_at`, `id`);
-- create index "deadline_next_alert_at_case_id" to table: "deadlines"
CREATE INDEX `deadline_next_alert_at_case_id` ON `deadlines` (`next_alert_at`, `case_id`);
-- create index "deadline_calendar_id_ended_at_calendar_revision" to table: "deadlines"
CREATE INDEX `deadline_calendar_id_ended_at_calendar_revision` ON `deadlines` (`calendar_id`, `ended_at`, `calendar_revision`);
-- create "deadline_policies" table
CREATE TABLE `deadline_policies` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `name` text NOT NULL, `position` integer NOT NULL, `created_at` datetime NOT NULL, `retired_at` datetime NULL, `site_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `deadline_policies_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- create index "deadlinepolicy_position_id" to table: "deadline_policies"
CREATE INDEX `deadlinepolicy_position_id` ON `deadline_policies` (`position`, `id`);
-- create index "deadlinepolicy_site_id_position_id" to table: "deadline_policies"
CREATE INDEX `deadlinepolicy_site_id_position_id` ON `deadline_policies` (`site_id`, `position`, `id`);
-- create "deadline_policy_versions" table
CREATE TABLE `deadline_policy_versions` (`id` uuid NOT NULL, `number` integer NOT NULL, `current` bool NOT NULL DEFAULT (true), `definition` json NOT NULL, `created_at` datetime NOT NULL, `policy_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `deadline_policy_versions_deadline_policies_policy` FOREIGN KEY (`policy_id`) REFERENCES `deadline_policies` (`id`) ON DELETE RESTRICT);
-- create index "deadlinepolicyversion_policy_id_number" to table: "deadline_policy_versions"
CREATE UNIQUE INDEX `deadlinepolicyversion_policy_id_number` ON `deadline_policy_versions` (`policy_id`, `number`);
-- create "escalations" table
CREATE TABLE `escalations` (`id` uuid NOT NULL, `step` integer NOT NULL, `kind` text NOT NULL, `level` integer NOT NULL, `skipped` text NULL, `planned_at` datetime NOT NULL, `fired_at` datetime NOT NULL, `acknowledged_at` datetime NULL, `revision` integer NOT NULL DEFAULT (1), `deadline_id` uuid NOT NULL, `case_id` uuid NOT NULL, `to_id` uuid NULL, `instead_of_id` uuid NULL, `acknowledged_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `escalations_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_staff_to` FOREIGN KEY (`to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_staff_instead_of` FOREIGN KEY (`instead_of_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_staff_acknowledged_by` FOREIGN KEY (`acknowledged_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "escalation_deadline_id_step" to table: "escalations"
CREATE UNIQUE INDEX `escalation_deadline_id_step` ON `escalations` (`deadline_id`, `step`);
-- create index "escalation_case_id_fired_at_id" to table: "escalations"
CREATE INDEX `escalation_case_id_fired_at_id` ON `escalations` (`case_id`, `fired_at`, `id`);
-- create index "escalation_to_id_acknowledged_at" to table: "escalations"
CREATE INDEX `escalation_to_id_acknowledged_at` ON `escalations` (`to_id`, `acknowledged_at`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
