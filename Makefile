# Fluister. `make` or `make help` lists what can be asked for.
# Needed: Python 3.11 or later, git and make. All else comes in .venv, by the hashes in the locks.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes
ifneq ($(shell uname -sm),Darwin x86_64)  # one package has no wheel for Intel Macs: built there
INSTALL += --only-binary :all:
endif
OURSELVES := $(PIP) install --quiet --no-deps --no-build-isolation --editable .
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
HAVE_BENCH = if [ ! -e bench/$(1).py ] && [ ! -e bench/$(1) ]; then \
	echo "There is no bench/$(1).py in this version."; exit 1; fi

# The first of these that is there and new enough makes the environment; PYTHON=… chooses.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null \
	&& { echo $$p; break; }; done)

# What the tests with a real browser use. FLUISTER_TEST_BROWSER=/path chooses another.
BROWSERS := /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome \
	/usr/bin/google-chrome-stable /snap/bin/chromium \
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
	"/Applications/Chromium.app/Contents/MacOS/Chromium"

.PHONY: help demo run test soak lint format types contracts bench-detect bench-policies bench-flow bench-quiet bench-matrix \
	setup setup-dev browser synapse lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
	| while IFS='|' read -r name says; do printf '  make %-13s %s\n' "$$name" "$$says"; done

demo: setup ## a school with three phones, a mailbox and a clock, in your browser; no account
	@$(BIN)/fluister demo $(ARGS)

run: setup ## the bot itself, with the settings in the environment or fluister.toml
	@$(BIN)/fluister run $(ARGS)

test: setup-dev browser synapse ## all tests, with coverage (ARGS="tests/core -x" runs a part)
	$(BIN)/python -m pytest -n 2 --cov --cov-report=term $(ARGS)

soak: setup-dev ## the long kill and load runs
	FLUISTER_TEST_SOAK=1 $(BIN)/python -m pytest tests/durability tests/work/test_kills.py $(ARGS)

lint: setup-dev ## ruff: rules and layout
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup-dev ## ruff: mend rules and layout
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup-dev ## mypy, strict
	$(BIN)/mypy

contracts: setup-dev ## import-linter: the floors of the house
	$(BIN)/lint-imports --no-cache

bench-detect: setup-dev ## measure detection
	@$(call HAVE_BENCH,detect)
	$(BIN)/python -m bench.detect $(ARGS)

bench-policies: setup-dev ## measure loading the protocols and judging a message
	@$(call HAVE_BENCH,policies)
	$(BIN)/python -m bench.policies $(ARGS)

bench-quiet: setup-dev ## measure how fast working time is found
	@$(call HAVE_BENCH,quiet)
	$(BIN)/python -m bench.quiet $(ARGS)

bench-matrix: setup-dev synapse ## measure Fluister on a real homeserver
	@$(call HAVE_BENCH,matrix)
	$(BIN)/python -m bench.matrix $(ARGS)

bench-flow: setup-dev ## measure a message from chat to mail
	@$(call HAVE_BENCH,flow)
	$(BIN)/python -m bench.flow $(ARGS)

setup: $(VENV)/.installed ## what `make demo` needs
setup-dev: $(VENV)/.installed-dev ## what `make test` needs

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { \
	  echo "Fluister needs Python 3.11, 3.12, 3.13 or 3.14, and found none of them."; \
	  echo "  Debian, Ubuntu: apt-get install python3 python3-venv"; \
	  echo "  macOS:          install a current Python 3, then run make again"; \
	  echo "Is it somewhere else? make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) > $(VENV).log 2>&1 || { cat $(VENV).log; rm -rf $(VENV) $(VENV).log; \
	  echo "The environment $(VENV) could not be made with $(PYTHON)."; \
	  echo "On Debian and Ubuntu a package is missing, most likely: apt-get install python3-venv"; \
	  exit 1; }
	@rm -f $(VENV).log

$(VENV)/.installed: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing what Fluister needs in $(VENV) (once; one to three minutes) …"
	@$(INSTALL) -r requirements.lock
	@$(OURSELVES)
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	@echo "Installing what the tests need in $(VENV) (once; one to three minutes) …"
	@$(INSTALL) -r requirements-dev.lock
	@$(OURSELVES)
	@touch $@ $(VENV)/.installed

browser: setup-dev
	@if [ -n "$$FLUISTER_TEST_BROWSER" ]; then exit 0; fi; \
	for browser in $(BROWSERS); do if [ -x "$$browser" ]; then exit 0; fi; done; \
	if [ -e $(VENV)/.browser-asked ]; then exit 0; fi; touch $(VENV)/.browser-asked; \
	echo "No Chromium or Chrome here; asking Playwright for one …"; \
	$(BIN)/playwright install chromium > $(VENV)/browser.log 2>&1 \
	|| echo "That did not work (see $(VENV)/browser.log); the browser tests skip themselves."

# The homeserver the tests talk to, in an environment of its own: its licence is not ours.
synapse: setup-dev
	@$(BIN)/python -m tests.matrix.synapse_home

lock: setup-dev ## write the lock files anew from pyproject.toml
	$(PIP) install --quiet 'uv>=0.9'
	$(LOCK) --extra build --output-file requirements.lock $(ARGS)
	$(LOCK) --extra build --extra dev --constraints requirements.lock \
	  --output-file requirements-dev.lock $(ARGS)
	$(subst pyproject.toml,tests/matrix/synapse.in,$(LOCK)) --output-file tests/matrix/synapse.lock \
	  $(ARGS)

clean: ## remove the environment and everything that was made
	rm -rf $(VENV) .venv-synapse .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	  .coverage .coverage.* htmlcov build dist
	find bot tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
