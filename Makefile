# `make run` starts the site with the demo county, `make test` runs everything that can run here.
PYTHON ?= python3
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
READY := .venv/.ready
TESTS_READY := .venv/.tests-ready
CASES ?= ../shared/cases
DATABASE ?= postgresql+psycopg://postgres@127.0.0.1/dianjiang_bench

export MATCHER_DEMO ?= 1

.PHONY: help run test lint bench bench-large bench-province evaluate translations clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(TESTS_READY): $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,postgres]'
	@touch $@

run: $(READY) translations ## the site with the demo county on http://127.0.0.1:8000
	@$(BIN)/python -m matcher.start

test: $(TESTS_READY) translations ## every test that can run here; says what was skipped and why
	$(BIN)/python -m pytest -n auto

lint: $(TESTS_READY) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

translations: $(READY) ## compile the English texts
	@$(BIN)/pybabel -q compile -d matcher/translations

bench: $(TESTS_READY) ## speed of proposals, of the desk and of a report
	$(BIN)/python -m bench.matching
	$(BIN)/python -m bench.pages

bench-large: $(TESTS_READY) ## the same for a million experts
	$(BIN)/python -m bench.matching --large

bench-province: $(TESTS_READY) ## a province's report over a million cases; empties the PostgreSQL database DATABASE
	$(BIN)/python -m bench.province --url $(DATABASE)

evaluate: $(READY) ## rank the published cases where they are present
	@if [ -f $(CASES)/cases.jsonl ]; then \
	  $(BIN)/python -m matcher.matching rank --roster $(CASES)/roster.jsonl --cases $(CASES)/cases.jsonl --out .venv/ranking.jsonl && \
	  $(BIN)/python $(CASES)/evaluate.py $(CASES)/cases.jsonl .venv/ranking.jsonl; \
	else echo "The published cases are not at $(CASES); set CASES=folder."; fi

clean: ## forget the environment and the local database
	rm -rf .venv instance
