# The two commands a newcomer needs are `make run` and `make test`; both install what is missing.
.PHONY: run test test-packages build install lint format bench soak sanitize library wheel \
	test-wheel clean

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

# Installs below $(DESTDIR)$(PREFIX): the tool, policies, schemas, completions, manual pages.
PREFIX ?= /usr/local
install:
	@Scripts/setup build
	@DESTDIR="$(DESTDIR)" BUILT="$(BUILT)" Scripts/install "$(PREFIX)"

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

# The tests of the gate with AddressSanitizer, on the main Python; Scripts/sanitize takes others.
sanitize:
	@Scripts/setup test
	@Scripts/sanitize

# libportcullis for C, dynamic and static, and its header in .build/library.
library:
	@Scripts/setup build
	@Scripts/library

# The Python package as one wheel in dist/; `test-wheel` installs it for every Python there is.
wheel:
	@Scripts/setup wheel
	@Scripts/wheel

test-wheel: wheel
	@Scripts/test-wheel

clean:
	swift package clean
	rm -rf .build-asan .build/sanitize .build/reports .build/wheel .build/library .build/embedded \
		dist .pytest_cache .ruff_cache
	find Sources Tests Scripts Examples -name __pycache__ -type d -exec rm -rf {} +
