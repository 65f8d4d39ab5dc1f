-- +goose Up
-- add column "satisfaction" to table: "case_follow_ups"
ALTER TABLE `case_follow_ups` ADD COLUMN `satisfaction` integer NULL;
-- add column "first_accepted_at" to table: "cases"
ALTER TABLE `cases` ADD COLUMN `first_accepted_at` datetime NULL;
-- add column "counted_time" to table: "cases"
ALTER TABLE `cases` ADD COLUMN `counted_time` integer NULL;
-- add column "satisfaction" to table: "cases"
ALTER TABLE `cases` ADD COLUMN `satisfaction` integer NULL;
-- create index "servicecase_resolved_at" to table: "cases"
CREATE INDEX `servicecase_resolved_at` ON `cases` (`resolved_at`);
-- create index "servicecase_closed_at" to table: "cases"
CREATE INDEX `servicecase_closed_at` ON `cases` (`closed_at`);
