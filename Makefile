# Everything one does with Kalkan, in one place: `make help` lists it. Hooks and CI call the same targets.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# PYTHON names the interpreter that the virtual environment is made with; without it the first fitting one is taken.
PYTHON ?=
VENV ?= .venv
ARGS ?=
BIN := $(VENV)/bin
# Compiled modules are kept whatever the environment says: without them each process takes three times as long to start.
unexport PYTHONDONTWRITEBYTECODE
# Half of a worker's time goes by waiting for bots, databases and browsers: three share two cores.
TEST_WORKERS ?= $(shell echo $$(( ($$(nproc) * 3 + 1) / 2 )))
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check
EXTRAS := --extra postgres --extra queue
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command "make lock" pyproject.toml

# Stamps: a file per step that is done, so that a second run does nothing.
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
BENCH := $(VENV)/.bench
FUZZ := $(VENV)/.fuzz
PROJECT := $(VENV)/.project

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup-demo models ## Play the newsroom on 127.0.0.1: no token, no network (ARGS=... goes to `kalkan demo`)
	@exec $(BIN)/kalkan demo $(ARGS)

.PHONY: demo-october
demo-october: setup-demo models ## Replay 6 October in the demo, and check it: alarms, one incident, nothing lost (ARGS=--once ends it)
	@exec $(BIN)/kalkan demo --october $(ARGS)

.PHONY: setup-demo
setup-demo: $(RUNTIME) $(PROJECT) ## Install what running needs into .venv

.PHONY: setup
setup: $(RUNTIME) $(DEV) $(PROJECT) ## Install what running and developing need into .venv

.PHONY: models
models: ## Install the missing models that screenshots are read with
	@scripts/setup-system --running || echo "Going on without them: screenshots are not read." >&2

.PHONY: system
system: ## Install the missing system packages that the tests use (PostgreSQL, gettext)
	@scripts/setup-system || echo "Going on without them: what needs them is skipped, or fails under CI=true." >&2

.PHONY: test
test: setup system ## Run the tests, without the long proofs (ARGS=... goes to pytest)
	$(BIN)/python -m pytest -m "not slow and not proof and not cluster" -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: test-security
test-security: setup system ## Prove what docs/promises.md promises, within ten minutes; what was skipped is counted
	$(BIN)/python -m scripts.proofs security --workers $(TEST_WORKERS) $(ARGS)

.PHONY: fuzz
fuzz: setup $(FUZZ) ## Fuzz each parser of foreign input, ten minutes each (ARGS="--seconds 60" for a short look)
	$(BIN)/python -m tests.fuzz $(ARGS)

.PHONY: test-slow
test-slow: setup system ## Run the long proofs, within an hour; what was skipped is counted
	$(BIN)/python -m scripts.proofs slow --workers $(TEST_WORKERS) $(ARGS)

.PHONY: test-cluster
test-cluster: setup system ## Prove on PostgreSQL and RabbitMQ clusters that lose servers that nothing is lost (some 40 minutes)
	@scripts/setup-system --cluster
	$(BIN)/python -m pytest tests/cluster -m cluster -s $(ARGS)
	$(BIN)/python -m pytest tests/journeys -m cluster -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: bench
bench: setup ## Measure (ARGS=... goes to the benchmarks)
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: bench-text
bench-text: setup system $(BENCH) ## Measure the duplicate-text index side by side with its alternatives (ARGS=--quick)
	$(BIN)/python -m benchmarks.text $(ARGS)

.PHONY: bench-screens
bench-screens: setup system $(BENCH) ## Measure how well phone screenshots are read (ARGS=--screens=4)
	$(BIN)/python -m benchmarks.screens $(ARGS)

.PHONY: bench-threat-log
bench-threat-log: setup ## Measure queries of the threat log (ARGS="--postgres URL")
	$(BIN)/python -m benchmarks.threat_log $(ARGS)

.PHONY: bench-images
bench-images: setup system $(BENCH) ## Measure the photo matcher side by side with its alternatives (ARGS="--data DIR")
	$(BIN)/python -m benchmarks.images $(ARGS)

.PHONY: bench-spikes
bench-spikes: setup ## Measure how well spikes are found, side by side with the alternatives (ARGS="--series 80")
	$(BIN)/python -m benchmarks.spikes $(ARGS)

.PHONY: bench-threats
bench-threats: setup ## Measure how well threats are recognised (ARGS="--data DIR")
	$(BIN)/python -m benchmarks.threats $(ARGS)

.PHONY: bench-accounts
bench-accounts: setup ## Measure the search for names over scripts, nicknames and typos (ARGS="--each 20")
	$(BIN)/python -m benchmarks.accounts $(ARGS)

.PHONY: bench-farms
bench-farms: setup $(BENCH) ## Measure how well farms are found in synthetic worlds (ARGS="--seeds 10")
	$(BIN)/python -m benchmarks.farms $(ARGS)

.PHONY: bench-charts
bench-charts: setup ## Measure how long each kind of chart takes (ARGS="--rounds 20")
	$(BIN)/python -m benchmarks.charts $(ARGS)

.PHONY: bench-evidence
bench-evidence: setup system ## Measure what the custody log and exported evidence catch (ARGS=--each=10)
	$(BIN)/python -m benchmarks.evidence $(ARGS)

.PHONY: bench-scale
bench-scale: setup system ## Measure PostgreSQL, workers and import at the size of a coalition (ARGS="lookups --quick")
	$(BIN)/python -m benchmarks.scale $(ARGS)

.PHONY: bench-walls
bench-walls: setup system ## Measure what newsrooms that share a PostgreSQL see of each other, and what the wall costs (ARGS="--newsrooms 20")
	$(BIN)/python -m benchmarks.tenant_wall $(ARGS)

.PHONY: lint
lint: setup ## Check style, types, who imports whom, and the message catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.catalogs check

.PHONY: format
format: setup ## Put the code in its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: catalogs
catalogs: setup ## Collect the texts and merge them into the languages' catalogues
	$(BIN)/python -m scripts.catalogs extract

.PHONY: lock
lock: setup ## Lock the dependencies anew; ARGS=--upgrade takes newer versions
	# Without the extra `pdq`, which has no wheel: neither a server nor the tests need a compiler.
	$(LOCK) $(EXTRAS) --extra exchange --group build --group dev $(ARGS) -o requirements/dev.txt
	$(LOCK) --all-extras --group build --group dev --group bench --constraint requirements/dev.txt -o requirements/bench.txt
	$(LOCK) $(EXTRAS) --extra exchange --group build --group dev --group fuzz --constraint requirements/dev.txt -o requirements/fuzz.txt
	$(LOCK) $(EXTRAS) --group build --constraint requirements/dev.txt -o requirements/runtime.txt

.PHONY: clean
clean: ## Remove the virtual environment, caches and build output
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@scripts/create-venv $(VENV) $(PYTHON)
	@touch $@

$(RUNTIME): requirements/runtime.txt $(CREATED)
	$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(BENCH): requirements/bench.txt $(DEV)
	$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(FUZZ): requirements/fuzz.txt $(DEV)
	$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

# Everything it needs is there by now, so no registry is asked.
$(PROJECT): pyproject.toml $(RUNTIME)
	$(PIP_INSTALL) --no-index --no-deps --no-build-isolation --quiet -e .
	@touch $@
