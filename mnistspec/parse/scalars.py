"""What a plain scalar means, by YAML 1.2's core schema: `on` is a string, `1e-3` a float, `010` is 10."""

from __future__ import annotations

import math
import re

from mnistspec.nodes import Scalar

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN")
_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_BASES = {"0o": 8, "0x": 16}
# The longest text of an integer that may fit 64 bits, with leading zeros to spare; longer ones are not worked out.
_MAX_DIGITS = 100


class BadNumber(Exception):
    """A number that a spec cannot hold."""

    def __init__(self, message: str, help: str | None = None) -> None:
        self.message, self.help = message, help


def plain_scalar(text: str) -> Scalar:
    """The value of a scalar without quotes. Raises: BadNumber."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in "-+.0123456789" else text


def _number(text: str) -> Scalar:
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise BadNumber(f"`{text[:40]}` is larger than a number can be")
        return number
    if _NOT_FINITE.fullmatch(text):
        raise BadNumber(f"`{text}` is not a number that a model can use")
    return text


def _integer(text: str) -> int:
    value = int(text, _BASES.get(text[:2], 10)) if len(text) <= _MAX_DIGITS else None
    if value is None or not -(2**63) <= value < 2**63:
        raise BadNumber("an integer that does not fit 64 bits", "quote it if it is meant as text")
    return value
