"""Validation: the text as written against the language's tables and the catalogue, before anything is expanded."""

from __future__ import annotations

from mnistspec.catalogue import Catalogue
from mnistspec.diagnostics import Diagnostic
from mnistspec.entries import read_layer
from mnistspec.extending import EXTENDING, extends_another
from mnistspec.language import SPEC, VERSION
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode, describe
from mnistspec.values import Clear, Reader


def reader_of(
    catalogue: Catalogue, *, allow_expressions: bool, clear: Clear | None = None, allow_code: bool = False
) -> Reader:
    """A reader that knows entries of `layers`; with `allow_expressions` a `${...}` may stand for any value."""
    return Reader(catalogue, read_layer, allow_expressions=allow_expressions, clear=clear, allow_code=allow_code)


def validate(
    root: MappingNode, catalogue: Catalogue, clear: Clear | None = None, *, allow_code: bool = False
) -> tuple[Diagnostic, ...]:
    """What is wrong with the form of the spec: keys, classes, arguments, types of values.

    `clear` takes what was read of parts that are in order, for the binding of the same nodes.
    """
    wrong = unknown_version(root)
    if wrong is not None:
        return (wrong,)
    reader = reader_of(catalogue, allow_expressions=True, clear=clear, allow_code=allow_code)
    blocks = root.get("blocks")
    if isinstance(blocks, MappingNode):
        reader.blocks = frozenset(blocks.names())
    reader.outputs = _outputs(root.get("model"))
    reader.read(root, EXTENDING if extends_another(root) else SPEC)
    return tuple(reader.diagnostics)


def _outputs(model: Node | None) -> tuple[str, ...]:
    """The names that the model's `outputs` lists; none where anything else stands there."""
    listed = model.get("outputs") if isinstance(model, MappingNode) else None
    items = listed.items if isinstance(listed, SequenceNode) else ()
    names = tuple(item.value for item in items if isinstance(item, ScalarNode) and isinstance(item.value, str))
    return names if len(names) == len(items) else ()


def unknown_version(root: MappingNode) -> Diagnostic | None:
    """What is wrong with the language version that a spec says, where it says one."""
    version = root.get("mnistspec")
    if isinstance(version, ScalarNode) and isinstance(version.value, int) and version.value != VERSION:
        message = f"this program knows version {VERSION} of the language, and the spec says {describe(version)}"
        return Diagnostic("E211", message, version.span, f"write `mnistspec: {VERSION}`, or use a newer program")
    if isinstance(version, ScalarNode) and isinstance(version.value, str) and "${" in version.value:
        message = "the language version is written as it is, since it says how to read the rest"
        return Diagnostic("E211", message, version.span, f"write `mnistspec: {VERSION}`")
    return None
