# Garland's commands; `make` lists them. Each target sets up and builds what it needs first, and does nothing twice.
PRESET  ?= release
PROJECT ?=
DATA    ?=
NAME    ?=
ONCE    ?=
ONLY    ?=
PREFIX  ?= build/install
MINUTES ?= 30
MAKEFLAGS += --no-print-directory
ifdef DUCKDB_ROOT
export DUCKDB_ROOT
endif

.PHONY: help setup release run test bench soak fuzz conformance format install clean
help:
	@echo 'make run [ONCE=1]               the demo shop: its history loaded and answered, then live until Ctrl-C (not with ONCE=1)'
	@echo 'make run PROJECT=… DATA=…       another project, and the folder that its order files lie in'
	@echo 'make test [PRESET=asan|tsan]    every test; ONLY=text: the suites whose name holds the text'
	@echo 'make release                    builds build/release/garland'
	@echo 'make bench [NAME=prefix]        benchmarks, each against its peer; results in build/bench.jsonl'
	@echo 'make soak                       the long forms of the tests; results in build/soak/'
	@echo 'make fuzz [MINUTES=30]          every fuzzer for its share of the minutes'
	@echo 'make conformance                the documented examples of Redshift'
	@echo 'make format                     clang-format over all C++'
	@echo 'make install [PREFIX=folder]    a tree that runs wherever it is moved'
	@echo 'make setup                      installs missing packages, fetches DuckDB'
	@echo 'make clean                      removes build/'

setup:
	@scripts/setup

release:
	@scripts/build release

# Without a project: the demo shop, whose database needs PostgreSQL.
run:
	@$(if $(PROJECT),:,scripts/setup demo)
	@scripts/build release garland garland-shop
	@$(if $(PROJECT),scripts/run-project "$(PROJECT)" "$(DATA)",scripts/demo $(if $(ONCE),once))

test:
	@scripts/setup clients
	@scripts/build "$(PRESET)"
	@tests/run --preset "$(PRESET)" --only "$(ONLY)"

bench: release
	@bench/run "$(NAME)"

soak: release
	@scripts/setup clients
	@tests/run --preset release --only "$(ONLY)" --soak

fuzz:
	@scripts/build fuzz fuzzers
	@scripts/fuzz "$(MINUTES)" "$(NAME)"

conformance: release
	@build/release/conformance

format:
	@scripts/setup format
	@git ls-files -z -co --exclude-standard -- '*.h' '*.cpp' | xargs -0 -r clang-format-19 -i

install: release
	@cmake --install build/release --prefix "$(PREFIX)" >/dev/null && echo 'installed in $(PREFIX)'

clean:
	@rm -rf build
