# Everything a person or CI runs. Each target that needs the environment builds it first.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
# Compiled code is kept, wherever this runs: many tests start processes.
unexport PYTHONDONTWRITEBYTECODE
# Many tests wait for real processes and real time: twice as many testers as a small machine has cores.
TESTERS ?= 4

.PHONY: help install demo test test-system test-all check check-format check-lint check-types \
	check-imports check-docs check-house fix mutants bench docs record pictures lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## Build .venv with the tandem command; nothing to do when it is up to date

$(STAMP): pyproject.toml constraints.txt
	@python=$$(sh tools/find-python.sh) && \
	{ $(BIN)/python -m pip --version >/dev/null 2>&1 || "$$python" -m venv --clear $(VENV); }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt pip
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt \
		--build-constraint constraints.txt --editable . --group dev
	@$(BIN)/python -m compileall -q orchestrator channels config
	@touch $@
	@echo "Ready: $(BIN)/tandem"

demo: install ## Play one conversation on the built-in carrier simulator, then keep the service up
	@$(BIN)/tandem demo

test: install ## Run every test that needs only Python, make and the package index
	@$(PYTEST) -n $(TESTERS) --dist worksteal -m "not system and not bench"

test-system: install ## Run only the tests that need Debian packages (Redis 7, a browser), installing those; pictures go to build/screenshots
	@sh tools/system-packages.sh
	@$(PYTEST) -m "system and not bench"

test-all: test test-system ## Run both of the above

check: check-format check-lint check-types check-imports check-docs check-house ## Style, types, layers, documents; `make -k check` shows all at once

check-format: install
	@$(BIN)/ruff format --check .

check-lint: install
	@$(BIN)/ruff check .

check-types: install
	@$(BIN)/mypy

check-imports: install
	@$(BIN)/lint-imports

check-docs: install
	@$(BIN)/python -m tools.generate_docs --check

check-house: install
	@$(PYTEST) tests/architecture

fix: install ## Format, and repair what ruff can repair
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

mutants: install ## Damage the store's scripts and the house's rules one by one, and print which damage nothing notices
	@$(BIN)/python -m tools.mutate_scripts --workers $(WORKERS)
	@$(BIN)/python -m tools.mutate_rules --workers $(WORKERS)

bench: install ## Print the figures of tests/bench
	@$(PYTEST) -s -m bench

docs: install ## Write the generated parts of docs/ again
	@$(BIN)/python -m tools.generate_docs

record: install ## Put a new play of the demo into the README
	@$(BIN)/python -m tools.record_demo

pictures: install ## Take the pictures of the console for README and docs again (needs the browser of test-system)
	@$(PYTEST) -m system tests/browser/test_pictures.py -k taken
	@mkdir -p docs/images && cp build/screenshots/docs/*.png docs/images/

lock: install ## Write constraints.txt from what is installed in .venv
	@sh tools/lock.sh

clean: ## Remove .venv and everything that can be made again
	@rm -rf $(VENV) build dist ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache \
		.hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
