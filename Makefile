# Each target is one script or a line or two; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help run test check openapi schema contract tour bench bench-imports bench-scale bench-chain crash

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Start everything: a private database, migrations, the demonstration city, the API
	@scripts/run.sh

test: ## Run all tests against a throwaway database
	@scripts/test.sh

check: ## Format, lints, documentation, scripts and the OpenAPI document; nothing is changed
	cargo fmt --all --check
	cargo clippy --locked --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items
	@if command -v shellcheck >/dev/null; then shellcheck -x scripts/*.sh bench/*.sh docker/initdb/*.sh .ci/run; \
	else echo "NOT RUN: shellcheck is not installed, so the scripts were not checked."; fi
	scripts/openapi.sh --check

openapi: ## Write openapi/openapi.json anew from the program
	scripts/openapi.sh

schema: ## Write src/db/schema.rs anew from the migrated database
	UPDATE_SCHEMA=1 scripts/test.sh -E 'test(schema)'

contract: ## Compare what the server answers with what the OpenAPI document promises
	scripts/contract.sh

tour: ## Walk through the API with curl against a throwaway server
	scripts/with-server.sh -- scripts/tour.sh

bench: ## Time get, list and write beside pgbench with the same SQL; writes bench/results/latest.*
	bench/run.sh

bench-imports: ## Time files of 20,000 members and contacts
	bench/imports.sh

bench-scale: ## Time get and list in cities of 20,000, 200,000 and 2,000,000 issues
	bench/scale.sh

bench-chain: ## Time the chain of one city alone and among 333
	bench/chain.sh

crash: ## Kill the server and PostgreSQL while they write, and look for what was lost
	scripts/crash.sh
