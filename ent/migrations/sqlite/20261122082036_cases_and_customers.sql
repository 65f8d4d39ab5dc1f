-- +goose Up
-- keep what is to become contact points
CREATE TABLE moved_contact_points AS
  SELECT id AS customer_id, registered_at AS added_at, 'PHONE' AS kind, phone_sealed AS sealed, phone_index AS digest FROM customers WHERE phone_sealed IS NOT NULL
  UNION ALL
  SELECT id, registered_at, 'EMAIL', email_sealed, email_index FROM customers WHERE email_sealed IS NOT NULL;
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_customers" table
CREATE TABLE `new_customers` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PERSON'), `name` text NOT NULL, `source` text NULL, `class` text NULL, `preferences` json NULL, `external_id` text NULL, `registered_at` datetime NOT NULL, `merged_at` datetime NULL, `erased_at` datetime NULL, `erased_for` text NULL, `traces` bool NOT NULL DEFAULT (false), `site_id` uuid NOT NULL, `department_id` uuid NULL, `owner_id` uuid NULL, `merged_into_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customers_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_customers_merged_from` FOREIGN KEY (`merged_into_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "customers" to new temporary table "new_customers"
INSERT INTO `new_customers` (`id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `site_id`, `department_id`, `owner_id`) SELECT `id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `site_id`, `department_id`, `owner_id` FROM `customers`;
-- drop "customers" table after copying rows
DROP TABLE `customers`;
-- rename temporary table "new_customers" to "customers"
ALTER TABLE `new_customers` RENAME TO `customers`;
-- create index "customer_site_id_external_id" to table: "customers"
CREATE UNIQUE INDEX `customer_site_id_external_id` ON `customers` (`site_id`, `external_id`);
-- create index "customer_external_id" to table: "customers"
CREATE INDEX `customer_external_id` ON `customers` (`external_id`);
-- create index "customer_merged_into_id" to table: "customers"
CREATE INDEX `customer_merged_into_id` ON `customers` (`merged_into_id`);
-- create index "customer_traces" to table: "customers"
CREATE INDEX `customer_traces` ON `customers` (`traces`) WHERE traces;
-- create index "customer_class_registered_at_id" to table: "customers"
CREATE INDEX `customer_class_registered_at_id` ON `customers` (`class`, `registered_at`, `id`);
-- create index "customer_registered_at_id" to table: "customers"
CREATE INDEX `customer_registered_at_id` ON `customers` (`registered_at`, `id`);
-- create index "customer_site_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_site_id_registered_at_id` ON `customers` (`site_id`, `registered_at`, `id`);
-- create index "customer_department_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_department_id_registered_at_id` ON `customers` (`department_id`, `registered_at`, `id`);
-- create index "customer_owner_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_registered_at_id` ON `customers` (`owner_id`, `registered_at`, `id`);
-- create "new_departments" table
CREATE TABLE `new_departments` (`id` uuid NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `path` text NOT NULL, `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `parent_id` uuid NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `departments_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `departments_departments_children` FOREIGN KEY (`parent_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `departments_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "departments" to new temporary table "new_departments"
INSERT INTO `new_departments` (`id`, `code`, `name`, `path`, `created_at`, `site_id`, `parent_id`) SELECT `id`, `code`, `name`, `path`, `created_at`, `site_id`, `parent_id` FROM `departments`;
-- drop "departments" table after copying rows
DROP TABLE `departments`;
-- rename temporary table "new_departments" to "departments"
ALTER TABLE `new_departments` RENAME TO `departments`;
-- create index "department_site_id_code" to table: "departments"
CREATE UNIQUE INDEX `department_site_id_code` ON `departments` (`site_id`, `code`);
-- create index "department_path" to table: "departments"
CREATE UNIQUE INDEX `department_path` ON `departments` (`path`);
-- create index "department_name_id" to table: "departments"
CREATE INDEX `department_name_id` ON `departments` (`name`, `id`);
-- create index "department_site_id_name_id" to table: "departments"
CREATE INDEX `department_site_id_name_id` ON `departments` (`site_id`, `name`, `id`);
-- create index "department_parent_id_name_id" to table: "departments"
CREATE INDEX `department_parent_id_name_id` ON `departments` (`parent_id`, `name`, `id`);
-- create "new_cases" table
CREATE TABLE `new_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `order_reference` text NULL, `desired_remedy` text NULL, `anonymous` bool NOT NULL DEFAULT (false), `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `due_promised` bool NOT NULL DEFAULT (false), `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `first_accepted_at` datetime NULL, `first_response_at` datetime NULL, `contained_at` datetime NULL, `decision` text NULL, `decided_at` datetime NULL, `answered_at` datetime NULL, `agreed_at` datetime NULL, `held_at` datetime NULL, `held_until` datetime NULL, `hold_counts_time` bool NOT NULL DEFAULT (false), `resolved_at` datetime NULL, `counted_time` integer NULL, `satisfaction` integer NULL, `closed_at` datetime NULL, `archived_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `reopened_count` integer NOT NULL DEFAULT (0), `refused_count` integer NOT NULL DEFAULT (0), `returned_count` integer NOT NULL DEFAULT (0), `tasked` bool NOT NULL DEFAULT (false), `open_tasks` integer NOT NULL DEFAULT (0), `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `deadline_policy_version_id` uuid NULL, `escalated_to_id` uuid NULL, `inspection_id` uuid NULL, `merged_into_id` uuid NULL, `topic_id` uuid NULL, `cause_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_deadline_policy_versions_deadline_policy_version` FOREIGN KEY (`deadline_policy_version_id`) REFERENCES `deadline_policy_versions` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_escalated_to` FOREIGN KEY (`escalated_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_cases_merged` FOREIGN KEY (`merged_into_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_topics_topic` FOREIGN KEY (`topic_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "cases" to new temporary table "new_cases"
INSERT INTO `new_cases` (`id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id`) SELECT `id`, `revision`, `updated_at`, `number`, `kind`, `channel`, `severity`, `status`, `open`, `topic`, `subject`, `description`, `product`, `opened_at`, `due_at`, `dispatched_at`, `accepted_at`, `resolved_at`, `closed_at`, `substantiated`, `resolution`, `closure`, `external_id`, `site_id`, `department_id`, `customer_id`, `received_by_id`, `assignee_id`, `dispatched_to_id`, `inspection_id` FROM `cases`;
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
-- create "new_sites" table
CREATE TABLE `new_sites` (`id` uuid NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, `country` text NOT NULL, `time_zone` text NOT NULL, `hours_revision` integer NOT NULL DEFAULT (0), `created_at` datetime NOT NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `sites_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "sites" to new temporary table "new_sites"
INSERT INTO `new_sites` (`id`, `code`, `name`, `kind`, `country`, `time_zone`, `created_at`) SELECT `id`, `code`, `name`, `kind`, `country`, `time_zone`, `created_at` FROM `sites`;
-- drop "sites" table after copying rows
DROP TABLE `sites`;
-- rename temporary table "new_sites" to "sites"
ALTER TABLE `new_sites` RENAME TO `sites`;
-- create index "sites_code_key" to table: "sites"
CREATE UNIQUE INDEX `sites_code_key` ON `sites` (`code`);
-- create index "site_name_id" to table: "sites"
CREATE INDEX `site_name_id` ON `sites` (`name`, `id`);
-- create "new_case_entries" table
CREATE TABLE `new_case_entries` (`id` uuid NOT NULL, `kind` text NOT NULL, `visibility` text NOT NULL DEFAULT ('INTERNAL'), `text` text NOT NULL, `action` text NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, `to_department_id` uuid NULL, `to_staff_id` uuid NULL, `deadline_id` uuid NULL, `calendar_id` uuid NULL, `absence_id` uuid NULL, `other_case_id` uuid NULL, `copy_of_id` uuid NULL, `corrects_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_entries_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_departments_to_department` FOREIGN KEY (`to_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_to_staff` FOREIGN KEY (`to_staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_absences_absence` FOREIGN KEY (`absence_id`) REFERENCES `absences` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_cases_other_case` FOREIGN KEY (`other_case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_copies` FOREIGN KEY (`copy_of_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_corrections` FOREIGN KEY (`corrects_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "case_entries" to new temporary table "new_case_entries"
INSERT INTO `new_case_entries` (`id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `corrects_id`) SELECT `id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `corrects_id` FROM `case_entries`;
-- drop "case_entries" table after copying rows
DROP TABLE `case_entries`;
-- rename temporary table "new_case_entries" to "case_entries"
ALTER TABLE `new_case_entries` RENAME TO `case_entries`;
-- create index "caseentry_case_id_at_id" to table: "case_entries"
CREATE INDEX `caseentry_case_id_at_id` ON `case_entries` (`case_id`, `at`, `id`);
-- create index "caseentry_copy_of_id" to table: "case_entries"
CREATE INDEX `caseentry_copy_of_id` ON `case_entries` (`copy_of_id`) WHERE copy_of_id IS NOT NULL;
-- create index "caseentry_absence" to table: "case_entries"
CREATE INDEX `caseentry_absence` ON `case_entries` (`absence_id`, `action`) WHERE absence_id IS NOT NULL;
-- create "absences" table
CREATE TABLE `absences` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `reason` text NOT NULL, `from_at` datetime NOT NULL, `until_at` datetime NOT NULL, `created_at` datetime NOT NULL, `planned` bool NOT NULL DEFAULT (false), `site_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `delegate_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `absences_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `absences_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `absences_staff_delegate` FOREIGN KEY (`delegate_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "absence_staff_id_until_at" to table: "absences"
CREATE INDEX `absence_staff_id_until_at` ON `absences` (`staff_id`, `until_at`);
-- create index "absence_from_at_id" to table: "absences"
CREATE INDEX `absence_from_at_id` ON `absences` (`from_at`, `id`);
-- create index "absence_to_plan" to table: "absences"
CREATE INDEX `absence_to_plan` ON `absences` (`updated_at`, `id`) WHERE NOT planned;
-- create "attachments" table
CREATE TABLE `attachments` (`id` uuid NOT NULL, `position` integer NOT NULL, `name` text NULL, `content_type` text NOT NULL, `size` integer NOT NULL, `digest` blob NOT NULL, `added_at` datetime NOT NULL, `erased_at` datetime NULL, `case_id` uuid NOT NULL, `entry_id` uuid NOT NULL, `file_id` uuid NULL, `added_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `attachments_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `attachments_case_entries_entry` FOREIGN KEY (`entry_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT, CONSTRAINT `attachments_stored_files_file` FOREIGN KEY (`file_id`) REFERENCES `stored_files` (`id`) ON DELETE RESTRICT, CONSTRAINT `attachments_staff_added_by` FOREIGN KEY (`added_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "attachment_entry_id_position" to table: "attachments"
CREATE UNIQUE INDEX `attachment_entry_id_position` ON `attachments` (`entry_id`, `position`);
-- create index "attachment_case_id" to table: "attachments"
CREATE INDEX `attachment_case_id` ON `attachments` (`case_id`);
-- create index "attachment_file_id" to table: "attachments"
CREATE INDEX `attachment_file_id` ON `attachments` (`file_id`);
-- create "calendars" table
CREATE TABLE `calendars` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `definition` json NOT NULL, `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `calendars_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- create index "calendar_site_id_code" to table: "calendars"
CREATE UNIQUE INDEX `calendar_site_id_code` ON `calendars` (`site_id`, `code`);
-- create index "calendar_code" to table: "calendars"
CREATE INDEX `calendar_code` ON `calendars` (`code`);
-- create index "calendar_name_id" to table: "calendars"
CREATE INDEX `calendar_name_id` ON `calendars` (`name`, `id`);
-- create index "calendar_site_id_name_id" to table: "calendars"
CREATE INDEX `calendar_site_id_name_id` ON `calendars` (`site_id`, `name`, `id`);
-- create "case_archives" table
CREATE TABLE `case_archives` (`id` uuid NOT NULL, `digest` blob NOT NULL, `lines` integer NOT NULL, `document` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `archived_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_archives_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_archives_staff_archived_by` FOREIGN KEY (`archived_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casearchive_at_id" to table: "case_archives"
CREATE INDEX `casearchive_at_id` ON `case_archives` (`at`, `id`);
-- create "case_compensations" table
CREATE TABLE `case_compensations` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL, `amount` integer NOT NULL, `currency` text NOT NULL, `reason` text NOT NULL, `status` text NOT NULL, `asked_at` datetime NOT NULL, `decided_at` datetime NULL, `decision` text NULL, `case_id` uuid NOT NULL, `asked_by_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_compensations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_compensations_staff_asked_by` FOREIGN KEY (`asked_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_compensations_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casecompensation_case_id_asked_at_id" to table: "case_compensations"
CREATE INDEX `casecompensation_case_id_asked_at_id` ON `case_compensations` (`case_id`, `asked_at`, `id`);
-- create "case_follow_ups" table
CREATE TABLE `case_follow_ups` (`id` uuid NOT NULL, `channel` text NOT NULL, `outcome` text NOT NULL, `word` text NULL, `satisfaction` integer NULL, `call_again_at` datetime NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_follow_ups_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_follow_ups_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casefollowup_case_id_at_id" to table: "case_follow_ups"
CREATE INDEX `casefollowup_case_id_at_id` ON `case_follow_ups` (`case_id`, `at`, `id`);
-- create "case_investigations" table
CREATE TABLE `case_investigations` (`id` uuid NOT NULL, `version` integer NOT NULL, `substantiated` bool NOT NULL, `service_caused` bool NOT NULL, `loss` integer NULL, `currency` text NULL, `findings` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `investigator_id` uuid NULL, `cause_id` uuid NULL, `department_id` uuid NULL, `person_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_investigations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_staff_investigator` FOREIGN KEY (`investigator_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_causes_cause` FOREIGN KEY (`cause_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_investigations_staff_person` FOREIGN KEY (`person_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "caseinvestigation_case_id_version" to table: "case_investigations"
CREATE UNIQUE INDEX `caseinvestigation_case_id_version` ON `case_investigations` (`case_id`, `version`);
-- create index "caseinvestigation_case_id_at_id" to table: "case_investigations"
CREATE INDEX `caseinvestigation_case_id_at_id` ON `case_investigations` (`case_id`, `at`, `id`);
-- create "case_links" table
CREATE TABLE `case_links` (`id` uuid NOT NULL, `kind` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `other_id` uuid NOT NULL, `author_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_links_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_links_cases_other` FOREIGN KEY (`other_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_links_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "caselink_case_id_at_id" to table: "case_links"
CREATE INDEX `caselink_case_id_at_id` ON `case_links` (`case_id`, `at`, `id`);
-- create index "caselink_case_id_other_id_kind" to table: "case_links"
CREATE UNIQUE INDEX `caselink_case_id_other_id_kind` ON `case_links` (`case_id`, `other_id`, `kind`);
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
-- create "causes" table
CREATE TABLE `causes` (`id` uuid NOT NULL, `code` text NOT NULL, `name_en` text NOT NULL, `name_zh` text NOT NULL, `path` text NOT NULL, `active` bool NOT NULL DEFAULT (true), `created_at` datetime NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `site_id` uuid NULL, `parent_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `causes_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `causes_causes_children` FOREIGN KEY (`parent_id`) REFERENCES `causes` (`id`) ON DELETE RESTRICT);
-- create index "causes_path_key" to table: "causes"
CREATE UNIQUE INDEX `causes_path_key` ON `causes` (`path`);
-- create index "cause_path_id" to table: "causes"
CREATE INDEX `cause_path_id` ON `causes` (`path`, `id`);
-- create index "cause_site_id_path_id" to table: "causes"
CREATE INDEX `cause_site_id_path_id` ON `causes` (`site_id`, `path`, `id`);
-- create index "cause_parent_id_path_id" to table: "causes"
CREATE INDEX `cause_parent_id_path_id` ON `causes` (`parent_id`, `path`, `id`);
-- create "clock_segments" table
CREATE TABLE `clock_segments` (`id` uuid NOT NULL, `reason` text NOT NULL, `counted` bool NOT NULL, `from_at` datetime NOT NULL, `to_at` datetime NULL, `spent` integer NOT NULL DEFAULT (0), `deadline_id` uuid NOT NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `clock_segments_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `clock_segments_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
-- create index "clocksegment_deadline_id_from_at_id" to table: "clock_segments"
CREATE INDEX `clocksegment_deadline_id_from_at_id` ON `clock_segments` (`deadline_id`, `from_at`, `id`);
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
-- create "consents" table
CREATE TABLE `consents` (`id` uuid NOT NULL, `purpose` text NOT NULL, `state` text NOT NULL, `channel` text NOT NULL, `note` text NULL, `is_current` bool NOT NULL DEFAULT (true), `at` datetime NOT NULL, `recorded_at` datetime NOT NULL, `actor` text NOT NULL, `customer_id` uuid NOT NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `consents_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `consents_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "consent_customer_id_at_id" to table: "consents"
CREATE INDEX `consent_customer_id_at_id` ON `consents` (`customer_id`, `at`, `id`);
-- create index "consent_current" to table: "consents"
CREATE UNIQUE INDEX `consent_current` ON `consents` (`customer_id`, `purpose`) WHERE is_current;
-- create "contact_points" table
CREATE TABLE `contact_points` (`id` uuid NOT NULL, `kind` text NOT NULL, `channel` text NULL, `sealed` blob NULL, `digest` blob NULL, `label` text NULL, `is_primary` bool NOT NULL DEFAULT (false), `added_at` datetime NOT NULL, `verified_at` datetime NULL, `removed_at` datetime NULL, `customer_id` uuid NOT NULL, `verified_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `contact_points_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `contact_points_staff_verified_by` FOREIGN KEY (`verified_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "contactpoint_digest_customer_id" to table: "contact_points"
CREATE INDEX `contactpoint_digest_customer_id` ON `contact_points` (`digest`, `customer_id`);
-- create index "contactpoint_customer_id_digest" to table: "contact_points"
CREATE UNIQUE INDEX `contactpoint_customer_id_digest` ON `contact_points` (`customer_id`, `digest`);
-- create index "contactpoint_primary" to table: "contact_points"
CREATE UNIQUE INDEX `contactpoint_primary` ON `contact_points` (`customer_id`, `kind`) WHERE is_primary;
-- create "customer_merges" table
CREATE TABLE `customer_merges` (`id` uuid NOT NULL, `reason` text NULL, `moved` json NOT NULL, `actor` text NOT NULL, `at` datetime NOT NULL, `into_id` uuid NOT NULL, `from_id` uuid NOT NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customer_merges_customers_into` FOREIGN KEY (`into_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `customer_merges_customers_from` FOREIGN KEY (`from_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `customer_merges_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "customermerge_into_id_at_id" to table: "customer_merges"
CREATE INDEX `customermerge_into_id_at_id` ON `customer_merges` (`into_id`, `at`, `id`);
-- create index "customermerge_from_id" to table: "customer_merges"
CREATE UNIQUE INDEX `customermerge_from_id` ON `customer_merges` (`from_id`);
-- create "deadlines" table
CREATE TABLE `deadlines` (`id` uuid NOT NULL, `policy_version` integer NOT NULL DEFAULT (0), `calendar_revision` integer NOT NULL DEFAULT (0), `hours_revision` integer NOT NULL DEFAULT (0), `target` text NOT NULL, `rule` json NOT NULL, `fixed` bool NOT NULL DEFAULT (false), `promise` text NULL, `state` text NOT NULL DEFAULT ('RUNNING'), `runs` bool NOT NULL DEFAULT (true), `started_at` datetime NOT NULL, `due_at` datetime NOT NULL, `ended_at` datetime NULL, `spent` integer NOT NULL DEFAULT (0), `segment_at` datetime NOT NULL, `step` integer NOT NULL DEFAULT (0), `next_alert_at` datetime NULL, `case_id` uuid NOT NULL, `policy_id` uuid NULL, `calendar_id` uuid NULL, `site_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `deadlines_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_deadline_policies_policy` FOREIGN KEY (`policy_id`) REFERENCES `deadline_policies` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- create index "deadline_case_id_started_at_id" to table: "deadlines"
CREATE INDEX `deadline_case_id_started_at_id` ON `deadlines` (`case_id`, `started_at`, `id`);
-- create index "deadline_next_alert_at_case_id" to table: "deadlines"
CREATE INDEX `deadline_next_alert_at_case_id` ON `deadlines` (`next_alert_at`, `case_id`);
-- create index "deadline_calendar" to table: "deadlines"
CREATE INDEX `deadline_calendar` ON `deadlines` (`calendar_id`, `calendar_revision`) WHERE ended_at IS NULL;
-- create index "deadline_hours" to table: "deadlines"
CREATE INDEX `deadline_hours` ON `deadlines` (`site_id`, `hours_revision`) WHERE ended_at IS NULL;
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
-- create "disclosures" table
CREATE TABLE `disclosures` (`id` uuid NOT NULL, `kind` text NOT NULL, `purpose` text NOT NULL, `note` text NULL, `actor` text NOT NULL, `at` datetime NOT NULL, `customer_id` uuid NOT NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `disclosures_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `disclosures_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "disclosure_customer_id_at_id" to table: "disclosures"
CREATE INDEX `disclosure_customer_id_at_id` ON `disclosures` (`customer_id`, `at`, `id`);
-- create index "disclosure_actor_at" to table: "disclosures"
CREATE INDEX `disclosure_actor_at` ON `disclosures` (`actor`, `at`);
-- create "escalations" table
CREATE TABLE `escalations` (`id` uuid NOT NULL, `step` integer NOT NULL, `kind` text NOT NULL, `level` integer NOT NULL, `skipped` text NULL, `planned_at` datetime NOT NULL, `fired_at` datetime NOT NULL, `acknowledged_at` datetime NULL, `revision` integer NOT NULL DEFAULT (1), `deadline_id` uuid NOT NULL, `case_id` uuid NOT NULL, `to_id` uuid NULL, `instead_of_id` uuid NULL, `acknowledged_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `escalations_deadlines_deadline` FOREIGN KEY (`deadline_id`) REFERENCES `deadlines` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_staff_to` FOREIGN KEY (`to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_staff_instead_of` FOREIGN KEY (`instead_of_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `escalations_staff_acknowledged_by` FOREIGN KEY (`acknowledged_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "escalation_deadline_id_step" to table: "escalations"
CREATE UNIQUE INDEX `escalation_deadline_id_step` ON `escalations` (`deadline_id`, `step`);
-- create index "escalation_case_id_fired_at_id" to table: "escalations"
CREATE INDEX `escalation_case_id_fired_at_id` ON `escalations` (`case_id`, `fired_at`, `id`);
-- create index "escalation_to_id_acknowledged_at" to table: "escalations"
CREATE INDEX `escalation_to_id_acknowledged_at` ON `escalations` (`to_id`, `acknowledged_at`);
-- create "external_ids" table
CREATE TABLE `external_ids` (`id` uuid NOT NULL, `system` text NOT NULL, `value` text NOT NULL, `added_at` datetime NOT NULL, `customer_id` uuid NOT NULL, `site_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `external_ids_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `external_ids_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- create index "externalid_customer_id_system_value" to table: "external_ids"
CREATE INDEX `externalid_customer_id_system_value` ON `external_ids` (`customer_id`, `system`, `value`);
-- create index "externalid_system_value" to table: "external_ids"
CREATE INDEX `externalid_system_value` ON `external_ids` (`system`, `value`);
-- create index "externalid_site_id_system_value" to table: "external_ids"
CREATE UNIQUE INDEX `externalid_site_id_system_value` ON `external_ids` (`site_id`, `system`, `value`);
-- create "hand_overs" table
CREATE TABLE `hand_overs` (`id` uuid NOT NULL, `offered_at` datetime NOT NULL, `state` text NOT NULL DEFAULT ('OFFERED'), `decided_at` datetime NULL, `reason` text NULL, `case_id` uuid NOT NULL, `from_id` uuid NULL, `from_department_id` uuid NULL, `to_department_id` uuid NOT NULL, `to_staff_id` uuid NULL, `offered_by_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `hand_overs_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_from` FOREIGN KEY (`from_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_departments_from_department` FOREIGN KEY (`from_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_departments_to_department` FOREIGN KEY (`to_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_to_staff` FOREIGN KEY (`to_staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_offered_by` FOREIGN KEY (`offered_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `hand_overs_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "handover_case_id_offered_at_id" to table: "hand_overs"
CREATE INDEX `handover_case_id_offered_at_id` ON `hand_overs` (`case_id`, `offered_at`, `id`);
-- create index "handover_state_offered_at_id" to table: "hand_overs"
CREATE INDEX `handover_state_offered_at_id` ON `hand_overs` (`state`, `offered_at`, `id`);
-- create "owner_changes" table
CREATE TABLE `owner_changes` (`id` uuid NOT NULL, `reason` text NULL, `actor` text NOT NULL, `at` datetime NOT NULL, `customer_id` uuid NOT NULL, `from_id` uuid NULL, `to_id` uuid NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `owner_changes_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `owner_changes_staff_from` FOREIGN KEY (`from_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `owner_changes_staff_to` FOREIGN KEY (`to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `owner_changes_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "ownerchange_customer_id_at_id" to table: "owner_changes"
CREATE INDEX `ownerchange_customer_id_at_id` ON `owner_changes` (`customer_id`, `at`, `id`);
-- create "rotations" table
CREATE TABLE `rotations` (`id` uuid NOT NULL, `day` text NOT NULL, `group` text NOT NULL, `draws` integer NOT NULL DEFAULT (0), `department_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `rotations_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT);
-- create index "rotation_department_id_day_group" to table: "rotations"
CREATE UNIQUE INDEX `rotation_department_id_day_group` ON `rotations` (`department_id`, `day`, `group`);
-- create "rotation_places" table
CREATE TABLE `rotation_places` (`id` uuid NOT NULL, `turns` integer NOT NULL DEFAULT (0), `level` integer NOT NULL DEFAULT (0), `extra` integer NOT NULL DEFAULT (0), `seen` integer NOT NULL DEFAULT (0), `last` integer NOT NULL DEFAULT (0), `rotation_id` uuid NOT NULL, `staff_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `rotation_places_rotations_rotation` FOREIGN KEY (`rotation_id`) REFERENCES `rotations` (`id`) ON DELETE RESTRICT, CONSTRAINT `rotation_places_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "rotationplace_rotation_id_staff_id" to table: "rotation_places"
CREATE UNIQUE INDEX `rotationplace_rotation_id_staff_id` ON `rotation_places` (`rotation_id`, `staff_id`);
-- create index "rotationplace_staff_id" to table: "rotation_places"
CREATE INDEX `rotationplace_staff_id` ON `rotation_places` (`staff_id`);
-- create "shifts" table
CREATE TABLE `shifts` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `group` text NOT NULL, `starts_at` datetime NOT NULL, `ends_at` datetime NOT NULL, `cancelled` bool NOT NULL DEFAULT (false), `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `staff_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `shifts_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `shifts_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `shifts_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "shift_starts_at_id" to table: "shifts"
CREATE INDEX `shift_starts_at_id` ON `shifts` (`starts_at`, `id`);
-- create index "shift_site_id_starts_at_id" to table: "shifts"
CREATE INDEX `shift_site_id_starts_at_id` ON `shifts` (`site_id`, `starts_at`, `id`);
-- create index "shift_department_id_starts_at_id" to table: "shifts"
CREATE INDEX `shift_department_id_starts_at_id` ON `shifts` (`department_id`, `starts_at`, `id`);
-- create index "shift_staff_id_starts_at_id" to table: "shifts"
CREATE INDEX `shift_staff_id_starts_at_id` ON `shifts` (`staff_id`, `starts_at`, `id`);
-- create "shift_swaps" table
CREATE TABLE `shift_swaps` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `status` text NOT NULL DEFAULT ('REQUESTED'), `decided_at` datetime NULL, `requested_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `shift_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `with_id` uuid NOT NULL, `with_shift_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `shift_swaps_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_shifts_shift` FOREIGN KEY (`shift_id`) REFERENCES `shifts` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_staff_with` FOREIGN KEY (`with_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_shifts_with_shift` FOREIGN KEY (`with_shift_id`) REFERENCES `shifts` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "shiftswap_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_requested_at_id` ON `shift_swaps` (`requested_at`, `id`);
-- create index "shiftswap_site_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_site_id_requested_at_id` ON `shift_swaps` (`site_id`, `requested_at`, `id`);
-- create index "shiftswap_department_id_status_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_department_id_status_requested_at_id` ON `shift_swaps` (`department_id`, `status`, `requested_at`, `id`);
-- create index "shiftswap_staff_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_staff_id_requested_at_id` ON `shift_swaps` (`staff_id`, `requested_at`, `id`);
-- create index "shiftswap_with_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_with_id_requested_at_id` ON `shift_swaps` (`with_id`, `requested_at`, `id`);
-- create index "shiftswap_shift_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_shift_id` ON `shift_swaps` (`shift_id`);
-- create index "shiftswap_with_shift_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_with_shift_id` ON `shift_swaps` (`with_shift_id`);
-- create "stored_files" table
CREATE TABLE `stored_files` (`id` uuid NOT NULL, `digest` blob NOT NULL, `size` integer NOT NULL, `key` blob NULL, `state` text NOT NULL DEFAULT ('PENDING'), `stored_by` text NOT NULL, `stored_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "storedfile_kept" to table: "stored_files"
CREATE UNIQUE INDEX `storedfile_kept` ON `stored_files` (`digest`) WHERE state = 'KEPT';
-- create index "storedfile_loose" to table: "stored_files"
CREATE INDEX `storedfile_loose` ON `stored_files` (`stored_at`) WHERE state <> 'KEPT';
-- create index "storedfile_stored_by_stored_at" to table: "stored_files"
CREATE INDEX `storedfile_stored_by_stored_at` ON `stored_files` (`stored_by`, `stored_at`);
-- create "teaching_cases" table
CREATE TABLE `teaching_cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `month` text NOT NULL, `title` text NOT NULL, `lesson` text NOT NULL, `trained` bool NOT NULL DEFAULT (false), `selected_at` datetime NOT NULL, `case_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `selected_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `teaching_cases_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `teaching_cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `teaching_cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `teaching_cases_staff_selected_by` FOREIGN KEY (`selected_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "teachingcase_case_id_month" to table: "teaching_cases"
CREATE UNIQUE INDEX `teachingcase_case_id_month` ON `teaching_cases` (`case_id`, `month`);
-- create index "teachingcase_selected_at_id" to table: "teaching_cases"
CREATE INDEX `teachingcase_selected_at_id` ON `teaching_cases` (`selected_at`, `id`);
-- create index "teachingcase_site_id_selected_at_id" to table: "teaching_cases"
CREATE INDEX `teachingcase_site_id_selected_at_id` ON `teaching_cases` (`site_id`, `selected_at`, `id`);
-- create index "teachingcase_department_id_selected_at_id" to table: "teaching_cases"
CREATE INDEX `teachingcase_department_id_selected_at_id` ON `teaching_cases` (`department_id`, `selected_at`, `id`);
-- create index "teachingcase_month_selected_at_id" to table: "teaching_cases"
CREATE INDEX `teachingcase_month_selected_at_id` ON `teaching_cases` (`month`, `selected_at`, `id`);
-- create index "teachingcase_site_id_month_department_id_trained" to table: "teaching_cases"
CREATE INDEX `teachingcase_site_id_month_department_id_trained` ON `teaching_cases` (`site_id`, `month`, `department_id`, `trained`);
-- create "topics" table
CREATE TABLE `topics` (`id` uuid NOT NULL, `code` text NOT NULL, `name_en` text NOT NULL, `name_zh` text NOT NULL, `path` text NOT NULL, `active` bool NOT NULL DEFAULT (true), `created_at` datetime NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `site_id` uuid NOT NULL, `parent_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `topics_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `topics_topics_children` FOREIGN KEY (`parent_id`) REFERENCES `topics` (`id`) ON DELETE RESTRICT);
-- create index "topics_path_key" to table: "topics"
CREATE UNIQUE INDEX `topics_path_key` ON `topics` (`path`);
-- create index "topic_path_id" to table: "topics"
CREATE INDEX `topic_path_id` ON `topics` (`path`, `id`);
-- create index "topic_site_id_path_id" to table: "topics"
CREATE INDEX `topic_site_id_path_id` ON `topics` (`site_id`, `path`, `id`);
-- create index "topic_parent_id_path_id" to table: "topics"
CREATE INDEX `topic_parent_id_path_id` ON `topics` (`parent_id`, `path`, `id`);
-- create "trainings" table
CREATE TABLE `trainings` (`id` uuid NOT NULL, `held_on` text NOT NULL, `note` text NULL, `recorded_at` datetime NOT NULL, `teaching_case_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `trainer_id` uuid NOT NULL, `recorded_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `trainings_teaching_cases_teaching_case` FOREIGN KEY (`teaching_case_id`) REFERENCES `teaching_cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `trainings_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `trainings_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `trainings_staff_trainer` FOREIGN KEY (`trainer_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `trainings_staff_recorded_by` FOREIGN KEY (`recorded_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "training_held_on_id" to table: "trainings"
CREATE INDEX `training_held_on_id` ON `trainings` (`held_on`, `id`);
-- create index "training_teaching_case_id_held_on_id" to table: "trainings"
CREATE INDEX `training_teaching_case_id_held_on_id` ON `trainings` (`teaching_case_id`, `held_on`, `id`);
-- create index "training_site_id_held_on_id" to table: "trainings"
CREATE INDEX `training_site_id_held_on_id` ON `trainings` (`site_id`, `held_on`, `id`);
-- create index "training_department_id_held_on_id" to table: "trainings"
CREATE INDEX `training_department_id_held_on_id` ON `trainings` (`department_id`, `held_on`, `id`);
-- create "visits" table
CREATE TABLE `visits` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `channel` text NOT NULL, `assignment` text NOT NULL, `group` text NULL, `known` bool NOT NULL, `source` text NULL, `rings` integer NULL, `no_customer` text NOT NULL DEFAULT ('NOT_ASKED'), `at` datetime NOT NULL, `day` text NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `customer_id` uuid NULL, `owner_id` uuid NULL, `assigned_id` uuid NOT NULL, `received_by_id` uuid NULL, `dealing_with_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `visits_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_staff_assigned` FOREIGN KEY (`assigned_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_staff_dealing_with` FOREIGN KEY (`dealing_with_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `visits_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "visit_at_id" to table: "visits"
CREATE INDEX `visit_at_id` ON `visits` (`at`, `id`);
-- create index "visit_site_id_at_id" to table: "visits"
CREATE INDEX `visit_site_id_at_id` ON `visits` (`site_id`, `at`, `id`);
-- create index "visit_department_id_at_id" to table: "visits"
CREATE INDEX `visit_department_id_at_id` ON `visits` (`department_id`, `at`, `id`);
-- create index "visit_assigned_id_at_id" to table: "visits"
CREATE INDEX `visit_assigned_id_at_id` ON `visits` (`assigned_id`, `at`, `id`);
-- create index "visit_received_by_id_at_id" to table: "visits"
CREATE INDEX `visit_received_by_id_at_id` ON `visits` (`received_by_id`, `at`, `id`);
-- create index "visit_customer_id_at_id" to table: "visits"
CREATE INDEX `visit_customer_id_at_id` ON `visits` (`customer_id`, `at`, `id`);
-- create index "visit_owner_id_at_id" to table: "visits"
CREATE INDEX `visit_owner_id_at_id` ON `visits` (`owner_id`, `at`, `id`);
-- create index "visit_dealing_with_id" to table: "visits"
CREATE INDEX `visit_dealing_with_id` ON `visits` (`dealing_with_id`);
-- create index "visit_decided_by_id" to table: "visits"
CREATE INDEX `visit_decided_by_id` ON `visits` (`decided_by_id`);
-- create index "visit_site_id_day" to table: "visits"
CREATE INDEX `visit_site_id_day` ON `visits` (`site_id`, `day`);
-- create index "visit_department_id_day" to table: "visits"
CREATE INDEX `visit_department_id_day` ON `visits` (`department_id`, `day`);
-- create "training_participants" table
CREATE TABLE `training_participants` (`training_id` uuid NOT NULL, `staff_id` uuid NOT NULL, PRIMARY KEY (`training_id`, `staff_id`), CONSTRAINT `training_participants_training_id` FOREIGN KEY (`training_id`) REFERENCES `trainings` (`id`) ON DELETE CASCADE, CONSTRAINT `training_participants_staff_id` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE CASCADE);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
-- move contact data, under ids as old as their customers
INSERT INTO `contact_points` (`id`, `customer_id`, `kind`, `sealed`, `digest`, `is_primary`, `added_at`)
  SELECT unhex(substr(hex(customer_id), 1, 12) || '7' || substr(hex(randomblob(2)), 2, 3) || '8' || substr(hex(randomblob(8)), 2, 15)),
    customer_id, kind, sealed, digest, true, added_at FROM moved_contact_points;
DROP TABLE moved_contact_points;
