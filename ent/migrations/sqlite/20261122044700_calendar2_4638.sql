-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
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
-- create "new_sites" table
CREATE TABLE `new_sites` (`id` uuid NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, `country` text NOT NULL, `time_zone` text NOT NULL, `created_at` datetime NOT NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `sites_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
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
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
