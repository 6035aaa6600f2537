# Two commands on a machine with Python 3.11+ and make: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Read once and compiled once: some environments keep Python from that, and every process of a run begins anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test deep check audit bench bulk crash load format browser asvs clean

help:
	@echo "make run    set up, migrate, load the demonstration and serve on 127.0.0.1:$(PORT)"
	@echo "make test   set up, check the code and run every test"
	@echo "make deep   every property on all its examples, and hostile texts in every field of every route"
	@echo "make bench  measure what has a target, in seconds and against a baseline of the same run"
	@echo "make bulk   import and undo a thousand generated files, and compare every row"
	@echo "make crash  kill the server and the database while people write, and count what is lost"
	@echo "make load   the last hour before a deadline at a real server, and what slows whom down"
	@echo "make audit  ask the package index for known weaknesses of what is locked (needs the network)"
	@echo "make check  formatting, lint, types, import contracts, and the search for weak spots and secrets"

# The stamps hold the locks that are installed, so that a second run needs no network.
$(VENV)/run.stamp: requirements.lock tools/setup.py
	@$(PYTHON) tools/setup.py $(VENV) requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock tools/setup.py
	@$(PYTHON) tools/setup.py $(VENV) requirements-dev.lock
	@touch $(VENV)/run.stamp $@

run: $(VENV)/run.stamp
	@$(BIN)/python -m appraisal serve --demo --port $(PORT)

test: $(VENV)/dev.stamp browser check
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

deep: $(VENV)/dev.stamp
	APPRAISAL_TESTS=deep $(BIN)/python -m pytest -n 2 --dist worksteal -q -m hypothesis
	@$(BIN)/python -m tests.deep.run

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -q -ll -r appraisal forms scoring migrations tools config.py
	@$(BIN)/python tools/secrets_kept.py

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.bench.run

bulk: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.bench.thousand_files

crash: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.crash.run

# Over the network, therefore no part of `make check`; in an environment of its own.
audit:
	@$(PYTHON) tools/weak_packages.py requirements.lock

asvs:
	@$(PYTHON) tools/asvs.py

load: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.load.pages
	@$(BIN)/python -m tests.load.run

browser:
	@$(PYTHON) tools/browser.py

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
