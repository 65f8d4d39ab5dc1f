-- +goose Up
-- create "sealing_keys" table
CREATE TABLE `sealing_keys` (`id` text NOT NULL, `state` text NOT NULL, `added_at` datetime NOT NULL, `primary_at` datetime NULL, `retired_at` datetime NULL, PRIMARY KEY (`id`));
-- create index "sealingkey_primary" to table: "sealing_keys"
CREATE UNIQUE INDEX `sealingkey_primary` ON `sealing_keys` (`state`) WHERE state = 'PRIMARY';
