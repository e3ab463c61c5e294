# Everything a newcomer needs: `make` lists it. Tools live in .venv, made on first use from the
# pinned requirements; PYTHON=… picks another interpreter.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes
# One more than two cores: much of the suite waits for processes and timers.
WORKERS ?= 3
# A part of the suite (TESTS=…) covers a part of the code: the gate is for the whole.
COVER := $(if $(TESTS),,--cov --cov-report=term --cov-fail-under=95)
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' pyproject.toml

.PHONY: help run test check format lock audit bench clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-8s %s\n", $$1, $$2 }'

run: $(BIN)/.ready-to-run ## serve the platforms whose tokens are set, or the playground
	$(BIN)/python -m bot

test: $(BIN)/.ready-to-develop ## run the whole test suite, with branch coverage of bot/
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(COVER) $(TESTS)

check: $(BIN)/.ready-to-develop ## lint, types, import directions, the content pack, the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py
	$(BIN)/python -m bot check
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile && echo 'Dockerfile: no remarks'; fi

format: $(BIN)/.ready-to-develop ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(BIN)/.ready-to-develop ## pin the requirements again; UPGRADE=--upgrade takes new versions
	$(COMPILE) $(UPGRADE) --all-extras --output-file requirements-dev.txt
	$(COMPILE) --constraint requirements-dev.txt --output-file requirements.txt
	$(COMPILE) --constraint requirements-dev.txt --extra playground --output-file requirements-playground.txt

audit: $(BIN)/.ready-to-develop ## look the pinned versions up among known vulnerabilities (internet)
	$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements-playground.txt

bench: $(BIN)/.ready-to-develop ## measure; every benchmark prints its ratios
	@for file in tests/bench/*.py; do \
		case $$file in */_*) continue ;; esac; \
		echo "== $$file"; $(BIN)/python -m tests.bench.$$(basename $$file .py); done

clean: ## remove the tools and everything that they left
	rm -rf .venv .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

# Both stamps lie in one .venv: the pins agree, so what `run` installed is not installed again.
$(BIN)/.ready-to-run: requirements-playground.txt | $(BIN)/python
	$(PIP) --requirement $<
	@touch $@

$(BIN)/.ready-to-develop: requirements-dev.txt | $(BIN)/python
	$(PIP) --requirement $<
	@touch $@ $(BIN)/.ready-to-run

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer (with its venv module) is needed: none was' \
		'found on PATH. Install it, or say where it is: make PYTHON=/path/to/python3.'; exit 1; }
	$(PYTHON) -m venv .venv
