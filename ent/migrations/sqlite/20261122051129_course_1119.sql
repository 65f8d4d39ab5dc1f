-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_case_entries" table
CREATE TABLE `new_case_entries` (`id` uuid NOT NULL, `kind` text NOT NULL, `visibility` text NOT NULL DEFAULT ('INTERNAL'), `text` text NOT NULL, `action` text NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, `to_department_id` uuid NULL, `to_staff_id` uuid NULL, `other_case_id` uuid NULL, `copy_of_id` uuid NULL, `corrects_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_entries_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_departments_to_department` FOREIGN KEY (`to_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_to_staff` FOREIGN KEY (`to_staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_cases_other_case` FOREIGN KEY (`other_case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_copies` FOREIGN KEY (`copy_of_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_corrections` FOREIGN KEY (`corrects_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "case_entries" to new temporary table "new_case_entries"
INSERT INTO `new_case_entries` (`id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `corrects_id`) SELECT `id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `corrects_id` FROM `case_entries`;
-- drop "case_entries" table after copying rows
DROP TABLE `case_entries`;
-- rename temporary table "new_case_entries" to "case_entries"
ALTER TABLE `new_case_entries` RENAME TO `case_entries`;
-- create index "caseentry_case_id_at_id" to table: "case_entries"
CREATE INDEX `caseentry_case_id_at_id` ON `case_entries` (`case_id`, `at`, `id`);
-- create "new_cases" table
CREATE TABLE `new_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `order_reference` text NULL, `desired_remedy` text NULL, `anonymous` bool NOT NULL DEFAULT (false), `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `first_response_at` datetime NULL, `contained_at` datetime NULL, `decision` text NULL, `decided_at` datetime NULL, `answered_at` datetime NULL, `agreed_at` datetime NULL, `held_at` datetime NULL, `held_until` datetime NULL, `hold_counts_time` bool NOT NULL DEFAULT (false), `resolved_at` datetime NULL, `closed_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `reopened_count` integer NOT NULL DEFAULT (0), `refused_count` integer NOT NULL DEFAULT (0), `returned_count` integer NOT NULL DEFAULT (0), `tasked` bool NOT NULL DEFAULT (false), `open_tasks` integer NOT NULL DEFAULT (0), `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `inspection_id` uuid NULL, `merged_into_id` uuid NULL, `topic_id` uuid NULL, `cause_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_cases_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_topics_topic` FOREIGN KEY (`topic_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "cases" to new temporary table "new_cases"
INSERT INTO `new_cases` (`id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `topic_id`, `cause_id`) SELECT `id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `topic_id`, `cause_id` FROM `cases`;
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
CREATE INDEX `servicecase_department_id_opened_at_id_seen` ON `cases` (`department_id`, `opened_at`, `id`, `assignee_id`, `received_by_id`, `dispatched_to_id`, `tasked`);
-- create index "servicecase_department_id_open_due_at_id_seen" to table: "cases"
CREATE INDEX `servicecase_department_id_open_due_at_id_seen` ON `cases` (`department_id`, `open`, `due_at`, `id`, `assignee_id`, `received_by_id`, `dispatched_to_id`, `tasked`);
-- create index "servicecase_assignee_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_assignee_id_opened_at_id` ON `cases` (`assignee_id`, `opened_at`, `id`);
-- create index "servicecase_assignee_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_assignee_id_open_due_at_id` ON `cases` (`assignee_id`, `open`, `due_at`, `id`);
-- create index "servicecase_dispatched_to_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_dispatched_to_id_open_due_at_id` ON `cases` (`dispatched_to_id`, `open`, `due_at`, `id`);
-- create index "servicecase_received_by_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_received_by_id_opened_at_id` ON `cases` (`received_by_id`, `opened_at`, `id`);
-- create index "servicecase_customer_id_opened_at_id_seen" to table: "cases"
CREATE INDEX `servicecase_customer_id_opened_at_id_seen` ON `cases` (`customer_id`, `opened_at`, `id`, `site_id`, `department_id`, `assignee_id`, `received_by_id`, `dispatched_to_id`);
-- create index "servicecase_inspection_id" to table: "cases"
CREATE INDEX `servicecase_inspection_id` ON `cases` (`inspection_id`);
-- create index "servicecase_topic_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_topic_id_opened_at_id` ON `cases` (`topic_id`, `opened_at`, `id`);
-- create index "servicecase_cause_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_cause_id_opened_at_id` ON `cases` (`cause_id`, `opened_at`, `id`);
-- create "case_follow_ups" table
CREATE TABLE `case_follow_ups` (`id` uuid NOT NULL, `channel` text NOT NULL, `outcome` text NOT NULL, `word` text NULL, `call_again_at` datetime NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_follow_ups_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_follow_ups_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casefollowup_case_id_at_id" to table: "case_follow_ups"
CREATE INDEX `casefollowup_case_id_at_id` ON `case_follow_ups` (`case_id`, `at`, `id`);
-- create "case_links" table
CREATE TABLE `case_links` (`id` uuid NOT NULL, `kind` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `other_id` uuid NOT NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_links_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_links_cases_other` FOREIGN KEY (`other_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_links_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "caselink_case_id_at_id" to table: "case_links"
CREATE INDEX `caselink_case_id_at_id` ON `case_links` (`case_id`, `at`, `id`);
-- create index "caselink_case_id_other_id_kind" to table: "case_links"
CREATE UNIQUE INDEX `caselink_case_id_other_id_kind` ON `case_links` (`case_id`, `other_id`, `kind`);
-- create "hand_overs" table
CREATE TABLE `hand_overs` (`id` uuid NOT NULL, `offered_at` datetime NOT NULL, `state` text NOT NULL DEFAULT ('OFFERED'), `decided_at` datetime NULL, `reason` text NULL, `case_id` uuid NOT NULL, `from_id` uuid NULL, `from_department_id` uuid NULL, `to_department_id` uuid NOT NULL, `to_staff_id` uuid NULL, `offered_by_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `hand_overs_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_from` FOREIGN KEY (`from_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_departments_from_department` FOREIGN KEY (`from_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_departments_to_department` FOREIGN KEY (`to_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_to_staff` FOREIGN KEY (`to_staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_offered_by` FOREIGN KEY (`offered_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "handover_case_id_offered_at_id" to table: "hand_overs"
CREATE INDEX `handover_case_id_offered_at_id` ON `hand_overs` (`case_id`, `offered_at`, `id`);
-- create index "handover_state_offered_at_id" to table: "hand_overs"
CREATE INDEX `handover_state_offered_at_id` ON `hand_overs` (`state`, `offered_at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
