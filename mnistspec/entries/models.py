"""A model as its section, or the entry that nests it, says it: inputs, layers, outputs, and where each stands."""

from __future__ import annotations

from typing import Any

from mnistspec.calls import is_complete
from mnistspec.entries.structure import in_structure_order, places_in_structure, structures_of
from mnistspec.nodes import MappingNode, SequenceNode
from mnistspec.source import Span
from mnistspec.spec import InputSpec, ModelSpec, Reference
from mnistspec.structures import Structure, leaves
from mnistspec.values import Reader, Settings, Unknown
from mnistspec.values.results import is_whole
from mnistspec.values.scalars import POLICIES


def read_model(settings: Settings, kind: str, reader: Reader, *, nested: bool = False) -> ModelSpec:
    """The model of a section, or of an entry of `layers` that nests it."""
    input_structure, output_structure = structures_of(settings)
    return ModelSpec(
        kind=kind,
        inputs=in_structure_order(_inputs(settings, kind, reader), input_structure),
        layers=settings.known("layers", ()),
        outputs=_outputs(settings, output_structure),
        span=settings.span,
        hidden=hidden_in(settings),
        nested=nested,
        input_structure=input_structure,
        output_structure=output_structure,
        structure_spans=_structure_spans(settings),
        dtype=settings.known("dtype"),
        trainable=nested or settings.known("trainable", True),
    )


def _structure_spans(settings: Settings) -> dict[str, Span]:
    """Where `structure`, what it says of the outputs, and `outputs` beside it stand."""
    if "structure" not in settings.values or "structure" not in settings:
        return {}
    places = {"structure": settings.key_spans["structure"], "outputs": settings.key_spans.get("outputs")}
    places["structure.outputs"] = settings.spans.get("structure.outputs")
    return {name: span for name, span in places.items() if span is not None}


def _outputs(settings: Settings, structure: Structure) -> tuple[Reference, ...] | None:
    """The outputs as listed, or as they stand in the structure."""
    if structure is not None:
        return tuple(leaves(structure))
    outputs = settings.known("outputs") if "outputs" in settings.values else None
    if outputs is None:
        return None
    return _output_references((outputs,) if isinstance(outputs, str) else outputs, settings)


def hidden_in(section: Settings) -> frozenset[str]:
    """The settings that a reported mistake hides, wholly or in part."""
    if section.clear:
        return frozenset()
    return frozenset(n for n, value in section.values.items() if not (is_whole(value) and is_complete(value)))


def keep_key_spans(section: Settings, node: MappingNode) -> None:
    """Adds to a section's spans those of the keys and items inside its values: `inputs.left`, `outputs.0`.

    `value of inputs.left` is where the value under that key stands.
    """
    for entry in node.entries:
        if entry.name == "structure":
            section.spans.update(places_in_structure(entry))
        if isinstance(entry.value, MappingNode):
            section.spans.update({f"{entry.name}.{inner.name}": inner.key.span for inner in entry.value.entries})
            values = {f"value of {entry.name}.{inner.name}": inner.value.span for inner in entry.value.entries}
            section.spans.update(values)
        elif isinstance(entry.value, SequenceNode) and entry.name != "layers":  # which know their places
            items = enumerate(entry.value.items)
            section.spans.update({f"{entry.name}.{index}": item.span for index, item in items})


def _output_references(outputs: tuple[str, ...], settings: Settings) -> tuple[Reference, ...]:
    whole = settings.spans["outputs"]
    return tuple(Reference(text, settings.spans.get(f"outputs.{i}", whole)) for i, text in enumerate(outputs))


def _inputs(settings: Settings, kind: str, reader: Reader) -> tuple[InputSpec, ...] | None:
    one, several = _known(settings, "input"), _known(settings, "inputs")
    if one is not None and several is not None:
        span = settings.key_spans["input"]
        reader.report("E408", "`input` and `inputs` say the same thing twice", span, "keep one of them")
    if several is not None:
        return _several_inputs(settings, several, kind, reader)
    if one is None:
        return () if any(isinstance(settings.values.get(name), Unknown) for name in ("input", "inputs")) else None
    name = "input" if isinstance(one, tuple) else one.known("name") or "input"
    return (_input(name, one, settings.spans["input"], reader),)


def _known(settings: Settings, name: str) -> Any:
    return settings.known(name) if name in settings.values else None


def _several_inputs(settings: Settings, several: Any, kind: str, reader: Reader) -> tuple[InputSpec, ...]:
    key = settings.key_spans["inputs"]
    if kind == "sequential":
        help = "write `input: {shape: [...]}`, or `kind: functional`"
        reader.report("E404", "a sequential model has one input, given as `input:`", key, help)
        return ()
    if not several:
        reader.report("E405", "the model has no inputs", key, "name one, or leave `inputs` out to take the data's")
    for name in several:
        if "/" in name or not name:
            message = "the name of an input is not empty and has no `/`, which parts the names of a block's nodes"
            reader.report("E204", message, settings.spans[f"inputs.{name}"], "use letters, digits and `_`")
    return tuple(
        _input(name, value, settings.spans[f"inputs.{name}"], reader, settings.spans[f"value of inputs.{name}"])
        for name, value in several.items()
    )


def _input(name: str, value: Any, span: Span, reader: Reader, value_span: Span | None = None) -> InputSpec:
    """One input from its shape alone or from the arguments of `keras.Input`."""
    if isinstance(value, tuple):
        return InputSpec(name, value, span=span, shape_span=value_span or span)
    dtype = value.known("dtype")
    if dtype in POLICIES:
        help = "write the dtype of the data, as in `float32`; `compile: {precision: ...}` sets a policy"
        reader.report("E204", f"`{dtype}` is a policy of layers, and no dtype", value.spans["dtype"], help)
    size, shape, complete = _sizes(value, reader)
    return InputSpec(
        name=name,
        shape=shape,
        dtype=dtype,
        batch_size=size,
        sparse=value.known("sparse", False),
        ragged=value.known("ragged", False),
        optional=value.known("optional", False),
        span=span,
        complete=complete,
        shape_span=value.spans.get("shape"),
    )


def _sizes(value: Settings, reader: Reader) -> tuple[int | None, tuple[int | None, ...] | None, bool]:
    """The batch, the shape of one example, and whether no mistake hides them."""
    shape, size, whole = value.known("shape"), value.known("batch_size"), value.known("batch_shape")
    complete = is_whole(value["shape"]) and is_whole(value["batch_shape"])
    if whole is None:
        return size, shape, complete
    span = value.spans["batch_shape"]
    if shape is not None or size is not None:
        help = "give `batch_shape`, or `shape` and `batch_size`"
        reader.report("E204", "`batch_shape` already holds the shape and the batch", span, help)
    if not whole:
        reader.report("E204", "`batch_shape` begins with the batch", span, "write `[null, ...]` for any batch")
        return None, None, False
    return whole[0], whole[1:], complete
