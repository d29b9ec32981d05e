# make book    install into .venv and build the site      make test      run every check
# make serve   show it on this machine                    make expected  refresh the expected outputs
# make live    the same, rebuilt on every save            make lab       open the pages in JupyterLab
# make test-long  the long random runs                    make bench     measure, and print tables
# make in-step record that twins say the same             make lock      write down which versions are installed
# make links   ask whether the links to other sites work  make clean     forget what was built

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
BIN := .venv/bin
# Small tensors are slower on many threads than on one.
export OMP_NUM_THREADS ?= 1

.PHONY: book serve live lab test test-long expected in-step bench lock links clean

book: .venv/installed
	$(BIN)/python -m helpers.site.build

serve:
	@test -e _build/html/index.html || { echo "There is no site yet: run 'make book' first."; exit 1; }
	@echo "The book is at http://127.0.0.1:$(PORT)/ (Ctrl+C ends it)"
	@$(PYTHON) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

live: .venv/installed-dev
	$(BIN)/python -m helpers.site.live --port $(PORT)

lab: .venv/installed
	mkdir -p .venv/share/jupyter/lab/settings
	cp .binder/overrides.json .venv/share/jupyter/lab/settings/overrides.json
	$(BIN)/jupyter lab

# Two tests run at a time, those of one file one after another; which file is first says conftest.py.
test: .venv/installed-dev
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test-long: .venv/installed-dev
	$(BIN)/python -m pytest -n $(JOBS) -m long

expected: .venv/installed-dev
	$(BIN)/python -m tests.notebooks

in-step: .venv/installed-dev
	$(BIN)/python -m tests.in_step

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks

lock: .venv/installed-dev
	$(BIN)/python -m tests.lock

links: book
	$(BIN)/python -m tests.links

clean:
	rm -rf _build

.venv/installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else \
	  f"The book needs Python 3.11, 3.12 or 3.13, and {sys.executable} is {sys.version.split()[0]}.\n" \
	  "Name another one: make book PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	@echo "Installing; this takes some minutes. On Linux, PyTorch for the processor alone is much smaller (see README.md)."
	$(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@
