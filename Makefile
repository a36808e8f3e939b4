# callbridge: what a person or a machine may ask for. `make help` lists it.
SHELL := /bin/bash
VENV  ?= .venv
PY    := $(VENV)/bin/python
PHASE := $(PY) tools/phase.py

# Which tests `make test` leaves to `make nightly`.
CHOSEN ?= not nightly
# What `make quick` runs: the conversation, TwiML, carriers, campaigns, and the rules of the code.
# The rules come first: one worker reads all the code, and the others go on meanwhile.
QUICK := tests/test_rules.py tests/domain tests/twiml tests/carriers tests/library
# None of these needs the API's checker, and reading it in costs each worker two seconds.
QUICK_WITHOUT := -p no:schemathesis
# Three workers for two cores, since tests wait, too; those of one browser share a group and a worker.
XDIST  := -n 3 --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help install install-dev debian run test quick nightly lint format screenshots bench clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

install: $(VENV)/.installed ## make .venv with what running needs

install-dev: $(VENV)/.installed-dev ## add what the tests need

run: install ## start everything: web, exchange and dialer (Ctrl-C stops it)
	@exec $(PY) -m callbridge up $(ARGS)

test: install-dev debian ## everything: format, lint, types, imports, tests in a browser and on both databases
	@$(PHASE) "format" $(PY) -m ruff format --check .
	@$(PHASE) "lint" $(PY) -m ruff check .
	@$(PHASE) "types" $(PY) -m mypy --strict
	@$(PHASE) "imports" $(VENV)/bin/lint-imports --no-cache
	@$(PHASE) --show "tests" $(PY) -m pytest $(XDIST) -m "$(CHOSEN)" $(ARGS)

quick: install-dev ## under a minute: lint, and the tests of what is pure or nearly so
	@$(PHASE) "lint" $(PY) -m ruff check .
	@$(PHASE) "imports" $(VENV)/bin/lint-imports --no-cache
	@$(PHASE) --show "tests" $(PY) -m pytest $(XDIST) $(QUICK_WITHOUT) -q -m "not nightly and not slow and not browser and not postgres" $(QUICK) $(ARGS)

nightly: ## all that `test` does, and the long ones
	@$(MAKE) --no-print-directory test CHOSEN="nightly or not nightly"

lint: install-dev ## format check, lint, types, imports; no tests
	@$(PHASE) "format" $(PY) -m ruff format --check .
	@$(PHASE) "lint" $(PY) -m ruff check .
	@$(PHASE) "types" $(PY) -m mypy --strict
	@$(PHASE) "imports" $(VENV)/bin/lint-imports --no-cache

format: install-dev ## put the code in its one format, and write the pages and charts that come from it
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .
	@$(PY) -m callbridge settings --markdown > docs/settings.md
	@$(PY) -m callbridge settings --env > .env.example
	@$(PY) -m callbridge codebook --markdown > docs/codebook.md
	@$(PY) -m tools.charts

screenshots: install-dev ## take the README's pictures anew: docs/images
	@$(PY) tools/screenshots.py

bench: install-dev ## measure hooks a second and CPU a hook beside the floor
	@$(PY) -m benchmarks.hooks $(ARGS)

clean: ## remove what was made, except instance/ (your data)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp a step, so that the second time is instant and an interrupted one starts over.
$(VENV)/.installed: requirements.txt
	@tools/venv.sh $(VENV) requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@tools/venv.sh $(VENV) requirements-dev.txt
	@touch $@

debian:
	@tools/debian.sh
