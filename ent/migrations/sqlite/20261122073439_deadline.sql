-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_sites" table
CREATE TABLE `new_sites` (`id` uuid NOT NULL, `code` text NOT NULL, `name` text NOT NULL, `kind` text NOT NULL, `country` text NOT NULL, `time_zone` text NOT NULL, `hours_revision` integer NOT NULL DEFAULT (0), `created_at` datetime NOT NULL, `calendar_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `sites_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "sites" to new temporary table "new_sites"
INSERT INTO `new_sites` (`id`, `code`, `name`, `kind`, `country`, `time_zone`, `created_at`, `calendar_id`) SELECT `id`, `code`, `name`, `kind`, `country`, `time_zone`, `created_at`, `calendar_id` FROM `sites`;
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
INSERT INTO `new_case_entries` (`id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `deadline_id`, `other_case_id`, `copy_of_id`, `corrects_id`) SELECT `id`, `kind`, `visibility`, `text`, `action`, `at`, `case_id`, `author_id`, `to_department_id`, `to_staff_id`, `deadline_id`, `other_case_id`, `copy_of_id`, `corrects_id` FROM `case_entries`;
-- drop "case_entries" table after copying rows
DROP TABLE `case_entries`;
-- rename temporary table "new_case_entries" to "case_entries"
ALTER TABLE `new_case_entries` RENAME TO `case_entries`;
-- create index "caseentry_case_id_at_id" to table: "case_entries"
CREATE INDEX `caseentry_case_id_at_id` ON `case_entries` (`case_id`, `at`, `id`);
-- create index "caseentry_absence" to table: "case_entries"
CREATE INDEX `caseentry_absence` ON `case_entries` (`absence_id`, `action`) WHERE absence_id IS NOT NULL;
-- create "new_absences" table
CREATE TABLE `new_absences` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `reason` text NOT NULL, `from_at` datetime NOT NULL, `until_at` datetime NOT NULL, `created_at` datetime NOT NULL, `planned` bool NOT NULL DEFAULT (false), `site_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `delegate_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `absences_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `absences_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `absences_staff_delegate` FOREIGN KEY (`delegate_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "absences" to new temporary table "new_absences"
INSERT INTO `new_absences` (`id`, `revision`, `updated_at`, `reason`, `from_at`, `until_at`, `created_at`, `site_id`, `staff_id`, `delegate_id`) SELECT `id`, `revision`, `updated_at`, `reason`, `from_at`, `until_at`, `created_at`, `site_id`, `staff_id`, `delegate_id` FROM `absences`;
-- drop "absences" table after copying rows
DROP TABLE `absences`;
-- rename temporary table "new_absences" to "absences"
ALTER TABLE `new_absences` RENAME TO `absences`;
-- create index "absence_staff_id_until_at" to table: "absences"
CREATE INDEX `absence_staff_id_until_at` ON `absences` (`staff_id`, `until_at`);
-- create index "absence_from_at_id" to table: "absences"
CREATE INDEX `absence_from_at_id` ON `absences` (`from_at`, `id`);
-- create index "absence_to_plan" to table: "absences"
CREATE INDEX `absence_to_plan` ON `absences` (`updated_at`, `id`) WHERE NOT planned;
-- create "new_deadlines" table
CREATE TABLE `new_deadlines` (`id` uuid NOT NULL, `policy_version` integer NOT NULL DEFAULT (0), `calendar_revision` integer NOT NULL DEFAULT (0), `hours_revision` integer NOT NULL DEFAULT (0), `target` text NOT NULL, `rule` json NOT NULL, `fixed` bool NOT NULL DEFAULT (false), `promise` text NULL, `state` text NOT NULL DEFAULT ('RUNNING'), `runs` bool NOT NULL DEFAULT (true), `started_at` datetime NOT NULL, `due_at` datetime NOT NULL, `ended_at` datetime NULL, `spent` integer NOT NULL DEFAULT (0), `segment_at` datetime NOT NULL, `step` integer NOT NULL DEFAULT (0), `next_alert_at` datetime NULL, `case_id` uuid NOT NULL, `policy_id` uuid NULL, `calendar_id` uuid NULL, `site_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `deadlines_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_deadline_policies_policy` FOREIGN KEY (`policy_id`) REFERENCES `deadline_policies` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_calendars_calendar` FOREIGN KEY (`calendar_id`) REFERENCES `calendars` (`id`) ON DELETE RESTRICT, CONSTRAINT `deadlines_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "deadlines" to new temporary table "new_deadlines"
INSERT INTO `new_deadlines` (`id`, `policy_version`, `calendar_revision`, `target`, `rule`, `fixed`, `promise`, `state`, `runs`, `started_at`, `due_at`, `ended_at`, `spent`, `segment_at`, `step`, `next_alert_at`, `case_id`, `policy_id`, `calendar_id`) SELECT `id`, `policy_version`, `calendar_revision`, `target`, `rule`, `fixed`, `promise`, `state`, `runs`, `started_at`, `due_at`, `ended_at`, `spent`, `segment_at`, `step`, `next_alert_at`, `case_id`, `policy_id`, `calendar_id` FROM `deadlines`;
-- drop "deadlines" table after copying rows
DROP TABLE `deadlines`;
-- rename temporary table "new_deadlines" to "deadlines"
ALTER TABLE `new_deadlines` RENAME TO `deadlines`;
-- create index "deadline_case_id_started_at_id" to table: "deadlines"
CREATE INDEX `deadline_case_id_started_at_id` ON `deadlines` (`case_id`, `started_at`, `id`);
-- create index "deadline_next_alert_at_case_id" to table: "deadlines"
CREATE INDEX `deadline_next_alert_at_case_id` ON `deadlines` (`next_alert_at`, `case_id`);
-- create index "deadline_calendar" to table: "deadlines"
CREATE INDEX `deadline_calendar` ON `deadlines` (`calendar_id`, `calendar_revision`) WHERE ended_at IS NULL;
-- create index "deadline_hours" to table: "deadlines"
CREATE INDEX `deadline_hours` ON `deadlines` (`site_id`, `hours_revision`) WHERE ended_at IS NULL;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
