"""HTML and SVG that cannot be broken into: whatever is not `Markup` already is escaped on its way in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

VOID = frozenset({"br", "col", "img", "meta"})
# What a terminal or a reader could be fooled by: control characters, and those that turn the direction of text.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_CODE = re.compile("`([^`]+)`")


class Markup(str):
    """Text that is markup already and is taken over as it is."""

    __slots__ = ()


def visible(text: str) -> str:
    """The text with each character that cannot be shown, or that hides others, replaced by a sign that says so."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(text: str) -> Markup:
    return text if isinstance(text, Markup) else Markup(html.escape(visible(text)))


def joined(parts: Iterable[str], between: str = "") -> Markup:
    return Markup(between.join(escaped(part) for part in parts))


def tag(name: str, /, *children: str | None, **attributes: str | float | bool | None) -> Markup:
    """An element. `class_` is `class`, `aria_label` is `aria-label`; None leaves an attribute or a child out."""
    start = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in VOID:
        return Markup(start)
    return Markup(f"{start}{joined(child for child in children if child is not None)}</{name}>")


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escaped(value) if isinstance(value, str) else short(value)}"'


def short(number: float) -> str:
    """A coordinate to a hundredth, without needless zeros."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def prose(text: str) -> Markup:
    """A sentence, with what it has between backticks as code."""
    return joined(tag("code", part) if place % 2 else part for place, part in enumerate(between_backticks(text)))


def between_backticks(text: str) -> tuple[str, ...]:
    """The text in turns: outside of backticks, between them, outside again; a lone backtick stands for itself."""
    return tuple(_CODE.split(text))
