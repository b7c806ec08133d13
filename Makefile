# The same commands for people and for CI. Needs Python 3.11 or newer and nothing else.

PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: demo test test-all docs format bench clean

demo: $(VENV)/.demo ## Degrade invoices, feed them to a small invoice reader, and tabulate what fails.
	@$(BIN)/crumple demo

test: $(VENV)/.dev ## What CI runs: format, lint, types, layers, tests, docs.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy -n 2
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-all: test bench ## Also what takes longer: every figure against its limit, every mutator on everything, every fault.
	CRUMPLE_TESTS_WHOLE=1 $(BIN)/python -m pytest -n 2 --dist worksteal tests/mutators \
	  tests/harness/execution/cluster/hosts

docs: $(VENV)/.dev ## The documentation as a site, in site/; open site/index.html. `make test` builds it too.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

format: $(VENV)/.dev ## Format the code and mend what lint can mend.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.bench ## Every benchmark, each a table.
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) site

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "crumple needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@if command -v uv >/dev/null; then uv venv --quiet --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi

# A stamp for each set of extras; pyproject.toml being newer means installing again.
$(VENV)/.%: pyproject.toml $(VENV)/bin/python
	@echo "Installing crumple[$*] into $(VENV) ..."
	@if command -v uv >/dev/null; then uv pip install --quiet --python $(BIN)/python -e '.[$*]'; \
	  else $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$*]'; fi
	@touch $@
