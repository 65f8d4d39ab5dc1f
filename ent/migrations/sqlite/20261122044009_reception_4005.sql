-- +goose Up
-- create "shifts" table
CREATE TABLE `shifts` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `group` text NOT NULL, `starts_at` datetime NOT NULL, `ends_at` datetime NOT NULL, `cancelled` bool NOT NULL DEFAULT (false), `created_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `staff_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `shifts_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `shifts_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `shifts_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "shift_starts_at_id" to table: "shifts"
CREATE INDEX `shift_starts_at_id` ON `shifts` (`starts_at`, `id`);
-- create index "shift_site_id_starts_at_id" to table: "shifts"
CREATE INDEX `shift_site_id_starts_at_id` ON `shifts` (`site_id`, `starts_at`, `id`);
-- create index "shift_department_id_starts_at_id" to table: "shifts"
CREATE INDEX `shift_department_id_starts_at_id` ON `shifts` (`department_id`, `starts_at`, `id`);
-- create index "shift_staff_id_starts_at_id" to table: "shifts"
CREATE INDEX `shift_staff_id_starts_at_id` ON `shifts` (`staff_id`, `starts_at`, `id`);
-- create "shift_swaps" table
CREATE TABLE `shift_swaps` (`id` uuid NOT NULL, `revision` integer NOT NULL DEFAULT (1), `updated_at` datetime NOT NULL, `status` text NOT NULL DEFAULT ('REQUESTED'), `decided_at` datetime NULL, `requested_at` datetime NOT NULL, `site_id` uuid NOT NULL, `department_id` uuid NOT NULL, `shift_id` uuid NOT NULL, `staff_id` uuid NOT NULL, `with_id` uuid NOT NULL, `with_shift_id` uuid NULL, `decided_by_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `shift_swaps_sites_site` FOREIGN KEY (`site_id`) REFERENCES `sites` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_departments_department` FOREIGN KEY (`department_id`) REFERENCES `departments` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_shifts_shift` FOREIGN KEY (`shift_id`) REFERENCES `shifts` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_staff_staff` FOREIGN KEY (`staff_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_staff_with` FOREIGN KEY (`with_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_shifts_with_shift` FOREIGN KEY (`with_shift_id`) REFERENCES `shifts` (`id`) ON DELETE RESTRICT, CONSTRAINT `shift_swaps_staff_decided_by` FOREIGN KEY (`decided_by_id`) REFERENCES `staff` (`id`) ON DELETE RESTRICT);
-- create index "shiftswap_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_requested_at_id` ON `shift_swaps` (`requested_at`, `id`);
-- create index "shiftswap_site_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_site_id_requested_at_id` ON `shift_swaps` (`site_id`, `requested_at`, `id`);
-- create index "shiftswap_department_id_status_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_department_id_status_requested_at_id` ON `shift_swaps` (`department_id`, `status`, `requested_at`, `id`);
-- create index "shiftswap_staff_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_staff_id_requested_at_id` ON `shift_swaps` (`staff_id`, `requested_at`, `id`);
-- create index "shiftswap_with_id_requested_at_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_with_id_requested_at_id` ON `shift_swaps` (`with_id`, `requested_at`, `id`);
-- create index "shiftswap_shift_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_shift_id` ON `shift_swaps` (`shift_id`);
-- create index "shiftswap_with_shift_id" to table: "shift_swaps"
CREATE INDEX `shiftswap_with_shift_id` ON `shift_swaps` (`with_shift_id`);
