# `make bench`: our benches, and the peers that this machine can run, on the same book.
# Included by the Makefile.

BENCH_FOLDER := .build/bench
BENCH_BOOK := $(BENCH_FOLDER)/book
BENCH_PYTHON := $(BENCH_FOLDER)/venv/bin/python
# What the peers of today need; an older one would be measured at less than it can do.
RUST_NEEDED := 1.89

.PHONY: bench-own bench-simdjson bench-numpy bench-rust

bench-own: bench-simdjson
	@swift build -c release --product bailiff-dev
	@mkdir -p $(BENCH_FOLDER)
	@.build/release/bailiff-dev bench tick math codec --json | tee $(BENCH_FOLDER)/own.json
	@.build/release/bailiff-dev bench --book $(BENCH_BOOK)

# A peer of the codec bench, which runs it in turn with itself.
bench-simdjson:
	@mkdir -p $(BENCH_FOLDER)
	@$(CXX) -O3 -march=native -std=c++17 -o $(BENCH_FOLDER)/simdjson_feed \
	    Benchmarks/simdjson_feed.cpp -lsimdjson 2> $(BENCH_FOLDER)/simdjson.log \
	    || echo 'skipped: simdjson cannot be built here; Debian has libsimdjson-dev'

bench-numpy:
	@if [ ! -x $(BENCH_PYTHON) ]; then \
	    { python3 -m venv $(BENCH_FOLDER)/venv \
	        && $(BENCH_PYTHON) -m pip install --quiet numpy; } > $(BENCH_FOLDER)/pip.log 2>&1 \
	        || rm -rf $(BENCH_FOLDER)/venv; \
	fi
	@if [ -x $(BENCH_PYTHON) ]; then \
	    $(BENCH_PYTHON) Benchmarks/numpy_scan.py $(BENCH_BOOK) | tee $(BENCH_FOLDER)/numpy.json; \
	else echo 'skipped: numpy cannot be installed here; $(BENCH_FOLDER)/pip.log says why'; fi

bench-rust:
	@found=$$(rustc --version 2> /dev/null | cut -d ' ' -f 2); \
	if [ -z "$$found" ]; then echo 'skipped: rustc is absent'; \
	elif [ "$$(printf '%s\n' $(RUST_NEEDED) $$found | sort -V | head -n 1)" != $(RUST_NEEDED) ]; then \
	    echo "skipped: rustc $$found is older than $(RUST_NEEDED)"; \
	else \
	    rustc --edition 2021 -O -C target-cpu=native -o $(BENCH_FOLDER)/rust_scan \
	        Benchmarks/rust_scan.rs \
	        && $(BENCH_FOLDER)/rust_scan $(BENCH_BOOK) | tee $(BENCH_FOLDER)/rust.json; \
	fi
