# What a builder types. Nothing here but order: the rules themselves are programs in Sources.
#
#   make test     install what is missing, build, run the tests
#   make demo     a venue, a keeper and a crash on this machine, nothing else needed
#   make check    everything that has to hold before a change goes in; .ci/run calls it
#   make bench    what a tick costs on this machine, beside the goals
#   make soak     eight hours of a venue with faults, in one; MINUTES=10 for so many
#   make fuzz     mutated bytes at every decoder; SECONDS=600 for so long each
#   make setup    only install what is missing
#   make build    only build

# The C libraries that Package.swift names, and the program that says where they lie.
PACKAGES := pkg-config $(shell sed -n 's/.*apt: "\([^"]*\)".*/\1/p' Package.swift)

# Vectors and recorded data that are no part of this repository. Tests that need them are skipped,
# by name, where they are absent.
BAILIFF_SHARED ?= ../shared
export BAILIFF_SHARED := $(abspath $(BAILIFF_SHARED))
VECTORS := $(BAILIFF_SHARED)/spec/vectors.json

# In this order: what costs least and fails most comes first.
STAGES := format build tidy docs test release doors vectors fuzz simulation crash
LOGS := .build/check
SEEDS ?= 1..200
SECONDS ?= 60

AS_ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT := $(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get

.PHONY: help setup build test demo bench bench-backtest bench-daemon soak fuzz fuzz-run check $(STAGES:%=check-%)

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@command -v swift > /dev/null || { \
	    echo 'setup: there is no swift on the PATH; install Swift 6.3 from https://www.swift.org'; \
	    exit 1; }
	@missing=; for package in $(PACKAGES); do \
	    dpkg-query -W -f='$${db:Status-Status}\n' $$package 2> /dev/null | grep -qx installed \
	        || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "setup: installing$$missing"; \
	    $(APT) update -qq && $(APT) install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends \
	        $$missing > /dev/null \
	        || { echo "setup: this needs Debian's$$missing"; exit 1; }; \
	fi

build: setup
	swift build

# Tests with processes that live by the clock come by themselves: beside property tests on every core
# they would fall behind.
ROAD := ^RoadTests

test: setup
	swift test --disable-xctest --skip '$(ROAD)'
	swift test --disable-xctest --skip-build --filter '$(ROAD)'

# Release, because the crash is played at ten times its speed and a debug keeper falls behind.
demo: setup
	swift build -c release --product bailiff
	swift build -c release --product bailiff-live
	swift build -c release --product bailiff-venue
	.build/release/bailiff demo

# The venue's minutes; eight of them pass in one.
MINUTES ?= 480
SEED ?= 1

soak: setup
	swift build -c release --product bailiff
	swift build -c release --product bailiff-live
	swift build -c release --product bailiff-venue
	swift build -c release --product bailiff-dev
	.build/release/bailiff-dev soak --minutes $(MINUTES) --seed $(SEED)

include Benchmarks/bench.mk
bench: setup bench-own

# A keeper and a venue of a million accounts as processes, beside other people's clients.
bench-daemon: setup bench-daemon-own

# Beside backtesters from PyPI, a hundred megabytes of them.
bench-backtest: setup bench-backtest-own

# Where swift lies, libFuzzer lies beside it; where it does not, Debian has one.
FUZZ := .build/fuzz
FUZZ_APT := libclang-rt-14-dev
LIBFUZZER = $(firstword $(wildcard \
    $(dir $(realpath $(shell command -v swift)))../lib/clang/*/lib/*/libclang_rt.fuzzer_no_main*.a \
    /usr/lib/llvm-14/lib/clang/*/lib/*/libclang_rt.fuzzer_no_main-$(shell uname -m).a))

# Debug, so that every check is there; the decoders themselves are optimised. Findings lie in
# $(FUZZ)/findings, and what was learnt stays in $(FUZZ)/corpus.
fuzz: setup
	@[ -n '$(LIBFUZZER)' ] || $(APT) install -y -qq --no-install-recommends $(FUZZ_APT) > /dev/null
	@$(MAKE) --no-print-directory fuzz-run

fuzz-run:
	@BAILIFF_FUZZ='$(LIBFUZZER)' swift build --scratch-path $(FUZZ)/build --product bailiff-fuzz
	@$(FUZZ)/build/debug/bailiff-fuzz --all $(SECONDS) $(FUZZ)

# One line per stage as it ends, then all times; the whole output of a stage is in its log. The
# first stage that fails ends it.
check: setup
	@rm -rf $(LOGS) && mkdir -p $(LOGS)
	@for stage in $(STAGES); do \
	    log=$(LOGS)/$$stage.log; started=$$(date +%s); \
	    echo "== $$stage"; \
	    $(MAKE) --no-print-directory check-$$stage > $$log 2>&1; ended=$$?; \
	    took=$$(($$(date +%s) - started)); \
	    if [ $$ended != 0 ]; then \
	        tail -n 60 $$log; \
	        grep -A 3 -E '✘|error:' $$log | head -n 60; \
	        echo "check: stage $$stage failed after $$took s; all it said is in $$log"; \
	        exit 1; \
	    fi; \
	    grep ' skipped' $$log; tail -n 1 $$log; \
	    printf '%-12s %4d s\n' $$stage $$took >> $(LOGS)/times; \
	done; \
	echo '== all stages passed'; cat $(LOGS)/times

check-format:
	@swift format lint --strict -r Package.swift Sources Tests
	@echo 'every Swift file is formatted'

# Warnings are errors: Package.swift says so for every target.
check-build:
	@swift build --build-tests

check-tidy:
	@.build/debug/bailiff-dev tidy

check-docs:
	@.build/debug/bailiff-dev docs

check-test:
	@swift test --disable-xctest --skip '$(ROAD)'
	@swift test --disable-xctest --skip-build --filter '$(ROAD)'

# With the flags of `swift build -c release`, so that nothing is built twice.
check-release:
	@swift test -c release --disable-xctest --disable-testable-imports --skip '$(ROAD)'
	@swift test -c release --disable-xctest --disable-testable-imports --skip-build \
	    --filter '$(ROAD)'

# The program that runs dry has no signer and no write door in it. That the one that sends has them
# shows that the question was asked rightly.
DOORS := 12KeeperSigner|15KeeperWriteDoor|12VenueWriters
NM := $(shell command -v llvm-nm || echo nm)

check-doors:
	@$(NM) .build/release/bailiff-live | grep -qE '$(DOORS)'
	@! $(NM) .build/release/bailiff | grep -E '$(DOORS)'
	@! ldd .build/release/bailiff | grep botan
	@echo 'bailiff has no signer and no write door'

check-vectors:
	@if [ -e $(VECTORS) ]; then .build/release/bailiff-dev vectors $(VECTORS); \
	else echo 'vectors skipped: there is no $(VECTORS)'; fi

# The canary shows that what can be found is found; for findings there is `make fuzz`.
check-fuzz:
	@$(MAKE) --no-print-directory fuzz SECONDS=2

check-simulation:
	@.build/release/bailiff-dev sim --seeds $(SEEDS)

check-crash:
	@.build/release/bailiff-dev crash
