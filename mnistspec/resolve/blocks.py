"""Blocks as they are defined: parameters, what they need, layers and outputs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from mnistspec.diagnostics import Diagnostic
from mnistspec.frozen import dataclass
from mnistspec.language import BLOCK
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.resolve.values import is_expression
from mnistspec.source import Span

_NAME = re.compile(r"[A-Za-z_]\w*")
# Words that mean something else inside `${...}`.
_RESERVED = frozenset(["true", "false", "null", "if", "else", "env"])


@dataclass(frozen=True)
class Block:
    """A block: `params` with their defaults, `needs` without, `layers` and `outputs` as written."""

    name: str
    key: ScalarNode
    params: Mapping[str, Entry]
    needs: Mapping[str, Span]
    layers: Node | None
    outputs: Node | None
    # Whether a mistake, which has been told, hides which parameters it has.
    hidden: bool = False

    @property
    def names(self) -> list[str]:
        """Every parameter, those that must be given first."""
        return [*self.needs, *self.params]


def read_blocks(node: Node | None) -> tuple[dict[str, Block], tuple[Diagnostic, ...]]:
    """The blocks of a spec by name, and what is wrong with their names and their parameters'."""
    if node is not None and is_expression(node):
        help = "write `name: {layers: [...]}`"
        return {}, (Diagnostic("E203", "`blocks` is a map of blocks, not an expression", node.span, help),)
    if not isinstance(node, MappingNode):
        return {}, ()
    found = {entry.name: _block(entry) for entry in node.entries if isinstance(entry.value, MappingNode)}
    return found, tuple(wrong for entry in node.entries for wrong in _wrong(entry))


def _block(entry: Entry) -> Block:
    body = entry.value
    assert isinstance(body, MappingNode)
    params, needs = body.get("params"), body.get("needs")
    return Block(
        name=entry.name,
        key=entry.key,
        params={param.name: param for param in params.entries} if isinstance(params, MappingNode) else {},
        needs={str(item.value): item.span for item in _texts(needs)},
        layers=body.get("layers"),
        outputs=body.get("outputs"),
        hidden=not isinstance(params, MappingNode | None)
        or not isinstance(needs, SequenceNode | None)
        or not BLOCK.fields.keys() >= set(body.names()),
    )


def _texts(node: Node | None) -> Iterator[ScalarNode]:
    for item in node.items if isinstance(node, SequenceNode) else ():
        if isinstance(item, ScalarNode) and isinstance(item.value, str) and not is_expression(item):
            yield item


def _wrong(entry: Entry) -> Iterator[Diagnostic]:
    if not entry.name or "/" in entry.name:
        message = "a block's name is not empty and has no `/`, which parts the names of nodes"
        yield Diagnostic("E204", message, entry.key.span, "use letters, digits and `_`")
    if is_expression(entry.value):
        yield Diagnostic("E203", "a block is a map, not an expression", entry.value.span, "write `layers: [...]` in it")
    if not isinstance(entry.value, MappingNode):
        return
    params, needs = entry.value.get("params"), entry.value.get("needs")
    listed = needs.items if isinstance(needs, SequenceNode) else ()
    for hidden in (params, needs, *listed):
        if hidden is not None and is_expression(hidden):
            message = "a block's parameters are written as they are, not as an expression"
            yield Diagnostic("E203", message, hidden.span, "write their names")
    yield from _wrong_names(_block(entry))


def _wrong_names(block: Block) -> Iterator[Diagnostic]:
    """Parameters that `${...}` could not name, or that are both given a default and needed."""
    places = {**block.needs, **{name: param.key.span for name, param in block.params.items()}}
    for name, span in places.items():
        if not _NAME.fullmatch(name) or name in _RESERVED:
            help = "use letters, digits and `_`, a letter first"
            yield Diagnostic("E204", f"`{name}` is no name for a parameter", span, help)
    for name in block.needs:
        if name in block.params:
            message = f"`{name}` has a default and is listed in `needs`"
            yield Diagnostic("E204", message, block.needs[name], "remove one of the two")
