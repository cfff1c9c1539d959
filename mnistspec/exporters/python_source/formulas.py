"""Expressions of the spec as Python: the same signs, the same order, brackets only where they are needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

from mnistspec.exporters.python_source.layout import flat
from mnistspec.exporters.python_source.objects import expression
from mnistspec.expressions import Application, Binary, Choice, Constant, Expression, Name, Tree

# Code, and how strongly it holds together.
Formula: TypeAlias = tuple[str, int]

_CHOICE, _COMPARISON, _SUM, _PRODUCT, SIGN, _POWER, ATOM = range(7)
_STRENGTHS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "//": _PRODUCT, "%": _PRODUCT, "**": _POWER}
# What stands beside `**` without spaces.
_SIMPLE = re.compile(r"-?(?:[A-Za-z_]\w*|[\d.]+(?:e[-+]?\d+)?)")


def folded(tree: Tree, named: Callable[[str], Tree]) -> Tree:
    """The expression with other trees for its names, worked out where none is left of those there were.

    Products of numbers and their like stay as they are written: `7 * 7 * width` is `7 * 7 * WIDTH`.
    Raises: ExpressionError.
    """
    if _is_arithmetic(tree):
        return tree
    match tree:
        case Name():
            return named(tree.name)
        case Application():
            arguments = tuple(folded(argument, named) for argument in tree.arguments)
            return _worked_out(replace(tree, arguments=arguments), arguments)
        case Choice():
            parts = [folded(part, named) for part in (tree.condition, tree.value, tree.otherwise)]
            if _is_arithmetic(parts[0]):
                return parts[1] if _value(parts[0]) else parts[2]
            return _worked_out(Choice(*parts), parts)
        case Binary():
            left, right = folded(tree.left, named), folded(tree.right, named)
            if tree.sign == "+" and left == Constant(0) and isinstance(right, Name | Binary):
                return right
            return _worked_out(replace(tree, left=left, right=right), (left, right))
        case _:
            return tree


def _is_arithmetic(tree: Tree) -> bool:
    """Whether there are numbers and signs of arithmetic alone."""
    if isinstance(tree, Binary):
        return tree.sign in _STRENGTHS and _is_arithmetic(tree.left) and _is_arithmetic(tree.right)
    return isinstance(tree, Constant)


def _worked_out(tree: Tree, parts: Iterable[Tree]) -> Tree:
    return Constant(_value(tree)) if all(map(_is_arithmetic, parts)) else tree


def _value(tree: Tree) -> Any:
    return Expression(tree, ()).value(lambda name, offset: name)


def formula(tree: Tree) -> Formula:
    """The expression as Python."""
    match tree:
        case Constant():
            code = flat(expression(tree.value))
            return code, SIGN if code.startswith("-") else ATOM
        case Name():
            return tree.name, ATOM
        case Application():
            return f"{tree.function}({', '.join(formula(argument)[0] for argument in tree.arguments)})", ATOM
        case Choice():
            value, condition = (_held(part, _COMPARISON) for part in (tree.value, tree.condition))
            return f"{value} if {condition} else {_held(tree.otherwise, _CHOICE)}", _CHOICE
        case Binary():
            return _binary(tree)


def _binary(tree: Binary) -> Formula:
    if tree.sign in "+-" and tree.left == Constant(0):
        return f"{tree.sign}{_held(tree.right, SIGN)}", SIGN
    strength = _STRENGTHS.get(tree.sign, _COMPARISON)
    if tree.sign == "**":
        left, right = _held(tree.left, ATOM), _held(tree.right, SIGN)
        simple = _SIMPLE.fullmatch(left) and _SIMPLE.fullmatch(right)
        return f"{left}**{right}" if simple else f"{left} ** {right}", _POWER
    left = _held(tree.left, strength if strength != _COMPARISON else _SUM)
    return f"{left} {tree.sign} {_held(tree.right, strength + 1)}", strength


def _held(tree: Tree, least: int) -> str:
    """The part, in brackets where it would otherwise fall apart."""
    code, strength = formula(tree)
    return code if strength >= least else f"({code})"
