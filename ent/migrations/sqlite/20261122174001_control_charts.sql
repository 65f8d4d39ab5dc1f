-- +goose Up
-- create "chart_alarms" table
CREATE TABLE `chart_alarms` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `checklist` text NOT NULL, `item` text NOT NULL, `rule` text NOT NULL, `side` text NOT NULL, `status` text NOT NULL DEFAULT ('OPEN'), `value` real NOT NULL, `points` json NOT NULL, `at` datetime NOT NULL, `acknowledged_at` datetime NULL, `note` text NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `inspection_id` uuid NOT NULL, `baseline_id` uuid NULL, `acknowledged_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `chart_alarms_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `chart_alarms_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `chart_alarms_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `chart_alarms_chart_baselines_baseline` FOREIGN KEY (`baseline_id`) REFERENCES `chart_baselines` (`id`) ON DELETE RESTRICT, CONSTRAINT `chart_alarms_staff_acknowledged_by` FOREIGN KEY (`acknowledged_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "chartalarm_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_at_id` ON `chart_alarms` (`at`, `id`);
-- create index "chartalarm_status_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_status_at_id` ON `chart_alarms` (`status`, `at`, `id`);
-- create index "chartalarm_site_id_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_site_id_at_id` ON `chart_alarms` (`site_id`, `at`, `id`);
-- create index "chartalarm_site_id_status_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_site_id_status_at_id` ON `chart_alarms` (`site_id`, `status`, `at`, `id`);
-- create index "chartalarm_department_id_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_department_id_at_id` ON `chart_alarms` (`department_id`, `at`, `id`);
-- create index "chartalarm_department_id_status_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_department_id_status_at_id` ON `chart_alarms` (`department_id`, `status`, `at`, `id`);
-- create index "chartalarm_department_id_checklist_item_at_id" to table: "chart_alarms"
CREATE INDEX `chartalarm_department_id_checklist_item_at_id` ON `chart_alarms` (`department_id`, `checklist`, `item`, `at`, `id`);
-- create index "chartalarm_once" to table: "chart_alarms"
CREATE UNIQUE INDEX `chartalarm_once` ON `chart_alarms` (`inspection_id`, `item`, `rule`, `side`);
-- create "chart_baselines" table
CREATE TABLE `chart_baselines` (`id` uuid NOT NULL, `checklist` text NOT NULL, `item` text NOT NULL, `kind` text NOT NULL, `interval` text NOT NULL, `from_at` datetime NOT NULL, `mean` real NOT NULL, `sigma` real NOT NULL, `points` integer NOT NULL DEFAULT (0), `estimated_from` datetime NULL, `estimated_before` datetime NULL, `rules` json NOT NULL, `reason` text NULL, `set_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `set_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `chart_baselines_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `chart_baselines_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `chart_baselines_staff_set_by` FOREIGN KEY (`set_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "chartbaseline_set_at_id" to table: "chart_baselines"
CREATE INDEX `chartbaseline_set_at_id` ON `chart_baselines` (`set_at`, `id`);
-- create index "chartbaseline_site_id_set_at_id" to table: "chart_baselines"
CREATE INDEX `chartbaseline_site_id_set_at_id` ON `chart_baselines` (`site_id`, `set_at`, `id`);
-- create index "chartbaseline_department_id_set_at_id" to table: "chart_baselines"
CREATE INDEX `chartbaseline_department_id_set_at_id` ON `chart_baselines` (`department_id`, `set_at`, `id`);
-- create index "chartbaseline_of" to table: "chart_baselines"
CREATE INDEX `chartbaseline_of` ON `chart_baselines` (`department_id`, `checklist`, `item`, `kind`, `interval`, `from_at`, `id`);
-- create index "chartbaseline_department_id_checklist_item_set_at_id" to table: "chart_baselines"
CREATE INDEX `chartbaseline_department_id_checklist_item_set_at_id` ON `chart_baselines` (`department_id`, `checklist`, `item`, `set_at`, `id`);
-- create "measurements" table
CREATE TABLE `measurements` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `layer` text NOT NULL, `checklist` text NOT NULL, `item` text NOT NULL, `value` real NOT NULL, `unit` text NOT NULL, `lower` real NULL, `upper` real NULL, `within` bool NOT NULL, `at` datetime NOT NULL, `inspection_id` uuid NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, CONSTRAINT `measurements_inspections_inspection` FOREIGN KEY (`inspection_id`) REFERENCES `inspections` (`id`) ON DELETE RESTRICT, CONSTRAINT `measurements_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `measurements_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT);
-- create index "measurement_department_id_checklist_item_at_id" to table: "measurements"
CREATE INDEX `measurement_department_id_checklist_item_at_id` ON `measurements` (`department_id`, `checklist`, `item`, `at`, `id`);
-- create index "measurement_inspection_id_item" to table: "measurements"
CREATE UNIQUE INDEX `measurement_inspection_id_item` ON `measurements` (`inspection_id`, `item`);
-- the values of the inspections that were completed before
INSERT INTO `measurements` (`inspection_id`, `site_id`, `department_id`, `layer`, `checklist`, `item`, `value`, `unit`, `lower`, `upper`, `within`, `at`)
SELECT n.id, n.site_id, n.department_id, n.layer, v.code, json_extract(m.value, '$.item'), json_extract(m.value, '$.value'), COALESCE(json_extract(m.value, '$.unit'), ''),
  json_extract(m.value, '$.limits.lower'), json_extract(m.value, '$.limits.upper'), json_extract(m.value, '$.within'), n.completed_at
FROM `inspections` n JOIN `checklist_versions` v ON v.id = n.checklist_version_id, json_each(n.judgement, '$.measurements') m
WHERE n.status = 'COMPLETED' AND m.type = 'object' ORDER BY n.completed_at, n.id, m.key
ON CONFLICT DO NOTHING;
