-- +goose Up
-- create "access_tokens" table
CREATE TABLE `access_tokens` (`id` uuid NOT NULL, `digest` blob NOT NULL, `name` text NOT NULL, `scopes` json NULL, `created_at` datetime NOT NULL, `expires_at` datetime NULL, `revoked_at` datetime NULL, `staff_id` uuid NULL, `site_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `access_tokens_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `access_tokens_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- create index "access_tokens_digest_key" to table: "access_tokens"
CREATE UNIQUE INDEX `access_tokens_digest_key` ON `access_tokens` (`digest`);
-- create "answers" table
CREATE TABLE `answers` (`id` uuid NOT NULL, `item` text NOT NULL, `not_applicable` bool NOT NULL DEFAULT (false), `yes` bool NULL, `choice` text NULL, `number` real NULL, `text` text NULL, `note` text NULL, `evidence` json NULL, `answered_at` datetime NOT NULL, `inspection_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `answers_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT);
-- create index "answer_inspection_id_item" to table: "answers"
CREATE UNIQUE INDEX `answer_inspection_id_item` ON `answers` (`inspection_id`, `item`);
-- create "appraisals" table
CREATE TABLE `appraisals` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `period_start` text NOT NULL, `period_end` text NOT NULL, `status` text NOT NULL DEFAULT ('DRAFT'), `score` real NULL, `results` json NOT NULL, `run_at` datetime NOT NULL, `approved_at` datetime NULL, `scheme_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `approved_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `appraisals_appraisal_schemes_scheme` FOREIGN KEY (`scheme_id`) REFERENCES `appraisal_schemes` (`id`) ON DELETE RESTRICT, CONSTRAINT `appraisals_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `appraisals_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `appraisals_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `appraisals_staff_approved_by` FOREIGN KEY (`approved_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "appraisal_scheme_id_staff_id_period_start" to table: "appraisals"
CREATE UNIQUE INDEX `appraisal_scheme_id_staff_id_period_start` ON `appraisals` (`scheme_id`, `staff_id`, `period_start`);
-- create index "appraisal_period_start_id" to table: "appraisals"
CREATE INDEX `appraisal_period_start_id` ON `appraisals` (`period_start`, `id`);
-- create index "appraisal_staff_id_period_start_id" to table: "appraisals"
CREATE INDEX `appraisal_staff_id_period_start_id` ON `appraisals` (`staff_id`, `period_start`, `id`);
-- create index "appraisal_department_id_period_start_id" to table: "appraisals"
CREATE INDEX `appraisal_department_id_period_start_id` ON `appraisals` (`department_id`, `period_start`, `id`);
-- create index "appraisal_site_id_period_start_id" to table: "appraisals"
CREATE INDEX `appraisal_site_id_period_start_id` ON `appraisals` (`site_id`, `period_start`, `id`);
-- create "appraisal_schemes" table
CREATE TABLE `appraisal_schemes` (`id` uuid NOT NULL, `code` text NOT NULL, `name_en` text NOT NULL, `name_zh` text NOT NULL, `period` text NOT NULL, `pass_mark` real NOT NULL, `created_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "appraisal_schemes_code_key" to table: "appraisal_schemes"
CREATE UNIQUE INDEX `appraisal_schemes_code_key` ON `appraisal_schemes` (`code`);
-- create "case_entries" table
CREATE TABLE `case_entries` (`id` uuid NOT NULL, `kind` text NOT NULL, `visibility` text NOT NULL DEFAULT ('INTERNAL'), `text` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, `corrects_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_entries_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_corrections` FOREIGN KEY (`corrects_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT);
-- create index "caseentry_case_id_at_id" to table: "case_entries"
CREATE INDEX `caseentry_case_id_at_id` ON `case_entries` (`case_id`, `at`, `id`);
-- create "checklist_versions" table
CREATE TABLE `checklist_versions` (`id` uuid NOT NULL, `code` text NOT NULL, `version` text NOT NULL, `checksum` text NOT NULL, `title_en` text NOT NULL, `title_zh` text NOT NULL, `definition` json NOT NULL, `digest` text NOT NULL, `current` bool NOT NULL DEFAULT (true), `published_at` datetime NOT NULL, `plugin_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `checklist_versions_plugins_plugin` FOREIGN KEY (`plugin_id`) REFERENCES `plugins` (`id`) ON DELETE RESTRICT);
-- create index "checklistversion_code_version_checksum_digest" to table: "checklist_versions"
CREATE UNIQUE INDEX `checklistversion_code_version_checksum_digest` ON `checklist_versions` (`code`, `version`, `checksum`, `digest`);
-- create index "checklistversion_code_id" to table: "checklist_versions"
CREATE INDEX `checklistversion_code_id` ON `checklist_versions` (`code`, `id`);
-- create index "checklistversion_current_code_id" to table: "checklist_versions"
CREATE INDEX `checklistversion_current_code_id` ON `checklist_versions` (`current`, `code`, `id`);
-- create index "checklistversion_plugin_id_code_id" to table: "checklist_versions"
CREATE INDEX `checklistversion_plugin_id_code_id` ON `checklist_versions` (`plugin_id`, `code`, `id`);
-- create "counters" table
CREATE TABLE `counters` (`id` text NOT NULL, `value` integer NOT NULL, PRIMARY KEY (`id`));
-- create "customers" table
CREATE TABLE `customers` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PERSON'), `name` text NOT NULL, `phone_sealed` blob NULL, `phone_index` blob NULL, `email_sealed` blob NULL, `email_index` blob NULL, `source` text NULL, `external_id` text NULL, `registered_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `owner_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customers_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "customers_external_id_key" to table: "customers"
CREATE UNIQUE INDEX `customers_external_id_key` ON `customers` (`external_id`);
-- create index "customer_registered_at_id" to table: "customers"
CREATE INDEX `customer_registered_at_id` ON `customers` (`registered_at`, `id`);
-- create index "customer_site_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_site_id_registered_at_id` ON `customers` (`site_id`, `registered_at`, `id`);
-- create index "customer_department_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_department_id_registered_at_id` ON `customers` (`department_id`, `registered_at`, `id`);
-- create index "customer_owner_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_registered_at_id` ON `customers` (`owner_id`, `registered_at`, `id`);
-- create index "customer_phone_index" to table: "customers"
CREATE INDEX `customer_phone_index` ON `customers` (`phone_index`);
-- create index "customer_email_index" to table: "customers"
CREATE INDEX `customer_email_index` ON `customers` (`email_index`);
-- create "departments" table
CREATE TABLE `departments` (`id` uuid NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `path` text NOT NULL, `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `parent_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `departments_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `departments_departments_children` FOREIGN KEY (`parent_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT);
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
-- create "events" table
CREATE TABLE `events` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `cursor` integer NULL, `kind` text NOT NULL, `subject_kind` text NOT NULL, `subject` text NOT NULL, `actor` text NOT NULL, `changed` json NULL, `at` datetime NOT NULL, `site_id` uuid NULL, `department_id` uuid NULL, `owner_id` uuid NULL, `origin_id` uuid NULL, `digest` blob NULL);
-- create index "events_cursor_key" to table: "events"
CREATE UNIQUE INDEX `events_cursor_key` ON `events` (`cursor`);
-- create index "event_pending" to table: "events"
CREATE INDEX `event_pending` ON `events` (`id`) WHERE cursor IS NULL;
-- create index "event_subject_cursor" to table: "events"
CREATE INDEX `event_subject_cursor` ON `events` (`subject`, `cursor`);
-- create index "event_subject_kind_cursor" to table: "events"
CREATE INDEX `event_subject_kind_cursor` ON `events` (`subject_kind`, `cursor`);
-- create "event_head" table
CREATE TABLE `event_head` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `cursor` integer NOT NULL, `digest` blob NOT NULL);
-- create "findings" table
CREATE TABLE `findings` (`id` uuid NOT NULL, `item` text NOT NULL, `severity` text NOT NULL, `key_activity` bool NOT NULL, `text_en` text NOT NULL, `text_zh` text NOT NULL, `inspection_id` uuid NOT NULL, `case_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `findings_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `findings_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT);
-- create index "finding_inspection_id_item_id" to table: "findings"
CREATE INDEX `finding_inspection_id_item_id` ON `findings` (`inspection_id`, `item`, `id`);
-- create index "finding_case_id" to table: "findings"
CREATE INDEX `finding_case_id` ON `findings` (`case_id`);
-- create "idempotency_records" table
CREATE TABLE `idempotency_records` (`id` uuid NOT NULL, `caller` text NOT NULL, `key` text NOT NULL, `operation` text NOT NULL, `input` blob NOT NULL, `answer` json NOT NULL, `created_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "idempotencyrecord_caller_key" to table: "idempotency_records"
CREATE UNIQUE INDEX `idempotencyrecord_caller_key` ON `idempotency_records` (`caller`, `key`);
-- create index "idempotencyrecord_created_at" to table: "idempotency_records"
CREATE INDEX `idempotencyrecord_created_at` ON `idempotency_records` (`created_at`);
-- create "indicators" table
CREATE TABLE `indicators` (`id` uuid NOT NULL, `position` integer NOT NULL, `measure` text NOT NULL, `weight` real NOT NULL, `floor` real NOT NULL, `target` real NOT NULL, `scheme_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `indicators_appraisal_schemes_scheme` FOREIGN KEY (`scheme_id`) REFERENCES `appraisal_schemes` (`id`) ON DELETE RESTRICT);
-- create index "indicator_scheme_id_position" to table: "indicators"
CREATE UNIQUE INDEX `indicator_scheme_id_position` ON `indicators` (`scheme_id`, `position`);
-- create "inspections" table
CREATE TABLE `inspections` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `layer` text NOT NULL, `status` text NOT NULL DEFAULT ('DRAFT'), `place` text NULL, `started_at` datetime NOT NULL, `completed_at` datetime NULL, `score` real NULL, `passed` bool NULL, `judgement` json NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `checklist_version_id` uuid NOT NULL, `inspector_id` uuid NOT NULL, `observed_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `inspections_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_checklist_versions_checklist_version` FOREIGN KEY (`checklist_version_id`) REFERENCES `checklist_versions` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_staff_inspector` FOREIGN KEY (`inspector_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_staff_observed` FOREIGN KEY (`observed_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "inspection_started_at_id" to table: "inspections"
CREATE INDEX `inspection_started_at_id` ON `inspections` (`started_at`, `id`);
-- create index "inspection_status_started_at_id" to table: "inspections"
CREATE INDEX `inspection_status_started_at_id` ON `inspections` (`status`, `started_at`, `id`);
-- create index "inspection_site_id_started_at_id" to table: "inspections"
CREATE INDEX `inspection_site_id_started_at_id` ON `inspections` (`site_id`, `started_at`, `id`);
-- create index "inspection_department_id_started_at_id" to table: "inspections"
CREATE INDEX `inspection_department_id_started_at_id` ON `inspections` (`department_id`, `started_at`, `id`);
-- create index "inspection_inspector_id_started_at_id" to table: "inspections"
CREATE INDEX `inspection_inspector_id_started_at_id` ON `inspections` (`inspector_id`, `started_at`, `id`);
-- create index "inspection_observed_id_started_at_id" to table: "inspections"
CREATE INDEX `inspection_observed_id_started_at_id` ON `inspections` (`observed_id`, `started_at`, `id`);
-- create index "inspection_checklist_version_id" to table: "inspections"
CREATE INDEX `inspection_checklist_version_id` ON `inspections` (`checklist_version_id`);
-- create "plugins" table
CREATE TABLE `plugins` (`id` uuid NOT NULL, `code` text NOT NULL, `name_en` text NOT NULL, `name_zh` text NOT NULL, `version` text NOT NULL, `checksum` text NOT NULL, `updated_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "plugins_code_key" to table: "plugins"
CREATE UNIQUE INDEX `plugins_code_key` ON `plugins` (`code`);
-- create "cases" table
CREATE TABLE `cases` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `number` text NOT NULL, `kind` text NOT NULL, `channel` text NOT NULL, `severity` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `open` bool NOT NULL DEFAULT (true), `topic` text NULL, `subject` text NOT NULL, `description` text NULL, `product` text NULL, `opened_at` datetime NOT NULL, `due_at` datetime NOT NULL, `dispatched_at` datetime NULL, `accepted_at` datetime NULL, `resolved_at` datetime NULL, `closed_at` datetime NULL, `substantiated` bool NULL, `resolution` text NULL, `closure` text NULL, `external_id` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `customer_id` uuid NULL, `received_by_id` uuid NULL, `assignee_id` uuid NULL, `dispatched_to_id` uuid NULL, `inspection_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `cases_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_received_by` FOREIGN KEY (`received_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_assignee` FOREIGN KEY (`assignee_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_staff_dispatched_to` FOREIGN KEY (`dispatched_to_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `cases_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT);
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
-- create index "servicecase_department_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_department_id_opened_at_id` ON `cases` (`department_id`, `opened_at`, `id`);
-- create index "servicecase_department_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_department_id_open_due_at_id` ON `cases` (`department_id`, `open`, `due_at`, `id`);
-- create index "servicecase_assignee_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_assignee_id_opened_at_id` ON `cases` (`assignee_id`, `opened_at`, `id`);
-- create index "servicecase_assignee_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_assignee_id_open_due_at_id` ON `cases` (`assignee_id`, `open`, `due_at`, `id`);
-- create index "servicecase_dispatched_to_id_open_due_at_id" to table: "cases"
CREATE INDEX `servicecase_dispatched_to_id_open_due_at_id` ON `cases` (`dispatched_to_id`, `open`, `due_at`, `id`);
-- create index "servicecase_received_by_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_received_by_id_opened_at_id` ON `cases` (`received_by_id`, `opened_at`, `id`);
-- create index "servicecase_customer_id_opened_at_id" to table: "cases"
CREATE INDEX `servicecase_customer_id_opened_at_id` ON `cases` (`customer_id`, `opened_at`, `id`);
-- create index "servicecase_inspection_id" to table: "cases"
CREATE INDEX `servicecase_inspection_id` ON `cases` (`inspection_id`);
-- create "sites" table
CREATE TABLE `sites` (`id` uuid NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, `country` text NOT NULL, `time_zone` text NOT NULL, `created_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "sites_code_key" to table: "sites"
CREATE UNIQUE INDEX `sites_code_key` ON `sites` (`code`);
-- create index "site_name_id" to table: "sites"
CREATE INDEX `site_name_id` ON `sites` (`name`, `id`);
-- create "staff" table
CREATE TABLE `staff` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `role` text NOT NULL, `active` bool NOT NULL DEFAULT (true), `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `supervisor_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `staff_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `staff_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `staff_staff_reports` FOREIGN KEY (`supervisor_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "staff_code_key" to table: "staff"
CREATE UNIQUE INDEX `staff_code_key` ON `staff` (`code`);
-- create index "staff_name_id" to table: "staff"
CREATE INDEX `staff_name_id` ON `staff` (`name`, `id`);
-- create index "staff_site_id_name_id" to table: "staff"
CREATE INDEX `staff_site_id_name_id` ON `staff` (`site_id`, `name`, `id`);
-- create index "staff_department_id_name_id" to table: "staff"
CREATE INDEX `staff_department_id_name_id` ON `staff` (`department_id`, `name`, `id`);
-- create index "staff_supervisor_id" to table: "staff"
CREATE INDEX `staff_supervisor_id` ON `staff` (`supervisor_id`);
-- create "staff_oversees" table
CREATE TABLE `staff_oversees` (`staff_id` uuid NOT NULL, `department_id` uuid NOT NULL, PRIMARY KEY (`staff_id`, `department_id`), CONSTRAINT `staff_oversees_staff_id` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE CASCADE, CONSTRAINT `staff_oversees_department_id` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE CASCADE);
