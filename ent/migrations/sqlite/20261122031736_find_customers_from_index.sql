-- +goose Up
-- drop index "servicecase_customer_id_opened_at_id" from table: "cases"
DROP INDEX `servicecase_customer_id_opened_at_id`;
-- create index "servicecase_customer_id_opened_at_id_seen" to table: "cases"
CREATE INDEX `servicecase_customer_id_opened_at_id_seen` ON `cases` (`customer_id`, `opened_at`, `id`, `site_id`, `department_id`, `assignee_id`, `received_by_id`, `dispatched_to_id`);
