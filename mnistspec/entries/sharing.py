"""Reads `share: {layer: NAME, from: ...}`: another layer, called again with the same weights."""

from __future__ import annotations

from dataclasses import replace

from mnistspec.catalogue.kinds import Boolean
from mnistspec.diagnostics import Fix
from mnistspec.entries.own_keys import OWN_KEYS, OwnKeys, read_own_keys
from mnistspec.hints import Hint, hint
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, describe
from mnistspec.spec import LayerSpec, Reference
from mnistspec.values import Reader

_KEYS = ("layer", "identity", *OWN_KEYS)
_FORM = "write `share: {layer: encoder, from: right}`"


def read_share(reader: Reader, entry: Entry) -> LayerSpec:
    """The entry; nothing is known of it where a mistake hides which layer is called.

    `identity: false` leaves an output under the layer's name in Keras.
    """
    body = entry.value
    if reader.hidden(body):
        return OwnKeys().layer(None, entry.key.span)
    if not isinstance(body, MappingNode):
        found = "nothing" if isinstance(body, ScalarNode) and body.value is None else describe(body)
        near = _of_text(body)
        reader.report("E203", f"`share` is a map, not {found}", entry.key.span, near.help, fix=near.fix)
        return OwnKeys().layer(None, entry.key.span)
    known = _only_known(reader, body)
    own = read_own_keys(reader, body, None)
    named = body.get("layer")
    if named is None and known:
        reader.report("E207", "`share` needs `layer`", entry.key.span, "name the layer to call again")
    layer = own.layer(None, entry.key.span, _layer(reader, named) if named is not None else None)
    said = body.get("identity")
    identity = reader.read(said, Boolean()) if said is not None else True
    return replace(layer, identity=identity is not False)


def _of_text(body: Node) -> Hint:
    """`share: encoder` for `share: {layer: encoder}`."""
    if not isinstance(body, ScalarNode) or not isinstance(body.value, str):
        return Hint(_FORM)
    meant = f"{{layer: {body.span.text}}}"
    help = f"write `share: {meant}`, with a `from` where it is not called on the node before"
    return Hint(help, Fix(body.span, meant, certain=False))


def _only_known(reader: Reader, body: MappingNode) -> bool:
    unknown = [entry for entry in body.entries if entry.name not in _KEYS]
    for entry in unknown:
        near = hint(entry.name, _KEYS, entry.key.span) or Hint(f"it has {', '.join(f'`{name}`' for name in _KEYS)}")
        reader.report("E206", f"`share` has no argument `{entry.name}`", entry.key.span, near.help, fix=near.fix)
    return not unknown


def _layer(reader: Reader, node: Node) -> Reference | None:
    if reader.hidden(node):
        return None
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return Reference(node.value, node.span)
    reader.report("E203", f"expected the name of a layer, found {describe(node)}", node.span, _FORM)
    return None
