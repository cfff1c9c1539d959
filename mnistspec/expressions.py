"""The language inside `${...}`: names, numbers, strings, arithmetic, comparisons, `a if c else b`, four functions.

Read by recursive descent into a small tree, then evaluated; nothing is handed to Python, and sizes are bounded.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Container
from functools import lru_cache
from typing import Any, TypeAlias

from mnistspec.frozen import dataclass

MAX_LENGTH = 1_000
MAX_DEPTH = 20
MAX_BITS = 63
MAX_TEXT = 10_000

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?)|(?P<name>[A-Za-z_][\w.]*)"
    r"|(?P<string>'[^']*'|\"[^\"]*\")|(?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%<>(),]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SUMS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}
_PRODUCTS: dict[str, Callable[[Any, Any], Any]] = {
    "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "round": round, "int": int}
_USE_VARIABLES = "give parts of it names under `vars`"
_CONSTANTS = {"true": True, "false": False, "null": None}

Lookup: TypeAlias = Callable[[str, int], Any]


# What was meant by signs of other languages.
_MEANT = {"^": "a power is written `**`", "=": "equality is written `==`"}


class ExpressionError(Exception):
    """An expression that cannot be read or evaluated; `offset` counts characters from the expression's start."""

    def __init__(self, message: str, offset: int, help: str | None = None) -> None:
        super().__init__(message)
        self.message, self.offset, self.help = message, offset, help


@dataclass(frozen=True)
class Constant:
    value: Any


@dataclass(frozen=True)
class Name:
    name: str
    offset: int


@dataclass(frozen=True)
class Binary:
    sign: str
    left: Tree
    right: Tree
    offset: int


@dataclass(frozen=True)
class Choice:
    condition: Tree
    value: Tree
    otherwise: Tree


@dataclass(frozen=True)
class Application:
    function: str
    arguments: tuple[Tree, ...]
    offset: int


Tree: TypeAlias = "Constant | Name | Binary | Choice | Application"


@dataclass(frozen=True)
class Expression:
    """An expression as read. `names` are those in it, each with its offset, whether or not its value needs them."""

    tree: Tree
    names: tuple[tuple[str, int], ...]

    def value(self, lookup: Lookup) -> Any:
        """The value; `lookup(name, offset)` gives the value of a name, or raises. Raises: ExpressionError."""
        return _value(self.tree, lookup)


@lru_cache(maxsize=1000)
def read_expression(text: str) -> Expression:
    """The expression that a text is. Raises: ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression longer than {MAX_LENGTH} characters", 0, _USE_VARIABLES)
    parser = _Parser(_tokens(text), len(text))
    tree = parser.choice(0)
    parser.end()
    return Expression(tree, tuple(parser.names))


def _tokens(text: str) -> list[tuple[str, str, int]]:
    found: list[tuple[str, str, int]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            offset = position + len(text[position:]) - len(text[position:].lstrip())
            message = f"`{text[offset]}` has no meaning in an expression"
            raise ExpressionError(message, offset, _MEANT.get(text[offset]))
        kind = str(match.lastgroup)
        found.append((kind, match.group(kind), match.start(kind)))
        position = match.end()
    return found


class _Parser:
    """From the loosest to the tightest: choice, comparison, sum, product, sign, power, atom."""

    def __init__(self, tokens: list[tuple[str, str, int]], length: int) -> None:
        self.tokens, self.length = tokens, length
        self.index = 0
        self.names: list[tuple[str, int]] = []

    def peek(self) -> str:
        if self.index >= len(self.tokens):
            return ""
        kind, text, _ = self.tokens[self.index]
        return "'" if kind == "string" else text

    def offset(self) -> int:
        return self.tokens[self.index][2] if self.index < len(self.tokens) else self.length

    def take(self) -> tuple[str, str, int]:
        if self.index >= len(self.tokens):
            raise ExpressionError("the expression ends too early", self.length, "write a value here")
        self.index += 1
        return self.tokens[self.index - 1]

    def expect(self, word: str) -> None:
        if self.peek() != word:
            raise ExpressionError(f"expected `{word}` here", self.offset())
        self.index += 1

    def end(self) -> None:
        if self.index < len(self.tokens):
            raise ExpressionError(f"`{self.tokens[self.index][1]}` is not expected here", self.offset())

    def choice(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels", self.offset(), _USE_VARIABLES)
        value = self.comparison(depth)
        if self.peek() != "if":
            return value
        self.index += 1
        condition = self.comparison(depth)
        self.expect("else")
        return Choice(condition, value, self.choice(depth + 1))

    def comparison(self, depth: int) -> Tree:
        left = self.sum(depth)
        if self.peek() not in _COMPARISONS:
            return left
        _, sign, offset = self.take()
        compared = Binary(sign, left, self.sum(depth), offset)
        if self.peek() in _COMPARISONS:
            # Python and mathematics read `1 < x < 3` as two comparisons, most other languages do not.
            raise ExpressionError("a comparison of a comparison", self.offset(), "compare two values at a time")
        return compared

    def sum(self, depth: int) -> Tree:
        return self.chain(_SUMS, lambda: self.product(depth))

    def product(self, depth: int) -> Tree:
        return self.chain(_PRODUCTS, lambda: self.sign(depth))

    def chain(self, signs: Container[str], operand: Callable[[], Tree]) -> Tree:
        """Operands between signs of one strength, the first two taken together first."""
        left = operand()
        while self.peek() in signs:
            _, sign, offset = self.take()
            left = Binary(sign, left, operand(), offset)
        return left

    def sign(self, depth: int) -> Tree:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels", self.offset(), _USE_VARIABLES)
        if self.peek() not in ("-", "+"):
            return self.power(depth)
        _, sign, offset = self.take()
        return Binary(sign, Constant(0), self.sign(depth + 1), offset)

    def power(self, depth: int) -> Tree:
        base = self.atom(depth)
        if self.peek() != "**":
            return base
        _, sign, offset = self.take()
        return Binary(sign, base, self.sign(depth + 1), offset)

    def atom(self, depth: int) -> Tree:
        kind, text, offset = self.take()
        if kind == "number":
            return Constant(_number(text, offset))
        if kind == "string":
            return Constant(text[1:-1])
        if text == "(":
            value = self.choice(depth + 1)
            self.expect(")")
            return value
        if kind != "name" or text in ("if", "else"):
            raise ExpressionError(f"`{text}` is not expected here", offset)
        if self.peek() == "(":
            return self.application(text, offset, depth)
        if text in _CONSTANTS:
            return Constant(_CONSTANTS[text])
        self.names.append((text, offset))
        return Name(text, offset)

    def application(self, name: str, offset: int, depth: int) -> Tree:
        if name not in _FUNCTIONS:
            raise ExpressionError(
                f"there is no function `{name}`", offset, "there are min, max, round and int; `**` is the power"
            )
        self.expect("(")
        arguments: list[Tree] = []
        while self.peek() != ")":
            arguments.append(self.choice(depth + 1))
            if self.peek() != ")":
                self.expect(",")
        self.expect(")")
        return Application(name, tuple(arguments), offset)


def _value(tree: Tree, lookup: Lookup) -> Any:
    match tree:
        case Constant():
            return tree.value
        case Name():
            return lookup(tree.name, tree.offset)
        case Choice():
            return _value(tree.value if _value(tree.condition, lookup) else tree.otherwise, lookup)
        case Application():
            values = [_value(argument, lookup) for argument in tree.arguments]
            return _checked(
                lambda: _FUNCTIONS[tree.function](*values), f"`{tree.function}` of these values", tree.offset
            )
        case Binary():
            return _chained(tree, lookup)


def _chained(tree: Binary, lookup: Lookup) -> Any:
    """A chain's value from its left end on, in a loop: `1 + 1 + ...` is as deep as it is long."""
    steps: list[Binary] = []
    first: Tree = tree
    while isinstance(first, Binary):
        steps.append(first)
        first = first.left
    value = _value(first, lookup)
    for step in reversed(steps):
        value = _apply(step.sign, value, _value(step.right, lookup), step.offset)
    return value


def _apply(sign: str, left: Any, right: Any, offset: int) -> Any:
    text = [isinstance(left, str), isinstance(right, str)]
    if any(text) and not (all(text) and (sign == "+" or sign in _COMPARISONS)) and sign not in ("==", "!="):
        raise ExpressionError(f"`{sign}` does not work on a string here", offset)
    return _checked(lambda: _SIGNS[sign](left, right), f"`{sign}` of these values", offset)


def _checked(compute: Callable[[], Any], what: str, offset: int) -> Any:
    try:
        value = compute()
    except ZeroDivisionError:
        raise ExpressionError("division by zero", offset) from None
    except (TypeError, ValueError, OverflowError):
        raise ExpressionError(f"{what} cannot be worked out", offset) from None
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > MAX_BITS:
        raise ExpressionError("the result does not fit 64 bits", offset)
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionError("the result is not a finite number", offset)
    if isinstance(value, complex) or (isinstance(value, str) and len(value) > MAX_TEXT):
        raise ExpressionError(f"{what} cannot be worked out", offset)
    return value


def _number(text: str, offset: int) -> int | float:
    if text.isdigit():
        if len(text) > 19:
            raise ExpressionError("the number does not fit 64 bits", offset)
        return int(text)
    value = float(text)
    if math.isinf(value):
        raise ExpressionError("the number is larger than a number can be", offset)
    return value


def _bounded_power(base: Any, exponent: Any) -> Any:
    """Power of integers, refused before it is worked out when the result cannot fit."""
    if (
        isinstance(base, int)
        and isinstance(exponent, int)
        and abs(base) > 1
        and exponent * (base.bit_length() - 1) > MAX_BITS
    ):
        raise OverflowError
    return base**exponent


_SIGNS: dict[str, Callable[[Any, Any], Any]] = {**_COMPARISONS, **_SUMS, **_PRODUCTS, "**": _bounded_power}
