-- +goose Up
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "importance" character varying NULL, ADD COLUMN "reported_at" timestamptz NULL, ADD COLUMN "open_measures" bigint NOT NULL DEFAULT 0, ADD COLUMN "standing_measures" bigint NOT NULL DEFAULT 0;
-- create index "servicecase_reported_at" to table: "cases"
CREATE INDEX "servicecase_reported_at" ON "cases" ("reported_at") WHERE (reported_at IS NOT NULL);
-- create "case_commendations" table
CREATE TABLE "case_commendations" ("id" uuid NOT NULL, "in_writing" boolean NOT NULL, "opened_at" timestamptz NOT NULL, "named_at" timestamptz NOT NULL, "withdrawn_at" timestamptz NULL, "case_id" uuid NOT NULL, "staff_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "named_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "case_commendations_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_commendations_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_commendations_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_commendations_staff_named_by" FOREIGN KEY ("named_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_commendations_staff_staff" FOREIGN KEY ("staff_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "casecommendation_case_id_staff_id" to table: "case_commendations"
CREATE UNIQUE INDEX "casecommendation_case_id_staff_id" ON "case_commendations" ("case_id", "staff_id");
-- create index "casecommendation_site_id_opened_at" to table: "case_commendations"
CREATE INDEX "casecommendation_site_id_opened_at" ON "case_commendations" ("site_id", "opened_at");
-- create index "casecommendation_staff_id_opened_at" to table: "case_commendations"
CREATE INDEX "casecommendation_staff_id_opened_at" ON "case_commendations" ("staff_id", "opened_at");
-- create "case_measures" table
CREATE TABLE "case_measures" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "kind" character varying NOT NULL, "status" character varying NOT NULL DEFAULT 'PLANNED', "what" character varying NOT NULL, "due_at" timestamptz NOT NULL, "effect_due_at" timestamptz NOT NULL, "planned_at" timestamptz NOT NULL, "completed_at" timestamptz NULL, "ended_at" timestamptz NULL, "result" character varying NULL, "finding" character varying NULL, "case_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "owner_id" uuid NOT NULL, "deadline_id" uuid NOT NULL, "planned_by_id" uuid NULL, "completed_by_id" uuid NULL, "ended_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "case_measures_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_deadlines_deadline" FOREIGN KEY ("deadline_id") REFERENCES "deadlines" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_staff_completed_by" FOREIGN KEY ("completed_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_staff_ended_by" FOREIGN KEY ("ended_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_staff_owner" FOREIGN KEY ("owner_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_measures_staff_planned_by" FOREIGN KEY ("planned_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "casemeasure_case_id_effect_due_at_id" to table: "case_measures"
CREATE INDEX "casemeasure_case_id_effect_due_at_id" ON "case_measures" ("case_id", "effect_due_at", "id");
-- create index "casemeasure_department_id_status_effect_due_at_id" to table: "case_measures"
CREATE INDEX "casemeasure_department_id_status_effect_due_at_id" ON "case_measures" ("department_id", "status", "effect_due_at", "id");
-- create index "casemeasure_effect_due_at_id" to table: "case_measures"
CREATE INDEX "casemeasure_effect_due_at_id" ON "case_measures" ("effect_due_at", "id");
-- create index "casemeasure_owner_id_status_effect_due_at_id" to table: "case_measures"
CREATE INDEX "casemeasure_owner_id_status_effect_due_at_id" ON "case_measures" ("owner_id", "status", "effect_due_at", "id");
-- create index "casemeasure_site_id_status_effect_due_at_id" to table: "case_measures"
CREATE INDEX "casemeasure_site_id_status_effect_due_at_id" ON "case_measures" ("site_id", "status", "effect_due_at", "id");
