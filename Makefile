# make help lists what there is. PYTHON chooses the interpreter that the virtual environment is made with.
PYTHON ?= python3
WORKERS ?= 3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --requirement

# Threads come and go with requests; without this the C library keeps a heap for each of them.
export MALLOC_ARENA_MAX ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo demo-stop extractor search test test-containers lint format bench

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

test: $(VENV)/dev.stamp ## Run all tests (REQUIRE_ALL=1: a skip is a failure; WORKERS=n: so many at once)
	$(PY) -m pytest --numprocesses $(WORKERS) --dist loadgroup

test-containers: $(VENV)/containers.stamp ## Build the images and run the compose file, without a daemon (Debian 12, root)
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

node_modules/lint.stamp: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Linting the page needs Node.js 20 or later with npm: install it and run make again."; exit 1; }
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PY):
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.stamp: $(PY) requirements-demo.txt requirements-extractor.txt requirements-search.txt requirements-scripts.txt
	@echo "installing the demo's packages into $(VENV) ..."
	@$(PIP) requirements-demo.txt
	@touch $@

$(VENV)/run.stamp: $(VENV)/demo.stamp requirements.txt requirements-milvus.txt requirements-tensorflow.txt
	@$(PIP) requirements.txt
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	@$(PIP) requirements-dev.txt
	@touch $@

$(VENV)/containers.stamp: $(VENV)/dev.stamp requirements-containers.txt
	@$(PIP) requirements-containers.txt
	@touch $@
