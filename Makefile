# make app   creates .venv, installs, opens the explorer
# make test  the same with the test tools: linter, formatter, tests
# make quick the tests to run while you type: those that mostly need no TensorFlow, Milvus, browser or download
# make screenshots  every page, in both themes and three widths, into docs/screenshots
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: app test quick screenshots
app: .venv/app-installed
	$(BIN)/streamlit run app.py

# Tests start many processes: what all of them import is compiled once, also where Python is told not to.
test quick: export PYTHONDONTWRITEBYTECODE =

test: .venv/tests-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pytest

quick: .venv/tests-installed
	$(BIN)/pytest -q -n2 --ignore=tests/search/test_heatmap.py --ignore=tests/labels/test_duplicates.py --ignore=tests/search/test_refined.py --ignore=tests/index/test_milvus.py --ignore=tests/datasets/test_pascal.py $(addprefix tests/,datasets pictures vectors index search labels ui)

screenshots: .venv/tests-installed
	PYTHONPATH=. $(BIN)/python docs/screenshots.py

.venv/app-installed: requirements.txt | .venv
	$(BIN)/pip install --quiet -r requirements.txt
	touch $@

.venv/tests-installed: requirements.txt requirements-dev.txt | .venv
	$(BIN)/pip install --quiet -r requirements-dev.txt
	touch $@

.venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
