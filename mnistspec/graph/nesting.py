"""What a nested model is called on where `from` goes by the names of its inputs, or says the very call of Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mnistspec.graph.parts import Argument, Port, all_given
from mnistspec.hints import Hint, hint, listed
from mnistspec.source import Span
from mnistspec.spec import CallForm, LayerSpec, ModelSpec
from mnistspec.structures import filled, keys_of, leaves

_Report = Callable[..., None]


def in_order_of_inputs(
    report: _Report, layer: LayerSpec, names: tuple[str, ...], named: Mapping[str, Argument]
) -> tuple[Port, ...] | None:
    """One tensor for each input of the model, in their order; None after reporting why not."""
    unknown = [name for name in named if name not in names]
    places = {name: given.span or layer.span for name, given in named.items() if isinstance(given, Port)}
    for name in unknown:
        _no_input(report, layer.from_spans.get(name) or places.get(name, layer.span), name, names)
    missing = [name for name in names if name not in named] if not unknown else []
    if missing:
        wanted = " and ".join(f"`{name}`" for name in missing)
        report("E408", f"the nested model needs {wanted}", layer.from_spans.get("", layer.span),
               f"add `{missing[0]}: ...`")  # fmt: skip
    lists = [name for name, ports in named.items() if isinstance(ports, tuple) and len(ports) != 1]
    for name in lists:
        report("E408", f"`{name}` is one tensor", layer.from_spans.get(name, layer.span), "name one node")
    if unknown or missing or lists:
        return None
    return tuple(port for name in names for port in all_given((), {name: named[name]}) if isinstance(port, Port))


def _no_input(report: _Report, span: Span, name: str, names: tuple[str, ...]) -> None:
    near = hint(name, names, span) or Hint(f"it has {listed(names)}")
    report("E408", f"the nested model has no input `{name}`", span, near.help, fix=near.fix)


def is_exact(layer: LayerSpec, model: ModelSpec) -> bool:
    """Whether `from` says what Keras gets to the letter, by place (`0`) or by name (`inputs`)."""
    written = list(layer.from_) if isinstance(layer.from_, Mapping) else []
    return written in (["0"], ["inputs"]) and written[0] not in model.input_names


def exactly_called(
    report: _Report, layer: LayerSpec, model: ModelSpec, given: Argument
) -> tuple[tuple[Port, ...], CallForm] | None:
    """One tensor for each input of the model, in their order, and how it is called; None after reporting why not."""
    ports = tuple(port for port in all_given((), {"": given}) if isinstance(port, Port))
    structure = layer.structure
    if structure is None:
        structure = (None,) * len(ports) if isinstance(given, tuple) else None
    if len(list(leaves(structure))) != len(ports):
        report("E407", "one of these is several tensors", layer.from_spans.get("", layer.span),
               "say which: `name.0`, `name.1`")  # fmt: skip
        return None
    named = isinstance(layer.from_, Mapping) and "inputs" in layer.from_
    keys = keys_of(structure)
    if keys is None or isinstance(model.input_structure, Mapping):
        return ports, CallForm(filled(structure, range(len(ports))), named)
    return _by_names(report, layer, model.input_names, dict(zip(keys, ports, strict=True)), named=named)


def _by_names(
    report: _Report, layer: LayerSpec, names: tuple[str, ...], given: Mapping[str, Port], *, named: bool
) -> tuple[tuple[Port, ...], CallForm] | None:
    """A call on a map of a model that has its inputs in none: Keras looks them up by their names."""
    ordered = in_order_of_inputs(report, layer, names, given)
    places = {name: place for place, name in enumerate(names)}
    return None if ordered is None else (ordered, CallForm({name: places[name] for name in given}, named))
