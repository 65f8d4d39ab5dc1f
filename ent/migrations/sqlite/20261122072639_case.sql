-- +goose Up
-- add column "archived_at" to table: "cases"
ALTER TABLE `cases` ADD COLUMN `archived_at` datetime NULL;
-- create "case_archives" table
CREATE TABLE `case_archives` (`id` uuid NOT NULL, `digest` blob NOT NULL, `lines` integer NOT NULL, `document` text NOT NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `archived_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_archives_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_archives_staff_archived_by` FOREIGN KEY (`archived_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "casearchive_at_id" to table: "case_archives"
CREATE INDEX `casearchive_at_id` ON `case_archives` (`at`, `id`);
