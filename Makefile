# Everything a person or a program does with this checkout: make run, make test, make check, make bench, make load.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run setup test check bench load browser-and-database clean

run: .venv/ready
	$(BIN)/earshot demo --if-empty
	$(BIN)/earshot serve

setup: .venv/ready node_modules/.ready

.venv/ready: requirements-dev.lock pyproject.toml node_modules/.ready
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

node_modules/.ready: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

browser-and-database:
	bash tests/need.sh

test: setup browser-and-database
	$(BIN)/pytest -n 2 --dist loadfile

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/docs

bench: setup
	$(BIN)/earshot bench

load: setup
	$(BIN)/earshot bench load

lock: .venv/ready
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --constraint requirements.lock --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements-dev.lock

clean:
	rm -rf .venv node_modules var build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
