"""Values as written to values as meant: every `${...}` worked out in its scope, places kept."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import is_

from mnistspec.diagnostics import Diagnostic
from mnistspec.enough import Found
from mnistspec.nodes import Entry, MappingNode, Node, Scalar, ScalarNode, SequenceNode
from mnistspec.resolve.bounds import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NESTED_VARIABLES,
    MAX_NODES,
    MAX_WORKED_OUT,
    Extent,
    extent,
)
from mnistspec.resolve.scopes import Scope
from mnistspec.source import Span, Step

# Only so many unknown names are compared with every name that there is.
_COMPARED = 20

_OPEN = re.compile(r"\$(\$?)\{")
# What follows it to the end of the expression; a brace inside quotes does not end it.
_REST = re.compile(r"""(?:[^'"}]++|'[^']*+'|"[^"]*+")*+}""")

# An expression without quotes or braces, and with something in it.
_PLAIN = re.compile(r"""\s*[^\s'"{}][^'"{}]*""")


def is_expression(node: Node | None) -> bool:
    """Whether the value is, or holds, a `${...}`, so that what it is was not known when the form was looked at."""
    return isinstance(node, ScalarNode) and isinstance(node.value, str) and "${" in node.value


class Reported(Exception):
    """Unwinds out of an expression, or an expansion, whose mistake has been reported already."""


class Values:
    """Works out values in the scope that holds at the moment, and collects what is wrong with them.

    Inside a block or a repeat every value is a new one, at its place in the text by the trail that led there.
    """

    def __init__(self, scope: Scope, *, allow_env: bool, quiet: bool) -> None:
        """`quiet` says that nothing is known of the variables because of a mistake, which has been told."""
        self.scope, self.allow_env, self.quiet = scope, allow_env, quiet
        self.trail: tuple[Step, ...] = ()
        self.diagnostics: list[Diagnostic] = Found()
        self.underway: list[tuple[Scope, str]] = []
        self.told: set[str] = set()
        self.strangers = 0
        self.depth = 0
        self.nodes = 0
        self.characters = 0
        self.worked_out = 0

    def report(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help))

    @contextmanager
    def within(self, scope: Scope, trail: tuple[Step, ...]) -> Iterator[None]:
        """Lets another scope hold, at places that the trail leads to."""
        before = self.scope, self.trail
        self.scope, self.trail = scope, trail
        try:
            yield
        finally:
            self.scope, self.trail = before

    def at(self, span: Span) -> Span:
        """A place in the text as the trail led there."""
        return Span(span.source, span.start, span.end, self.trail) if self.trail else span

    def placed(self, node: ScalarNode) -> ScalarNode:
        """The scalar at its place as the trail led there; the same one where no trail did."""
        return ScalarNode(node.value, self.at(node.span), node.broken) if self.trail else node

    def node(self, node: Node) -> Node:
        """The value; the same node where nothing in it is an expression and no trail leads there."""
        if isinstance(node, ScalarNode):
            if isinstance(node.value, str) and "${" in node.value:
                return self.scalar(node)
            return self.placed(node)
        self.depth += 1
        resolved = self.sequence(node) if isinstance(node, SequenceNode) else self.mapping(node)
        self.depth -= 1
        return resolved

    def sequence(self, node: SequenceNode) -> SequenceNode:
        items = tuple([self.node(item) for item in node.items])
        if self.trail:
            return SequenceNode(items, self.at(node.span))
        same = all(map(is_, items, node.items))
        return node if same else SequenceNode(items, node.span)

    def mapping(self, node: MappingNode) -> MappingNode:
        entries = tuple([self.entry(entry) for entry in node.entries])
        if self.trail:
            return MappingNode(entries, self.at(node.span))
        same = all(map(is_, entries, node.entries))
        return node if same else MappingNode(entries, node.span)

    def entry(self, entry: Entry) -> Entry:
        value = self.node(entry.value)
        if self.trail:
            return Entry(self.key(entry), value)
        return entry if value is entry.value else Entry(entry.key, value)

    def key(self, entry: Entry) -> ScalarNode:
        """The key at its place as the trail led there."""
        return ScalarNode(entry.name, self.at(entry.key.span))

    def scalar(self, node: ScalarNode) -> Node:
        assert isinstance(node.value, str)
        node = self.placed(node)
        try:
            pieces = self.pieces(node, str(node.value))
            if len(pieces) == 1 and not isinstance(pieces[0], str):
                whole = pieces[0]
                return whole if isinstance(whole, ScalarNode) else replace(whole, span=node.span)
            texts = [piece if isinstance(piece, str) else self.text(piece, node) for piece in pieces]
            self.bring_in_text(sum(map(len, texts)), lambda: node.span)
        except Reported:
            return replace(node, broken=True)
        return ScalarNode("".join(texts), node.span)

    def pieces(self, node: ScalarNode, text: str) -> list[str | Node]:
        """Literal text and the values of expressions, in order; a lone expression is not wrapped in text."""
        if text.startswith("${") and text.find("}") == len(text) - 1 and _PLAIN.fullmatch(text, 2, len(text) - 1):
            return [self.expression(node, text[2:-1], 2)]  # most texts with one are that and nothing else
        pieces: list[str | Node] = []
        position = 0
        for match in _OPEN.finditer(text):
            if match.start() < position:
                continue
            pieces.append(text[position : match.start()])
            if match.group(1):
                pieces.append("${")
                position = match.end()
                continue
            closing = _REST.match(text, match.end())
            if closing is None:
                place = self.place(node, match.start(), len(text))
                self.report("E302", "`${` without its `}`", place, "close it, or write `$${` for the characters")
                raise Reported
            end = closing.end() - 1
            if not text[match.end() : end].strip():
                place = self.place(node, match.start(), end + 1)
                self.report("E302", "an empty expression", place, "write a value in it, or `$${` for the characters")
                raise Reported
            pieces.append(self.expression(node, text[match.end() : end], match.end()))
            position = end + 1
        pieces.append(text[position:])
        return [piece for piece in pieces if piece != ""] or [""]

    def text(self, value: Node, node: ScalarNode) -> str:
        """A value inside a string. Raises: Reported for lists and maps."""
        if not isinstance(value, ScalarNode):
            help = "let the expression be the whole value"
            self.report("E302", "a list or a map cannot stand inside a string", node.span, help)
            raise Reported
        return _written(value.value)

    def bring_in_text(self, characters: int, place: Callable[[], Span]) -> None:
        """Keeps account of the texts that are made or repeated. Raises: Reported past the bound."""
        self.characters += characters
        if self.characters > MAX_CHARACTERS:
            raise self.too_large(f"the spec's texts expand to more than {MAX_CHARACTERS:,} characters", place())

    def place(self, node: ScalarNode, start: int, end: int) -> Span:
        """The span of a part of a scalar's value; the whole scalar where quoting or folding moved it."""
        assert isinstance(node.value, str)
        found = node.span.text.find(node.value[start:end])
        if found < 0:
            return node.span
        first = node.span.start + found
        return self.at(Span(node.span.source, first, first + end - start))

    def expression(self, node: ScalarNode, text: str, start: int) -> Node:
        """The value of one `${...}`. Raises: Reported."""
        from mnistspec.expressions import ExpressionError, read_expression

        self.worked_out += len(text) + len("${}")
        if self.worked_out > MAX_WORKED_OUT:
            raise self.too_large(f"more than {MAX_WORKED_OUT:,} characters of expressions to work out", node.span)

        def at(offset: int, length: int) -> Span:
            # Where quoting moved the text, nothing smaller than the whole can be pointed at.
            whole = self.place(node, start, start + len(text))
            moved = whole.end - whole.start != len(text)
            first = min(whole.start + offset, max(whole.start, whole.end - 1))
            return whole if moved else self.at(Span(whole.source, first, min(first + length, whole.end)))

        def lookup(name: str, offset: int) -> object:
            value = self.lookup(name, lambda: at(offset, len(name)))
            return value.value if isinstance(value, ScalarNode) else value

        try:
            expression = read_expression(text)
            for name, offset in expression.names:
                if not self.knows(name):
                    raise self.unknown(name, at(offset, len(name)))
            value = expression.value(lookup)
        except ExpressionError as error:
            self.report("E302", error.message, at(error.offset, 1), error.help)
            raise Reported from None
        return value if isinstance(value, SequenceNode | MappingNode) else ScalarNode(value, node.span)

    def knows(self, name: str) -> bool:
        """Whether a name means something; marks it as used, whether or not the value will need it."""
        if name.startswith("env."):
            return True
        owner = self.scope.owner(name)
        if owner is not None:
            owner.used.add(name)
        return owner is not None

    def lookup(self, name: str, place: Callable[[], Span]) -> Node:
        """The value of a name. Raises: Reported where there is none, or none that is in order."""
        if name.startswith("env."):
            return self.environment(name.removeprefix("env."), place())
        owner = self.scope.owner(name)
        assert owner is not None, "names are known before they are looked up"
        if (owner, name) in self.underway:
            names = [other for _, other in self.underway[self.underway.index((owner, name)) :]]
            trail = " -> ".join([*names, name])
            help = "give one of them a value of its own"
            self.report("E304", f"variables that need each other: {trail}", place(), help)
            raise Reported
        if len(self.underway) >= MAX_NESTED_VARIABLES:
            raise self.too_large(f"more than {MAX_NESTED_VARIABLES} variables that each need the next", place())
        value = self.variable(owner, name)
        if isinstance(value, ScalarNode) and value.broken:
            raise Reported
        if name not in owner.extents:
            owner.extents[name] = extent(value)
        self.count(owner.extents[name], place)
        self.bring_in_text(owner.extents[name].characters, place)
        return value

    def unknown(self, name: str, span: Span) -> Reported:
        """Reports a name that means nothing; only the first few are compared with every name."""
        if self.quiet:
            return Reported()
        near = self.scope.near(name, span) if self.is_compared() else None
        help, fix = (near.help, near.fix) if near else (None, None)
        self.diagnostics.append(Diagnostic("E301", f"there is no variable `{name}`", span, help, fix=fix))
        return Reported()

    def is_compared(self) -> bool:
        """Whether one more name that means nothing is to be compared with all that there are."""
        self.strangers += 1
        return self.strangers <= _COMPARED

    def count(self, extent: Extent, place: Callable[[], Span]) -> None:
        """Keeps account of what is brought in. Raises: Reported past a bound."""
        self.nodes += extent.nodes
        if self.nodes > MAX_NODES:
            raise self.too_large(f"the spec expands to more than {MAX_NODES:,} values", place())
        if self.depth + extent.levels > MAX_DEPTH:
            raise self.too_large(f"nested deeper than {MAX_DEPTH} levels", place())

    def too_large(self, message: str, span: Span) -> Reported:
        """Reports a bound where it is first passed, and not for everything after it."""
        if message not in self.told:
            self.told.add(message)
            self.report("E107", message, span, "write fewer values by variables of variables")
        return Reported()

    def variable(self, owner: Scope, name: str) -> Node:
        """A name's value, worked out in the scope that has it when it is first asked for."""
        if name not in owner.values:
            written = owner.entries[name].value
            if isinstance(written, ScalarNode) and not is_expression(written):
                owner.values[name] = written
                return written
            self.underway.append((owner, name))
            with self.within(owner, ()):
                owner.values[name] = self.node(written)
            self.underway.pop()
        return owner.values[name]

    def environment(self, name: str, span: Span) -> Node:
        if not self.allow_env:
            message = f"`env.{name}` reads the environment"
            self.report("E301", message, span, "allow it with `--allow-env`, or use a variable and `--set`")
            raise Reported
        if name not in os.environ:
            self.report("E301", f"the environment has no `{name}`", span, "set it, or use a variable and `--set`")
            raise Reported
        return ScalarNode(os.environ[name], span)


def _written(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)
