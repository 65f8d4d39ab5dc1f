-- +goose Up
-- modify "checklist_versions" table
ALTER TABLE "checklist_versions" ADD COLUMN "capabilities" jsonb NULL;
-- create "control_plans" table
CREATE TABLE "control_plans" ("id" uuid NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "activity_en" character varying NOT NULL, "activity_zh" character varying NOT NULL, "checklist" character varying NOT NULL, "items" jsonb NULL, "layer" character varying NOT NULL, "method" character varying NOT NULL, "responsible_role" character varying NULL, "at_shifts" boolean NOT NULL, "rule" character varying NULL, "starts_on" character varying NOT NULL, "at_minute" bigint NOT NULL DEFAULT 0, "on_closed_day" character varying NOT NULL, "within" bigint NOT NULL, "grace" bigint NOT NULL, "active_from" timestamptz NOT NULL, "active_until" timestamptz NULL, "adjustments" jsonb NULL, "places" jsonb NULL, "people" jsonb NULL, "sample_method" character varying NOT NULL, "sample_size" bigint NOT NULL DEFAULT 0, "seed" bigint NOT NULL, "missed_severity" character varying NOT NULL, "active" boolean NOT NULL DEFAULT true, "planned_until" timestamptz NOT NULL, "replan_at" timestamptz NULL, "created_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "responsible_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "control_plans_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "control_plans_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "control_plans_staff_responsible" FOREIGN KEY ("responsible_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "controlplan_created_at_id" to table: "control_plans"
CREATE INDEX "controlplan_created_at_id" ON "control_plans" ("created_at", "id");
-- create index "controlplan_department_id_created_at_id" to table: "control_plans"
CREATE INDEX "controlplan_department_id_created_at_id" ON "control_plans" ("department_id", "created_at", "id");
-- create index "controlplan_replan_at" to table: "control_plans"
CREATE INDEX "controlplan_replan_at" ON "control_plans" ("replan_at") WHERE (replan_at IS NOT NULL);
-- create index "controlplan_responsible_id" to table: "control_plans"
CREATE INDEX "controlplan_responsible_id" ON "control_plans" ("responsible_id");
-- create index "controlplan_site_id_created_at_id" to table: "control_plans"
CREATE INDEX "controlplan_site_id_created_at_id" ON "control_plans" ("site_id", "created_at", "id");
-- modify "inspections" table
ALTER TABLE "inspections" ADD COLUMN "adjustments" jsonb NULL, ADD COLUMN "items" jsonb NULL;
-- create "planned_inspections" table
CREATE TABLE "planned_inspections" ("id" uuid NOT NULL, "occurrence" character varying NOT NULL, "subject" character varying NOT NULL, "position" bigint NOT NULL, "responsible_role" character varying NULL, "due_from" timestamptz NOT NULL, "due_at" timestamptz NOT NULL, "miss_at" timestamptz NOT NULL, "state" character varying NOT NULL DEFAULT 'PLANNED', "next_at" timestamptz NULL, "plan_id" uuid NOT NULL, "site_id" uuid NOT NULL, "department_id" uuid NOT NULL, "observed_id" uuid NULL, "responsible_id" uuid NULL, "inspection_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "planned_inspections_control_plans_plan" FOREIGN KEY ("plan_id") REFERENCES "control_plans" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "planned_inspections_departments_department" FOREIGN KEY ("department_id") REFERENCES "departments" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "planned_inspections_inspections_inspection" FOREIGN KEY ("inspection_id") REFERENCES "inspections" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "planned_inspections_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "planned_inspections_staff_observed" FOREIGN KEY ("observed_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "planned_inspections_staff_responsible" FOREIGN KEY ("responsible_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "plannedinspection_department_id_due_at_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_department_id_due_at_id" ON "planned_inspections" ("department_id", "due_at", "id");
-- create index "plannedinspection_due_at_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_due_at_id" ON "planned_inspections" ("due_at", "id");
-- create index "plannedinspection_inspection_id" to table: "planned_inspections"
CREATE UNIQUE INDEX "plannedinspection_inspection_id" ON "planned_inspections" ("inspection_id");
-- create index "plannedinspection_next_at" to table: "planned_inspections"
CREATE INDEX "plannedinspection_next_at" ON "planned_inspections" ("next_at") WHERE (next_at IS NOT NULL);
-- create index "plannedinspection_observed_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_observed_id" ON "planned_inspections" ("observed_id");
-- create index "plannedinspection_plan_id_due_at_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_plan_id_due_at_id" ON "planned_inspections" ("plan_id", "due_at", "id");
-- create index "plannedinspection_plan_id_due_from" to table: "planned_inspections"
CREATE INDEX "plannedinspection_plan_id_due_from" ON "planned_inspections" ("plan_id", "due_from");
-- create index "plannedinspection_plan_id_occurrence_subject" to table: "planned_inspections"
CREATE UNIQUE INDEX "plannedinspection_plan_id_occurrence_subject" ON "planned_inspections" ("plan_id", "occurrence", "subject");
-- create index "plannedinspection_responsible_id_due_at_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_responsible_id_due_at_id" ON "planned_inspections" ("responsible_id", "due_at", "id");
-- create index "plannedinspection_site_id_due_at_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_site_id_due_at_id" ON "planned_inspections" ("site_id", "due_at", "id");
-- create index "plannedinspection_state_due_at_id" to table: "planned_inspections"
CREATE INDEX "plannedinspection_state_due_at_id" ON "planned_inspections" ("state", "due_at", "id");
-- modify "findings" table
ALTER TABLE "findings" ALTER COLUMN "inspection_id" DROP NOT NULL, ADD COLUMN "planned_inspection_id" uuid NULL, ADD CONSTRAINT "findings_planned_inspections_planned_inspection" FOREIGN KEY ("planned_inspection_id") REFERENCES "planned_inspections" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create index "finding_planned_inspection_id" to table: "findings"
CREATE UNIQUE INDEX "finding_planned_inspection_id" ON "findings" ("planned_inspection_id");
