# make help lists what there is to make.
.DEFAULT_GOAL := help
GO ?= go
LINT := $(GO) tool -modfile=tools/go.mod golangci-lint

.PHONY: help run demo generate verify test lint bench bench-small soak migration conformance fuzz

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

run: ## serve on 127.0.0.1:8080 with the data in ./data
	$(GO) run ./server

demo: ## load a demonstration company, tell its story, serve
	$(GO) run ./server demo

generate: ## write all generated code anew
	$(GO) generate ./ent/schema/typeid
	$(GO) generate ./ent
	$(GO) tool gqlgen generate
	$(GO) generate ./graph/...
	$(GO) generate ./plugins/checklistpb

verify: ## check that generated code, migrations and go.mod are what they should be
	./.ci/verify

# The race detector watches our code. SQLite, translated from C, is a hundred
# thousand lines that touch no memory of ours; watching it takes most of the time.
RACE := -race -gcflags=modernc.org/...=-race=false

test: ## run all tests with the race detector
	$(GO) test $(RACE) -timeout 30m ./...

lint: ## check style and the direction of imports
	$(LINT) run ./...

bench: ## measure the API beside its floor, on both databases, with the whole data set
	$(GO) run ./bench

bench-small: ## the same with a hundredth of the data
	$(GO) run ./bench -small

soak: ## the long forms of the tests
	ROUNDS_SOAK=1 $(GO) test $(RACE) -timeout 60m ./...

migration: ## write the next migration: make migration NAME=what_changes
	$(GO) run ./ent/internal/mkmigration "$(NAME)"

conformance: ## run the official clients and audits against a server
	cd conformance && npm ci && npm test
