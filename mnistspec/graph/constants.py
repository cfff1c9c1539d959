"""Constants in `from`: they stand among nodes, where a layer or a function is called on a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mnistspec.graph.parts import Argument, Given, all_given
from mnistspec.spec import Constant, LayerSpec

_Report = Callable[..., None]


def stand_among_nodes(
    report: _Report, layer: LayerSpec, inputs: tuple[Given, ...], named: Mapping[str, Argument]
) -> bool:
    """Whether constants in `from` have nodes beside them, in a call that may be given any; reports it where not."""
    given = list(all_given(inputs, named))
    constants = [one for one in given if isinstance(one, Constant)]
    if not constants:
        return True
    if layer.model is not None:
        report("E408", "a nested model is called on nodes, not on constants", constants[0].span, "name a node")
    elif len(constants) == len(given):
        report("E408", "`from` has constants alone", constants[0].span, "name a node beside them")
    else:
        return _are_something(report, layer, inputs, named)
    return False


def _are_something(report: _Report, layer: LayerSpec, inputs: tuple[Given, ...], named: Mapping[str, Argument]) -> bool:
    """Whether null stands only for a mask, a state or the like: not for what a layer or a function computes with."""
    facts = layer.call.facts if layer.call is not None else None
    if facts is None:
        return True
    needed = named if facts.tensors else {name: named[name] for name in named if name == facts.first_argument}
    nothing = [one for one in all_given(inputs, needed) if isinstance(one, Constant) and one.value is None]
    for one in nothing:
        message = f"`{facts.name}` is given null in the place of a tensor"
        report("E408", message, one.span, "name a node, or leave it out")
    return not nothing


def are_beside(report: _Report, named: Mapping[str, Argument]) -> bool:
    """Whether a function's constants that stand for one tensor are given by their names; reports those in `from`."""
    fixed = {name: given for name, given in named.items() if isinstance(given, Constant)}
    for name, given in fixed.items():
        message = f"`{name}` is one tensor; `from` has constants only in lists of tensors"
        report("E408", message, given.span, f"write `{name}: {given.span.text}` beside `from`")
    return not fixed
