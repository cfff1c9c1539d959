"""What to say of a value that is not of the kind wanted."""

from __future__ import annotations

from mnistspec.catalogue.kinds import DType, Kind
from mnistspec.catalogue.words import describe_kind
from mnistspec.hints import Hint, hint
from mnistspec.nodes import Node, ScalarNode, describe
from mnistspec.values.matching import DTYPES, POLICIES, in_capitals, is_scalar, options_of, right_type, words
from mnistspec.values.reading import Reading
from mnistspec.values.results import Unknown

__all__ = ["DTYPES", "POLICIES", "in_capitals", "is_scalar", "mismatch", "options_of", "words"]


def mismatch(reading: Reading, node: Node, kind: Kind) -> Unknown:
    """Reports a value that is no `kind`: of the wrong type, or of the right type and out of bounds."""
    from mnistspec.values.way_out import way_out  # what only a mistake needs

    message = f"expected {describe_kind(kind)}, found {describe(node)}"
    allowed = words(kind)
    if any(isinstance(option, DType) for option in options_of(kind)):
        allowed += sorted(DTYPES | POLICIES)
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and allowed:
        near = hint(node.value, allowed, node.span, "a word") or way_out(reading, node, options_of(kind))
        return _told(reading, "E204", message, node, near)
    code = "E204" if isinstance(node, ScalarNode) and right_type(node.value, kind) else "E203"
    return _told(reading, code, message, node, way_out(reading, node, options_of(kind)))


def _told(reading: Reading, code: str, message: str, node: Node, near: Hint | None) -> Unknown:
    return reading.report(code, message, node.span, near.help if near else None, fix=near.fix if near else None)
