"""Expansion: variables and `${...}` into values, places kept."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from operator import is_

from mnistspec.diagnostics import Diagnostic, Outcome
from mnistspec.hints import Hint, hint
from mnistspec.nodes import Entry, MappingNode, Node, Scalar, ScalarNode, SequenceNode
from mnistspec.source import Span

MAX_DEPTH = 100
MAX_NESTED_VARIABLES = 30
# Values and characters that expressions may bring in, all together.
MAX_NODES = 1_000_000
MAX_CHARACTERS = 16 * 1024 * 1024

# Of more variables than these a message names the first and counts the rest.
_LISTED = 20

_OPEN = re.compile(r"\$(\$?)\{")
# Parts with names of their own (`${i}`, a block's parameters), left as they are written.
_OWN_NAMES = frozenset(["blocks", "repeat"])


def resolve(root: MappingNode, *, allow_env: bool = False) -> Outcome[MappingNode]:
    """The tree with every `${...}` replaced by its value and `vars` left out."""
    variables = root.get("vars")
    resolver = _Resolver(variables, allow_env)
    if isinstance(variables, ScalarNode) and isinstance(variables.value, str) and "${" in variables.value:
        # Other values that are no map have been told when the form was looked at; an expression hid this one.
        resolver.report("E203", "`vars` is a map of values, not an expression", variables.span, "write `name: value`")
    rest = replace(root, entries=tuple(entry for entry in root.entries if entry.name != "vars"))
    resolved = resolver.node(rest)
    assert isinstance(resolved, MappingNode)
    resolver.finish()
    return Outcome(resolved, tuple(resolver.diagnostics))


class _Reported(Exception):
    """Unwinds out of an expression whose mistake has been reported already."""


@dataclass(frozen=True)
class _Extent:
    """How much a value brings in: nodes, and levels of nesting."""

    nodes: int
    levels: int


def _extent(node: Node) -> _Extent:
    if isinstance(node, ScalarNode):
        return _Extent(1, 1)
    inner = node.items if isinstance(node, SequenceNode) else [entry.value for entry in node.entries]
    extents = [_extent(value) for value in inner]
    return _Extent(1 + sum(e.nodes for e in extents), 1 + max((e.levels for e in extents), default=0))


class _Resolver:
    def __init__(self, variables: Node | None, allow_env: bool) -> None:
        self.variables = variables if isinstance(variables, MappingNode) else None
        # Without variables because `vars` is no map, which has been said, nothing is said of their names.
        self.quiet = variables is not None and self.variables is None
        self.allow_env = allow_env
        self.diagnostics: list[Diagnostic] = []
        self.values: dict[str, Node] = {}
        self.extents: dict[str, _Extent] = {}
        self.underway: list[str] = []
        self.used: set[str] = set()
        self.told: set[str] = set()
        self.left_out = False
        self.strangers = 0
        self.depth = 0
        self.nodes = 0
        self.characters = 0

    def report(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help))

    def finish(self) -> None:
        """Resolves what nothing used, for its mistakes; says that it is unused where no mistake may be the reason."""
        entries = self.variables.entries if self.variables is not None else ()
        unused = [entry for entry in entries if entry.name not in self.used]
        for entry in unused:
            self.variable(entry)
        if self.diagnostics or self.left_out:
            return
        for entry in entries:
            if entry.name not in self.used:
                self.report("W507", f"nothing uses the variable `{entry.name}`", entry.key.span, "remove it")

    def node(self, node: Node) -> Node:
        """The same node where nothing in it is an expression."""
        if isinstance(node, ScalarNode):
            return self.scalar(node) if isinstance(node.value, str) and "${" in node.value else node
        self.depth += 1
        resolved = self.sequence(node) if isinstance(node, SequenceNode) else self.mapping(node)
        self.depth -= 1
        return resolved

    def sequence(self, node: SequenceNode) -> SequenceNode:
        items = tuple([self.node(item) for item in node.items])
        same = all(map(is_, items, node.items))
        return node if same else replace(node, items=items)

    def mapping(self, node: MappingNode) -> MappingNode:
        entries = tuple([self.entry(entry) for entry in node.entries])
        same = all(map(is_, entries, node.entries))
        return node if same else replace(node, entries=entries)

    def entry(self, entry: Entry) -> Entry:
        if entry.name in _OWN_NAMES:
            self.left_out = True
            return entry
        value = self.node(entry.value)
        return entry if value is entry.value else Entry(entry.key, value)

    def scalar(self, node: ScalarNode) -> Node:
        assert isinstance(node.value, str)
        try:
            pieces = self.pieces(node, node.value)
            if len(pieces) == 1 and not isinstance(pieces[0], str):
                return replace(pieces[0], span=node.span)
            texts = [piece if isinstance(piece, str) else self.text(piece, node) for piece in pieces]
        except _Reported:
            return replace(node, broken=True)
        return ScalarNode("".join(texts), node.span)

    def pieces(self, node: ScalarNode, text: str) -> list[str | Node]:
        """Literal text and the values of expressions, in order; a lone expression is not wrapped in text."""
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
            end = _closing(text, match.end())
            if end is None:
                place = self.place(node, match.start(), len(text))
                self.report("E302", "`${` without its `}`", place, "close it, or write `$${` for the characters")
                raise _Reported
            if not text[match.end() : end].strip():
                place = self.place(node, match.start(), end + 1)
                self.report("E302", "an empty expression", place, "write a value in it, or `$${` for the characters")
                raise _Reported
            pieces.append(self.expression(node, text[match.end() : end], match.end()))
            position = end + 1
        pieces.append(text[position:])
        return [piece for piece in pieces if piece != ""] or [""]

    def text(self, value: Node, node: ScalarNode) -> str:
        """A value inside a string. Raises: _Reported for lists and maps, and past the bound on characters."""
        if not isinstance(value, ScalarNode):
            help = "let the expression be the whole value"
            self.report("E302", "a list or a map cannot stand inside a string", node.span, help)
            raise _Reported
        text = _written(value.value)
        self.characters += len(text)
        if self.characters > MAX_CHARACTERS:
            raise self.too_large(f"the spec's texts expand to more than {MAX_CHARACTERS:,} characters", node.span)
        return text

    def place(self, node: ScalarNode, start: int, end: int) -> Span:
        """The span of a part of a scalar's value; the whole scalar where quoting or folding moved it."""
        assert isinstance(node.value, str)
        found = node.span.text.find(node.value[start:end])
        if found < 0:
            return node.span
        return Span(node.span.source, node.span.start + found, node.span.start + found + end - start)

    def expression(self, node: ScalarNode, text: str, start: int) -> Node:
        """The value of one `${...}`. Raises: _Reported."""
        from mnistspec.expressions import ExpressionError, read_expression

        whole = self.place(node, start, start + len(text))

        def at(offset: int, length: int) -> Span:
            # Where quoting moved the text, nothing smaller than the whole can be pointed at.
            moved = whole.end - whole.start != len(text)
            first = min(whole.start + offset, max(whole.start, whole.end - 1))
            return whole if moved else Span(whole.source, first, min(first + length, whole.end))

        def lookup(name: str, offset: int) -> object:
            value = self.lookup(name, at(offset, len(name)))
            return value.value if isinstance(value, ScalarNode) else value

        try:
            expression = read_expression(text)
            for name, offset in expression.names:
                self.know(name, at(offset, len(name)))
            value = expression.value(lookup)
        except ExpressionError as error:
            self.report("E302", error.message, at(error.offset, 1), error.help)
            raise _Reported from None
        return value if isinstance(value, SequenceNode | MappingNode) else ScalarNode(value, node.span)

    def know(self, name: str, span: Span) -> None:
        """Marks a variable as used, whether or not the value will need it. Raises: _Reported for no variable."""
        if name.startswith("env."):
            return
        if self.variables is None or name not in self.variables:
            self.unknown(name, span)
            raise _Reported
        self.used.add(name)

    def lookup(self, name: str, span: Span) -> Node:
        """The value of a variable. Raises: _Reported where there is none, or none that is in order."""
        if name.startswith("env."):
            return self.environment(name.removeprefix("env."), span)
        entry = self.variables.entry(name) if self.variables is not None else None
        assert entry is not None, "names are known before they are looked up"
        if name in self.underway:
            trail = " -> ".join([*self.underway[self.underway.index(name) :], name])
            help = "give one of them a value of its own"
            self.report("E304", f"variables that need each other: {trail}", span, help)
            raise _Reported
        if len(self.underway) >= MAX_NESTED_VARIABLES:
            raise self.too_large(f"more than {MAX_NESTED_VARIABLES} variables that each need the next", span)
        value = self.variable(entry)
        if isinstance(value, ScalarNode) and value.broken:
            raise _Reported
        self.count(self.extents[name], span)
        return value

    def unknown(self, name: str, span: Span) -> None:
        """Reports a name that is no variable; only the first few are compared with every variable."""
        if self.quiet:
            return
        self.strangers += 1
        near = self.near_variable(name, span) if self.strangers <= _LISTED else None
        help, fix = (near.help, near.fix) if near else (None, None)
        self.diagnostics.append(Diagnostic("E301", f"there is no variable `{name}`", span, help, fix=fix))

    def near_variable(self, name: str, span: Span) -> Hint:
        known = list(self.variables.names()) if self.variables is not None else []
        near = hint(name, known, span)
        if near is not None or not known:
            return near or Hint(f"add `vars: {{{name}: ...}}`")
        more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        return Hint(f"there are: {', '.join(f'`{other}`' for other in known[:_LISTED])}{more}")

    def count(self, extent: _Extent, span: Span) -> None:
        """Keeps account of what expressions bring in. Raises: _Reported past a bound."""
        self.nodes += extent.nodes
        if self.nodes > MAX_NODES:
            raise self.too_large(f"the spec expands to more than {MAX_NODES:,} values", span)
        if self.depth + extent.levels > MAX_DEPTH:
            raise self.too_large(f"nested deeper than {MAX_DEPTH} levels", span)

    def too_large(self, message: str, span: Span) -> _Reported:
        """Reports a bound where it is first passed, and not for everything after it."""
        if message not in self.told:
            self.told.add(message)
            self.report("E107", message, span, "write fewer values by variables of variables")
        return _Reported()

    def variable(self, entry: Entry) -> Node:
        if entry.name not in self.values:
            self.underway.append(entry.name)
            self.values[entry.name] = self.node(entry.value)
            self.underway.pop()
            self.extents[entry.name] = _extent(self.values[entry.name])
        return self.values[entry.name]

    def environment(self, name: str, span: Span) -> Node:
        if not self.allow_env:
            message = f"`env.{name}` reads the environment"
            self.report("E301", message, span, "allow it with `--allow-env`, or use a variable and `--set`")
            raise _Reported
        if name not in os.environ:
            self.report("E301", f"the environment has no `{name}`", span, "set it, or use a variable and `--set`")
            raise _Reported
        return ScalarNode(os.environ[name], span)


def _written(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _closing(text: str, position: int) -> int | None:
    """Where the `}` of an expression stands, strings skipped."""
    quote = ""
    for index in range(position, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "}":
            return index
    return None
