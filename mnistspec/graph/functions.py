"""What a function of `keras.ops` is called on: tensors by argument, from `from` in order or by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mnistspec.calls import Call
from mnistspec.catalogue import Argument
from mnistspec.graph.constants import are_beside
from mnistspec.graph.parts import Argument as Ports
from mnistspec.graph.parts import Given
from mnistspec.spec import LayerSpec

_Report = Callable[..., None]


def bound(
    report: _Report, layer: LayerSpec, inputs: tuple[Given, ...], named: Mapping[str, Ports]
) -> Mapping[str, Ports] | None:
    """The tensors by argument; None after reporting why the function cannot be called on them.

    Nodes in order go to the arguments for which no constant is given; a list of tensors takes all of them.
    """
    call = layer.call
    assert call is not None
    free = [argument for argument in call.facts.tensors if argument.name not in call.arguments]
    given = _by_name(report, layer, named) if named else _in_order(report, layer, inputs, free)
    if given is None:
        return None
    missing = [argument.name for argument in free if not argument.optional and argument.name not in given]
    if missing and call.complete:
        wanted = " and ".join(f"`{name}`" for name in missing)
        help = f"name a node for it in `from`, or give a constant: `{missing[0]}: 1.0`"
        report("E408", f"`{call.name}` needs {wanted}", layer.from_spans.get("", layer.span), help)
    return None if missing else given


def _by_name(report: _Report, layer: LayerSpec, named: Mapping[str, Ports]) -> Mapping[str, Ports] | None:
    call = layer.call
    assert call is not None
    twice = [name for name in named if name in call.arguments]
    for name in twice:
        report("E408", f"`{name}` is given twice, by `from` and as a constant", call.span_of(name), "keep one of them")
    if twice or not are_beside(report, named):
        return None
    return {name: _formed(call, name, ports) for name, ports in named.items()}


def _formed(call: Call, name: str, ports: Ports) -> Ports:
    several = call.facts.arguments[name].tensor != "one"
    return (ports,) if several and not isinstance(ports, tuple) else ports


def _in_order(
    report: _Report, layer: LayerSpec, inputs: tuple[Given, ...], free: list[Argument]
) -> Mapping[str, Ports] | None:
    call = layer.call
    assert call is not None
    if free and free[0].tensor != "one":
        return {free[0].name: inputs}
    if len(inputs) <= len(free):
        given = {argument.name: one for argument, one in zip(free, inputs, strict=False)}
        return _by_name(report, layer, given)
    takes = ", ".join(f"`{argument.name}`" for argument in free) or "no tensor: all are constants"
    message = f"`{call.name}` is given {_counted(len(inputs))}, and takes {takes}"
    report("E408", message, layer.from_spans.get("", layer.span), "list one node for each, or leave out a constant")
    return None


def _counted(number: int) -> str:
    return "one tensor" if number == 1 else f"{number} tensors"
