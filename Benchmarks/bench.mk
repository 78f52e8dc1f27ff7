# `make bench`: our benches, and the peers that this machine can run, on the same book.
# Included by the Makefile.

BENCH_FOLDER := .build/bench
BENCH_PYTHON := $(BENCH_FOLDER)/venv/bin/python

.PHONY: bench-own bench-backtest-own bench-daemon-own bench-simdjson bench-numpy

bench-own: bench-simdjson bench-numpy
	@swift build -c release --product bailiff-dev
	@mkdir -p $(BENCH_FOLDER)
	@.build/release/bailiff-dev bench index scan math codec --json | tee $(BENCH_FOLDER)/own.json

# A peer of the codec bench, which runs it in turn with itself.
bench-simdjson:
	@mkdir -p $(BENCH_FOLDER)
	@$(CXX) -O3 -march=native -std=c++17 -o $(BENCH_FOLDER)/simdjson_feed \
	    Benchmarks/simdjson_feed.cpp -lsimdjson 2> $(BENCH_FOLDER)/simdjson.log \
	    || echo 'skipped: simdjson cannot be built here; Debian has libsimdjson-dev'

# A peer of the scan bench, which runs it in turn with itself; Rust it builds on its own.
bench-numpy:
	@mkdir -p $(BENCH_FOLDER)
	@if ! python3 -c 'import numpy' 2> /dev/null && [ ! -x $(BENCH_PYTHON) ]; then \
	    { python3 -m venv $(BENCH_FOLDER)/venv \
	        && $(BENCH_PYTHON) -m pip install --quiet numpy; } > $(BENCH_FOLDER)/pip.log 2>&1 \
	        || { rm -rf $(BENCH_FOLDER)/venv; \
	             echo 'skipped: numpy cannot be installed; $(BENCH_FOLDER)/pip.log says why'; }; \
	fi

# Peers of the backtest bench. They bring a hundred megabytes of libraries, so it stands alone.
bench-backtest-own:
	@mkdir -p $(BENCH_FOLDER)
	@[ -x $(BENCH_PYTHON) ] || python3 -m venv $(BENCH_FOLDER)/venv
	@$(BENCH_PYTHON) -m pip install --quiet --requirement Benchmarks/backtest.txt \
	    > $(BENCH_FOLDER)/backtest.log 2>&1 \
	    || echo 'skipped: not all peers can be installed; $(BENCH_FOLDER)/backtest.log says why'
	@swift build -c release --product bailiff
	@swift build -c release --product bailiff-dev
	@.build/release/bailiff-dev bench ticks backtest

# Other clients beside a keeper as a process: wrk and Node of Debian, aiohttp of PyPI, and URLSession,
# which the bench builds by itself. What cannot be had is named as skipped.
ACCOUNTS ?= 1000000

bench-daemon-own:
	@mkdir -p $(BENCH_FOLDER)
	@for program in wrk node; do \
	    command -v $$program > /dev/null && continue; \
	    package=$$(echo $$program | sed 's/^node$$/nodejs/'); \
	    $(APT) install -y -qq --no-install-recommends $$package \
	        > $(BENCH_FOLDER)/apt.log 2>&1 \
	        || echo "skipped: $$package cannot be installed; $(BENCH_FOLDER)/apt.log says why"; \
	done
	@[ -x $(BENCH_PYTHON) ] || python3 -m venv $(BENCH_FOLDER)/venv
	@$(BENCH_PYTHON) -m pip install --quiet aiohttp > $(BENCH_FOLDER)/daemon.log 2>&1 \
	    || echo 'skipped: aiohttp cannot be installed; $(BENCH_FOLDER)/daemon.log says why'
	@for program in bailiff bailiff-live bailiff-venue bailiff-dev; do \
	    swift build -c release --product $$program || exit 1; \
	done
	@.build/release/bailiff-dev bench daemon --accounts $(ACCOUNTS) --json \
	    | tee $(BENCH_FOLDER)/daemon.json
