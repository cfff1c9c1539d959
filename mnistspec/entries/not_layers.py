"""Names in the place of a layer that stand for something else: a block, a function, an input."""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.diagnostics import Fix
from mnistspec.edits import in_flow, renamed
from mnistspec.entries.own_keys import OWN_KEYS
from mnistspec.hints import Hint, hint
from mnistspec.language import FUNCTION_PREFIX, USE
from mnistspec.nodes import Entry, MappingNode, Node
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, UseSpec
from mnistspec.values import Reader

# What begins a model in Keras; here the model's section says it.
INPUTS = ("Input", "InputLayer")


def not_a_layer(reader: Reader, name: str, span: Span, body: Node | None) -> bool:
    """Whether an entry plainly is no layer; reports then what to write. `body` is what stands under the name."""
    if name in INPUTS:
        _input(reader, name, span, body)
        return True
    near = _block(reader, name, span, body) or _function(reader, name, span, body)
    if near is None:
        return False
    reader.report("E205", f"Keras has no layer `{name}`", span, near.help, fix=near.fix)
    return True


def _input(reader: Reader, name: str, span: Span, body: Node | None) -> None:
    shape = body.get("shape") if isinstance(body, MappingNode) else body
    named = body.get("name") if isinstance(body, MappingNode) else None
    written = shape.span.text if shape is not None and "\n" not in shape.span.text else "[...]"
    meant = f"input: {written}" if named is None else f"inputs: {{{named.span.text}: {written}}}"
    message = f"`{name}` cannot be used in a spec: the model's `input` or `inputs` says this"
    reader.report("E210", message, span, f"remove it, and write `{meant}` into the model")


def says_shape(layers: Sequence[LayerSpec | UseSpec]) -> bool:
    """Whether the first layer says what shape the model's input has, which was told where it stands."""
    first = layers[0] if layers else None
    if not isinstance(first, LayerSpec):
        return False
    return "input_shape" in first.call.spans if first.call is not None else first.span.text.strip("\"'") in INPUTS


def _block(reader: Reader, name: str, span: Span, body: Node | None) -> Hint | None:
    """`body: {filters: 4}` for `use: {block: body, with: {filters: 4}}`."""
    if name not in reader.blocks or name in reader.catalogue["layers"].classes:
        return None
    entries = body.entries if isinstance(body, MappingNode) else ()
    own = [entry for entry in entries if entry.name in USE.fields and entry.name not in ("block", "with")]
    given = ", ".join(_written(entry) for entry in entries if entry not in own)
    keys = [f"block: {name}", *([f"with: {{{given}}}"] if given else []), *map(_written, own)]
    meant = f"use: {{{', '.join(keys)}}}"
    return Hint(f"write `{meant}`", _instead(name, span, body, meant))


def _written(entry: Entry) -> str:
    text = entry.value.span.text
    return f"{entry.name}: {text if text and chr(10) not in text else '...'}"


def _instead(name: str, span: Span, body: Node | None, meant: str) -> Fix | None:
    """What was meant, in the place of an entry on one line."""
    if span.text != name:
        return None
    if body is None:
        line = span.source.text[span.source.line_bounds(span.line)[0] : span.start]
        return Fix(span, meant if line.strip() == "-" else f"{{{meant}}}", certain=True)
    if not isinstance(body, MappingNode) or not in_flow(body) or "\n" in body.span.text or "#" in body.span.text:
        return None
    return Fix(Span(span.source, span.start, body.span.end), meant, certain=True)


def _function(reader: Reader, name: str, span: Span, body: Node | None) -> Hint | None:
    """A function of `keras.ops` without its prefix: one that no layer is called like, or with arguments of its own."""
    function = reader.catalogue["ops"].classes.get(FUNCTION_PREFIX + name)
    layers = reader.catalogue["layers"].classes
    if function is None or name in layers:
        return None
    near = hint(name, layers, span, "layers")
    given = (
        [entry.name for entry in body.entries if entry.name not in OWN_KEYS] if isinstance(body, MappingNode) else []
    )
    known = layers[near.names[0]].arguments if near is not None and near.names else {}
    if near is not None and not (given and all(key in function.arguments and key not in known for key in given)):
        return None
    meant = f"{FUNCTION_PREFIX}{name}"
    return Hint(f"did you mean `{meant}`?", renamed(span, name, meant, certain=False), (meant,))
