-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_answers" table
CREATE TABLE `new_answers` (`id` uuid NOT NULL, `item` text NOT NULL, `kind` text NOT NULL DEFAULT ('YES_NO'), `state` text NOT NULL DEFAULT ('CURRENT'), `not_applicable` bool NOT NULL DEFAULT (false), `reason` text NULL, `yes` bool NULL, `choice` text NULL, `choices` json NULL, `number` real NULL, `seconds` real NULL, `text` text NULL, `note` text NULL, `evidence` json NULL, `client_id` text NULL, `answered_at` datetime NOT NULL, `received_at` datetime NULL, `inspection_id` uuid NOT NULL, `given_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `answers_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `answers_staff_given_by` FOREIGN KEY (`given_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "answers" to new temporary table "new_answers"
INSERT INTO `new_answers` (`id`, `item`, `not_applicable`, `yes`, `choice`, `number`, `text`, `note`, `evidence`, `answered_at`, `inspection_id`) SELECT `id`, `item`, `not_applicable`, `yes`, `choice`, `number`, `text`, `note`, `evidence`, `answered_at`, `inspection_id` FROM `answers`;
-- drop "answers" table after copying rows
DROP TABLE `answers`;
-- rename temporary table "new_answers" to "answers"
ALTER TABLE `new_answers` RENAME TO `answers`;
-- the kinds of the items that were answered
UPDATE `answers` SET `kind` = CASE
  WHEN `choice` IS NOT NULL THEN 'CHOICE' WHEN `number` IS NOT NULL THEN 'NUMBER' WHEN `text` IS NOT NULL THEN 'TEXT' WHEN NOT `not_applicable` THEN 'PHOTO'
  ELSE COALESCE((SELECT json_extract(i.value, '$.kind') FROM `inspections` n JOIN `checklist_versions` v ON v.id = n.checklist_version_id,
    json_each(v.definition, '$.sections') s, json_each(s.value, '$.items') i
    WHERE n.id = `answers`.`inspection_id` AND json_extract(i.value, '$.id') = `answers`.`item`), 'YES_NO') END
WHERE `yes` IS NULL;
-- create index "answer_current" to table: "answers"
CREATE UNIQUE INDEX `answer_current` ON `answers` (`inspection_id`, `item`) WHERE state = 'CURRENT';
-- create index "answer_beside" to table: "answers"
CREATE INDEX `answer_beside` ON `answers` (`inspection_id`, `item`) WHERE state <> 'CURRENT';
-- create index "answer_client" to table: "answers"
CREATE UNIQUE INDEX `answer_client` ON `answers` (`inspection_id`, `client_id`) WHERE client_id IS NOT NULL;
-- create "new_inspections" table
CREATE TABLE `new_inspections` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `layer` text NOT NULL, `status` text NOT NULL DEFAULT ('DRAFT'), `place` text NULL, `shared` bool NOT NULL DEFAULT (false), `started_at` datetime NOT NULL, `completed_at` datetime NULL, `score` real NULL, `passed` bool NULL, `judgement` json NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `checklist_version_id` uuid NOT NULL, `inspector_id` uuid NOT NULL, `observed_id` uuid NULL, `reviewed_case_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `inspections_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_checklist_versions_checklist_version` FOREIGN KEY (`checklist_version_id`) REFERENCES `checklist_versions` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_staff_inspector` FOREIGN KEY (`inspector_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_staff_observed` FOREIGN KEY (`observed_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `inspections_cases_reviewed_case` FOREIGN KEY (`reviewed_case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "inspections" to new temporary table "new_inspections"
INSERT INTO `new_inspections` (`id`, `revision`, `updated_at`, `layer`, `status`, `place`, `started_at`, `completed_at`, `score`, `passed`, `judgement`, `site_id`, `department_id`, `checklist_version_id`, `inspector_id`, `observed_id`) SELECT `id`, `revision`, `updated_at`, `layer`, `status`, `place`, `started_at`, `completed_at`, `score`, `passed`, `judgement`, `site_id`, `department_id`, `checklist_version_id`, `inspector_id`, `observed_id` FROM `inspections`;
-- drop "inspections" table after copying rows
DROP TABLE `inspections`;
-- rename temporary table "new_inspections" to "inspections"
ALTER TABLE `new_inspections` RENAME TO `inspections`;
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
-- create index "inspection_reviewed_case_id" to table: "inspections"
CREATE INDEX `inspection_reviewed_case_id` ON `inspections` (`reviewed_case_id`);
-- create "co_inspectors" table
CREATE TABLE `co_inspectors` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `inspection_id` uuid NOT NULL, `staff_id` uuid NOT NULL, CONSTRAINT `co_inspectors_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `co_inspectors_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "coinspector_inspection_id_staff_id" to table: "co_inspectors"
CREATE UNIQUE INDEX `coinspector_inspection_id_staff_id` ON `co_inspectors` (`inspection_id`, `staff_id`);
-- create index "coinspector_staff_id" to table: "co_inspectors"
CREATE INDEX `coinspector_staff_id` ON `co_inspectors` (`staff_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
