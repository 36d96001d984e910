# Every target sets itself up; only Python 3.11 or newer has to be there. Written for GNU make 3.81,
# which macOS still ships: no grouped targets, no .ONESHELL.

PYTHON ?= python3
# One more than the two cores that the suite is meant for: its tests often wait for each other's servers.
WORKERS ?= 3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

# Tests and demo start our programs hundreds of times: none should compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test check format calm lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed ## Make .venv from the pinned, hashed requirements (PYTHON=python3.12 picks another Python)

demo: $(VENV)/.installed ## Run the main job end to end and show the closing table (ARGS="--count 200")
	@$(BIN)/oms demo $(ARGS)

dev: $(VENV)/.installed ## Boot the whole stack on this machine and keep it until Ctrl-C (ARGS="--port 8001")
	@$(BIN)/oms dev $(ARGS)

test: check ## Everything that check does, then all tests (PYTEST_ARGS="-k money")
	@echo "== pytest"
	@$(BIN)/pytest -n $(WORKERS) $(PYTEST_ARGS)

check: $(VENV)/.installed ## Lint, format, types and import rules
	@echo "== ruff check"
	@$(BIN)/ruff check .
	@echo "== ruff format"
	@$(BIN)/ruff format --check .
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== lint-imports"
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.installed ## Repair what ruff can repair
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

calm: $(VENV)/.installed ## Show how long modules and functions are
	@$(BIN)/pytest -q -s -p no:cacheprovider tests/test_repository.py -k calm

LOCK = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command "make lock" $(UPGRADE)

# Each file is held to the one before it, so that tests run on what production runs on.
lock: $(VENV)/.bootstrapped ## Pin the requirements anew after a change in pyproject.toml (UPGRADE=--upgrade)
	@$(LOCK) -o requirements/bootstrap.txt requirements/bootstrap.in
	@$(LOCK) -o requirements/runtime.txt -c requirements/bootstrap.txt pyproject.toml
	@$(LOCK) -o requirements/dev.txt -c requirements/bootstrap.txt -c requirements/runtime.txt --group dev pyproject.toml

clean: ## Remove the virtual environment and every cache, but no data
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The two stamps make set-up a no-op until a pin changes. An environment of another Python than the one
# asked for is made anew; one left half made is completed. Old packages are removed by the sync.
VERSION := -c 'import sys; print(sys.version_info[:2])'

$(VENV)/.bootstrapped: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Throughline needs Python 3.11 or newer, but '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)" >&2; \
		echo "Name another one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments; on Debian and Ubuntu install python3-venv" >&2; exit 1; }
	@test "$$($(BIN)/python $(VERSION) 2>/dev/null)" = "$$($(PYTHON) $(VERSION))" || rm -rf $(VENV)
	@echo "== set-up: $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check \
		--require-hashes -r requirements/bootstrap.txt
	@touch $@

# compat: one path entry instead of a list of today's folders, so a new folder needs no new install.
$(VENV)/.installed: $(VENV)/.bootstrapped requirements/dev.txt pyproject.toml
	@echo "== set-up: pinned packages"
	@$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes \
		requirements/bootstrap.txt requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps \
		--config-setting editable_mode=compat --editable .
	@touch $@
