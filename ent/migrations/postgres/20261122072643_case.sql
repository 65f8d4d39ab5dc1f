-- +goose Up
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "archived_at" timestamptz NULL;
-- create "case_archives" table
CREATE TABLE "case_archives" ("id" uuid NOT NULL, "digest" bytea NOT NULL, "lines" bigint NOT NULL, "document" text NOT NULL, "at" timestamptz NOT NULL, "case_id" uuid NOT NULL, "archived_by_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "case_archives_cases_case" FOREIGN KEY ("case_id") REFERENCES "cases" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "case_archives_staff_archived_by" FOREIGN KEY ("archived_by_id") REFERENCES "staff" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "casearchive_at_id" to table: "case_archives"
CREATE INDEX "casearchive_at_id" ON "case_archives" ("at", "id");
