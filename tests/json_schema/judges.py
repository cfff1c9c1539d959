"""The two judges of a spec that must agree: the published JSON Schema and the checker."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import jsonschema

from mnistspec.catalogue import load
from mnistspec.diagnostics import has_errors
from mnistspec.json_schema import document
from mnistspec.nodes import MappingNode, plain
from mnistspec.parse import decode, parse
from mnistspec.schema import validate


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    return document(load())


@lru_cache(maxsize=1)
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def parsed(data: bytes) -> MappingNode | None:
    """The spec's nodes; None where the file holds no YAML that either judge could look at."""
    source = decode(data, "spec.yaml").value
    outcome = parse(source) if source is not None else None
    return outcome.value if outcome is not None and outcome.ok else None


def complaints(root: MappingNode) -> list[str]:
    """What the schema says against a spec."""
    return [f"{error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(plain(root))]


def findings(root: MappingNode) -> list[str]:
    """What the checker says against a spec's form."""
    diagnostics = validate(root, load(), allow_code=True)
    return [str(diagnostic) for diagnostic in diagnostics] if has_errors(diagnostics) else []


def verdicts(data: Any) -> tuple[list[str], list[str]]:
    """What each judge says against a spec given as plain data: the schema first."""
    root = parsed(json.dumps(data).encode())
    assert root is not None
    return complaints(root), findings(root)
