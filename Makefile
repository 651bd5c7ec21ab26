# Everything a person or a program does with this checkout: make run, make test, make check, make bench, make load.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin

# What is compiled is kept, whatever the shell says: many processes start here, and each would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup test check style types house quick bench load proof audit texts browser-and-database lock clean

run: .venv/ready node_modules/.ready
	$(BIN)/earshot serve --demo

setup: .venv/ready-dev node_modules/.ready-dev

# uv fetches many packages at once and shows how far it is; it comes in its locked version, by its hash.
# pip where only pip knows the way, such as to a mirror that its settings name.
PIP := $(BIN)/pip install --disable-pip-version-check
INSTALL := $(BIN)/uv pip install --python $(BIN)/python
UV_LOCKED = awk '/^uv==/ { on = 1; print; next } /^[^ ]/ { on = 0 } on' requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@echo "Setting up for the first time: Python packages, about half a minute."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --quiet --require-hashes -r <($(UV_LOCKED))
	$(INSTALL) --require-hashes -r requirements.lock || $(PIP) --require-hashes -r requirements.lock
	$(PIP) --quiet --no-build-isolation --no-deps --editable .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@echo "Setting up for tests: Python packages, about half a minute."
	$(INSTALL) --require-hashes -r requirements-dev.lock || $(PIP) --require-hashes -r requirements-dev.lock
	touch $@

node_modules/.ready: package-lock.json
	@echo "Setting up the parts that run in the browser, about ten seconds."
	npm ci --omit=dev --no-audit --no-fund --loglevel=error
	touch $@

node_modules/.ready-dev: node_modules/.ready package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch node_modules/.ready $@

browser-and-database:
	bash tests/need.sh

# Two workers take from one row of tests, the longest first, so that both end at once.
# SEEN: folders that were looked at just before, as `make check` looks at two of them
test: setup browser-and-database
	$(BIN)/pytest -n 2 --dist load $(SEEN:%=--ignore=%)

QUICK := tests/foundation tests/identity tests/secrets tests/processes tests/tools tests/engine/expressions tests/engine/decisions tests/engine/form_schemas tests/engine/spiff tests/engine/bpmn

# The unit tests of one storey, without a database server, a browser or processes: make quick STOREY=engine
quick: setup
	time $(BIN)/pytest -n 2 --dist load -m "not slow" $(if $(STOREY),tests/$(STOREY),$(QUICK))

check: setup
	$(MAKE) --no-print-directory --jobs 2 --output-sync style types house

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

house:
	$(BIN)/lint-imports
	$(BIN)/pytest tests/docs tests/architecture

bench: setup
	$(BIN)/earshot bench

load: setup
	$(BIN)/earshot bench load

# What takes hours rather than minutes; its figures stand in docs/proof.md
proof: setup browser-and-database
	$(BIN)/python -m tools.proof --times $(or $(TIMES),10)

# Known faults of what we install; asks the registries, so it is no part of the tests
audit: setup
	$(BIN)/python -m tools.audit

# The catalogue of all words that people read, for translators
texts: setup
	mkdir -p build && printf '[python: **.py]\n[jinja2: **.html]\n' | $(BIN)/pybabel --quiet extract --mapping-file /dev/stdin --keywords _ --project Earshot --output-file build/earshot.pot bpm web

lock: .venv/ready-dev
	$(BIN)/uv pip compile pyproject.toml --group setup --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --constraint requirements.lock --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet --output-file requirements-dev.lock

clean:
	rm -rf .venv node_modules var build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
