-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_cases" table
CREATE TABLE `new_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `resolved_at` datetime NULL, `closed_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `tasked` bool NOT NULL DEFAULT (false), `open_tasks` integer NOT NULL DEFAULT (0), `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `inspection_id` uuid NULL, `topic_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_topics_topic` FOREIGN KEY (`topic_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "cases" to new temporary table "new_cases"
INSERT INTO `new_cases` (`id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `topic_id`) SELECT `id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `topic_id` FROM `cases`;
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
-- create "case_tasks" table
CREATE TABLE `case_tasks` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `title` text NOT NULL, `what` text NULL, `required` bool NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `due_at` datetime NOT NULL, `added_at` datetime NOT NULL, `accepted_at` datetime NULL, `ended_at` datetime NULL, `result` text NULL, `case_id` uuid NOT NULL, `department_id` uuid NOT NULL, `assignee_id` uuid NULL, `added_by_id` uuid NULL, `ended_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_tasks_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_tasks_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_tasks_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_tasks_staff_added_by` FOREIGN KEY (`added_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_tasks_staff_ended_by` FOREIGN KEY (`ended_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casetask_due_at_id" to table: "case_tasks"
CREATE INDEX `casetask_due_at_id` ON `case_tasks` (`due_at`, `id`);
-- create index "casetask_department_id_status_due_at_id" to table: "case_tasks"
CREATE INDEX `casetask_department_id_status_due_at_id` ON `case_tasks` (`department_id`, `status`, `due_at`, `id`);
-- create index "casetask_assignee_id_status_due_at_id" to table: "case_tasks"
CREATE INDEX `casetask_assignee_id_status_due_at_id` ON `case_tasks` (`assignee_id`, `status`, `due_at`, `id`);
-- create index "casetask_case_id_due_at_id_seen" to table: "case_tasks"
CREATE INDEX `casetask_case_id_due_at_id_seen` ON `case_tasks` (`case_id`, `due_at`, `id`, `status`, `department_id`, `assignee_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
