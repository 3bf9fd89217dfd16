# `make run` and `make test` set everything up by themselves; Python >= 3.11 and bash must be there.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory --no-builtin-rules
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run test packages bench generate format constraints clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PEERS := $(if $(wildcard tests/peers/package.json),tests/peers/node_modules/.installed)
ARGS ?=

# $(call step,name,command): say what runs, and which step it was that failed.
step = printf '\n== %s\n' '$(1)'; $(2) || { printf '\nmake: %s failed\n' '$(1)' >&2; exit 1; }

help:
	@echo "make run [ARGS='--set log.level=debug']   run a station and its central system"
	echo "make test        check everything, tests last"
	echo "make bench       measure"
	echo "make generate    write what is generated anew (messages, charts, reference)"
	echo "make format      format the sources"
	echo "make constraints pin the newest versions of all that is installed"
	echo "make clean       remove what was installed and built (not var/)"

run: $(VENV)/.run-installed
	@exec $(BIN)/pilotwire run $(ARGS)

test: $(VENV)/.test-installed packages $(PEERS)
	@$(call step,ruff check,$(BIN)/ruff check .)
	$(call step,ruff format,$(BIN)/ruff format --check --quiet .)
	$(call step,mypy,$(BIN)/mypy)
	$(call step,import floors,$(BIN)/lint-imports)
	$(call step,generated messages,$(BIN)/python -m pilotwire.profiles.messages.generate --check)
	$(call step,drawn charts,$(BIN)/pilotwire charts --format md --output docs/charts --check)
	$(call step,pictures of charts,$(BIN)/pilotwire charts --format svg --output engine/web/pictures --check)
	$(call step,configuration reference,$(BIN)/python -m pilotwire.engine.config --check)
	$(call step,fleet reference,$(BIN)/python -m pilotwire.engine.fleet.reference --check)
	$(call step,trace rules,$(BIN)/python -m pilotwire.engine.trace.reference --check)
	$(call step,configuration keys,$(BIN)/pilotwire keys --format md --output docs/keys16.md --check)
	$(call step,page of what is supported,$(BIN)/python tests/evidence/support.py --check)
	$(call step,tests,$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS))

bench: $(VENV)/.test-installed $(PEERS)
	@for each in bench/*.py; do echo "== $$each"; $(BIN)/python "$$each"; done

generate: $(VENV)/.test-installed
	@$(BIN)/python -m pilotwire.profiles.messages.generate
	$(BIN)/python -m pilotwire.engine.config
	$(BIN)/python -m pilotwire.engine.fleet.reference
	$(BIN)/python -m pilotwire.engine.trace.reference
	$(BIN)/pilotwire keys --format md --output docs/keys16.md
	$(BIN)/pilotwire charts --format md --output docs/charts
	$(BIN)/pilotwire charts --format svg --output engine/web/pictures
	$(BIN)/python tests/evidence/support.py

format: $(VENV)/.test-installed
	@$(BIN)/ruff check --fix --select I .
	$(BIN)/ruff format .

# ---- set-up; stamps let the second call start at once

$(BIN)/python:
	@for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	    found=$$name; break
	  fi
	done
	if [ -z "$${found:-}" ]; then
	  echo "make: no Python >= 3.11 found; install one, or say which: make PYTHON=/path/to/python3" >&2
	  exit 1
	fi
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then
	  $(call apt_install,python3-venv) || { echo "make: $$found lacks venv (Debian: python3-venv)" >&2; exit 1; }
	fi
	"$$found" -m venv $(VENV)

# hatchling comes first and from the same pins, so that the build needs no environment of its own.
$(VENV)/.run-installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	$(PIP) install -c constraints.txt hatchling
	$(PIP) install -c constraints.txt --no-build-isolation -e .
	touch $@

$(VENV)/.test-installed: $(VENV)/.run-installed
	@$(PIP) install -c constraints.txt --no-build-isolation -e '.[dev]'
	touch $@

tests/peers/node_modules/.installed: tests/peers/package.json | packages
	@if ! command -v npm >/dev/null; then exit 0; fi  # packages has said so
	cd tests/peers && npm install --no-package-lock --ignore-scripts --no-fund --no-audit
	touch node_modules/.installed

# $(call apt_install,packages): install, where that is possible without a question.
apt_install = { command -v apt-get >/dev/null && \
  if [ "$$(id -u)" = 0 ]; then as_root=env; else sudo -n true 2>/dev/null && as_root=sudo; fi && \
  $$as_root apt-get update --quiet=2 && \
  DEBIAN_FRONTEND=noninteractive $$as_root apt-get install --yes --quiet=2 --no-install-recommends $(1); }

packages:
	@missing=
	command -v dot >/dev/null || missing+=" graphviz"
	command -v chromium >/dev/null || missing+=" chromium"
	command -v node >/dev/null || missing+=" nodejs"
	command -v npm >/dev/null || missing+=" npm"
	if [ -z "$$missing" ]; then exit 0; fi
	if $(call apt_install,$$missing); then exit 0; fi
	if [ "$${CI:-}" = true ]; then echo "make: cannot install$$missing" >&2; exit 1; fi
	echo "Not installed:$$missing. Tests that need them are skipped." >&2

constraints:
	@fresh=$$(mktemp -d); trap 'rm -rf "$$fresh"' EXIT
	$(BIN)/python -m venv "$$fresh"
	"$$fresh/bin/python" -m pip --disable-pip-version-check --quiet install '.[dev]'
	"$$fresh/bin/python" -m pip freeze --exclude pilotwire > "$$fresh/constraints.txt"
	cp "$$fresh/constraints.txt" constraints.txt

clean:
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache .coverage tests/peers/node_modules
	find engine machines profiles drivers tests bench -name __pycache__ -prune -exec rm -rf {} +
