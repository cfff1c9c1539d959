"""What a text was meant as that stands where a number or numbers should: `"10 "`, `(28, 28)`, `50%`, `filters * 2`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mnistspec.catalogue.kinds import Kind, Listing, Number
from mnistspec.diagnostics import Fix
from mnistspec.hints import Hint
from mnistspec.nodes import ScalarNode
from mnistspec.values.matching import is_scalar

_DIGITS = r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_NUMBERS = re.compile(rf"({_DIGITS}(\s*[,x]\s*{_DIGITS})*)\s*,?")
_BRACKETS = re.compile(r"\(.*\)|\[.*\]")
_PERCENT = re.compile(rf"({_DIGITS})\s*%")
# A variable as other programs and templates write it.
_VARIABLE = re.compile(r"\$\(?([A-Za-z_]\w*)\)?|\{+\s*([A-Za-z_]\w*)\s*\}+|%([A-Za-z_]\w*)%|<([A-Za-z_]\w*)>")
_OPERATION = re.compile(r"\(*[\w.]+\)*(\s*(\*\*|//|[-+*/])\s*\(*[\w.]+\)*)+")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# No number, list of sizes or expression is longer (characters).
LONGEST = 200
# What a number is shown by where any would do.
_EXAMPLES = (8, 0.5, 1, -1)


def number(text: str) -> int | float:
    """The number that digits stand for."""
    return int(text) if text.lstrip("+-").isdigit() else float(text)


def meant_by_text(node: ScalarNode, text: str, wanted: Sequence[Kind]) -> Hint | None:
    """What to write instead of a text where numbers are wanted; None where none are."""
    numbers = [kind for kind in wanted if isinstance(kind, Number)]
    lists = [kind for kind in wanted if isinstance(kind, Listing) and _fits(1, [kind.item]) is not None]
    if not numbers and not lists:
        return None
    meant = _as_value(node, text, numbers, lists) or _as_expression(text) if len(text) < LONGEST else None
    return meant or _example(numbers)


def _as_value(node: ScalarNode, text: str, numbers: Sequence[Kind], lists: Sequence[Listing]) -> Hint | None:
    stripped = text.strip()
    if re.fullmatch(_DIGITS, stripped):
        return _written(node, text, _fits(number(stripped), numbers), stripped)
    percent = _PERCENT.fullmatch(stripped)
    if percent is not None:
        share = f"{number(percent[1]) / 100:g}"
        return _written(node, text, _fits(number(share), numbers), share)
    if re.fullmatch(r"[0-9]+,[0-9]+", stripped) and not lists:
        point = stripped.replace(",", ".")
        return _written(node, text, _fits(float(point), numbers), point, certain=False)
    if stripped.lower() in _WORDS:
        digit = str(_WORDS.index(stripped.lower()))
        return _written(node, text, _fits(int(digit), numbers), digit)
    return _as_list(node, text, lists)


def _as_list(node: ScalarNode, text: str, lists: Sequence[Listing]) -> Hint | None:
    """`(28, 28)`, `28, 28` and `28x28` as a list."""
    bare = text.strip()
    found = _NUMBERS.fullmatch(bare[1:-1].strip() if _BRACKETS.fullmatch(bare) else bare)
    parts = [part.strip() for part in re.split("[,x]", found[1])] if found is not None else []
    for kind in lists:
        enough = kind.minimum <= len(parts) and (kind.maximum is None or len(parts) <= kind.maximum)
        if parts and enough and all(_fits(number(part), [kind.item]) is not None for part in parts):
            return _written(node, text, kind, f"[{', '.join(parts)}]")
    return None


def _as_expression(text: str) -> Hint | None:
    variable = _VARIABLE.fullmatch(text.strip())
    if variable is not None:
        name = next(group for group in variable.groups() if group)
        return Hint(f'a variable is written `"${{{name}}}"`')
    if _OPERATION.fullmatch(text.strip()):
        return Hint(f'what is to be worked out is written `"${{{text.strip()}}}"`')
    return None


def _example(numbers: Sequence[Kind]) -> Hint | None:
    """A number of a kind wanted; None where a list would do as well."""
    for value in _EXAMPLES:
        if _fits(value, numbers) is not None:
            return Hint(f"write a number, as in `{value}`")
    return None


def _fits(value: float, kinds: Sequence[Kind]) -> Kind | None:
    return next((kind for kind in kinds if is_scalar(value, kind)), None)


def _written(node: ScalarNode, text: str, fits: Kind | None, meant: str, *, certain: bool = True) -> Hint | None:
    """`meant` in the place of the text, which may stand there in quotes; None where no kind takes it."""
    if fits is None:
        return None
    itself = node.span.text in (text, f'"{text}"', f"'{text}'")
    return Hint(f"write `{meant}`", Fix(node.span, meant, certain) if itself else None)
