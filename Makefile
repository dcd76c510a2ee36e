# The verbs a person types. `make` alone lists them.

SHELL := /bin/bash
VENV := .venv
PYTHON := $(VENV)/bin/python
# The SAM CLI and cargo-lambda pin other versions of what the clients use.
SAM_VENV := .venv-sam
# What `make up` sends from, to whom it may send, and what its policies do.
SENDER ?= reports@example.com
RECIPIENTS ?= *@example.com
POLICIES ?= ENFORCE

.PHONY: help demo up test rust-test client-test sam-test schema check doctor lint faults bench pin

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

demo: ## one tool call, end to end, on this machine
	@cargo run --bin gateway -- demo

up: ## serve template.yaml on this machine until Ctrl-C
	@cargo run --bin gateway -- up $(if $(OPEN),--authorizer none) \
	  --parameter SesSenderEmail=$(SENDER) --parameter "AllowedRecipients=$(RECIPIENTS)" \
	  --parameter PolicyMode=$(POLICIES)

test: rust-test doctor client-test sam-test ## everything: Rust, the template, outside clients, the SAM CLI

rust-test:
	cargo test

client-test: $(VENV)/ready $(SAM_VENV)/ready
	cargo build --bins --features gateway/aws
	$(VENV)/bin/cfn-lint template.yaml
	$(PYTHON) -m pytest -q tests/clients

sam-test: $(VENV)/ready $(SAM_VENV)/ready
	$(PYTHON) -m pytest -q tests/sam

schema: ## write the tools' schemas into template.yaml
	@cargo run -q --bin toolschema -- write

check: ## whether template.yaml is up to date with the types
	@cargo run -q --bin toolschema -- check

doctor: ## what AWS would refuse in template.yaml, or what is unsafe
	@cargo run -q --bin gateway -- doctor --strict

lint: ## formatting, clippy, the tools' schemas and the policies
	cargo fmt --all --check
	cargo clippy --all-targets -- -D warnings
	cargo run -q --bin toolschema -- lint
	cargo run -q --bin gateway -- policy check --parameter SesSenderEmail=$(SENDER)

faults: $(VENV)/ready ## whether the doctor or cfn-lint notices each thing that is missing
	cargo build --bin gateway
	$(PYTHON) tests/faults/faults.py

bench: ## a function beside a bare one; schemas and policies by the thousand
	cargo build --release --bin bare-echo --bin report-tools
	@cargo run -q --bin bench -- target/release
	@cargo run -q --release -p toolschema --example thousand
	@cargo run -q --release -p policy --example bench

pin: $(VENV)/ready ## renew the pinned versions of the outside clients
	$(PYTHON) -m pip install -q pip-tools
	for folder in clients sam; do (cd tests/$$folder && ../../$(VENV)/bin/pip-compile -q --upgrade \
	  --no-header --no-emit-index-url --no-emit-find-links --strip-extras requirements.in); done

$(VENV)/ready: tests/clients/requirements.txt
$(SAM_VENV)/ready: tests/sam/requirements.txt
$(VENV)/ready $(SAM_VENV)/ready:
	python3 -m venv $(@D)
	$(@D)/bin/python -m pip install -q --disable-pip-version-check -r $<
	touch $@
