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
    if constants and layer.model is not None:
        report("E408", "a nested model is called on nodes, not on constants", constants[0].span, "name a node")
        return False
    if constants and len(constants) == len(given):
        report("E408", "`from` has constants alone", constants[0].span, "name a node beside them")
        return False
    return True


def are_beside(report: _Report, named: Mapping[str, Argument]) -> bool:
    """Whether a function's constants that stand for one tensor are given by their names; reports those in `from`."""
    fixed = {name: given for name, given in named.items() if isinstance(given, Constant)}
    for name, given in fixed.items():
        message = f"`{name}` is one tensor; `from` has constants only in lists of tensors"
        report("E408", message, given.span, f"write `{name}: {given.span.text}` beside `from`")
    return not fixed
