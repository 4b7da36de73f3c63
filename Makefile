# Bihuan 闭环. Needs make and Python 3.11 or newer; everything else is fetched into .venv and frontend/node_modules.
#
#   make demo    open a living demo district             make front   build scripts and styles
#   make test    the whole gate, installs included       make lock    pin the requirements anew
#   make check   the same gate without the installs      make clean   remove what was built (never the data)
#   make shots   take the pictures of the README         make bench   measure, and print a table of ratios
#   make torture kill everything under load (TORTURE_MINUTES=10), and look whether anything is lost

.POSIX:
.SUFFIXES:

PYTHON =
BIN = .venv/bin
TEST_WORKERS = 2
TORTURE_MINUTES = 10
TORTURE_SEED =
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet
TEST_ENV = BIHUAN_DATA=.test-data

all: demo

demo: .stamps/run front messages
	@exec $(BIN)/bihuan demo

test: .stamps/run .stamps/test front messages
	$(BIN)/python tools/browser.py --install
	@$(MAKE) check

check: front messages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/catalogue.py check
	$(TEST_ENV) $(BIN)/bihuan manage makemigrations --check --dry-run
	$(TEST_ENV) $(BIN)/bihuan manage draw_flows --check
	$(BIN)/python tools/front.py --check
	$(TEST_ENV) $(BIN)/pytest --numprocesses $(TEST_WORKERS) --dist loadgroup --quiet

shots: .stamps/run .stamps/test front messages
	$(BIN)/python tools/browser.py --install --fonts
	$(BIN)/python -m tools.shots

bench: .stamps/run front messages
	@$(BIN)/python -m bench

torture: .stamps/run front messages
	@$(BIN)/python -m bench.torture $(TORTURE_MINUTES) $(TORTURE_SEED)

front: .stamps/run
	@$(BIN)/python tools/front.py

messages: .stamps/run
	@$(BIN)/python tools/catalogue.py compile

lock: .venv/.ready
	$(BIN)/python tools/lock.py

clean:
	rm -rf .venv .stamps .test-data .shots-data .bench-data build dist test-results bihuan/static/dist \
	    frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -f bihuan/locale/zh_Hans/LC_MESSAGES/django.mo

.stamps/run: .venv/.ready requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing what Bihuan runs on …"
	@$(PIP) --require-hashes --no-deps -r requirements/run.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@mkdir -p .stamps && touch $@

.stamps/test: .stamps/run requirements/test.txt
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes --no-deps -r requirements/test.txt
	@mkdir -p .stamps && touch $@

.venv/.ready:
	@found=; for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Bihuan needs Python 3.11 or newer, and none was found. Install one, or say where it is: make PYTHON=/path/to/python3 …" >&2; exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$found cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$($$found --version) …"; \
	$$found -m venv --clear .venv
	@touch $@

.PHONY: all demo test check shots bench torture front messages lock clean
