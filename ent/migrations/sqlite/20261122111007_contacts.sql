-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_customers" table
CREATE TABLE `new_customers` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PERSON'), `name` text NOT NULL, `source` text NULL, `class` text NULL, `preferences` json NULL, `external_id` text NULL, `registered_at` datetime NOT NULL, `contact_every` integer NULL, `last_contact_at` datetime NULL, `call_again_at` datetime NULL, `next_contact_at` datetime NULL, `merged_at` datetime NULL, `erased_at` datetime NULL, `erased_for` text NULL, `traces` bool NOT NULL DEFAULT (false), `site_id` uuid NOT NULL, `department_id` uuid NULL, `owner_id` uuid NULL, `merged_into_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customers_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_customers_merged_from` FOREIGN KEY (`merged_into_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "customers" to new temporary table "new_customers"
INSERT INTO `new_customers` (`id`, `revision`, `updated_at`, `kind`, `name`, `source`, `class`, `preferences`, `external_id`, `registered_at`, `merged_at`, `erased_at`, `erased_for`, `traces`, `site_id`, `department_id`, `owner_id`, `merged_into_id`) SELECT `id`, `revision`, `updated_at`, `kind`, `name`, `source`, `class`, `preferences`, `external_id`, `registered_at`, `merged_at`, `erased_at`, `erased_for`, `traces`, `site_id`, `department_id`, `owner_id`, `merged_into_id` FROM `customers`;
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
-- create index "customer_next_contact_at_id" to table: "customers"
CREATE INDEX `customer_next_contact_at_id` ON `customers` (`next_contact_at`, `id`);
-- create index "customer_site_id_next_contact_at_id" to table: "customers"
CREATE INDEX `customer_site_id_next_contact_at_id` ON `customers` (`site_id`, `next_contact_at`, `id`);
-- create index "customer_department_id_next_contact_at_id" to table: "customers"
CREATE INDEX `customer_department_id_next_contact_at_id` ON `customers` (`department_id`, `next_contact_at`, `id`);
-- create index "customer_owner_id_next_contact_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_next_contact_at_id` ON `customers` (`owner_id`, `next_contact_at`, `id`);
-- create index "customer_registered_at_id" to table: "customers"
CREATE INDEX `customer_registered_at_id` ON `customers` (`registered_at`, `id`);
-- create index "customer_site_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_site_id_registered_at_id` ON `customers` (`site_id`, `registered_at`, `id`);
-- create index "customer_department_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_department_id_registered_at_id` ON `customers` (`department_id`, `registered_at`, `id`);
-- create index "customer_owner_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_registered_at_id` ON `customers` (`owner_id`, `registered_at`, `id`);
-- create "contact_attempts" table
CREATE TABLE `contact_attempts` (`id` uuid NOT NULL, `channel` text NOT NULL, `reached` bool NOT NULL, `outcome` text NULL, `call_again_at` datetime NULL, `note` text NULL, `at` datetime NOT NULL, `recorded_at` datetime NOT NULL, `actor` text NOT NULL, `customer_id` uuid NOT NULL, `case_id` uuid NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `contact_attempts_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `contact_attempts_cases_case` FOREIGN KEY (`case_id`) REFERENCES `cases` (`id`) ON DELETE RESTRICT, CONSTRAINT `contact_attempts_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "contactattempt_customer_id_at_id" to table: "contact_attempts"
CREATE INDEX `contactattempt_customer_id_at_id` ON `contact_attempts` (`customer_id`, `at`, `id`);
-- create index "contactattempt_case_id" to table: "contact_attempts"
CREATE INDEX `contactattempt_case_id` ON `contact_attempts` (`case_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
