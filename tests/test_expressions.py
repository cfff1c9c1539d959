"""Expressions agree with Python where both have an answer, and have no answer but a located one."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.expressions import MAX_DEPTH, MAX_LENGTH, ExpressionError, read_expression

_VARIABLES = {"width": 512, "rate": 0.25, "name": "mnist", "flag": True, "nothing": None}
_NUMBERS = st.one_of(st.integers(0, 99).map(str), st.sampled_from(["0.5", "1e2", ".25", "3.", "width", "rate", "flag"]))
_TEXTS = st.sampled_from(["'a'", '"b}"', "name"])


_ANY_SIGN = st.sampled_from(["+", "-", "*", "/", "//", "%", "**"])
_LOOSE_SIGN = st.sampled_from(["+", "-", "*", "//", "%"])
_COMPARISON = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def _combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, _ANY_SIGN, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, _LOOSE_SIGN, inner).map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
        st.tuples(inner, _COMPARISON, inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(st.sampled_from(["round", "int", "-", "+"]), inner).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["-", "+", "2 ** -"]), inner).map(lambda t: f"{t[0]}{t[1]}"),
    )


_TREES = st.recursive(st.one_of(_NUMBERS, _TEXTS), _combined, max_leaves=8)


def _ours(text: str) -> Any:
    try:
        return read_expression(text).value(lambda name, offset: _VARIABLES[name])
    except ExpressionError as error:
        return error


_SIGNS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.USub: operator.neg,
    ast.UAdd: operator.pos, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {"min": min, "max": max, "round": round, "int": int}


def _pythons(text: str) -> Any:
    """What Python's own grammar and arithmetic make of the text."""
    return _walked(ast.parse(text, mode="eval").body)


def _walked(tree: ast.AST) -> Any:
    match tree:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return _VARIABLES[name]
        case ast.UnaryOp(sign, operand):
            return _SIGNS[type(sign)](_walked(operand))
        case ast.BinOp(left, sign, right):
            return _SIGNS[type(sign)](_walked(left), _walked(right))
        case ast.Compare(left, [sign], [right]):
            return _SIGNS[type(sign)](_walked(left), _walked(right))
        case ast.IfExp(test, body, orelse):
            return _walked(body) if _walked(test) else _walked(orelse)
        case ast.Call(ast.Name(name), arguments):
            return _FUNCTIONS[name](*map(_walked, arguments))
        case _:
            raise AssertionError(ast.dump(tree))


@given(_TREES)
@settings(max_examples=250, deadline=None)
def test_what_we_work_out_python_works_out_too(text: str) -> None:
    found = _ours(text)
    if isinstance(found, ExpressionError):
        assert 0 <= found.offset <= len(text)
        return
    expected = _pythons(text)
    assert type(found) is type(expected)
    assert found == expected


@given(_TREES.filter(lambda text: not any(word in text for word in ("'", '"', "name", "**"))))
@settings(max_examples=200, deadline=None)
def test_numbers_that_python_works_out_within_bounds_we_work_out_too(text: str) -> None:
    try:
        expected = _pythons(text)
    except (ArithmeticError, ValueError, TypeError):
        assert isinstance(_ours(text), ExpressionError)
        return
    fits = math.isfinite(expected) and abs(expected) < 2**62
    assert not fits or _ours(text) == expected


@given(st.text(max_size=30))
def test_any_other_text_gives_a_located_mistake(text: str) -> None:
    def lookup(name: str, offset: int) -> object:
        assert text[offset : offset + len(name)] == name
        return 1

    try:
        read_expression(text).value(lookup)
    except ExpressionError as error:
        assert 0 <= error.offset <= len(text)
        assert error.message and "\n" not in error.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 ** 3 ** 2", 512),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("7 // 2 * 2", 6),
        ("7 - 2 - 1", 4),
        ("1 + 2 * 3", 7),
        ("width // 2", 256),
        ("'a' + name", "amnist"),
        ("1 if flag else 2", 1),
        ("1 if 2 < 1 else 2 if 2 > 1 else 3", 2),
        ("nothing", None),
        ("true", True),
        ("null == nothing", True),
        ("min(3, 1, 2)", 1),
        ("round(2.567, 1)", 2.6),
        ("int('12')", 12),
        ("'it''s'", None),
        ('"}" + "{"', "}{"),
        ("1e3", 1000.0),
        ("name == 'mnist'", True),
    ],
)
def test_values(text: str, value: object) -> None:
    found = _ours(text)
    if text == "'it''s'":
        assert isinstance(found, ExpressionError)
    else:
        assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "ends too early"),
        ("1 +", 3, "ends too early"),
        ("1 2", 2, "not expected"),
        ("(1", 2, "expected `)`"),
        ("1 $ 2", 2, "no meaning"),
        ("open('x')", 0, "no function `open`"),
        ("1 / 0", 2, "division by zero"),
        ("0 ** -1", 2, "division by zero"),
        ("9 ** 9 ** 9", 2, "cannot be worked out"),
        ("2 ** 63", 2, "64 bits"),
        ("99999999999999999999", 0, "64 bits"),
        ("1e308 * 10", 6, "finite"),
        ("'a' * 3", 4, "string"),
        ("1 + 'a'", 2, "string"),
        ("'a' < 1", 4, "string"),
        ("(-8) ** 0.5", 5, "cannot be worked out"),
        ("min()", 0, "cannot be worked out"),
        ("int('x')", 0, "cannot be worked out"),
        ("1 < 2 < 3", 6, "comparison"),
        ("nothing + 1", 8, "cannot be worked out"),
        ("if", 0, "not expected"),
        ("1 if 2", 6, "expected `else`"),
        ("min(1 2)", 6, "expected `,`"),
        ("1e999", 0, "larger"),
        ("'open", 0, "no meaning"),
        ("[1]", 0, "no meaning"),
        ("a.b()", 0, "no function"),
        ("lambda: 1", 6, "no meaning"),
        ("1.5 ** 9999", 4, "cannot be worked out"),
        ("²", 0, "no meaning"),
    ],
)
def test_mistakes_and_where_they_stand(text: str, offset: int, message: str) -> None:
    found = _ours(text)
    assert isinstance(found, ExpressionError)
    assert message in found.message
    assert found.offset == offset


@pytest.mark.parametrize(
    "text",
    [
        "(" * 400 + "1" + ")" * 400,
        "-" * 900 + "1",
        "2 ** " * 150 + "1",
        "1 if 1 else " * 60 + "1",
        "min(" * 100 + "1" + ")" * 100,
        "(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1),
        "1" + " " * MAX_LENGTH,
        "'" + "a" * 999 + "'" + "+ 'a'" * 200,
    ],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    assert isinstance(_ours(text), ExpressionError)


def test_a_long_chain_is_not_a_deep_one() -> None:
    assert _ours("+".join("1" * 499)) == 499


def test_the_names_in_it_are_known_whether_or_not_its_value_needs_them() -> None:
    expression = read_expression("width if flag else height + min(depth, true)")
    assert expression.names == (("width", 0), ("flag", 9), ("height", 19), ("depth", 32))
