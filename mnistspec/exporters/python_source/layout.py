"""Python code laid out as its readers' formatter would: on one line where it fits, else one item a line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from mnistspec.frozen import dataclass

WIDTH = 88
INDENT = "    "

# An expression: as text, or with brackets that can be opened.
Code: TypeAlias = "str | Bracket"


@dataclass(frozen=True)
class Item:
    """What stands between two commas: `units=` and its value, `"digit": ` and its value, or a value alone."""

    label: str
    value: Code


@dataclass(frozen=True)
class Bracket:
    """`head` up to the opening bracket, the items in it, the closing bracket, and a call of it all where there is one.

    `opened` puts one item on each line even where all would fit on one. Items of a call that is `tight` share a line of
    their own where they fit on one. `lone` is what a single item is followed by,
    the comma of a tuple of one.
    """

    head: str
    items: tuple[Item, ...]
    close: str
    then: Bracket | None = None
    opened: bool = False
    tight: bool = False
    lone: str = ""


def call(function: str, arguments: Iterable[Code] = (), named: Mapping[str, Code] | None = None) -> Bracket:
    """`function(argument, name=argument)`."""
    items = [Item("", value) for value in arguments]
    items += [Item(f"{name}=", value) for name, value in (named or {}).items()]
    return Bracket(f"{function}(", tuple(items), ")")


def tight(code: Bracket) -> Bracket:
    """The call with its arguments on one line, where they do not fit beside the function and fit on one."""
    return replace(code, tight=True)


def called(code: Bracket, arguments: Iterable[Code] = (), named: Mapping[str, Code] | None = None) -> Bracket:
    """`code(argument, name=argument)`, where `code` is a call itself."""
    return replace(code, then=call("", arguments, named))


def listing(values: Iterable[Code], *, opened: bool = False) -> Bracket:
    """`[value, value]`."""
    return Bracket("[", tuple(Item("", value) for value in values), "]", opened=opened)


def tuple_of(values: Iterable[Code]) -> Bracket:
    """`(value, value)`."""
    return Bracket("(", tuple(Item("", value) for value in values), ")", lone=",")


def table(entries: Iterable[tuple[str, Code]]) -> Bracket:
    """`{key: value}`; the keys are code."""
    return Bracket("{", tuple(Item(f"{key}: ", value) for key, value in entries), "}")


def quoted(text: str) -> str:
    """A string in double quotes, or in single ones where that saves backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    inner = "".join(f"\\{quote}" if sign == quote else _sign(sign) for sign in text)
    return f"{quote}{inner}{quote}"


def _sign(sign: str) -> str:
    return sign if sign in "'\"" else repr(sign)[1:-1]


def statement(code: Code, prefix: str = "", suffix: str = "", *, depth: int = 1) -> list[str]:
    """The lines of `prefix code suffix`, not indented themselves, as they fit at a depth of so many indents."""
    return _lines(code, prefix, suffix, "", WIDTH - depth * len(INDENT))


def width(text: str) -> int:
    """The columns that a text takes on a screen: two for a wide letter."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def flat(code: Code) -> str:
    """The code on one line."""
    if isinstance(code, str):
        return code
    inner = ", ".join(item.label + flat(item.value) for item in code.items)
    comma = code.lone if len(code.items) == 1 else ""
    return code.head + inner + comma + code.close + (flat(code.then) if code.then else "")


def _opened(code: Code) -> bool:
    """Whether something inside wants a line for each item."""
    if isinstance(code, str):
        return False
    then = code.then is not None and _opened(code.then)
    return code.opened or then or any(_opened(item.value) for item in code.items)


def _lines(code: Code, prefix: str, suffix: str, indent: str, limit: int) -> list[str]:
    whole = indent + prefix + flat(code) + suffix
    if isinstance(code, str) or (not code.items and code.then is None):
        return [whole]
    if not _opened(code) and width(whole) <= limit:
        return [whole]
    if code.then is not None and _keeps_head(code, prefix, suffix, indent, limit):
        head = flat(replace(code, then=None))
        return _lines(code.then, prefix + head, suffix, indent, limit)
    lines = [indent + prefix + code.head, *_item_lines(code, indent + INDENT, limit)]
    if code.then is None:
        return [*lines, indent + code.close + suffix]
    return [*lines, *_lines(code.then, code.close, suffix, indent, limit)]


def _item_lines(code: Bracket, indent: str, limit: int) -> list[str]:
    together = indent + ", ".join(item.label + flat(item.value) for item in code.items)
    # Of a call that is called itself a formatter would rather open the second brackets, around a lone `x`.
    if (
        code.tight
        and code.then is None
        and width(together) <= limit
        and not any(_opened(item.value) for item in code.items)
    ):
        return [together]
    return [line for item in code.items for line in _lines(item.value, item.label, ",", indent, limit)]


def _keeps_head(code: Bracket, prefix: str, suffix: str, indent: str, limit: int) -> bool:
    """Whether only the call's brackets need to open: the head has no items, or opening it would not be enough."""
    assert code.then is not None
    if not code.items:
        return True
    head = replace(code, then=None)
    last = indent + code.close + flat(code.then) + suffix
    enough = width(last) <= limit and not _opened(code.then)
    return not enough and not _opened(head) and width(indent + prefix + flat(head) + code.then.head) <= limit
