"""Values of the spec as the expressions that it has for them, in the names that the script has for their names."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import Any

from mnistspec.calls import Call
from mnistspec.exporters.python_source.formulas import ATOM, Formula, folded, formula
from mnistspec.exporters.python_source.layout import flat, statement
from mnistspec.exporters.python_source.objects import Written, expression, insisted
from mnistspec.expressions import Constant, Expression, ExpressionError, Name, Tree, read_expression
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.parse import parse
from mnistspec.resolve.scopes import Scope
from mnistspec.source import Source, Span

# A longer expression is left out: one would have to break it in lines.
_MAX_WIDTH = 40
_LONE = re.compile(r"""(["']?)\$\{([^{}\\]+)\}\1""")
_EMBEDDED = re.compile(r"\$\{([^{}\\]+)\}")
_PLAIN = re.compile(r"[\w .\-]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Capital letters that look like digits: style checkers refuse them as names.
_UNCLEAR = frozenset("IO")


class Unsaid(Exception):
    """A value that the script has no expression for."""


def plain(node: Node) -> Any:
    """A node's plain value, lists as tuples. Raises: Unsaid for a map."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, MappingNode):
        raise Unsaid
    return tuple(plain(item) for item in node.items)


def lone_expression(text: str) -> Expression | None:
    """The expression that a value is as a whole, as the text has it."""
    found = _LONE.fullmatch(text.strip())
    if found is None or (found[1] and found[1] in found[2]):
        return None
    try:
        return read_expression(found[2])
    except ExpressionError:
        return None


def is_default(owner: Scope | None, name: str) -> bool:
    """Whether a parameter of a used block has the value that it has by default."""
    if owner is None or name not in owner.entries or name not in owner.values:
        return False
    return owner.entries[name].value.span == owner.values[name].span and not owner.values[name].span.trail


def _alternating(outer: Sequence[str], inner: Sequence[str]) -> list[str]:
    """One of each in turn, where there is one more of the outer."""
    return [part for pair in zip_longest(outer, inner, fillvalue="") for part in pair]


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _listed(items: list[tuple[Any, Formula]], *, as_list: bool) -> tuple[Any, Formula]:
    values = [value for value, _ in items]
    inner = ", ".join(code for _, (code, _) in items)
    code = f"[{inner}]" if as_list else f"({inner}{',' if len(items) == 1 else ''})"
    return values if as_list else tuple(values), (code, ATOM)


class Symbols:
    """What stands for names of the spec: constants for its variables, and what `shown` has for a scope's names.

    `shown` goes by the identity of scopes. A name that the script does not have is replaced by what it stands for, and
    so are the variables that are `fixed`.
    """

    def __init__(self, variables: Mapping[str, Node], taken: Iterable[str], fixed: Container[str] = ()) -> None:
        self.variables = variables
        self.shown: dict[int, Mapping[str, str]] = {}
        self.constants: dict[str, str] = {}
        known = set(taken)
        for name in (name for name in variables if name not in fixed):
            upper = name.upper()
            if _NAME.fullmatch(name) and upper not in known | _UNCLEAR and not keyword.iskeyword(upper):
                known.add(upper)
                self.constants[name] = upper

    def call(self, given: Call) -> Call:
        """The object with its arguments as written, for `construction`."""
        arguments = {
            name: self.value(value, given.spans.get(name), partial(insisted, given, name))
            for name, value in given.arguments.items()
        }
        return replace(given, arguments=arguments)

    def value(self, value: Any, span: Span | None, made: Callable[[Any], Any] = lambda value: value) -> Any:
        """The value, or the expression for it; what Keras is given would be `made` of it."""
        if span is not None:
            said = self.said(span, flat(expression(made(value))))
            if said is not None:
                return Written(said)
        if isinstance(value, Call):
            return self.call(value)
        if isinstance(value, Mapping):
            return {name: self.value(inner, None) for name, inner in value.items()}
        return tuple(self.value(item, None) for item in value) if isinstance(value, tuple) else value

    def said(self, span: Span, literal: str) -> str | None:
        """The expression written at a place, if it has the value that the code `literal` has; else None."""
        text = span.text
        if "${" not in text:
            return None
        scope = span.trail[0].scope if span.trail else None
        assert scope is None or isinstance(scope, Scope)
        try:
            value, (code, _) = self._written(text, scope, as_list=literal.startswith("["))
        except (Unsaid, ExpressionError):
            return None
        return code if flat(expression(value)) == literal and len(code) <= _MAX_WIDTH else None

    def text(self, node: Node, literal: str) -> str | None:
        """The code for a text with names of variables in it, if it comes to `literal`; else None."""
        part = self.part(node.span, literal, None)
        return None if part is None or '"' in part else f'f"{part}"'

    def part(self, span: Span, literal: str, scope: Scope | None) -> str | None:
        """The same as a part of an f-string, with the names of the scope."""
        parts = _EMBEDDED.split(span.text.strip("\"'"))
        if len(parts) == 1 or not all(map(_PLAIN.fullmatch, parts[::2])):
            return None
        try:
            found = [self._written(f"${{{part}}}", scope) for part in parts[1::2]]
        except (Unsaid, ExpressionError):
            return None
        values = "".join(_alternating(parts[::2], [str(value) for value, _ in found]))
        codes = [f"{{{code}}}" for _, (code, _) in found]
        whole = "".join(_alternating(parts[::2], codes))
        is_fixed = not any(_NAME.search(code) for code in codes)
        return None if values != literal or is_fixed else whole

    def part_here(self, span: Span, literal: str) -> str | None:
        """A text with names in it as a part of an f-string, with the names of the place; None for any other."""
        scope = span.trail[0].scope if span.trail else None
        part = self.part(span, literal, scope if isinstance(scope, Scope) else None) if "${" in span.text else None
        return None if part is None or '"' in part else part

    def _written(self, text: str, scope: Scope | None, *, as_list: bool = False) -> tuple[Any, Formula]:
        """The value of a text and the code for it. Raises: Unsaid, ExpressionError."""
        if text.startswith("["):
            tree = parse(Source(f"list: {text}")).value
            items = tree.get("list") if tree is not None else None
            if not isinstance(items, SequenceNode):
                raise Unsaid
            return _listed([self._item(item, scope) for item in items.items], as_list=as_list)
        found = lone_expression(text)
        if found is None:
            raise Unsaid
        tree_here = folded(found.tree, lambda name: self._named(name, scope))
        return found.value(lambda name, _: plain(self._node(name, scope))), formula(tree_here)

    def _item(self, item: Node, scope: Scope | None) -> tuple[Any, Formula]:
        value = plain(item)
        if isinstance(value, str) and "${" in value:
            return self._written(value, scope)
        if "${" in repr(value):
            raise Unsaid
        return value, formula(Constant(value))

    def _node(self, name: str, scope: Scope | None) -> Node:
        owner = scope.owner(name) if scope is not None else None
        if owner is not None and owner.outer is not None:
            return owner.values[name]
        if name not in self.variables:
            raise Unsaid
        return self.variables[name]

    def _named(self, name: str, scope: Scope | None) -> Tree:
        """What stands for a name: one of the script, or what it stands for itself. Raises: Unsaid."""
        owner = scope.owner(name) if scope is not None else None
        if owner is None or owner.outer is None:
            known = self.constants.get(name)
            return Name(known, 0) if known is not None else Constant(plain(self._node(name, None)))
        known = self.shown.get(id(owner), {}).get(name)
        if known is None and name not in owner.values:
            raise Unsaid  # nothing has asked for this default
        return Name(known, 0) if known is not None else self._tree(owner.values[name], owner, name)

    def _tree(self, node: Node, owner: Scope | None, name: str) -> Tree:
        """The expression that a value was written as, in the names of the script; else the value. Raises: Unsaid."""
        value = plain(node)
        found = lone_expression(node.span.text)
        scope = node.span.trail[0].scope if node.span.trail else owner if is_default(owner, name) else None
        assert scope is None or isinstance(scope, Scope)
        try:
            if found is not None and _same(found.value(lambda one, _: plain(self._node(one, scope))), value):
                return folded(found.tree, lambda one: self._named(one, scope))
        except (Unsaid, ExpressionError):
            pass  # the value itself says as much
        return Constant(value)

    def made_of(self, node: Node, owner: Scope | None = None) -> set[str]:
        """The variables that a value is made of; `owner` is the scope that a default is written in."""
        scope = node.span.trail[0].scope if node.span.trail else owner
        assert scope is None or isinstance(scope, Scope)
        found: set[str] = set()
        for name in (name for inner in _EMBEDDED.findall(node.span.text) for name in _NAME.findall(inner)):
            around = scope.owner(name) if scope is not None else None
            if around is not None and around.outer is not None:
                value = around.values.get(name)
                found |= self.made_of(value, around) if value is not None and value is not node else set()
            elif name in self.variables:
                found |= {name, *self.made_of(self.variables[name])}
        return found

    def argument(self, node: Node) -> tuple[str, str]:
        """The code for a parameter's value, and that of the value itself. Raises: Unsaid for a map."""
        value = plain(node)
        literal = flat(expression(value))
        part = self.part_here(node.span, value) if isinstance(value, str) else None
        return self.said(node.span, literal) or (f'f"{part}"' if part is not None else literal), literal

    def default(self, node: Node) -> tuple[str, str] | None:
        """The same for a default as it is written, None where it depends on other parameters or cannot be said."""
        try:
            if "${" not in node.span.text:
                code = flat(expression(plain(node)))
                return code, code
            value, (code, _) = self._written(node.span.text, None)
        except (Unsaid, ExpressionError):
            return None
        return code, flat(expression(value))

    def constant_lines(self, used: set[str]) -> list[str]:
        """The definitions of the constants that are used, each after those it is made of."""
        lines: dict[str, list[str]] = {}

        def define(name: str) -> None:
            code = formula(self._tree(self.variables[name], None, name))[0]
            for other, upper in self.constants.items():
                if other != name and other not in lines and re.search(rf"\b{upper}\b", code):
                    define(other)
            lines[name] = statement(code, f"{self.constants[name]} = ", depth=0)

        for name, upper in self.constants.items():
            if upper in used and name not in lines:
                define(name)
        return [line for written in lines.values() for line in written]
