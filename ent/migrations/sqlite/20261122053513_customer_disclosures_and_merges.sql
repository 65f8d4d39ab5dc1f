-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_customers" table
CREATE TABLE `new_customers` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PERSON'), `name` text NOT NULL, `source` text NULL, `external_id` text NULL, `registered_at` datetime NOT NULL, `merged_at` datetime NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `owner_id` uuid NULL, `merged_into_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customers_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_customers_merged_from` FOREIGN KEY (`merged_into_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "customers" to new temporary table "new_customers"
INSERT INTO `new_customers` (`id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `site_id`, `department_id`, `owner_id`) SELECT `id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `site_id`, `department_id`, `owner_id` FROM `customers`;
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
-- create index "customer_registered_at_id" to table: "customers"
CREATE INDEX `customer_registered_at_id` ON `customers` (`registered_at`, `id`);
-- create index "customer_site_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_site_id_registered_at_id` ON `customers` (`site_id`, `registered_at`, `id`);
-- create index "customer_department_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_department_id_registered_at_id` ON `customers` (`department_id`, `registered_at`, `id`);
-- create index "customer_owner_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_registered_at_id` ON `customers` (`owner_id`, `registered_at`, `id`);
-- create "customer_merges" table
CREATE TABLE `customer_merges` (`id` uuid NOT NULL, `reason` text NULL, `moved` json NOT NULL, `actor` text NOT NULL, `at` datetime NOT NULL, `into_id` uuid NOT NULL, `from_id` uuid NOT NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customer_merges_customers_into` FOREIGN KEY (`into_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `customer_merges_customers_from` FOREIGN KEY (`from_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `customer_merges_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "customermerge_into_id_at_id" to table: "customer_merges"
CREATE INDEX `customermerge_into_id_at_id` ON `customer_merges` (`into_id`, `at`, `id`);
-- create index "customermerge_from_id" to table: "customer_merges"
CREATE UNIQUE INDEX `customermerge_from_id` ON `customer_merges` (`from_id`);
-- create "disclosures" table
CREATE TABLE `disclosures` (`id` uuid NOT NULL, `kind` text NOT NULL, `purpose` text NOT NULL, `note` text NULL, `actor` text NOT NULL, `at` datetime NOT NULL, `customer_id` uuid NOT NULL, `staff_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `disclosures_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `disclosures_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "disclosure_customer_id_at_id" to table: "disclosures"
CREATE INDEX `disclosure_customer_id_at_id` ON `disclosures` (`customer_id`, `at`, `id`);
-- create index "disclosure_actor_at" to table: "disclosures"
CREATE INDEX `disclosure_actor_at` ON `disclosures` (`actor`, `at`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
