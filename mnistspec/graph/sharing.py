"""Which layer a `share` calls again: the one of the node that it names, or that this one calls again itself."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from mnistspec.graph.references import References
from mnistspec.graph.scopes import Scope
from mnistspec.hints import Hint, hint, listed
from mnistspec.source import Span
from mnistspec.spec import LayerSpec, Reference


class Owners:
    """The layers of one model by the whole names of their nodes, and how calls of a layer again lead to them."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.report = references.report
        self.hidden = references.hidden

    @cached_property
    def layers(self) -> dict[str, LayerSpec]:
        return {name: layer for name, layer, _ in self.references.top.layers()}

    @cached_property
    def scopes(self) -> dict[str, Scope]:
        return {name: scope for name, _, scope in self.references.top.layers()}

    def resolved(self, layer: LayerSpec, scope: Scope) -> LayerSpec:
        """The entry with the layer that it calls; without one, after reporting it, where there is no such layer."""
        if layer.shares is None:
            return layer
        owner = self.owner(layer.shares, scope)
        made = self.layers[owner.text] if owner is not None else None
        if made is None or owner is None or made.call is None or not self.has_arguments(layer, owner):
            # Named after a layer that is not there, it may be what an unknown name means.
            self.references.hidden |= owner is None and layer.name is None
            return replace(layer, call=None)
        return replace(layer, call=made.call, model=made.model, shares=owner)

    def owner(self, reference: Reference, scope: Scope) -> Reference | None:
        """The node that makes the layer, by its whole name."""
        seen: set[str] = set()
        name = self.references.layer_named(reference.text, scope)
        while (layer := self.layers.get(name)) is not None and layer.shares is not None and name not in seen:
            seen.add(name)
            name = self.references.layer_named(layer.shares.text, self.scopes[name])
        if layer is None:
            self.missing(reference if not seen else None, scope)
        elif name in seen:
            help = "name the node that makes the layer"
            self.report("E403", f"`{reference.text}` only leads back to itself", reference.span, help)
        else:
            return Reference(name, reference.span)
        return None

    def missing(self, reference: Reference | None, scope: Scope) -> None:
        """Reports that no layer has the name, once: where it is called through another call, that one tells."""
        if reference is None or self.hidden or self.references.unnamed:
            return
        prefix = scope.prefix
        layers = [
            other.removeprefix(prefix)
            for other, layer in self.layers.items()
            if layer.shares is None and other.startswith(prefix)
        ]
        near = _of_use(reference.text, scope) or hint(reference.text, layers, reference.span)
        if self.references.may_be_taken(reference.text, near):
            return
        near = near or Hint("name a node that makes a layer")
        self.report(
            "E401", f"there is no layer `{reference.text}` to call again", reference.span, near.help, fix=near.fix
        )

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
        help = near.help if near else f"it has {listed(known)}" if known else "it takes none but its inputs"
        message = f"a call of `{owner}` has no argument `{name}`"
        self.report("E206", message, span, help, fix=near.fix if near else None)


def _of_use(name: str, scope: Scope) -> Hint | None:
    """What to do about the name of a use: its block is nodes in its place, and no layer that could be called again."""
    if name not in scope.uses:
        return None
    return Hint(
        f"a used block has no layer of its own: nest it, `Sequential: {{name: {name}, layers: ...}}`, to share it"
    )
