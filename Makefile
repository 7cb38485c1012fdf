# The two commands a newcomer needs are `make run` and `make test`; both install what is missing.
.PHONY: run test test-packages build lint format bench soak wheel clean

run:
	@Scripts/setup run
	@Scripts/demo

test:
	@Scripts/setup test
	@Scripts/tests

# Packages of the world in sandboxes; needs the network once, for an environment of its own.
test-packages:
	@Scripts/packages

build:
	@Scripts/setup build
	swift build -c release

lint:
	@Scripts/setup test
	swift format lint --strict --parallel --recursive Sources Tests Package.swift
	.venv/bin/ruff check
	.venv/bin/ruff format --check

format:
	@Scripts/setup test
	swift format --in-place --parallel --recursive Sources Tests Package.swift
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

bench:
	@Scripts/setup test
	@Scripts/bench

# Minutes: sandboxes by the thousand, and many threads at once.
soak:
	@Scripts/setup test
	@Scripts/bench soak

wheel:
	@echo 'the wheel comes with the Python package, which this release does not have yet' >&2
	@exit 2

clean:
	swift package clean
	rm -rf .build/reports dist .pytest_cache .ruff_cache
	find Sources Tests Scripts Examples -name __pycache__ -type d -exec rm -rf {} +
