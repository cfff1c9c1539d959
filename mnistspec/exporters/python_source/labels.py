"""Names of layers as code: what a function is given before them, and the count of a loop in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from mnistspec.exporters.python_source.layout import quoted
from mnistspec.exporters.python_source.outline import Path, Segment
from mnistspec.frozen import dataclass

_PLAIN = re.compile(r"[\w .\-]*")
_PRODUCT = re.compile(r"\w+( \* \w+)*")
_NUMBER = re.compile(r"0|[1-9][0-9]*")


# The part of a name as it stands in an f-string, where it is made of parameters.
Said: TypeAlias = "Callable[[Segment], str | None]"


class Unfit(Exception):
    """What keeps layers from being written as a function or as a loop."""


@dataclass(frozen=True)
class Counted:
    """A part of a name in a loop: `head`, the count, `tail`; where it is `bare` the first has no number."""

    head: str
    count: str
    tail: str
    bare: bool = False


def counted(texts: Sequence[str], variable: str, times: str) -> Counted | None:
    """The parts of names in the turns of a loop as one, by the variable that counts these and how many there are."""
    stem = texts[0]
    later = [text.removeprefix(f"{stem}_") for text in texts[1:]]
    step = _steps(["0", *later])
    if step is not None and step > 0 and all(text.startswith(f"{stem}_") for text in texts[1:]):
        return Counted(stem, _linear(0, step, variable), "", bare=True)
    head = re.sub(r"[0-9]+$", "", _common(texts))
    tail = re.sub(r"^[0-9]+", "", _common([text[len(head) :][::-1] for text in texts])[::-1])
    numbers = [text[len(head) : len(text) - len(tail)] for text in texts]
    step = _steps(numbers)
    if step == -1:
        return Counted(head, _backwards(int(numbers[-1]), variable, times), tail)
    return Counted(head, _linear(int(numbers[0]), step, variable), tail) if step is not None and step > 0 else None


def _common(texts: Sequence[str]) -> str:
    """How all of the texts begin."""
    first, last = min(texts), max(texts)
    size = next((place for place, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
    return first[:size]


def _steps(numbers: Sequence[str]) -> int | None:
    """By how much the numbers change, all by the same; None where they do not."""
    if not all(map(_NUMBER.fullmatch, numbers)):
        return None
    values = list(map(int, numbers))
    step = values[1] - values[0]
    return step if values == [values[0] + step * place for place in range(len(values))] else None


def _linear(first: int, step: int, variable: str) -> str:
    multiple = variable if step == 1 else f"{step} * {variable}"
    return f"{multiple} + {first}" if first else multiple


def _backwards(last: int, variable: str, times: str) -> str:
    """What counts down to the last, where the variable counts up to `times`."""
    if times.isdecimal():
        return f"{int(times) - 1 + last} - {variable}"
    whole = times if _PRODUCT.fullmatch(times) else f"({times})"
    return f"{whole} - {variable}" if last == 1 else f"{whole} {'-' if last < 1 else '+'} {abs(last - 1)} - {variable}"


def label(path: Path, given: str | None, parts: Mapping[int, Counted], said: Said = lambda segment: None) -> str:
    """The code for a name of these parts; `parts` has those that a loop counts, `said` those made of parameters.

    Where `given` is not None, they stand after `name`, joined by that. Raises: Unfit.
    """
    if given is None and not any(id(segment) in parts or said(segment) for segment in path):
        return quoted(whole_name(path))
    texts = [] if given is None else ["{name}", given] if path else ["{name}"]
    for place, segment in enumerate(path):
        part = parts.get(id(segment))
        if part is None:
            texts.append(said(segment) or _fixed(segment.text))
        elif not part.bare:
            texts.append(f"{_fixed(part.head)}{{{part.count}}}{_fixed(part.tail)}")
        elif place == len(path) - 1:
            return f"numbered({_text([*texts, _fixed(part.head)])}, {part.count})"
        else:
            raise Unfit
        texts += [segment.joint] if place < len(path) - 1 else []
    return _text(texts)


def whole_name(path: Path) -> str:
    """The name that is made of these parts, without what joins it to others."""
    return "".join(segment.text + segment.joint for segment in path[:-1]) + path[-1].text


def _fixed(text: str) -> str:
    """A part of a name that may stand in an f-string as it is. Raises: Unfit."""
    if not _PLAIN.fullmatch(text):
        raise Unfit
    return text


def _text(texts: Sequence[str]) -> str:
    whole = "".join(texts)
    if whole == "{name}":
        return "name"
    return f'f"{whole}"' if "{" in whole else quoted(whole)


def numbering_function() -> list[str]:
    """The lines of `numbered(name, count)`."""
    return [
        "def numbered(name, count):",
        '    """A name as Keras counts names: `dense`, `dense_1`, `dense_2`."""',
        '    return f"{name}_{count}" if count else name',
    ]
