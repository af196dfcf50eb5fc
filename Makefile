# `make help` lists the commands. Everything lives in .venv and in the home (`kontor settings home`).
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
MARKED := loading or exports or architecture or statistics or properties or simulator or databases or warehouse or walks or quality or orchestration or app or security or browser or olist or nightly

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard dashboards/words/catalogues/*.po))

.PHONY: run install help pipeline test test-nightly unit lint bench lock docs words clean

run: pipeline ## set up, simulate the demo, run the pipeline, serve
	@$(BIN)/kontor serve

install: .venv/installed ## install into .venv, for data of your own

pipeline: .venv/installed ## as run, but end when the pipeline has finished
	@marketplace="$$($(BIN)/kontor settings marketplace)" && \
	demo="$$($(BIN)/kontor settings home)/demo" && \
	if [ "$$marketplace" = demo ] && [ ! -d "$$demo" ]; then \
		$(BIN)/kontor simulate --size small --out "$$demo"; fi
	@$(BIN)/kontor run

test: .venv/installed system-packages lint ## everything that must hold
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-nightly: .venv/installed system-packages ## the long ones that `make test` leaves out
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m nightly

unit: .venv/installed ## the tests for each save
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not ($(MARKED))"

lint: .venv/installed ## style, types, layers, SQL
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project
	@cd dashboards/queries/sql && "$(CURDIR)/$(BIN)/sqlfluff" lint --disable-progress-bar .

bench: .venv/installed ## paired ratios against the best peer, in one run
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.run

docs: .venv/installed ## what is generated: pages of docs/, dbt's exposures
	@$(BIN)/python -m pipelines.docs_pages.main

words: .venv/packages ## the catalogues of words, from the sentences in the source
	@$(BIN)/python -m dashboards.words.extraction
	@$(MAKE) --no-print-directory $(CATALOGUES)

help: ## the commands there are
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | expand -t 16

lock: ## pin every dependency with its hashes
	@uv pip compile pyproject.toml --extra test --extra build --python-version 3.11 --universal \
		--generate-hashes --no-emit-index-url --no-strip-extras --quiet -o requirements.lock

clean: ## forget the environment; data stays
	@rm -rf .venv

.venv/installed: .venv/packages $(CATALOGUES)
	@touch $@

$(CATALOGUES): %.mo: %.po | .venv/packages
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.venv/packages: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Kontor needs Python 3.11 or later; $(PYTHON) is older. Set PYTHON=..."; exit 1; }
	@echo "Installing into .venv (once, about a minute)"
	@rm -rf .venv && { $(PYTHON) -m venv .venv 2>/dev/null || \
		{ [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null \
		&& $(PYTHON) -m venv .venv; } || \
		{ echo "python3-venv is missing: apt-get install python3-venv"; exit 1; }; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		-r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $@

# What tests need beside Python. Without root they are named, and the tests that need them skip.
.PHONY: system-packages
system-packages:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || missing="$$missing libgomp1"; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	PATH="$$PATH:/usr/sbin" command -v sshd >/dev/null || missing="$$missing openssh-server"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ]; then \
		echo "Installing$$missing"; apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing \
		>/dev/null || echo "Could not install$$missing; the tests that need them are skipped"; \
	elif [ -n "$$missing" ]; then \
		echo "Missing:$$missing (apt-get install$$missing); the tests that need them are skipped"; \
	fi
