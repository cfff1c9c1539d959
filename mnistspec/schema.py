"""Validation: the text as written against the language's tables and the catalogue, before anything is expanded."""

from __future__ import annotations

from mnistspec.catalogue import Catalogue
from mnistspec.diagnostics import Diagnostic
from mnistspec.entries import read_layer
from mnistspec.language import SPEC, VERSION
from mnistspec.nodes import MappingNode, ScalarNode, describe
from mnistspec.values import Reader


def reader_of(catalogue: Catalogue, *, allow_expressions: bool) -> Reader:
    """A reader that knows entries of `layers`; with `allow_expressions` a `${...}` may stand for any value."""
    reader = Reader(catalogue, lambda node: read_layer(reader, node), allow_expressions=allow_expressions)
    return reader


def validate(root: MappingNode, catalogue: Catalogue) -> tuple[Diagnostic, ...]:
    """What is wrong with the form of the spec: keys, classes, arguments, types of values."""
    version = root.get("mnistspec")
    if isinstance(version, ScalarNode) and isinstance(version.value, int) and version.value != VERSION:
        message = f"this program knows version {VERSION} of the language, and the spec says {describe(version)}"
        return (Diagnostic("E211", message, version.span, f"write `mnistspec: {VERSION}`, or use a newer program"),)
    if isinstance(version, ScalarNode) and isinstance(version.value, str) and "${" in version.value:
        message = "the language version is written as it is, since it says how to read the rest"
        return (Diagnostic("E211", message, version.span, f"write `mnistspec: {VERSION}`"),)
    reader = reader_of(catalogue, allow_expressions=True)
    reader.read(root, SPEC)
    return tuple(reader.diagnostics)
