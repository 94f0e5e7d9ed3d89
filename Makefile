# Everything sets itself up: a fresh Debian 12 machine and a fresh clone need nothing but `make`.
# PYTHON chooses the interpreter (3.11 or later) that the virtual environment is made with.
PYTHON ?= python3
PYTEST_ARGS ?=
DEMO_ARGS ?=
FUZZ_ARGS ?=
GUARDS_ARGS ?=

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Where the tools for development are installed, the demo needs nothing more.
demo_ready := $(if $(wildcard .venv/.with-dev),.venv/.with-dev,.venv/.with-demo)

.PHONY: help demo test check bench fuzz faults guards pictures deb debian-packages clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: $(demo_ready) ## 75 days of reminders and answers in under a minute, against mail servers of its own
	@.venv/bin/sollecito demo $(DEMO_ARGS)

test: debian-packages check ## all checks and tests, with real Postfix and Dovecot (installed by apt where missing)
	@.venv/bin/python -m pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

check: .venv/.with-dev ## style and types
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy

bench: .venv/.with-dev ## every benchmark beside its reference; fails when one does not hold
	@.venv/bin/python -m bench

fuzz: .venv/.with-dev .venv/.with-fuzz ## mutate mails for two minutes, looking for one on which the reader fails
	@.venv/bin/python scripts/fuzz_reading.py $(FUZZ_ARGS)

faults: debian-packages .venv/.with-dev ## every test of docs/faults.md, counted by fault; 100,000 steps of the model test
	@.venv/bin/python scripts/faults.py -n 5 --dist loadgroup  # most of them wait for servers

guards: debian-packages .venv/.with-dev ## take out what keeps each fault from harm, and see its tests fail
	@.venv/bin/python scripts/guards.py $(GUARDS_ARGS)

pictures: debian-packages .venv/.with-dev ## take docs/pictures anew, of what the demo leaves
	@.venv/bin/python -m tests.pictures

deb: ## build dist/sollecito_*.deb, for the Debian that it is built on
	@scripts/build-deb dist

clean: ## remove what the targets above have made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis dist build demo-out

debian-packages:
	@scripts/install-debian-packages

# Made once, or anew where the making was interrupted: then it has no pip.
.venv/bin/pip:
	@PYTHON='$(PYTHON)' scripts/make-venv .venv

.venv/.with-%: pyproject.toml | .venv/bin/pip
	@echo 'Installing what the $* needs into .venv; the next time this is skipped.'
	@.venv/bin/pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@
