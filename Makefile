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
# Training takes the build of torch without CUDA where the machine's index or folders offer it,
# and the public one elsewhere, which on Linux is some gigabytes.
TORCH_CPU := torch==2.13.0+cpu
TRAIN_CPU := requirements-train-cpu.lock
CPU_ONLY := --python-platform x86_64-manylinux_2_28
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

.PHONY: help demo run test soak lint format types contracts bench-detect bench-robust bench-advice train bench-policies bench-flow bench-quiet bench-matrix bench-slack bench-telegram \
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

bench-detect: setup-dev .venv-bench/.installed ## measure detection beside others
	@$(call HAVE_BENCH,detect)
	$(BIN)/python -m bench.detect $(ARGS)

bench-robust: setup-dev ## measure how steady a verdict is when only the form changes
	@$(call HAVE_BENCH,robust)
	$(BIN)/python -m bench.robust $(ARGS)

train: .venv-train/.installed ## train all of detection anew (hours; ARGS=--quick: a trial in minutes)
	.venv-train/bin/python -m bot.detection.recipe $(ARGS)

bench-policies: setup-dev ## measure loading the protocols and judging a message
	@$(call HAVE_BENCH,policies)
	$(BIN)/python -m bench.policies $(ARGS)

bench-advice: setup-dev ## measure the answers of the adviser: right, unsafe, speed
	@$(call HAVE_BENCH,advice)
	$(BIN)/python -m bench.advice $(ARGS)

bench-quiet: setup-dev ## measure how fast working time is found
	@$(call HAVE_BENCH,quiet)
	$(BIN)/python -m bench.quiet $(ARGS)

bench-slack: setup-dev ## measure acknowledging and whispering on Slack
	@$(call HAVE_BENCH,slack)
	$(BIN)/python -m bench.slack $(ARGS)

bench-matrix: setup-dev synapse ## measure Fluister on a real homeserver
	@$(call HAVE_BENCH,matrix)
	$(BIN)/python -m bench.matrix $(ARGS)

bench-telegram: setup-dev ## measure Fluister on the fake Bot API, beside a bare echo bot
	@$(call HAVE_BENCH,telegram)
	$(BIN)/python -m bench.telegram $(ARGS)

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

# What detection is measured beside stays apart: some of it has licences that are not ours.
.venv-bench/.installed: requirements-bench.lock | $(VENV)/bin/python
	@echo "Installing what detection is measured beside in .venv-bench (once; some minutes) …"
	@$(BIN)/python -m venv .venv-bench
	@$(INSTALL:$(BIN)/%=.venv-bench/bin/%) -r requirements-bench.lock
	@echo "Letting deduce build its lists (once; two minutes) …"
	@.venv-bench/bin/python -c 'import deduce; deduce.Deduce()' >.venv-bench.log 2>&1 \
	|| { cat .venv-bench.log; exit 1; }
	@touch $@

.venv-train/.installed: requirements-train.lock $(TRAIN_CPU) | $(VENV)/bin/python
	@echo "Installing what training needs in .venv-train (once; some minutes) …"
	@$(BIN)/python -m venv .venv-train
	@lock=requirements-train.lock; \
	if .venv-train/bin/python -m pip --disable-pip-version-check install --quiet --dry-run --no-deps \
	  --only-binary :all: $(TORCH_CPU) >.venv-train.log 2>&1; then lock=$(TRAIN_CPU); fi; \
	echo "  by $$lock"; \
	$(INSTALL:$(BIN)/%=.venv-train/bin/%) -r $$lock
	@touch $@

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
	$(subst pyproject.toml,--group pyproject.toml:bench,$(LOCK)) \
	  --output-file requirements-bench.lock $(ARGS)
	$(LOCK) --extra build --extra train --constraints requirements.lock \
	  --output-file requirements-train.lock $(ARGS)
	echo $(TORCH_CPU) | UV_FIND_LINKS="$$PIP_FIND_LINKS" \
	  $(subst --universal,- $(CPU_ONLY),$(LOCK)) --extra build --extra train \
	  --constraints requirements.lock --output-file $(TRAIN_CPU) $(ARGS) \
	|| echo "$(TRAIN_CPU) stays as it was: this machine is not offered $(TORCH_CPU)."

clean: ## remove the environment and everything that was made
	rm -rf $(VENV) .venv-synapse .venv-bench .venv-train .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
	  .coverage .coverage.* htmlcov build dist
	find bot tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
