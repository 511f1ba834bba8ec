# run: the whole pipeline on the sandbox; test: everything CI runs; both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Python compiles what is imported, a fraction of what is installed.
PIP_OPTIONS := --quiet --disable-pip-version-check --no-compile
# Where Python may write no bytecode, as in many images, each run would compile these anew.
SLOW_IMPORTS := altair, dagster_dbt, dbt.adapters.duckdb.impl, dbt.cli.main, exchange_calendars, great_expectations

.PHONY: run test check dev bench browser superset s3 clean

run: $(VENV)/.installed
	$(BIN)/hkflow run

test: check
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ty check
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 --config dbt_project/.sqlfluff dbt_project/models dbt_project/tests

dev: $(VENV)/.installed
	$(BIN)/hkflow dev

bench: $(VENV)/.installed-dev
	$(BIN)/python -m tests.benchmarks

browser: $(VENV)/.installed-dev
	$(BIN)/python -m tests.report.browser || $(BIN)/python -m playwright install chromium --only-shell

superset: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m superset tests/examples

s3: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m lake_on_s3 tests/acceptance

clean:
	rm -rf $(VENV) .dagster_home dbt_project/target dbt_project/logs .pytest_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "HK Flow needs Python 3.11 to 3.13; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r requirements.lock
	$(BIN)/python -m pip install $(PIP_OPTIONS) --no-deps --no-build-isolation --editable .
	$(if $(PYTHONDONTWRITEBYTECODE),env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c 'import $(SLOW_IMPORTS)')
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install $(PIP_OPTIONS) --require-hashes -r requirements-dev.lock
	touch $@
