-- +goose Up
-- modify "cases" table
ALTER TABLE "cases" ADD COLUMN "late_before" boolean NOT NULL DEFAULT false;
