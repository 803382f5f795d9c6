# The two commands: `make serve` and `make test`. Everything they need is installed on the first run.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
# where pip looks for torch besides its usual index, e.g. the index of CPU builds
TORCH_INDEX ?=

export NUMBA_CACHE_DIR ?= $(CURDIR)/$(STAMPS)/numba
export OMP_NUM_THREADS ?= 2
export NUMBA_NUM_THREADS ?= 2

.PHONY: help serve test lint typecheck test-python test-frontend format clean

help:
	@echo "make serve   install what is missing, start the server"
	@echo "make test    install what is missing, run every check and test"
	@echo "also: lint typecheck test-python test-frontend format clean"

$(STAMPS)/tools:
	@mkdir -p $(STAMPS)
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing: install python3, or call make PYTHON=/path/to/python"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than 3.11: call make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }
	@command -v npm >/dev/null || { echo "Node.js with npm is missing: install nodejs (18 or newer)"; exit 1; }
	@touch $@

$(STAMPS)/python: pyproject.toml $(STAMPS)/tools
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -z "$(TORCH_INDEX)" || $(BIN)/pip install -q --extra-index-url "$(TORCH_INDEX)" 'torch>=2.4,<2.14'
	$(BIN)/pip install -q 'torch>=2.4,<2.14'
	ATOMLENS_SKIP_FRONTEND=1 $(BIN)/pip install -q -e '.[dev]'
	@touch $@

$(STAMPS)/frontend: frontend/package-lock.json frontend/build.mjs $(STAMPS)/tools
	cd frontend && npm ci --no-audit --no-fund --loglevel=error && node build.mjs
	@touch $@

serve: $(STAMPS)/python $(STAMPS)/frontend
	$(BIN)/atomlens serve

lint: $(STAMPS)/python
	$(BIN)/ruff check backend tests
	$(BIN)/ruff format --check backend tests
	$(BIN)/lint-imports

typecheck: $(STAMPS)/python $(STAMPS)/frontend
	$(BIN)/mypy
	cd frontend && npm run --silent typecheck

test-frontend: $(STAMPS)/frontend
	cd frontend && npm test --silent

test-python: $(STAMPS)/python $(STAMPS)/frontend
	$(BIN)/pytest

test: lint typecheck test-frontend test-python

format: $(STAMPS)/python
	$(BIN)/ruff check --fix backend tests
	$(BIN)/ruff format backend tests

clean:
	rm -rf $(STAMPS) build dist frontend/vendor frontend/node_modules
