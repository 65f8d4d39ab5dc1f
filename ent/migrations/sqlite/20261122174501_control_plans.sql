-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- add column "capabilities" to table: "checklist_versions"
ALTER TABLE `checklist_versions` ADD COLUMN `capabilities` json NULL;
-- create "new_findings" table
CREATE TABLE `new_findings` (`id` uuid NOT NULL, `item` text NOT NULL, `severity` text NOT NULL, `key_activity` bool NOT NULL, `text_en` text NOT NULL, `text_zh` text NOT NULL, `inspection_id` uuid NULL, `planned_inspection_id` uuid NULL, `case_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `findings_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `findings_planned_inspections_planned_inspection` FOREIGN KEY (`planned_inspection_id`) REFERENCES `planned_inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `findings_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "findings" to new temporary table "new_findings"
INSERT INTO `new_findings` (`id`, `item`, `severity`, `key_activity`, `text_en`, `text_zh`, `inspection_id`, `case_id`) SELECT `id`, `item`, `severity`, `key_activity`, `text_en`, `text_zh`, `inspection_id`, `case_id` FROM `findings`;
-- drop "findings" table after copying rows
DROP TABLE `findings`;
-- rename temporary table "new_findings" to "findings"
ALTER TABLE `new_findings` RENAME TO `findings`;
-- create index "finding_inspection_id_item_id" to table: "findings"
CREATE INDEX `finding_inspection_id_item_id` ON `findings` (`inspection_id`, `item`, `id`);
-- create index "finding_planned_inspection_id" to table: "findings"
CREATE UNIQUE INDEX `finding_planned_inspection_id` ON `findings` (`planned_inspection_id`);
-- create index "finding_case_id" to table: "findings"
CREATE INDEX `finding_case_id` ON `findings` (`case_id`);
-- add column "adjustments" to table: "inspections"
ALTER TABLE `inspections` ADD COLUMN `adjustments` json NULL;
-- add column "items" to table: "inspections"
ALTER TABLE `inspections` ADD COLUMN `items` json NULL;
-- create "control_plans" table
CREATE TABLE `control_plans` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `activity_en` text NOT NULL, `activity_zh` text NOT NULL, `checklist` text NOT NULL, `items` json NULL, `layer` text NOT NULL, `method` text NOT NULL, `responsible_role` text NULL, `at_shifts` bool NOT NULL, `rule` text NULL, `starts_on` text NOT NULL, `at_minute` integer NOT NULL DEFAULT (0), `on_closed_day` text NOT NULL, `within` integer NOT NULL, `grace` integer NOT NULL, `active_from` datetime NOT NULL, `active_until` datetime NULL, `adjustments` json NULL, `places` json NULL, `people` json NULL, `sample_method` text NOT NULL, `sample_size` integer NOT NULL DEFAULT (0), `seed` integer NOT NULL, `missed_severity` text NOT NULL, `active` bool NOT NULL DEFAULT (true), `planned_until` datetime NOT NULL, `replan_at` datetime NULL, `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `responsible_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `control_plans_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `control_plans_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `control_plans_staff_responsible` FOREIGN KEY (`responsible_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "controlplan_created_at_id" to table: "control_plans"
CREATE INDEX `controlplan_created_at_id` ON `control_plans` (`created_at`, `id`);
-- create index "controlplan_site_id_created_at_id" to table: "control_plans"
CREATE INDEX `controlplan_site_id_created_at_id` ON `control_plans` (`site_id`, `created_at`, `id`);
-- create index "controlplan_department_id_created_at_id" to table: "control_plans"
CREATE INDEX `controlplan_department_id_created_at_id` ON `control_plans` (`department_id`, `created_at`, `id`);
-- create index "controlplan_responsible_id" to table: "control_plans"
CREATE INDEX `controlplan_responsible_id` ON `control_plans` (`responsible_id`);
-- create index "controlplan_replan_at" to table: "control_plans"
CREATE INDEX `controlplan_replan_at` ON `control_plans` (`replan_at`) WHERE replan_at IS NOT NULL;
-- create "planned_inspections" table
CREATE TABLE `planned_inspections` (`id` uuid NOT NULL, `occurrence` text NOT NULL, `subject` text NOT NULL, `position` integer NOT NULL, `responsible_role` text NULL, `due_from` datetime NOT NULL, `due_at` datetime NOT NULL, `miss_at` datetime NOT NULL, `state` text NOT NULL DEFAULT ('PLANNED'), `next_at` datetime NULL, `plan_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `observed_id` uuid NULL, `responsible_id` uuid NULL, `inspection_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `planned_inspections_control_plans_plan` FOREIGN KEY (`plan_id`) REFERENCES `control_plans` (`id`) ON DELETE RESTRICT, CONSTRAINT `planned_inspections_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `planned_inspections_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `planned_inspections_staff_observed` FOREIGN KEY (`observed_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `planned_inspections_staff_responsible` FOREIGN KEY (`responsible_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `planned_inspections_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT);
-- create index "plannedinspection_plan_id_occurrence_subject" to table: "planned_inspections"
CREATE UNIQUE INDEX `plannedinspection_plan_id_occurrence_subject` ON `planned_inspections` (`plan_id`, `occurrence`, `subject`);
-- create index "plannedinspection_plan_id_due_from" to table: "planned_inspections"
CREATE INDEX `plannedinspection_plan_id_due_from` ON `planned_inspections` (`plan_id`, `due_from`);
-- create index "plannedinspection_due_at_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_due_at_id` ON `planned_inspections` (`due_at`, `id`);
-- create index "plannedinspection_site_id_due_at_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_site_id_due_at_id` ON `planned_inspections` (`site_id`, `due_at`, `id`);
-- create index "plannedinspection_department_id_due_at_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_department_id_due_at_id` ON `planned_inspections` (`department_id`, `due_at`, `id`);
-- create index "plannedinspection_responsible_id_due_at_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_responsible_id_due_at_id` ON `planned_inspections` (`responsible_id`, `due_at`, `id`);
-- create index "plannedinspection_plan_id_due_at_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_plan_id_due_at_id` ON `planned_inspections` (`plan_id`, `due_at`, `id`);
-- create index "plannedinspection_state_due_at_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_state_due_at_id` ON `planned_inspections` (`state`, `due_at`, `id`);
-- create index "plannedinspection_observed_id" to table: "planned_inspections"
CREATE INDEX `plannedinspection_observed_id` ON `planned_inspections` (`observed_id`);
-- create index "plannedinspection_inspection_id" to table: "planned_inspections"
CREATE UNIQUE INDEX `plannedinspection_inspection_id` ON `planned_inspections` (`inspection_id`);
-- create index "plannedinspection_next_at" to table: "planned_inspections"
CREATE INDEX `plannedinspection_next_at` ON `planned_inspections` (`next_at`) WHERE next_at IS NOT NULL;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
