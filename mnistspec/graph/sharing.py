"""Which layer a `share` calls again: the one of the node that it names, or that this one calls again itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mnistspec.hints import Hint, hint
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, Reference

_Report = Callable[..., None]


class Owners:
    """The layers of one model by the names of their nodes, and how calls of a layer again lead to them."""

    def __init__(self, report: _Report, layers: Mapping[str, LayerSpec], *, hidden: bool) -> None:
        self.report = report
        self.layers = layers
        self.hidden = hidden

    def resolved(self, layer: LayerSpec) -> LayerSpec:
        """The entry with the layer that it calls; without one, after reporting it, where there is no such layer."""
        if layer.shares is None:
            return layer
        owner = self.owner(layer.shares)
        call = self.layers[owner.text].call if owner is not None else None
        if owner is None or call is None or not self.has_arguments(layer, owner):
            return replace(layer, call=None)
        return replace(layer, call=call, shares=owner)

    def owner(self, reference: Reference) -> Reference | None:
        """The node that makes the layer."""
        seen: set[str] = set()
        name = reference.text
        while (layer := self.layers.get(name)) is not None and layer.shares is not None and name not in seen:
            seen.add(name)
            name = layer.shares.text
        if layer is None:
            self.missing(name, reference if not seen else None)
        elif name in seen:
            help = "name the node that makes the layer"
            self.report("E403", f"`{reference.text}` only leads back to itself", reference.span, help)
        else:
            return Reference(name, reference.span)
        return None

    def missing(self, name: str, reference: Reference | None) -> None:
        """Reports that no layer has the name, once: where it is called through another call, that one tells."""
        if reference is None or self.hidden:
            return
        layers = [other for other, layer in self.layers.items() if layer.shares is None]
        near = hint(name, layers, reference.span) or Hint("name a node that makes a layer")
        self.report("E401", f"there is no layer `{name}` to call again", reference.span, near.help, fix=near.fix)

    def has_arguments(self, layer: LayerSpec, owner: Reference) -> bool:
        """Whether the layer's call has the arguments that are given to it; reports those that it has not."""
        call = self.layers[owner.text].call
        known = call.facts.call_arguments if call is not None else ()
        unknown = [name for name in layer.call_arguments if name not in known]
        for name in unknown:
            self.unknown_argument(name, owner.text, known, layer.call_spans.get(name, layer.span))
        return not unknown

    def unknown_argument(self, name: str, owner: str, known: tuple[str, ...], span: Span) -> None:
        near = hint(name, known, span)
        listed = ", ".join(f"`{other}`" for other in known)
        help = near.help if near else f"it has {listed}" if listed else "it takes none but its inputs"
        message = f"a call of `{owner}` has no argument `{name}`"
        self.report("E206", message, span, help, fix=near.fix if near else None)
