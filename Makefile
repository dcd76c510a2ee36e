# The verbs a person types. `make` alone lists them.

SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
# What `make up` sends from, to whom it may send, and what its policies do.
SENDER ?= reports@example.com
RECIPIENTS ?= *@example.com
POLICIES ?= ENFORCE

.PHONY: help demo up test rust-test client-test schema check lint bench pin

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

demo: ## one tool call, end to end, on this machine
	@cargo run --bin gateway -- demo

up: ## serve template.yaml on this machine until Ctrl-C
	@cargo run --bin gateway -- up $(if $(OPEN),--authorizer none) \
	  --parameter SesSenderEmail=$(SENDER) --parameter "AllowedRecipients=$(RECIPIENTS)" \
	  --parameter PolicyMode=$(POLICIES)

test: rust-test client-test ## everything: Rust, outside clients, the template

rust-test:
	cargo test

client-test: $(VENV)/ready
	cargo build --bins --features gateway/aws
	$(VENV)/bin/cfn-lint template.yaml
	$(PYTHON) -m pytest -q tests/clients

schema: ## write the tools' schemas into template.yaml
	@cargo run -q --bin toolschema -- write

check: ## whether template.yaml is up to date with the types
	@cargo run -q --bin toolschema -- check

lint: ## formatting, clippy, the tools' schemas and the policies
	cargo fmt --all --check
	cargo clippy --all-targets -- -D warnings
	cargo run -q --bin toolschema -- lint
	cargo run -q --bin gateway -- policy check --parameter SesSenderEmail=$(SENDER)

bench: ## a function beside a bare one; schemas and policies by the thousand
	cargo build --release --bin bare-echo --bin report-tools
	@cargo run -q --bin bench -- target/release
	@cargo run -q --release -p toolschema --example thousand
	@cargo run -q --release -p policy --example bench

pin: $(VENV)/ready ## renew the pinned versions of the outside clients
	$(PYTHON) -m pip install -q pip-tools
	cd tests/clients && ../../$(VENV)/bin/pip-compile -q --upgrade --no-header --no-emit-index-url --no-emit-find-links --strip-extras requirements.in

$(VENV)/ready: tests/clients/requirements.txt
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install -q --disable-pip-version-check -r tests/clients/requirements.txt
	touch $@
