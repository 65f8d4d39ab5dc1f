-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_plugins" table
CREATE TABLE `new_plugins` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `code` text NOT NULL, `name_en` text NOT NULL, `name_zh` text NOT NULL, `version` text NOT NULL, `checksum` text NOT NULL, `pinned` text NULL, `disabled` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- copy rows from old table "plugins" to new temporary table "new_plugins"
INSERT INTO `new_plugins` (`id`, `updated_at`, `code`, `name_en`, `name_zh`, `version`, `checksum`) SELECT `id`, `updated_at`, `code`, `name_en`, `name_zh`, `version`, `checksum` FROM `plugins`;
-- drop "plugins" table after copying rows
DROP TABLE `plugins`;
-- rename temporary table "new_plugins" to "plugins"
ALTER TABLE `new_plugins` RENAME TO `plugins`;
-- create index "plugins_code_key" to table: "plugins"
CREATE UNIQUE INDEX `plugins_code_key` ON `plugins` (`code`);
-- create "plugin_versions" table
CREATE TABLE `plugin_versions` (`id` uuid NOT NULL, `version` text NOT NULL, `checksum` text NOT NULL, `size` integer NOT NULL, `no_tls` bool NOT NULL DEFAULT (false), `read_only` json NULL, `signature` blob NULL, `signed_by` text NULL, `added_at` datetime NOT NULL, `plugin_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `plugin_versions_plugins_plugin` FOREIGN KEY (`plugin_id`) REFERENCES `plugins` (`id`) ON DELETE RESTRICT);
-- create index "pluginversion_plugin_id_version" to table: "plugin_versions"
CREATE UNIQUE INDEX `pluginversion_plugin_id_version` ON `plugin_versions` (`plugin_id`, `version`);
-- create "program_parts" table
CREATE TABLE `program_parts` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `number` integer NOT NULL, `content` blob NOT NULL, `plugin_version_id` uuid NOT NULL, CONSTRAINT `program_parts_plugin_versions_plugin_version` FOREIGN KEY (`plugin_version_id`) REFERENCES `plugin_versions` (`id`) ON DELETE RESTRICT);
-- create index "programpart_plugin_version_id_number" to table: "program_parts"
CREATE UNIQUE INDEX `programpart_plugin_version_id_number` ON `program_parts` (`plugin_version_id`, `number`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
