"""Expansion: variables, `${...}`, blocks and repeats into the text that they stand for."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from mnistspec.diagnostics import Outcome
from mnistspec.enough import MOST
from mnistspec.language import SPEC
from mnistspec.nodes import MappingNode
from mnistspec.resolve.bounds import MAX_NESTED_VARIABLES
from mnistspec.resolve.layers import Expansion, TooLarge
from mnistspec.resolve.scopes import Scope
from mnistspec.resolve.values import is_expression
from mnistspec.suggest import suggestion

__all__ = ["MAX_NESTED_VARIABLES", "resolve"]

# What the text that is expanded no longer has.
_LEFT_OUT = frozenset(["vars", "blocks"])
# Of more keys that a spec does not have the first are looked at.
_STRANGE = 100
_IN_OTHER_WAYS = re.compile(r"[${%<]\s*+([^\W\d]\w*+)(?!\s*:)")


def resolve(root: MappingNode, *, allow_env: bool = False) -> Outcome[MappingNode]:
    """The tree with every `${...}` replaced by its value, blocks and repeats in place, `vars` and `blocks` left out.

    A used block stands as a `use` with `layers` of its own; a repeat as the layers of all its turns. No tree where
    the spec would expand further than a spec may.
    """
    root = _as_meant(root)
    variables = root.get("vars")
    scope = Scope({entry.name: entry for entry in variables.entries} if isinstance(variables, MappingNode) else {})
    quiet = variables is not None and not isinstance(variables, MappingNode)
    expansion = Expansion(scope, root.get("blocks"), allow_env=allow_env, quiet=quiet)
    if variables is not None and is_expression(variables):
        # Other values that are no map have been told when the form was looked at; an expression hid this one.
        message = "`vars` is a map of values, not an expression"
        expansion.report("E203", message, variables.span, "write `name: value`")
    rest = replace(root, entries=tuple(entry for entry in root.entries if entry.name not in _LEFT_OUT))
    try:
        resolved = expansion.mapping(rest)
        expansion.look_at_the_rest()
    except TooLarge:
        return Outcome(None, tuple(expansion.diagnostics))
    _finish(expansion, scope)
    return Outcome(resolved, tuple(expansion.diagnostics))


def _as_meant(root: MappingNode) -> MappingNode:
    """The tree with `vars` and `blocks` under their names where these are misspelt, which has been told."""
    strange = [entry for entry in root.entries if entry.name not in SPEC.fields][:_STRANGE]
    meant = {id(entry): _meant(entry.name) for entry in strange}
    entries = tuple(
        replace(entry, key=replace(entry.key, value=meant[id(entry)])) if meant.get(id(entry)) else entry
        for entry in root.entries
    )
    return replace(root, entries=entries) if any(meant.values()) else root


def _meant(name: str) -> str | None:
    found = suggestion(name, SPEC.fields, SPEC.title)
    return found.names[0] if found is not None and found.names[0] in _LEFT_OUT else None


def _meant_in(text: str) -> frozenset[str]:
    """The words that a text speaks of in the way that other programs speak of variables: `$rate`, `{rate}`."""
    return frozenset(_IN_OTHER_WAYS.findall(text))


def _finish(values: Expansion, scope: Scope) -> None:
    """Works out the variables that nothing used, for their mistakes; says so where no mistake may be the reason."""
    unused = [entry for entry in scope.entries.values() if entry.name not in scope.used]
    for entry in unused:
        values.variable(scope, entry.name)
    if values.diagnostics or values.incomplete:
        return
    meant = {text: _meant_in(text) for text in {entry.key.span.source.text for entry in unused}}
    told = (e for e in unused if e.name not in scope.used and e.name not in meant[e.key.span.source.text])
    for entry in islice(told, MOST + 1):  # no more are told of any finding
        values.report("W507", f"nothing uses the variable `{entry.name}`", entry.key.span, "remove it")
    for block in values.blocks.values():
        if block.layers is None:
            continue
        places = {**block.needs, **{name: entry.key.span for name, entry in block.params.items()}}
        for name, span in places.items():
            if name not in values.asked.get(block.name, (name,)):
                message = f"nothing in the block `{block.name}` uses its parameter `{name}`"
                values.report("W507", message, span, "remove it")
