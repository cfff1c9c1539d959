"""What a nested model is called on where `from` goes by the names of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mnistspec.graph.parts import Argument, Port, all_given
from mnistspec.hints import Hint, hint
from mnistspec.spec import LayerSpec, ModelSpec

_Report = Callable[..., None]


def in_order_of_inputs(
    report: _Report, layer: LayerSpec, model: ModelSpec, named: Mapping[str, Argument]
) -> tuple[Port, ...] | None:
    """One tensor for each input of the model, in their order; None after reporting why not."""
    names = model.input_names
    unknown = [name for name in named if name not in names]
    for name in unknown:
        _no_input(report, layer, name, names)
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


def _no_input(report: _Report, layer: LayerSpec, name: str, names: tuple[str, ...]) -> None:
    span = layer.from_spans.get(name, layer.span)
    near = hint(name, names, span) or Hint(f"it has {', '.join(f'`{other}`' for other in names)}")
    report("E408", f"the nested model has no input `{name}`", span, near.help, fix=near.fix)
