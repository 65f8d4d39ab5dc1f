-- +goose Up
-- modify "case_entries" table
ALTER TABLE "case_entries" ADD COLUMN "action" character varying NULL, ADD COLUMN "to_department_id" uuid NULL, ADD COLUMN "to_staff_id" uuid NULL, ADD CONSTRAINT "case_entries_departments_to_department" FOREIGN KEY ("to_department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, ADD CONSTRAINT "case_entries_staff_to_staff" FOREIGN KEY ("to_staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
