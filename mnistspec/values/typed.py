"""Constants of a dtype or a form of their own: `{float64: [0.5, 1]}`, `{tensor: [0.5, 1]}`."""

from __future__ import annotations

from typing import Any

from mnistspec.catalogue.kinds import ARRAY_FORMS, Typed
from mnistspec.hints import Hint, hint
from mnistspec.nodes import MappingNode, Node
from mnistspec.values.reading import Reading
from mnistspec.values.results import UNKNOWN, Unknown
from mnistspec.values.scalars import mismatch


def typed(reading: Reading, node: Node, kind: Typed) -> Any:
    """The numbers by their dtype or form, a map of one key; UNKNOWN after reporting why it is none."""
    if not isinstance(node, MappingNode) or len(node.entries) != 1:
        return mismatch(reading, node, kind)
    entry = node.entries[0]
    if entry.name not in ARRAY_FORMS:
        near = hint(entry.name, ARRAY_FORMS, entry.key.span) or Hint("write one such as `float64`")
        message = f"there are no constants of the dtype `{entry.name}`"
        return reading.report("E204", message, entry.key.span, near.help, fix=near.fix)
    value = reading.read(entry.value, ARRAY_FORMS[entry.name])
    return UNKNOWN if isinstance(value, Unknown) else {entry.name: value}
