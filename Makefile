# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
# The first Python that really starts and is one of those we test with.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
PORT ?= 8000
BIN = .venv/bin

.PHONY: install demo test test-browser lint bench screenshots messages clean

install: .venv/installed

.venv/installed: requirements/dev.lock pyproject.toml
	$(call into_venv,$<)

# What the site runs on, without the tools for tests.
.venv/runs: requirements/app.lock pyproject.toml
	$(call into_venv,$<)

# Python compiles what it imports; having pip compile the rest too took nearly half of the time.
define into_venv
	@test -n "$(PYTHON)" || { echo "Brobygger needs Python 3.11, 3.12 or 3.13. Install one, or set PYTHON=/path/to/python3.x"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
endef

# The second processor compiles what the matchmaking needs, while the first makes the database and its firms.
demo: .venv/runs
	$(BIN)/brobygger compile & $(BIN)/brobygger migrate --verbosity 0 && $(BIN)/brobygger demo
	@PORT=$(PORT) $(BIN)/python scripts/serve_with_worker.py

test: install
	$(BIN)/python -m pytest -m "not browser" -n auto --maxfail=20

test-browser: install
	$(BIN)/python -m pytest -m browser -n auto --maxschedchunk=1 tests/e2e

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy brobygger
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/reuse lint --quiet

bench: install
	$(BIN)/python -m benchmarks

screenshots: install
	$(BIN)/python scripts/screenshots.py

messages: install
	cd brobygger && ../$(BIN)/python -m django makemessages -l en --settings=brobygger.config.settings_test --pythonpath=.. --ignore="static/*" --no-location --no-wrap -v0
	sed -i '/^"POT-Creation-Date/d' brobygger/base/locale/en/LC_MESSAGES/django.po
	msgfmt --check-format -o brobygger/base/locale/en/LC_MESSAGES/django.mo brobygger/base/locale/en/LC_MESSAGES/django.po
	msgfmt --check-format -o brobygger/base/locale/da/LC_MESSAGES/django.mo brobygger/base/locale/da/LC_MESSAGES/django.po

clean:
	rm -rf .venv var build *.egg-info
