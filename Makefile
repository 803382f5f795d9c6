# The two commands are `make serve` and `make test`: each installs what is missing on its first run and is quick
# on the next. `make help` lists the rest.

PYTHON ?= python3
# where pip looks for torch besides its usual index, for example an index of CPU builds
TORCH_INDEX ?=
# what `make image` calls the image
IMAGE ?= atomlens

VENV := .venv
BIN := $(VENV)/bin
STAMPS := .make
TORCH := torch>=2.4,<2.14

# two processes share the tests, file by file
SHARED_OUT := -n 2 --dist loadfile

# compiled kernels are kept between runs
export NUMBA_CACHE_DIR ?= $(CURDIR)/$(STAMPS)/numba

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help serve test lint typecheck test-python test-frontend test-browser format image clean missing

help:
	@echo "make serve          install what is missing, start the server and print its address"
	@echo "make test           install what is missing, run every check and every test"
	@echo
	@echo "make lint           ruff, and import-linter for the layers of the package"
	@echo "make typecheck      mypy --strict, and tsc over the page's modules"
	@echo "make test-python    the tests of the package"
	@echo "make test-frontend  the tests of the page's modules, without a browser"
	@echo "make test-browser   the tests in a real browser"
	@echo "make format         let ruff format the code"
	@echo "make image          build the container image"
	@echo "make clean          remove what was installed and built, but not .venv"
	@echo
	@echo "Variables: PYTHON=$(PYTHON), TORCH_INDEX (an extra index for torch, such as one of CPU builds),"
	@echo "CHROMIUM (a browser for the tests). docs/settings.md lists the server's settings."

serve: $(STAMPS)/python $(STAMPS)/frontend
	$(BIN)/atomlens serve

test: lint typecheck test-frontend $(STAMPS)/chromium $(STAMPS)/reference
	$(BIN)/pytest $(SHARED_OUT) --durations=10 -m "not browser"
	$(BIN)/pytest $(SHARED_OUT) --durations=10 -m browser

lint: $(STAMPS)/python
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

typecheck: $(STAMPS)/python $(STAMPS)/frontend
	$(BIN)/mypy
	cd frontend && npm run --silent typecheck

test-frontend: $(STAMPS)/frontend
	cd frontend && npm test --silent

test-python: $(STAMPS)/python $(STAMPS)/frontend $(STAMPS)/reference
	$(BIN)/pytest $(SHARED_OUT) -m "not browser"

test-browser: $(STAMPS)/python $(STAMPS)/frontend $(STAMPS)/chromium
	$(BIN)/pytest $(SHARED_OUT) -m browser

format: $(STAMPS)/python
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

image:
	docker build --build-arg TORCH_INDEX="$(TORCH_INDEX)" -t "$(IMAGE)" .

clean:
	rm -rf $(STAMPS) build dist frontend/bundle frontend/vendor frontend/node_modules

# A stamp is older than what it was made from when that must be installed anew; `missing` never exists, so a stamp
# that depends on it is made anew too: what it stands for was removed by hand.

$(STAMPS)/tools:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, or call make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: call make PYTHON=/path/to/python3, 3.11 or newer"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian and Ubuntu, apt-get install python3-venv"; exit 1; }
	@command -v node >/dev/null || { echo "Node.js is missing: install Node.js 18 or newer, with npm"; exit 1; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' || { echo "Node.js $$(node --version) is too old: install 18 or newer"; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: install it beside Node.js (on Debian, apt-get install npm)"; exit 1; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: pyproject.toml hatch_build.py $(STAMPS)/tools $(if $(wildcard $(BIN)/atomlens),,missing)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages (minutes, the first time)"
	@$(BIN)/pip install --quiet $(if $(TORCH_INDEX),--extra-index-url "$(TORCH_INDEX)") '$(TORCH)'
	@$(BIN)/pip install --quiet --editable '.[dev]'
	@touch $@

$(STAMPS)/page-packages: frontend/package.json frontend/package-lock.json $(STAMPS)/tools \
		$(if $(wildcard frontend/node_modules/.package-lock.json),,missing)
	@echo "Installing the page's packages"
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/frontend: frontend/build.mjs frontend/index.html $(wildcard frontend/css/*.css frontend/js/*.js frontend/js/*/*.js) \
		$(STAMPS)/page-packages $(if $(wildcard frontend/vendor/*),,missing) $(if $(wildcard frontend/bundle/*),,missing)
	@cd frontend && node build.mjs
	@touch $@

$(STAMPS)/chromium: tests/chromium.py $(STAMPS)/python
	@$(BIN)/python tests/chromium.py
	@touch $@

# without their dependencies: see the file
$(STAMPS)/reference: tests/reference/requirements.txt $(STAMPS)/python \
		$(if $(wildcard $(STAMPS)/reference-packages/schnetpack),,missing)
	@echo "Installing SchNetPack and DScribe, which the tests compare with"
	@rm -rf $(STAMPS)/reference-packages
	@$(BIN)/pip install --quiet --no-deps --target $(STAMPS)/reference-packages -r tests/reference/requirements.txt
	@touch $@
