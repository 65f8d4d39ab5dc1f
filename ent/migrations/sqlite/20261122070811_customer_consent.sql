-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_customers" table
CREATE TABLE `new_customers` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PERSON'), `name` text NOT NULL, `source` text NULL, `class` text NULL, `preferences` json NULL, `external_id` text NULL, `registered_at` datetime NOT NULL, `merged_at` datetime NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `owner_id` uuid NULL, `merged_into_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customers_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_customers_merged_from` FOREIGN KEY (`merged_into_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "customers" to new temporary table "new_customers"
INSERT INTO `new_customers` (`id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `merged_at`, `site_id`, `department_id`, `owner_id`, `merged_into_id`) SELECT `id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `merged_at`, `site_id`, `department_id`, `owner_id`, `merged_into_id` FROM `customers`;
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
-- create index "customer_class_registered_at_id" to table: "customers"
CREATE INDEX `customer_class_registered_at_id` ON `customers` (`class`, `registered_at`, `id`);
-- create index "customer_registered_at_id" to table: "customers"
CREATE INDEX `customer_registered_at_id` ON `customers` (`registered_at`, `id`);
-- create index "customer_site_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_site_id_registered_at_id` ON `customers` (`site_id`, `registered_at`, `id`);
-- create index "customer_department_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_department_id_registered_at_id` ON `customers` (`department_id`, `registered_at`, `id`);
-- create index "customer_owner_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_registered_at_id` ON `customers` (`owner_id`, `registered_at`, `id`);
-- create "consents" table
CREATE TABLE `consents` (`id` uuid NOT NULL, `purpose` text NOT NULL, `state` text NOT NULL, `channel` text NOT NULL, `note` text NULL, `is_current` bool NOT NULL DEFAULT (true), `at` datetime NOT NULL, `recorded_at` datetime NOT NULL, `actor` text NOT NULL, `customer_id` uuid NOT NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `consents_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `consents_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "consent_customer_id_at_id" to table: "consents"
CREATE INDEX `consent_customer_id_at_id` ON `consents` (`customer_id`, `at`, `id`);
-- create index "consent_current" to table: "consents"
CREATE UNIQUE INDEX `consent_current` ON `consents` (`customer_id`, `purpose`) WHERE is_current;
-- create "external_ids" table
CREATE TABLE `external_ids` (`id` uuid NOT NULL, `system` text NOT NULL, `value` text NOT NULL, `added_at` datetime NOT NULL, `customer_id` uuid NOT NULL, `site_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `external_ids_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `external_ids_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT);
-- create index "externalid_customer_id_system_value" to table: "external_ids"
CREATE INDEX `externalid_customer_id_system_value` ON `external_ids` (`customer_id`, `system`, `value`);
-- create index "externalid_system_value" to table: "external_ids"
CREATE INDEX `externalid_system_value` ON `external_ids` (`system`, `value`);
-- create index "externalid_site_id_system_value" to table: "external_ids"
CREATE UNIQUE INDEX `externalid_site_id_system_value` ON `external_ids` (`site_id`, `system`, `value`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
