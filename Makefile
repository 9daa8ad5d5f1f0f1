# The two commands that matter: `make demo` and `make test`. Everything lives in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# An editable install warns of folders of the same name; here they are the packages themselves.
PIP := PYTHONWARNINGS=ignore $(BIN)/python -m pip --disable-pip-version-check -q
# Of torch and its like a tenth is ever imported, and compiled and kept then: half of an installation is the rest.
INSTALL := $(PIP) install --no-compile -c constraints.txt
unexport PYTHONDONTWRITEBYTECODE
comma := ,
ONCE ?=
N ?= 1000
JOBS ?= 3
SEED ?= 1

.PHONY: demo run test check format pictures bench crash-test simulate clean

$(VENV)/base.stamp: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -e .
	touch $@

# torch goes first and alone, so that no other package can pull another build of it; while the others come, it is
# imported once, because what a first import compiles would else be compiled by every test process; what the libraries
# log meanwhile, of kernels for cards that are not there, tells nobody anything.
$(VENV)/dev.stamp: $(VENV)/base.stamp
	$(INSTALL) torch==2.13.0
	$(BIN)/python -W ignore -c 'import logging; logging.disable(); import torch._dynamo' & $(INSTALL) -e '.[gpu,dev]' && wait
	$(BIN)/python -W ignore -c 'import logging; logging.disable(); import generation.pipelines.diffusion'
	touch $@

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# One more than two cores, because tests also wait; whoever is done takes over tests of the others.
test: $(VENV)/dev.stamp
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal

# Still, prompt and folder reach the command through the environment, so that quotes and dollars in them do no harm.
override STILL := $(or $(value STILL),sandbox/stills/lighthouse.jpg)
override PROMPT := $(or $(value PROMPT),slow zoom in$(comma) gentle wind)
override OUT := $(or $(value OUT),demo-output)
export STILL PROMPT OUT

# On this machine nobody else's data is kept, so nobody is asked to accept the notice before their first clip.
demo: $(VENV)/base.stamp
	STILLMOTION_NOTICE=false STILLMOTION_DATA_FOLDER="$$OUT/data" $(BIN)/python -m sandbox --bot-name Stillmotion --type /animate \
		--option "still=@$$STILL" --option "prompt=$$PROMPT" --option shape=still-hd --save "$$OUT" $(if $(ONCE),--once) \
		--suggest '/animate still:@sandbox/stills/sailing.jpg prompt:"slow pan right, gentle waves"' \
		-- $(BIN)/python -m bot --sandbox {url}

# Screenshots of the main moments, made with a real browser; README shows them.
pictures: $(VENV)/dev.stamp
	PYTHONPATH=. $(BIN)/python tests/sandbox/page/page_pictures.py docs/pictures

run: $(VENV)/base.stamp
	$(BIN)/python -m bot

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

# Kills the bot N times between any two effects; one round of all points is part of the tests.
crash-test: $(VENV)/dev.stamp
	$(BIN)/python -m crashtest --kills $(N) --seed $(SEED)

# Who waits how long under the queue's policy, and under two simpler ones; about ten minutes, with --quick half a minute.
simulate: $(VENV)/dev.stamp
	$(BIN)/python -m simulation

clean:
	rm -rf $(VENV) build *.egg-info
