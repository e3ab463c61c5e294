# Everything a newcomer needs: `make` lists it. Tools live in .venv, made on first use from the
# pinned requirements (see ./install.sh); PYTHON=… picks another interpreter.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

BIN := .venv/bin
# One more than two cores: much of the suite waits for processes and timers.
WORKERS ?= 3
# Tracing takes nearly as much of the processor as the tests, so coverage is the gate of CI (or of
# COVERAGE=true). A part of the suite (TESTS=…) covers a part of the code: the gate is for the whole.
COVERAGE ?= $(CI)
COVER := $(if $(TESTS),,$(if $(COVERAGE),--cov --cov-report=term --cov-fail-under=95))
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
PINNED := $(COMPILE) --constraint requirements-dev.txt

.PHONY: help run test check format lock audit bench clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-8s %s\n", $$1, $$2 }'

run: $(BIN)/.ready-to-run ## serve the platforms whose tokens are set, or the playground
	$(BIN)/python -m bot

test: $(BIN)/.ready-to-develop ## run the whole test suite; COVERAGE=true with branch coverage of bot/
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(COVER) $(TESTS)

check: $(BIN)/.ready-to-develop ## lint, types, the rules of the code, the content pack, the Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_architecture.py tests/test_catalog.py
	$(BIN)/python -m bot check
	@if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile && echo 'Dockerfile: no remarks'; fi

format: $(BIN)/.ready-to-develop ## format, and mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(BIN)/.ready-to-develop ## pin the requirements again; UPGRADE=--upgrade takes new versions
	$(COMPILE) $(UPGRADE) pyproject.toml --all-extras --output-file requirements-dev.txt
	$(PINNED) pyproject.toml --output-file requirements.txt
	$(PINNED) pyproject.toml --extra playground --output-file requirements-playground.txt
	$(PINNED) - --output-file requirements-uv.txt <<< uv

audit: $(BIN)/.ready-to-develop ## look the pinned versions up among known vulnerabilities (internet)
	$(BIN)/pip-audit --disable-pip --require-hashes --requirement requirements-playground.txt

bench: $(BIN)/.ready-to-develop ## measure; every benchmark prints its ratios
	@for file in tests/bench/*.py; do \
		case $$file in */_*) continue ;; esac; \
		echo "== $$file"; $(BIN)/python -m tests.bench.$$(basename $$file .py); done

clean: ## remove the tools and everything that they left
	rm -rf .venv .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

# Both stamps lie in one .venv: the pins agree, so what `run` installed is not installed again.
$(BIN)/.ready-to-run: requirements-playground.txt
	@./install.sh $<
	@touch $@

$(BIN)/.ready-to-develop: requirements-dev.txt
	@./install.sh $<
	@touch $@ $(BIN)/.ready-to-run
