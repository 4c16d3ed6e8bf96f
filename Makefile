# Every target says what it does: make help
PYTHON ?=
VENV ?= .venv
PORT ?= 8000
LAN ?=
MODEL ?=
WEIGHTS ?= var/test-weights
export PYTHON VENV PORT LAN MODEL

py = $(VENV)/bin/python
pytest = $(py) -m pytest

.DEFAULT_GOAL := help
.PHONY: help run dev test test-client test-client-heart test-fast test-js test-browser test-model test-pythons check fix bench mutate lock messages vendor screenshots clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

run:  ## from a clone to a page (PORT=8000, LAN=1 for the local network, MODEL=builtin to fetch the built-in model)
	@bin/run

dev:  ## the environment that tests and checks need
	@bin/venv dev

# CI may say CLIENT=test-client-heart: .ci/client-tests.
CLIENT ?= test-client
test: test-js $(CLIENT) test-fast test-browser  ## every test but those that need fetched weights

test-client: dev  ## the client library, for which every line and branch must be run
	$(pytest) -q tests/ollama -m client -n 4 --dist loadfile --cov=tutor.ollama --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered

test-client-heart: dev  ## a minute of them: calls, streams, errors
	$(pytest) -q -n 4 --dist loadfile $(addprefix tests/ollama/test_,client.py endpoints.py errors.py streams.py)

# Two processes: the browser driver keeps an event loop of its own, which asynchronous tests can't share.
test-fast: dev  ## the other tests without a browser
	$(pytest) -q -m "not browser and not model and not client" -n 4 --dist loadfile

test-js: dev  ## the scripts' own tests, without a browser (left out where there is no Node.js)
	@$(py) tools/javascript.py test || [ $$? -eq 77 ]

test-browser: dev  ## the tests in Debian's chromium
	@command -v chromium >/dev/null || { echo "The browser tests need chromium. Run: sudo apt-get install chromium"; exit 1; }
	$(pytest) -q -m browser -n 2 --dist loadfile

test-pythons: dev  ## newer Pythons on this machine install and serve it too
	$(py) tools/pythons.py

test-model: dev  ## a lesson with a real model, in chromium (fetches 490 MB into WEIGHTS=var/test-weights, once)
	@command -v chromium >/dev/null || { echo "The lesson needs chromium. Run: sudo apt-get install chromium"; exit 1; }
	$(py) manage.py fetch_model qwen2.5-coder:0.5b --into "$(WEIGHTS)" --yes
	POLYGLOTT_TESTS_WEIGHTS="$(WEIGHTS)" $(pytest) -q -m model

check: dev  ## format, lint, types, contracts, locks, migrations, translations, templates, scripts, generated files
	@$(py) tools/check.py

fix: dev  ## what check can mend by itself
	$(py) -m ruff format .
	$(py) -m ruff check --fix .
	find templates -name '*.html' -exec $(VENV)/bin/djade --target-version 5.2 {} +

bench: dev  ## the measurements in docs/measurements.md (PARTS="neighbour stream crowd pages signin start client engine guided corrections"; BENCH="--help" says more)
	$(py) -m tests.bench $(PARTS) $(BENCH)

mutate: dev  ## which small breaks of the code no test notices: a sample of OF=40 over rights, services and live work (an hour)
	$(py) -m tools.mutate --of $(or $(OF),40) --seed $(or $(SEED),1) $(PATHS)

lock: dev  ## write the lock files anew from pyproject.toml (UPGRADE=1 takes newer versions)
	$(py) tools/lock.py $(if $(UPGRADE),--upgrade)

messages: dev  ## collect and compile the strings that people read (needs gettext)
	$(py) tools/messages.py

vendor:  ## fetch the vendored scripts again, by their locked integrity (needs npm)
	python3 tools/vendor_js.py

screenshots: dev  ## the README's pictures, from a server started for them
	$(py) tools/screenshots.py

clean:  ## remove what can be made again; never var/, where people's work is
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
