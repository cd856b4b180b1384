# make install   a virtual environment with everything pinned (asked for by the two below)
# make run       Advisor with what is configured; without Slack tokens, a trial in your browser
# make test      lint, types and every test
# make faults    the long tests: 1,000 kills of web and clock, a database that goes away, a whole year (ten minutes)
# make test-standin  a second opinion: the same bot before a stand-in for Slack that others wrote (needs npm)
# make pictures  the pictures of the documentation anew (needs Chromium)
# make transcript  docs/transcript.md and docs/transcript-network.md anew: a service from discovery to live, and two councils
# make audit     known faults of the packages we ship
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DONE := $(VENV)/.installed

.PHONY: install run test faults test-standin pictures transcript lint format lock audit

install: $(DONE)

$(DONE): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Advisor needs Python 3.11 or newer: make PYTHON=python3.11 install")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: install
	@$(BIN)/advisor run

test: install lint
	$(BIN)/python -m pytest -n auto --dist loadgroup

# ADVISOR_KILLS=60 for a short look; half of the kills are workers, half clocks, on each of the two databases.
faults: export ADVISOR_FAULTS = 1
faults: export ADVISOR_KILLS ?= 1000
faults: install
	$(BIN)/python -m pytest tests/faults tests/bot/usecases/test_simulated_year.py -s

# The pictures of the documentation, by the browser tests' own walk. Look at them before you commit them.
pictures: install
	ADVISOR_PICTURES=docs/images ADVISOR_BROWSER_TESTS=required $(BIN)/python -m pytest tests/browser/test_one_session.py

# Read it before you commit it.
transcript: install
	$(BIN)/python -m tests.journeys.transcript > docs/transcript.md
	$(BIN)/python -m tests.journeys.transcript_network > docs/transcript-network.md

# Fetches a program of 95 MB from npm, once; not part of make test.
test-standin: install
	@tests/standin/run.sh

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Known faults of the packages we ship. In an environment of its own; where no registry can be reached it says so.
audit:
	@$(PYTHON) -m venv .venv-audit && .venv-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit || true
	@$(PYTHON) .ci/audit .venv-audit/bin/pip-audit

# Pins every package with its hashes. Run it to upgrade; read the difference before you commit it.
lock:
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --generate-hashes --no-emit-options --no-header -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --strip-extras --allow-unsafe --generate-hashes --no-emit-options --no-header --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
