-- +goose Up
-- keep what is to become contact points
CREATE TABLE moved_contact_points AS
  SELECT id AS customer_id, registered_at AS added_at, 'PHONE' AS kind, phone_sealed AS sealed, phone_index AS digest FROM customers WHERE phone_sealed IS NOT NULL
  UNION ALL
  SELECT id, registered_at, 'EMAIL', email_sealed, email_index FROM customers WHERE email_sealed IS NOT NULL;
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_customers" table
CREATE TABLE `new_customers` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `kind` text NOT NULL DEFAULT ('PERSON'), `name` text NOT NULL, `source` text NULL, `external_id` text NULL, `registered_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NULL, `owner_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `customers_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `customers_staff_owner` FOREIGN KEY (`owner_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- copy rows from old table "customers" to new temporary table "new_customers"
INSERT INTO `new_customers` (`id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `site_id`, `department_id`, `owner_id`) SELECT `id`, `revision`, `updated_at`, `kind`, `name`, `source`, `external_id`, `registered_at`, `site_id`, `department_id`, `owner_id` FROM `customers`;
-- drop "customers" table after copying rows
DROP TABLE `customers`;
-- rename temporary table "new_customers" to "customers"
ALTER TABLE `new_customers` RENAME TO `customers`;
-- create index "customers_external_id_key" to table: "customers"
CREATE UNIQUE INDEX `customers_external_id_key` ON `customers` (`external_id`);
-- create index "customer_registered_at_id" to table: "customers"
CREATE INDEX `customer_registered_at_id` ON `customers` (`registered_at`, `id`);
-- create index "customer_site_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_site_id_registered_at_id` ON `customers` (`site_id`, `registered_at`, `id`);
-- create index "customer_department_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_department_id_registered_at_id` ON `customers` (`department_id`, `registered_at`, `id`);
-- create index "customer_owner_id_registered_at_id" to table: "customers"
CREATE INDEX `customer_owner_id_registered_at_id` ON `customers` (`owner_id`, `registered_at`, `id`);
-- create "contact_points" table
CREATE TABLE `contact_points` (`id` uuid NOT NULL, `kind` text NOT NULL, `channel` text NULL, `sealed` blob NULL, `digest` blob NULL, `label` text NULL, `is_primary` bool NOT NULL DEFAULT (false), `added_at` datetime NOT NULL, `verified_at` datetime NULL, `removed_at` datetime NULL, `customer_id` uuid NOT NULL, `verified_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `contact_points_customers_customer` FOREIGN KEY (`customer_id`) REFERENCES `customers` (`id`) ON DELETE RESTRICT, CONSTRAINT `contact_points_staff_verified_by` FOREIGN KEY (`verified_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "contactpoint_digest_customer_id" to table: "contact_points"
CREATE INDEX `contactpoint_digest_customer_id` ON `contact_points` (`digest`, `customer_id`);
-- create index "contactpoint_customer_id_digest" to table: "contact_points"
CREATE UNIQUE INDEX `contactpoint_customer_id_digest` ON `contact_points` (`customer_id`, `digest`);
-- create index "contactpoint_primary" to table: "contact_points"
CREATE UNIQUE INDEX `contactpoint_primary` ON `contact_points` (`customer_id`, `kind`) WHERE is_primary;
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
-- move contact data, under ids as old as their customers
INSERT INTO `contact_points` (`id`, `customer_id`, `kind`, `sealed`, `digest`, `is_primary`, `added_at`)
  SELECT unhex(substr(hex(customer_id), 1, 12) || '7' || substr(hex(randomblob(2)), 2, 3) || '8' || substr(hex(randomblob(8)), 2, 15)),
    customer_id, kind, sealed, digest, true, added_at FROM moved_contact_points;
DROP TABLE moved_contact_points;
