# Every command that people and CI run. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Globs, for the linters to expand.
DOCUMENTS := '*.md' '{docs,.github}/**/*.md'

# Runs a command and prints its output only if it fails.
quiet = output=$$($(1) 2>&1) || { printf '%s\n' "$$output" >&2; exit 1; }

.PHONY: help setup demo test test-sfn-local check lint types synth template fmt lock bench clean

help: ## List these commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/.scan-brief node_modules/.package-lock.json ## Install what the others need: .venv and node_modules

# The stamp is written last: a folder that is half-made, or was made for another lock, is made anew.
.venv/.packages: requirements.lock
	@echo "setup: Python packages into .venv" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "setup: Python 3.11 or newer is needed; PYTHON=python3.11 make … names another one")'
	@$(PYTHON) -m venv --clear .venv
	@python -m pip install --quiet --require-hashes -r requirements.lock
	@rm -f .venv/bin/aws .venv/bin/aws.cmd .venv/bin/aws_* # version 1, for a test (python -m awscli): not to hide one's own
	@touch $@

.venv/.scan-brief: pyproject.toml .venv/.packages
	@python -m pip install --quiet --no-build-isolation --no-deps --no-index -e .
	@touch $@

node_modules/.package-lock.json: package-lock.json .venv/.packages
	@echo "setup: the CDK command line into node_modules" >&2
	@npm ci --silent --no-audit --no-fund
	@touch $@

demo: setup ## One scan the whole way, on this machine: deploys the stack to the emulator and shows the mail
	@scan-brief demo

synth: setup ## Write the CloudFormation template to cdk.out/
	@npx cdk synth --quiet
	@echo "cdk.out/ScanBrief.template.json"

template: setup ## Write the product for Service Catalog or plain CloudFormation to build/template/
	@python -m scan_brief_cdk.service_catalog.command
	@echo "build/template/scan-brief.template.json and functions.zip; docs/deploy.md says what to do with them"

test: setup ## All tests, in parallel, and their coverage
	@python -m pytest -n auto --dist loadfile --cov

test-sfn-local: setup ## The workflow's cases on Step Functions Local (Docker, or SFN_LOCAL_ENDPOINT=http://…)
	@python -m local.step_functions_local

check: lint types synth test ## What CI runs

lint: setup ## Code style, wording, links and imports; prints only what is wrong
	@$(call quiet,ruff check --quiet .)
	@$(call quiet,ruff format --check --quiet .)
	@$(call quiet,codespell)
	@$(call quiet,node_modules/.bin/markdownlint-cli2 $(DOCUMENTS))
	@$(call quiet,node_modules/.bin/textlint $(DOCUMENTS))
	@$(call quiet,node_modules/.bin/remark --frail --quiet $(DOCUMENTS))

types: setup ## Types
	@mypy

fmt: setup ## Format the code
	@ruff check --fix --quiet . || true
	@ruff format .

lock: setup ## Write the lock files anew from requirements.in
	@for name in lambdas/requirements requirements; do pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras --allow-unsafe --no-annotate --no-header -o $$name.lock $$name.in; done

bench: setup ## Measure: memory and time of FetchFindings from 1,000 to 50,000 findings, cold start of the bundle
	@python -m tests.bench

clean: ## Remove what the commands above made
	@rm -rf .venv node_modules build cdk.out .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage *.egg-info
