-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_case_entries" table
CREATE TABLE `new_case_entries` (`id` uuid NOT NULL, `kind` text NOT NULL, `visibility` text NOT NULL DEFAULT ('INTERNAL'), `text` text NOT NULL, `action` text NULL, `at` datetime NOT NULL, `case_id` uuid NOT NULL, `author_id` uuid NULL, `to_department_id` uuid NULL, `to_staff_id` uuid NULL, `corrects_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `case_entries_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_author` FOREIGN KEY (`author_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_departments_to_department` FOREIGN KEY (`to_department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_staff_to_staff` FOREIGN KEY (`to_staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `case_entries_case_entries_corrections` FOREIGN KEY (`corrects_id`) REFERENCES `case_entries` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "case_entries" to new temporary table "new_case_entries"
INSERT INTO `new_case_entries` (`id`, `kind`, `visibility`, `text`, `at`, `case_id`, `author_id`, `corrects_id`) SELECT `id`, `kind`, `visibility`, `text`, `at`, `case_id`, `author_id`, `corrects_id` FROM `case_entries`;
-- drop "case_entries" table after copying rows
DROP TABLE `case_entries`;
-- rename temporary table "new_case_entries" to "case_entries"
ALTER TABLE `new_case_entries` RENAME TO `case_entries`;
-- create index "caseentry_case_id_at_id" to table: "case_entries"
CREATE INDEX `caseentry_case_id_at_id` ON `case_entries` (`case_id`, `at`, `id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
