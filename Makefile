# The two commands are `make serve` and `make test`; both may be run again at any time.
# tools/setup does the setting up, in .venv and nowhere else.
PYTHON ?= python3
VENV := .venv
DATA ?= bdhvs-data
SERVE_OPTIONS ?=
LIVE ?=
ADAPTIVE ?=

.PHONY: help serve test check content frontend gallery texts clean

help:
	@echo "make serve    run a class: learners join by QR (DATA=folder, SERVE_OPTIONS='--port 8010 --lang en', LIVE=1: programming lessons, too; ADAPTIVE=1: quizzes that adapt)"
	@echo "make test     set up what the tests need and run them (PYTEST_OPTIONS='-k store')"
	@echo "make check    check items and forms, with advice"
	@echo "make content  write docs/content.md again: what is in the bank"
	@echo "make frontend build the front end again (needs Node)"
	@echo "make gallery  draw the pictures of docs/gallery.md again"
	@echo "make texts    collect and compile the texts for people"

serve:
	@PYTHON='$(PYTHON)' LIVE='$(LIVE)' ADAPTIVE='$(ADAPTIVE)' sh tools/setup serve
	@BDHVS_LIVE_COMMAND='make serve LIVE=1$(if $(ADAPTIVE), ADAPTIVE=1)' BDHVS_MEASUREMENT_COMMAND='make serve$(if $(LIVE), LIVE=1) ADAPTIVE=1' $(VENV)/bin/bdhvs serve '$(DATA)' $(SERVE_OPTIONS)

test:
	@PYTHON='$(PYTHON)' sh tools/setup test
	@sh tools/run-tests

check:
	@PYTHON='$(PYTHON)' sh tools/setup serve
	@$(VENV)/bin/bdhvs check

content:
	@PYTHON='$(PYTHON)' sh tools/setup serve
	@$(VENV)/bin/bdhvs check --page docs/content.md

frontend:
	cd frontend && npm ci --no-audit --no-fund && npm run check && npm run build

gallery:
	@$(VENV)/bin/python -m bdhvs.analysis.gallery docs

texts:
	@sh tools/texts

clean:
	rm -rf $(VENV) build dist *.egg-info
