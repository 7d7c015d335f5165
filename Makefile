# What a developer of thesis does. `make` alone lists it. Needs Python 3.11 or later; everything else is
# installed into .venv, in the versions that constraints.txt pins.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TESTS := $(BIN)/pytest -n auto

.DEFAULT_GOAL := help
.PHONY: help setup hooks quick test slow all fuzz lint format generate docs figures pins release

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

setup: $(BIN)/.ready  ## make .venv with every tool, in the pinned versions

$(BIN)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev,docs]'
	@touch $@

hooks: setup  ## let git run the checks before each commit and push
	$(BIN)/pre-commit install

quick: setup  ## the sample of tests to run while working: under a minute
	$(TESTS) --tier quick

test: setup  ## every test but the slow ones, with coverage: before a change is proposed
	$(TESTS) --cov

slow: setup  ## the slow tests: system-call faults, browsers, other interpreters, all examples of each property
	$(TESTS) --tier slow

all: setup  ## every test
	$(TESTS) --cov --tier all

fuzz: setup  ## attack the program at random: make fuzz [MINUTES=60] [SEED=7]
	$(BIN)/python -m scripts.fuzz --minutes $(or $(MINUTES),60) $(if $(SEED),--seed $(SEED))

lint: setup  ## format, lint, types and import layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## bring the code into the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

generate: setup  ## write anew what the program writes: JSON Schemas, README's examples, generated pages
	$(BIN)/thesis schema --out rules/schema --force
	$(BIN)/python -m scripts.answer_schemas
	$(BIN)/python -m scripts.readme
	$(BIN)/python -m scripts.docs

docs: generate  ## the documentation as a site in build/docs
	$(BIN)/sphinx-build -q -W --keep-going docs build/docs

figures: setup  ## which figures moved since another checkout: make figures BEFORE=../before [REASONS=file.yaml]
	$(BIN)/python scripts/figures.py $(if $(BEFORE),$(BEFORE),$(error name the other checkout: BEFORE=FOLDER)) . $(if $(REASONS),--reasons $(REASONS))

pins:  ## resolve constraints.txt anew, with the oldest Python that is supported
	$(PYTHON) -m scripts.pins

release: setup  ## build a release and check it in an empty environment: make release [TAG=1]
	$(BIN)/python -m scripts.release $(if $(TAG),--tag)
