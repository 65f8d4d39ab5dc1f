-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_cases" table
CREATE TABLE `new_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `resolved_at` datetime NULL, `closed_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `tasked` bool NOT NULL DEFAULT (false), `open_tasks` integer NOT NULL DEFAULT (0), `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `inspection_id` uuid NULL, `topic_id` uuid NULL, `cause_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_topics_topic` FOREIGN KEY (`topic_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "cases" to new temporary table "new_cases"
INSERT INTO `new_cases` (`id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `topic_id`) SELECT `id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `tasked`, `open_tasks`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`, `topic_id` FROM `cases`;
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
-- create "case_compensations" table
CREATE TABLE `case_compensations` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL, `amount` integer NOT NULL, `currency` text NOT NULL, `reason` text NOT NULL, `status` text NOT NULL, `asked_at` datetime NOT NULL, `decided_at` datetime NULL, `decision` text NULL, `case_id` uuid NOT NULL, `asked_by_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_compensations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_compensations_staff_asked_by` FOREIGN KEY (`asked_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_compensations_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casecompensation_case_id_asked_at_id" to table: "case_compensations"
CREATE INDEX `casecompensation_case_id_asked_at_id` ON `case_compensations` (`case_id`, `asked_at`, `id`);
-- create "case_investigations" table
CREATE TABLE `case_investigations` (`id` uuid NOT NULL, `version` integer NOT NULL, `substantiated` bool NOT NULL, `service_caused` bool NOT NULL, `loss` integer NULL, `currency` text NULL, `findings` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `investigator_id` uuid NULL, `cause_id` uuid NULL, `department_id` uuid NULL, `person_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_investigations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_staff_investigator` FOREIGN KEY (`investigator_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_staff_person` FOREIGN KEY (`person_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "caseinvestigation_case_id_version" to table: "case_investigations"
CREATE UNIQUE INDEX `caseinvestigation_case_id_version` ON `case_investigations` (`case_id`, `version`);
-- create index "caseinvestigation_case_id_at_id" to table: "case_investigations"
CREATE INDEX `caseinvestigation_case_id_at_id` ON `case_investigations` (`case_id`, `at`, `id`);
-- create "conduct_proposals" table
CREATE TABLE `conduct_proposals` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `rule` text NOT NULL, `status` text NOT NULL DEFAULT ('PROPOSED'), `person_from` integer NOT NULL, `person_to` integer NOT NULL, `first_from` integer NOT NULL, `first_to` integer NOT NULL, `currency` text NOT NULL, `proposed_at` datetime NOT NULL, `case_id` uuid NOT NULL, `investigation_id` uuid NOT NULL, `person_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `first_responsible_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `conduct_proposals_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `conduct_proposals_case_investigations_investigation` FOREIGN KEY (`investigation_id`) REFERENCES `case_investigations` (`id`) ON DELETE RESTRICT, CONSTRAINT `conduct_proposals_staff_person` FOREIGN KEY (`person_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `conduct_proposals_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `conduct_proposals_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `conduct_proposals_staff_first_responsible` FOREIGN KEY (`first_responsible_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "conductproposal_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX `conductproposal_proposed_at_id` ON `conduct_proposals` (`proposed_at`, `id`);
-- create index "conductproposal_case_id" to table: "conduct_proposals"
CREATE INDEX `conductproposal_case_id` ON `conduct_proposals` (`case_id`);
-- create index "conductproposal_site_id_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX `conductproposal_site_id_proposed_at_id` ON `conduct_proposals` (`site_id`, `proposed_at`, `id`);
-- create index "conductproposal_department_id_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX `conductproposal_department_id_proposed_at_id` ON `conduct_proposals` (`department_id`, `proposed_at`, `id`);
-- create index "conductproposal_person_id_proposed_at_id" to table: "conduct_proposals"
CREATE INDEX `conductproposal_person_id_proposed_at_id` ON `conduct_proposals` (`person_id`, `proposed_at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
