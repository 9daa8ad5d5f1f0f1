# The two commands that matter: `make demo` and `make test`. Everything lives in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
STILL ?= sandbox/stills/lighthouse.jpg
PROMPT ?= slow zoom in, gentle wind
OUT ?= demo-output
ONCE ?=

.PHONY: demo run test check format bench clean

$(VENV)/base.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e .
	touch $@

# torch goes first and alone, so that no other package can pull another build of it.
$(VENV)/dev.stamp: $(VENV)/base.stamp
	$(PIP) install -c constraints.txt torch==2.13.0
	$(PIP) install -c constraints.txt -e '.[gpu,dev]'
	touch $@

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(VENV)/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest

# The still and the words travel in single quotes through the shell, so that "slow zoom in" stays one prompt.
demo: $(VENV)/base.stamp
	STILLMOTION_DATA_FOLDER="$(OUT)/data" $(BIN)/python -m sandbox \
		--type '/animate still:"@$(STILL)" prompt:"$(PROMPT)" shape:still-hd' --save "$(OUT)" $(if $(ONCE),--once) \
		-- $(BIN)/python -m bot --sandbox {url}

run: $(VENV)/base.stamp
	$(BIN)/python -m bot

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build *.egg-info
