-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_cases" table
CREATE TABLE `new_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `order_reference` text NULL, `desired_remedy` text NULL, `anonymous` bool NOT NULL DEFAULT (false), `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `due_promised` bool NOT NULL DEFAULT (false), `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `first_accepted_at` datetime NULL, `first_response_at` datetime NULL, `contained_at` datetime NULL, `decision` text NULL, `decided_at` datetime NULL, `answered_at` datetime NULL, `agreed_at` datetime NULL, `held_at` datetime NULL, `held_until` datetime NULL, `hold_counts_time` bool NOT NULL DEFAULT (false), `resolved_at` datetime NULL, `late_before` bool NOT NULL DEFAULT (false), `counted_time` integer NULL, `satisfaction` integer NULL, `closed_at` datetime NULL, `importance` text NULL, `reported_at` datetime NULL, `open_measures` integer NOT NULL DEFAULT (0), `standing_measures` integer NOT NULL DEFAULT (0), `archived_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `reopened_count` integer NOT NULL DEFAULT (0), `refused_count` integer NOT NULL DEFAULT (0), `returned_count` integer NOT NULL DEFAULT (0), `tasked` bool NOT NULL DEFAULT (false), `open_tasks` integer NOT NULL DEFAULT (0), `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `deadline_policy_version_id` uuid NULL, `escalated_to_id` uuid NULL, `inspection_id` uuid NULL, `merged_into_id` uuid NULL, `topic_id` uuid NULL, `cause_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_deadline_policy_versions_deadline_policy_version` FOREIGN KEY (`deadline_policy_version_id`) REFERENCES `deadline_policy_versions` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_escalated_to` FOREIGN KEY (`escalated_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_cases_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_topics_topic` FOREIGN KEY (`topic_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "cases" to new temporary table "new_cases"
INSERT INTO `new_cases` (`id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `order_reference`, `desired_remedy`, `anonymous`, `opened_at`, `due_at`, `due_promised`, `dispatched_at`, `accepted_at`, `first_accepted_at`, `first_response_at`, `contained_at`, `decision`, `decided_at`, `answered_at`, `agreed_at`, `held_at`, `held_until`, `hold_counts_time`, `resolved_at`, `late_before`, `counted_time`, `satisfaction`, `closed_at`, `archived_at`, `substantiated`, `resolution`, `closure`, `reopened_count`, `refused_count`, `returned_count`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `deadline_policy_version_id`, `escalated_to_id`, `inspection_id`, `merged_into_id`, `topic_id`, `cause_id`) SELECT `id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `order_reference`, `desired_remedy`, `anonymous`, `opened_at`, `due_at`, `due_promised`, `dispatched_at`, `accepted_at`, `first_accepted_at`, `first_response_at`, `contained_at`, `decision`, `decided_at`, `answered_at`, `agreed_at`, `held_at`, `held_until`, `hold_counts_time`, `resolved_at`, `late_before`, `counted_time`, `satisfaction`, `closed_at`, `archived_at`, `substantiated`, `resolution`, `closure`, `reopened_count`, `refused_count`, `returned_count`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `deadline_policy_version_id`, `escalated_to_id`, `inspection_id`, `merged_into_id`, `topic_id`, `cause_id` FROM `cases`;
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
-- create index "servicecase_resolved_at" to table: "cases"
CREATE INDEX `servicecase_resolved_at` ON `cases` (`resolved_at`);
-- create index "servicecase_closed_at" to table: "cases"
CREATE INDEX `servicecase_closed_at` ON `cases` (`closed_at`);
-- create index "servicecase_reported_at" to table: "cases"
CREATE INDEX `servicecase_reported_at` ON `cases` (`reported_at`) WHERE reported_at IS NOT NULL;
-- create "case_commendations" table
CREATE TABLE `case_commendations` (`id` uuid NOT NULL, `in_writing` bool NOT NULL, `opened_at` datetime NOT NULL, `named_at` datetime NOT NULL, `withdrawn_at` datetime NULL, `case_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `named_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_commendations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_commendations_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_commendations_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_commendations_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_commendations_staff_named_by` FOREIGN KEY (`named_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casecommendation_case_id_staff_id" to table: "case_commendations"
CREATE UNIQUE INDEX `casecommendation_case_id_staff_id` ON `case_commendations` (`case_id`, `staff_id`);
-- create index "casecommendation_site_id_opened_at" to table: "case_commendations"
CREATE INDEX `casecommendation_site_id_opened_at` ON `case_commendations` (`site_id`, `opened_at`);
-- create index "casecommendation_staff_id_opened_at" to table: "case_commendations"
CREATE INDEX `casecommendation_staff_id_opened_at` ON `case_commendations` (`staff_id`, `opened_at`);
-- create "case_measures" table
CREATE TABLE `case_measures` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL, `status` text NOT NULL DEFAULT ('PLANNED'), `what` text NOT NULL, `due_at` datetime NOT NULL, `effect_due_at` datetime NOT NULL, `planned_at` datetime NOT NULL, `completed_at` datetime NULL, `ended_at` datetime NULL, `result` text NULL, `finding` text NULL, `case_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `owner_id` uuid NOT NULL, `deadline_id` uuid NOT NULL, `planned_by_id` uuid NULL, `completed_by_id` uuid NULL, `ended_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_measures_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_staff_planned_by` FOREIGN KEY (`planned_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_staff_completed_by` FOREIGN KEY (`completed_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_measures_staff_ended_by` FOREIGN KEY (`ended_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casemeasure_effect_due_at_id" to table: "case_measures"
CREATE INDEX `casemeasure_effect_due_at_id` ON `case_measures` (`effect_due_at`, `id`);
-- create index "casemeasure_site_id_status_effect_due_at_id" to table: "case_measures"
CREATE INDEX `casemeasure_site_id_status_effect_due_at_id` ON `case_measures` (`site_id`, `status`, `effect_due_at`, `id`);
-- create index "casemeasure_department_id_status_effect_due_at_id" to table: "case_measures"
CREATE INDEX `casemeasure_department_id_status_effect_due_at_id` ON `case_measures` (`department_id`, `status`, `effect_due_at`, `id`);
-- create index "casemeasure_owner_id_status_effect_due_at_id" to table: "case_measures"
CREATE INDEX `casemeasure_owner_id_status_effect_due_at_id` ON `case_measures` (`owner_id`, `status`, `effect_due_at`, `id`);
-- create index "casemeasure_case_id_effect_due_at_id" to table: "case_measures"
CREATE INDEX `casemeasure_case_id_effect_due_at_id` ON `case_measures` (`case_id`, `effect_due_at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
