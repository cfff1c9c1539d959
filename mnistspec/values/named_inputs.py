"""Several inputs by name under `input`, which is the key of the only one."""

from __future__ import annotations

from mnistspec.catalogue.kinds import Record
from mnistspec.diagnostics import Fix
from mnistspec.edits import renamed
from mnistspec.hints import listed
from mnistspec.language import INPUT, INPUT_FIELDS, INPUTS
from mnistspec.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.suggest import suggestion
from mnistspec.values.reading import Reading
from mnistspec.values.results import UNKNOWN, Settings


def read_named(reading: Reading, entry: Entry, kind: Record, model: MappingNode) -> Settings | None:
    """Reports names under `input`, and gives what they say under the key that was meant; None where they are none."""
    if "inputs" in model or not _are_names(entry.value):
        return None
    return _told(reading, entry, kind, model)


def _are_names(node: Node) -> bool:
    """Whether these are names, or shapes by name: no key of an input, nor nearly one."""
    if isinstance(node, SequenceNode):
        return all(_is_name(item) for item in node.items)
    return isinstance(node, MappingNode) and all(
        isinstance(entry.value, SequenceNode | MappingNode)
        and entry.name not in INPUT_FIELDS
        and suggestion(entry.name, INPUT_FIELDS, "an input") is None
        for entry in node.entries
    )


def _is_name(node: Node) -> bool:
    return isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value.isidentifier()


def _told(reading: Reading, entry: Entry, kind: Record, model: MappingNode) -> Settings:
    node, several = entry.value, _is_functional(kind, model)
    names = _names(node)
    shapes = None if isinstance(node, MappingNode) else f"{{{', '.join(f'{name}: [...]' for name in names)}}}"
    message = f"`input` is the only input, and here {'is' if len(names) == 1 else 'are'} {_all(names)} by name"
    if several:
        fix = renamed(entry.key.span, "input", "inputs", certain=True) if shapes is None else None
        reading.report("E201", message, entry.key.span, f"write `inputs:{_after(shapes)}`", fix=fix)
        return _several(reading, entry)
    if isinstance(node, MappingNode) and len(names) == 1:
        shape = node.entries[0].value
        fix = Fix(node.span, shape.span.text, certain=True) if "\n" not in shape.span.text else None
        reading.report("E201", message, entry.key.span, f"write `input: {_in_one_line(shape)}`", fix=fix)
        return Settings({"input": reading.read(shape, INPUT)}, {}, {}, node.span)
    help = f"a model with several is `kind: functional`, and they stand under `inputs:{_after(shapes)}`"
    reading.report("E201", message, entry.key.span, help)
    return Settings({"input": UNKNOWN}, {}, {}, node.span)


def _several(reading: Reading, entry: Entry) -> Settings:
    """What stands under `input` as if it stood under `inputs`."""
    node = entry.value
    values = {"input": UNKNOWN, "inputs": UNKNOWN}
    spans = {"inputs": node.span}
    if isinstance(node, MappingNode):
        values["inputs"] = reading.read(node, INPUTS)
        for one in node.entries:
            spans |= {f"inputs.{one.name}": one.key.span, f"value of inputs.{one.name}": one.value.span}
    return Settings(values, spans, {"inputs": entry.key.span}, node.span)


def _names(node: Node) -> list[str]:
    if isinstance(node, MappingNode):
        return [*node.names()]
    items = node.items if isinstance(node, SequenceNode) else ()
    return [str(item.value) for item in items if isinstance(item, ScalarNode)]


def _all(names: list[str]) -> str:
    *others, last = listed(dict.fromkeys(names)).split(", ")
    return f"{', '.join(others)} and {last}" if others else last


def _in_one_line(node: Node) -> str:
    return node.span.text if "\n" not in node.span.text else "..."


def _after(shapes: str | None) -> str:
    return f" {shapes}" if shapes is not None else ""


def _is_functional(kind: Record, model: MappingNode) -> bool:
    said = model.get("kind")
    return "inputs" in kind.fields and not (isinstance(said, ScalarNode) and said.value == "sequential")
