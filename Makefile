# Everything a newcomer needs: `make demo` and `make test` set themselves up in .venv; Python 3.11 or newer and make are enough.

PYTHON ?= python3
KRING := .venv/bin/kring
PEOPLE ?= 2000
SEED ?= 7

.PHONY: demo test lint check bench clean help

help:
	@echo "make demo   a fictional town, from export files to a report (about three minutes)"
	@echo "make test   all tests"
	@echo "make check  what .ci/run does: lint, types, tests"
	@echo "make clean  removes .venv and demo"

.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kring needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Setting up .venv (once; a minute or two) …"
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/tested: .venv/installed
	@echo "Setting up what the tests need (once) …"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: .venv/installed
	@rm -rf demo
	$(KRING) town demo/town --people $(PEOPLE) --seed $(SEED) --languages nl,en
	$(KRING) new demo/circle --name "Waterdrecht (fictional)" --zone Europe/Amsterdam --fictional
	$(KRING) import --circle demo/circle demo/town/exports/forum --as stackexchange:forum.waterdrecht.example
	$(KRING) import --circle demo/circle demo/town/exports/list demo/town/exports/mail demo/town/exports/mastodon demo/town/exports/whatsapp
	$(KRING) us add --circle demo/circle --named "Gemeente Waterdrecht"
	$(KRING) report --circle demo/circle -o demo/report.html
	@echo
	@echo "Open demo/report.html in a browser: the circle of a fictional town."
	@echo "With an export of your own:  .venv/bin/kring new our-circle && .venv/bin/kring import --circle our-circle YOUR-EXPORT && .venv/bin/kring report --circle our-circle"

test: .venv/tested
	.venv/bin/python -m pytest $(PYTEST_OPTIONS)

lint: .venv/tested
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

check: lint test

bench: .venv/installed
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	.venv/bin/python bench/start.py --installed
	.venv/bin/python bench/search.py
	.venv/bin/python bench/import.py

clean:
	rm -rf .venv demo
