# make help lists what there is. PYTHON chooses the interpreter that the virtual environment is made with.
PYTHON ?= python3
UV ?= $(shell command -v uv 2>/dev/null)
WORKERS ?= 3
VENV := .venv
PY := $(VENV)/bin/python
PYTEST := $(PY) -m pytest --numprocesses $(WORKERS) --dist loadgroup

# uv is faster where it is on the path; where it cannot reach the package index as pip is set up to, pip can.
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --require-hashes --requirement
install = $(if $(UV),$(UV) pip install --quiet --python $(PY) --require-hashes --requirement $(1) ||) $(PIP) $(1)

# Threads come and go with requests; without this the C library keeps a heap for each of them.
export MALLOC_ARENA_MAX ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo demo-stop extractor search test test-full test-all coverage test-containers lint format bench lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/dev.stamp ## Install everything into .venv

demo: $(VENV)/demo.stamp ## Start both services on sample photos (IMAGES=folder, DETACH=1)
	@$(PY) -m scripts.demo start $(if $(IMAGES),--images "$(IMAGES)") $(if $(DETACH),--detach)

demo-stop: ## Stop what make demo DETACH=1 started
	@$(PY) -m scripts.demo stop

extractor: $(VENV)/run.stamp ## Run the extractor in the foreground (settings: EXTRACTOR_...)
	$(PY) -m extractor.wsgi

search: $(VENV)/run.stamp ## Run the search service in the foreground (settings: SEARCH_...)
	$(PY) -m search_api.wsgi

test: $(VENV)/dev.stamp ## Run the quick tests: no server, browser or container (WORKERS=n: that many at once)
	$(PYTEST) -m "not full"

test-full: $(VENV)/dev.stamp ## Run the other tests: Elasticsearch, Milvus, Chromium, real networks
	$(PYTEST) -m full

test-all: test test-full ## Run both (REQUIRE_ALL=1: a skip is a failure)

coverage: $(VENV)/dev.stamp ## Run both with branch coverage, of the processes that they start too
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest --numprocesses $(WORKERS) --dist loadgroup
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report --skip-covered --sort cover

test-containers: $(VENV)/dev.stamp ## Build the images and run the compose file, without a daemon (Debian 12, root)
	$(PY) -m pytest tests/containers

lint: $(VENV)/dev.stamp node_modules/lint.stamp ## Check style and types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	npm run --silent check

format: $(VENV)/dev.stamp node_modules/lint.stamp ## Format the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	npm run --silent format

bench: $(VENV)/dev.stamp ## Measure speed and memory beside what they are compared with
	$(PY) -m benchmarks

# What each requirements file holds, beside the dependencies that everything needs. A test says when one is stale.
LOCKED := $(PY) -m uv export --quiet --locked --output-file

lock: $(VENV)/dev.stamp ## Write uv.lock and the requirements files anew after a change of pyproject.toml
	$(PY) -m uv lock
	$(LOCKED) requirements.txt --all-extras --group demo
	$(LOCKED) requirements-demo.txt --extra extractor --extra elastic --extra tools --group demo
	$(LOCKED) requirements-extractor.txt --extra extractor
	$(LOCKED) requirements-search.txt --extra elastic
	$(LOCKED) requirements-search-full.txt --extra elastic --extra milvus --extra tools
	$(LOCKED) requirements-dev.txt --all-extras --all-groups

$(PY):
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: $(PY) requirements-demo.txt
	@echo "installing the demo's packages into $(VENV) ..."
	@$(call install,requirements-demo.txt)
	@touch $@

$(VENV)/run.stamp: $(VENV)/demo.stamp requirements.txt
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev.stamp: $(PY) requirements-dev.txt
	@$(call install,requirements-dev.txt)
	@touch $@

node_modules/lint.stamp: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Linting the page needs Node.js 20 or later with npm: install it and run make again."; exit 1; }
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@
