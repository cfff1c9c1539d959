"""Expansion: `--set` overrides into the tree, variables and `${...}` into values, places kept."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace

from mnistspec.diagnostics import Diagnostic, Outcome
from mnistspec.expressions import ExpressionError, evaluate
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.parse import parse
from mnistspec.source import Source, Span
from mnistspec.suggest import suggest

_OPEN = re.compile(r"\$(\$?)\{")


def override(root: MappingNode, settings: Sequence[str]) -> Outcome[MappingNode]:
    """The tree with `a.b=value` settings put in. A number in the path counts the items of a list from 0."""
    diagnostics: list[Diagnostic] = []
    for setting in settings:
        key, sign, text = setting.partition("=")
        source = Source(setting, "--set")
        whole = Span(source, 0, len(setting))
        if not sign or not key.strip():
            message = f"`{setting}` is no setting"
            diagnostics.append(Diagnostic("E303", message, whole, "write `key=value`, as in `fit.epochs=3`"))
            continue
        value = _setting_value(source, len(key) + 1, diagnostics)
        if value is None:
            continue
        try:
            changed = _put(root, key.strip().split("."), value, Span(source, 0, len(key)))
        except _NoPlace as error:
            diagnostics.append(Diagnostic("E303", error.message, Span(source, 0, len(key)), error.help))
            continue
        assert isinstance(changed, MappingNode)
        root = changed
    return Outcome(root, tuple(diagnostics))


class _NoPlace(Exception):
    def __init__(self, message: str, help: str | None = None) -> None:
        self.message, self.help = message, help


def _setting_value(source: Source, start: int, diagnostics: list[Diagnostic]) -> Node | None:
    """The value behind the `=`, read as YAML with every character at its own place in the setting."""
    padded = Source("v:" + " " * max(0, start - 2) + " " + source.text[start:] + "\n", source.name)
    shift = len(padded.text) - 1 - len(source.text)
    outcome = parse(padded)
    for found in outcome.diagnostics:
        span = _moved(found.span, source, shift) if found.span is not None else None
        diagnostics.append(replace(found, span=span, related=()))
    if outcome.value is None or outcome.diagnostics:
        return None
    value = outcome.value.get("v")
    return _relocate(value, source, shift) if value is not None else None


def _moved(span: Span, source: Source, shift: int) -> Span:
    def place(offset: int) -> int:
        return min(max(offset - shift, 0), len(source.text))

    return Span(source, place(span.start), place(span.end))


def _relocate(node: Node, source: Source, shift: int) -> Node:
    span = _moved(node.span, source, shift)
    if isinstance(node, ScalarNode):
        return replace(node, span=span)
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_relocate(item, source, shift) for item in node.items), span)
    entries = tuple(
        Entry(replace(entry.key, span=_moved(entry.key.span, source, shift)), _relocate(entry.value, source, shift))
        for entry in node.entries
    )
    return MappingNode(entries, span)


def _put(node: Node | None, path: Sequence[str], value: Node, span: Span) -> Node:
    if not path:
        return value
    name, *rest = path
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        node = MappingNode((), span)
    if isinstance(node, SequenceNode):
        return _put_item(node, name, rest, value, span)
    if isinstance(node, ScalarNode):
        shown = node.value if isinstance(node.value, str) else node.span.text
        raise _NoPlace(f"`{name}` cannot be set inside `{shown}`, which is a single value")
    old = node.entry(name)
    key = old.key if old is not None else ScalarNode(name, span)
    new = Entry(key, _put(old.value if old is not None else None, rest, value, span))
    if old is None:
        return replace(node, entries=(*node.entries, new))
    return replace(node, entries=tuple(new if entry is old else entry for entry in node.entries))


def _put_item(node: SequenceNode, name: str, rest: Sequence[str], value: Node, span: Span) -> Node:
    if not name.isdigit() or int(name) >= len(node.items):
        raise _NoPlace(f"`{name}` is no item of a list of {len(node.items)}", "items count from 0")
    index = int(name)
    items = list(node.items)
    items[index] = _put(items[index], rest, value, span)
    return replace(node, items=tuple(items))


def resolve(root: MappingNode, *, allow_env: bool = False) -> Outcome[MappingNode]:
    """The tree with every `${...}` replaced by its value and `vars` left out."""
    variables = root.get("vars")
    resolver = _Resolver(variables if isinstance(variables, MappingNode) else None, allow_env)
    entries = tuple(Entry(entry.key, resolver.node(entry.value)) for entry in root.entries if entry.name != "vars")
    resolver.finish()
    return Outcome(replace(root, entries=entries), tuple(resolver.diagnostics))


class _Reported(Exception):
    """Unwinds out of an expression whose mistake has been reported already."""


class _Resolver:
    def __init__(self, variables: MappingNode | None, allow_env: bool) -> None:
        self.variables = variables
        self.allow_env = allow_env
        self.diagnostics: list[Diagnostic] = []
        self.values: dict[str, Node] = {}
        self.underway: list[str] = []
        self.used: set[str] = set()

    def report(self, code: str, message: str, span: Span, help: str | None = None) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help))

    def finish(self) -> None:
        """Resolves what nothing used, for its mistakes, and says that it is unused."""
        for entry in self.variables.entries if self.variables is not None else ():
            if entry.name not in self.used:
                self.variable(entry)
                self.report("W507", f"nothing uses the variable `{entry.name}`", entry.key.span, "remove it")

    def node(self, node: Node) -> Node:
        """The same node where nothing in it is an expression."""
        if isinstance(node, ScalarNode):
            return self.scalar(node) if isinstance(node.value, str) and "${" in node.value else node
        if isinstance(node, SequenceNode):
            items = tuple(self.node(item) for item in node.items)
            return node if all(map(lambda a, b: a is b, items, node.items)) else replace(node, items=items)
        values = [self.node(entry.value) for entry in node.entries]
        if all(value is entry.value for value, entry in zip(values, node.entries, strict=True)):
            return node
        entries = tuple(Entry(entry.key, value) for entry, value in zip(node.entries, values, strict=True))
        return replace(node, entries=entries)

    def scalar(self, node: ScalarNode) -> Node:
        assert isinstance(node.value, str)
        try:
            pieces = self.pieces(node, node.value)
        except _Reported:
            return replace(node, broken=True)
        if len(pieces) == 1 and not isinstance(pieces[0], str):
            return _at(pieces[0], node.span)
        return ScalarNode(
            "".join(piece if isinstance(piece, str) else self.text(piece, node) for piece in pieces), node.span
        )

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
                self.report("E302", "`${` without its `}`", self.place(node, match.start(), len(text)))
                raise _Reported
            pieces.append(self.expression(node, text[match.end() : end], match.end()))
            position = end + 1
        pieces.append(text[position:])
        return [piece for piece in pieces if piece != ""] or [""]

    def text(self, value: Node, node: ScalarNode) -> str:
        if not isinstance(value, ScalarNode):
            self.report("E302", "a list or a map cannot stand inside a string", node.span)
            return ""
        if isinstance(value.value, bool):
            return "true" if value.value else "false"
        return "null" if value.value is None else str(value.value)

    def place(self, node: ScalarNode, start: int, end: int) -> Span:
        """The span of a part of a scalar's value; the whole scalar where quoting or folding moved it."""
        assert isinstance(node.value, str)
        found = node.span.text.find(node.value[start:end])
        if found < 0:
            return node.span
        return Span(node.span.source, node.span.start + found, node.span.start + found + max(1, end - start))

    def expression(self, node: ScalarNode, text: str, start: int) -> Node:
        whole = self.place(node, start, start + len(text))

        def lookup(name: str, offset: int) -> object:
            value = self.lookup(name, Span(whole.source, whole.start + offset, whole.start + offset + len(name)))
            return value.value if isinstance(value, ScalarNode) else value

        try:
            value = evaluate(text, lookup)
        except ExpressionError as error:
            at = min(whole.start + error.offset, max(whole.start, whole.end - 1))
            self.report("E302", error.message, Span(whole.source, at, at + 1), error.help)
            raise _Reported from None
        if isinstance(value, ScalarNode | SequenceNode | MappingNode):
            return value
        return ScalarNode(value, node.span)

    def lookup(self, name: str, span: Span) -> Node:
        if name.startswith("env."):
            return self.environment(name.removeprefix("env."), span)
        entry = self.variables.entry(name) if self.variables is not None else None
        if entry is None:
            known = list(self.variables.names()) if self.variables is not None else []
            near = suggest(name, known)
            listed = f"there are: {', '.join(known)}" if known else "there are no `vars`"
            self.report("E301", f"there is no variable `{name}`", span, f"did you mean `{near}`?" if near else listed)
            raise _Reported
        if name in self.underway:
            trail = " -> ".join([*self.underway[self.underway.index(name) :], name])
            self.report("E304", f"variables that need each other: {trail}", span)
            raise _Reported
        self.used.add(name)
        value = self.variable(entry)
        if isinstance(value, ScalarNode) and value.broken:
            raise _Reported
        return value

    def variable(self, entry: Entry) -> Node:
        if entry.name not in self.values:
            self.underway.append(entry.name)
            self.values[entry.name] = self.node(entry.value)
            self.underway.pop()
        return self.values[entry.name]

    def environment(self, name: str, span: Span) -> Node:
        if not self.allow_env:
            message = f"`env.{name}` reads the environment"
            self.report("E301", message, span, "allow it with `--allow-env`, or use a variable and `--set`")
            raise _Reported
        if name not in os.environ:
            self.report("E301", f"the environment has no `{name}`", span)
            raise _Reported
        return ScalarNode(os.environ[name], span)


def _at(node: Node, span: Span) -> Node:
    """The node as seen where it is used: the place of the use for itself, its own places for what is in it."""
    return replace(node, span=span)


def _closing(text: str, position: int) -> int | None:
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
