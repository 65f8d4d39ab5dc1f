-- +goose Up
-- create "topics" table
CREATE TABLE "topics" ("id" uuid NOT NULL, "code" character varying NOT NULL, "name_en" character varying NOT NULL, "name_zh" character varying NOT NULL, "path" character varying NOT NULL, "active" boolean NOT NULL DEFAULT true, "created_at" timestamptz NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "site_id" uuid NOT NULL, "parent_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "topics_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "topics_topics_children" FOREIGN KEY ("parent_id") REFERENCES "topics" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "topic_parent_id_path_id" to table: "topics"
CREATE INDEX "topic_parent_id_path_id" ON "topics" ("parent_id", "path", "id");
-- create index "topic_path_id" to table: "topics"
CREATE INDEX "topic_path_id" ON "topics" ("path", "id");
-- create index "topic_site_id_path_id" to table: "topics"
CREATE INDEX "topic_site_id_path_id" ON "topics" ("site_id", "path", "id");
-- create index "topics_path_key" to table: "topics"
CREATE UNIQUE INDEX "topics_path_key" ON "topics" ("path");
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "topic_id" uuid NULL, ADD CONSTRAINT "cases_topics_topic" FOREIGN KEY ("topic_id") REFERENCES "topics" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT;
-- create index "servicecase_topic_id_opened_at_id" to table: "cases"
CREATE INDEX "servicecase_topic_id_opened_at_id" ON "cases" ("topic_id", "opened_at", "id");
-- create "causes" table
CREATE TABLE "causes" ("id" uuid NOT NULL, "code" character varying NOT NULL, "name_en" character varying NOT NULL, "name_zh" character varying NOT NULL, "path" character varying NOT NULL, "active" boolean NOT NULL DEFAULT true, "created_at" timestamptz NOT NULL, "revision" bigint NOT NULL DEFAULT 1, "updated_at" timestamptz NOT NULL, "site_id" uuid NULL, "parent_id" uuid NULL, PRIMARY KEY ("id"), CONSTRAINT "causes_causes_children" FOREIGN KEY ("parent_id") REFERENCES "causes" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT, CONSTRAINT "causes_sites_site" FOREIGN KEY ("site_id") REFERENCES "sites" ("id") ON UPDATE NO ACTION ON DELETE RESTRICT);
-- create index "cause_parent_id_path_id" to table: "causes"
CREATE INDEX "cause_parent_id_path_id" ON "causes" ("parent_id", "path", "id");
-- create index "cause_path_id" to table: "causes"
CREATE INDEX "cause_path_id" ON "causes" ("path", "id");
-- create index "cause_site_id_path_id" to table: "causes"
CREATE INDEX "cause_site_id_path_id" ON "causes" ("site_id", "path", "id");
-- create index "causes_path_key" to table: "causes"
CREATE UNIQUE INDEX "causes_path_key" ON "causes" ("path");
