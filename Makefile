# Every command that people and CI run. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Globs, for the linters to expand.
DOCUMENTS := '*.md' '{docs,.github}/**/*.md'
CODE := '{cli,common,infra,lambdas,local,workflow}/**/*.{py,json,jsonata}'

# Runs a command and prints its output only if it fails.
quiet = output=$$($(1) 2>&1) || { printf '%s\n' "$$output" >&2; exit 1; }

.PHONY: help setup demo test model test-sfn-local test-live check lint types synth template fmt lock audit bench burst faults pictures release-template clean

help: ## List these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/.scan-brief build/.inspector-model node_modules/.package-lock.json ## Install what the other targets need: .venv and node_modules

# The stamp is written last, so an incomplete or outdated folder is created again.
.venv/.packages: requirements.lock
	@echo "setup: Python packages into .venv" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "setup: Python 3.11 or newer is needed; PYTHON=python3.11 make … names another one")'
	@$(PYTHON) -m venv --clear .venv
	@python -m pip install --quiet --require-hashes -r requirements.lock
	@rm -f .venv/bin/aws .venv/bin/aws.cmd .venv/bin/aws_* # version 1, for a test (python -m awscli): it must not hide yours
	@touch $@

.venv/.scan-brief: pyproject.toml .venv/.packages
	@PYTHONWARNINGS=ignore python -m pip install --quiet --no-build-isolation --no-deps --no-index -e .
	@touch $@

# `preview` reads findings with the bundle's model of Inspector, and needs no network then.
build/.inspector-model: lambdas/inspector-model.lock .venv/.scan-brief
	@python -m scan_brief_cdk.inspector_model
	@touch $@

node_modules/.package-lock.json: package-lock.json .venv/.packages
	@echo "setup: the CDK command line into node_modules" >&2
	@npm ci --silent --no-audit --no-fund
	@touch $@

demo: setup ## Deploy the stack to the emulator, send one scan event, print the mail
	@scan-brief demo

synth: setup ## Write the CloudFormation template to cdk.out/
	@options=$$(python -m local.sample_settings) && npx cdk synth --quiet $$options
	@echo "cdk.out/ScanBrief.template.json"

template: setup ## Write the template for Service Catalog or plain CloudFormation to build/template/
	@python -m scan_brief_cdk.service_catalog.command
	@echo "build/template/scan-brief.template.json and functions.zip; see docs/deploy.md"

test: setup ## Run all tests in parallel and print the coverage
	@python -m pytest -n auto --dist loadfile --cov

model: setup ## Explore more orders of deliveries and failures than the tests do (EXAMPLES=3000)
	@MODEL_EXAMPLES=$(or $(EXAMPLES),3000) python -m pytest tests/model

test-sfn-local: setup ## Run the brief's cases on Step Functions Local (Docker, or SFN_LOCAL_ENDPOINT=http://…)
	@python -m local.step_functions_local

test-live: setup ## Run every state's cases on AWS, in your own account: nothing is deployed (states:TestState)
	@python -m pytest tests/workflow/test_states.py -k does_as_its_case_says --live

check: setup ## Run everything that CI runs
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target lint types synth
	@$(MAKE) --no-print-directory test

lint: setup ## Check style, spelling, wording, links and imports
	@$(call quiet,ruff check --quiet .)
	@$(call quiet,ruff format --check --quiet .)
	@$(call quiet,codespell)
	@$(call quiet,node_modules/.bin/markdownlint-cli2 $(DOCUMENTS))
	@$(call quiet,node_modules/.bin/textlint $(DOCUMENTS) $(CODE))
	@$(call quiet,node_modules/.bin/remark --frail --quiet $(DOCUMENTS))
	@$(call quiet,lint-imports --no-cache)

types: setup ## Check types
	@mypy

fmt: setup ## Format the code
	@ruff check --fix --quiet . || true
	@ruff format .

lock: setup ## Write the lock files from requirements.in
	@for name in lambdas/requirements requirements; do pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --allow-unsafe --no-annotate --no-header -o $$name.lock $$name.in; done

audit: setup ## Report known vulnerabilities of the pinned packages, where the databases can be reached
	@python -m local.audit

bench: setup ## Measure speed, memory and size against targets
	@python -m tests.bench

burst: setup ## Send 1,000 scan events at once to the stack on the emulator, and count the briefs
	@python -m tests.burst 1000

faults: setup ## Print the table of faults and their ends, for docs/reliability.md
	@python -m tests.faults

pictures: setup ## Make the README's pictures of a brief (Chromium or Chrome)
	@python -m tests.pictures

bench-ranking: setup ## Measure how well the order of findings foresees what is exploited later
	@python -m tests.bench_ranking

release-template: setup ## Keep the template of the version in pyproject.toml, for upgrade rehearsals
	@python -m tests.upgrade.keep_release

clean: ## Remove everything that these targets made
	@rm -rf .venv node_modules build cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
