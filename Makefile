# Everything a person types. `make help` lists it.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
DEV_INSTALLED := .venv/installed-dev

.DEFAULT_GOAL := help
.PHONY: help run test check lint types contracts curriculum openapi translations format bench lock clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# Given as constraints too, the pins hold for what asks for a package with an extra, as in pydantic[email].
$(INSTALLED): requirements.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -c requirements.txt
	@touch $@

$(DEV_INSTALLED): requirements-dev.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt -c requirements-dev.txt
	@touch $(INSTALLED) $@

run: $(INSTALLED) ## Start the tool, its worker and a practice LMS on this machine
	@$(BIN)/python practice.py

test: $(DEV_INSTALLED) ## Run every test, on SQLite and PostgreSQL
	$(BIN)/pytest -n auto --dist worksteal

check: lint types contracts curriculum openapi test ## Format, lint, types, floors, curriculum, OpenAPI, then the tests

lint: $(DEV_INSTALLED) ## Format and lint, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/deptry .

types: $(DEV_INSTALLED) ## mypy, strict
	$(BIN)/mypy

contracts: $(DEV_INSTALLED) ## Imports point down the floors
	$(BIN)/lint-imports

curriculum: $(DEV_INSTALLED) ## Lint every lesson, item and agreement
	$(BIN)/flask curriculum check

openapi: $(DEV_INSTALLED) ## docs/openapi.json is what the code says
	$(BIN)/pytest -q tests/access -k openapi

translations: $(DEV_INSTALLED) ## Collect the marked texts into <package>/translations; say what is missing
	$(BIN)/python -m core.extraction

format: $(DEV_INSTALLED) ## Put the code in its usual shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV_INSTALLED) ## Measure, each against its yardstick; writes bench/latest.json
	$(BIN)/python -m bench

lock: $(DEV_INSTALLED) ## Write requirements*.txt anew from pyproject.toml
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --custom-compile-command "make lock" --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --custom-compile-command "make lock" --python-version 3.11 --extra agent --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --custom-compile-command "make lock" --python-version 3.11 --universal -c requirements.txt access_agent/requirements.in -o access_agent/requirements.txt

clean: ## Remove what was installed; the data in var/ stays
	rm -rf .venv
