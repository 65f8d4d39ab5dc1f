-- +goose Up
-- drop index "servicecase_department_id_open_due_at_id" from table: "cases"
DROP INDEX "servicecase_department_id_open_due_at_id";
-- drop index "servicecase_department_id_opened_at_id" from table: "cases"
DROP INDEX "servicecase_department_id_opened_at_id";
-- create index "servicecase_department_id_open_due_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_open_due_at_id_seen" ON "cases" ("department_id", "open", "due_at", "id", "assignee_id", "received_by_id", "dispatched_to_id");
-- create index "servicecase_department_id_opened_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_opened_at_id_seen" ON "cases" ("department_id", "opened_at", "id", "assignee_id", "received_by_id", "dispatched_to_id");
