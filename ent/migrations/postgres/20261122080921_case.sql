-- +goose Up
-- create "teaching_cases" table
CREATE TABLE "teaching_cases" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "month" character varying NOT NULL, "title" character varying NOT NULL, "lesson" character varying NOT NULL, "trained" boolean NOT NULL DEFAULT false, "selected_at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NULL, "selected_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "teaching_cases_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "teaching_cases_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "teaching_cases_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "teaching_cases_staff_selected_by" FOREIGN KEY ("selected_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "teachingcase_case_id_month" to table: "teaching_cases"
CREATE UNIQUE INDEX "teachingcase_case_id_month" ON "teaching_cases" ("case_id", "month");
-- create index "teachingcase_department_id_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_department_id_selected_at_id" ON "teaching_cases" ("department_id", "selected_at", "id");
-- create index "teachingcase_month_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_month_selected_at_id" ON "teaching_cases" ("month", "selected_at", "id");
-- create index "teachingcase_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_selected_at_id" ON "teaching_cases" ("selected_at", "id");
-- create index "teachingcase_site_id_month_department_id_trained" to table: "teaching_cases"
CREATE INDEX "teachingcase_site_id_month_department_id_trained" ON "teaching_cases" ("site_id", "month", "department_id", "trained");
-- create index "teachingcase_site_id_selected_at_id" to table: "teaching_cases"
CREATE INDEX "teachingcase_site_id_selected_at_id" ON "teaching_cases" ("site_id", "selected_at", "id");
-- create "trainings" table
CREATE TABLE "trainings" ("id" uuid NOT NULL, "held_on" character varying NOT NULL, "note" character varying NULL, "recorded_at" timestamptz NOT NULL, "teaching_case_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "trainer_id" uuid NOT NULL, "recorded_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "trainings_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "trainings_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "trainings_staff_recorded_by" FOREIGN KEY ("recorded_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "trainings_staff_trainer" FOREIGN KEY ("trainer_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "trainings_teaching_cases_teaching_case" FOREIGN KEY ("teaching_case_id") REFERENCES "teaching_cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "training_department_id_held_on_id" to table: "trainings"
CREATE INDEX "training_department_id_held_on_id" ON "trainings" ("department_id", "held_on", "id");
-- create index "training_held_on_id" to table: "trainings"
CREATE INDEX "training_held_on_id" ON "trainings" ("held_on", "id");
-- create index "training_site_id_held_on_id" to table: "trainings"
CREATE INDEX "training_site_id_held_on_id" ON "trainings" ("site_id", "held_on", "id");
-- create index "training_teaching_case_id_held_on_id" to table: "trainings"
CREATE INDEX "training_teaching_case_id_held_on_id" ON "trainings" ("teaching_case_id", "held_on", "id");
-- create "training_participants" table
CREATE TABLE "training_participants" ("training_id" uuid NOT NULL, "staff_id" uuid NOT NULL, PRIMARY KEY ("training_id", "staff_id"), CONSTRAINT "training_participants_staff_id" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE CASCADE, CONSTRAINT "training_participants_training_id" FOREIGN KEY ("training_id") REFERENCES "trainings" ("id") ON UPDATE NO ACTION ON DELETE CASCADE);
