-- +goose Up
-- drop index "servicecase_department_id_open_due_at_id_seen" from table: "cases"
DROP INDEX "servicecase_department_id_open_due_at_id_seen";
-- drop index "servicecase_department_id_opened_at_id_seen" from table: "cases"
DROP INDEX "servicecase_department_id_opened_at_id_seen";
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "tasked" boolean NOT NULL DEFAULT false, ADD COLUMN "open_tasks" bigint NOT NULL DEFAULT 0;
-- create index "servicecase_department_id_open_due_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_open_due_at_id_seen" ON "cases" ("department_id", "open", "due_at", "id", "assignee_id", "received_by_id", "dispatched_to_id", "tasked");
-- create index "servicecase_department_id_opened_at_id_seen" to table: "cases"
CREATE INDEX "servicecase_department_id_opened_at_id_seen" ON "cases" ("department_id", "opened_at", "id", "assignee_id", "received_by_id", "dispatched_to_id", "tasked");
-- create "case_tasks" table
CREATE TABLE "case_tasks" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "title" character varying NOT NULL, "what" character varying NULL, "required" boolean NOT NULL, "status" character varying NOT NULL DEFAULT 'OPEN', "due_at" timestamptz NOT NULL, "added_at" timestamptz NOT NULL, "accepted_at" timestamptz NULL, "ended_at" timestamptz NULL, "result" character varying NULL, "case_id" uuid NOT NULL, "department_id" uuid NOT NULL, "assignee_id" uuid NULL, "added_by_id" uuid NULL, "ended_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "case_tasks_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_tasks_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_tasks_staff_added_by" FOREIGN KEY ("added_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_tasks_staff_assignee" FOREIGN KEY ("assignee_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_tasks_staff_ended_by" FOREIGN KEY ("ended_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "casetask_assignee_id_status_due_at_id" to table: "case_tasks"
CREATE INDEX "casetask_assignee_id_status_due_at_id" ON "case_tasks" ("assignee_id", "status", "due_at", "id");
-- create index "casetask_case_id_due_at_id_seen" to table: "case_tasks"
CREATE INDEX "casetask_case_id_due_at_id_seen" ON "case_tasks" ("case_id", "due_at", "id", "status", "department_id", "assignee_id");
-- create index "casetask_department_id_status_due_at_id" to table: "case_tasks"
CREATE INDEX "casetask_department_id_status_due_at_id" ON "case_tasks" ("department_id", "status", "due_at", "id");
-- create index "casetask_due_at_id" to table: "case_tasks"
CREATE INDEX "casetask_due_at_id" ON "case_tasks" ("due_at", "id");
