"""What each layer is called on, as its `from` says it, or as the order of the layers does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from itertools import count

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.graph.constants import stand_among_nodes
from mnistspec.graph.ends import Ends
from mnistspec.graph.nesting import exactly_called, in_order_of_inputs, is_exact
from mnistspec.graph.parts import Argument, Given, Port
from mnistspec.graph.placing import call_takes
from mnistspec.graph.scopes import Scope
from mnistspec.hints import Hint, hint
from mnistspec.spec import CallForm, LayerSpec
from mnistspec.structures import filled
from mnistspec.wrapping import model_inside


@dataclass(frozen=True)
class On:
    """What a call is on, as a node of the graph has it; `call` is None where a mistake hides it."""

    call: Call | None
    inputs: tuple[Given, ...] = ()
    named: Mapping[str, Argument] = field(default_factory=dict)
    single: bool = True
    form: CallForm | None = None


class Connecting(Ends):
    """Follows what entries say that they are called on."""

    def check_sequential(self, layer: LayerSpec, before: tuple[Port, ...], scope: Scope) -> None:
        if layer.call is not None and layer.call.facts.tensors:
            self.report("E404", "a sequential model consists of layers, and this is a function", layer.span,
                        f"write {self.functional}")  # fmt: skip
        if layer.shares is not None:
            self.report("E404", "a sequential model calls each of its layers once", layer.span,
                        f"write {self.functional} to share a layer")  # fmt: skip
        # In a block, `from: input` may say no more than what follows from the order.
        given = layer.from_ if scope is not self.top and layer.single and isinstance(layer.from_, tuple) else None
        if layer.from_ is not None and (given is None or self.listed(given, scope) != before):
            self.not_sequential(layer.from_spans.get("", layer.span))
        if layer.call_arguments:
            span = layer.call_spans.get("", layer.span)
            self.report("E404", "a sequential model calls its layers without arguments", span,
                        f"remove `call`, or write {self.functional}")  # fmt: skip

    def on(self, layer: LayerSpec, before: tuple[Port, ...], scope: Scope) -> On:
        """What a layer is called on: what stands before it, nodes in order, or nodes by call argument."""
        if layer.from_ is None or self.sequential:
            inputs = tuple(Port(port.node, port.output, layer.span) for port in before)
            # Of several inputs, which a sequential model does not give, nothing more is said.
            clear = (inputs or scope is self.top) and (layer.single or layer.from_ is None)
            found = On(layer.call if clear else None, inputs, single=len(inputs) == 1)
        elif isinstance(layer.from_, tuple):
            listed = self.listed(layer.from_, scope)
            single = layer.single and len(listed or ()) == 1
            found = On(layer.call if listed is not None else None, listed or (), single=single)
        else:
            by_name = {argument: self.argument(value, scope) for argument, value in layer.from_.items()}
            named = {argument: ports for argument, ports in by_name.items() if ports is not None}
            clear = self.named_well(layer) and len(named) == len(by_name)
            found = On(layer.call if clear else None, named=named)
        return found if stand_among_nodes(self.report, layer, found.inputs, found.named) else On(None)

    def on_model(self, layer: LayerSpec, on: On) -> On:
        """The same with the inputs of a nested model in their order."""
        inside, model = model_inside(layer), layer.model
        if inside is not None and inside.inputs == ():
            return replace(on, call=None)  # a mistake hides which inputs it has
        if model is None:
            return self.on_layer(layer, on)
        if on.call is not None and is_exact(layer, model):
            exact = exactly_called(self.report, layer, model, *on.named.values())
            inputs, form = exact or ((), None)
            on = On(on.call if exact else None, inputs, single=False, form=form)
        elif on.call is not None and on.named:
            given = in_order_of_inputs(self.report, layer, model.input_names, on.named)
            on = On(on.call if given else None, given or (), single=len(given or ()) == 1)
        elif len(model.input_names) == len(on.inputs) == 1:
            on = replace(on, single=True)
        if model.input_structure is not None and on.form is None:
            return replace(on, form=CallForm(filled(model.input_structure, count())))
        return on

    def on_layer(self, layer: LayerSpec, on: On) -> On:
        """The same, after reporting a structure, which only models are called on."""
        if layer.structure is None or on.call is None:
            return on
        self.report("E408", "only a nested model is called on a map, or on lists in a list",
                    layer.from_spans.get("", layer.span), "name a node, or list several")  # fmt: skip
        return replace(on, call=None)

    def named_well(self, layer: LayerSpec) -> bool:
        """Whether `from` names call arguments that the layer has, its first among them; reports it where not."""
        if layer.call is None or layer.model is not None or not isinstance(layer.from_, Mapping):
            return True
        if layer.call.code is not None:
            return True  # what its call takes is known to its author
        known = (layer.call.facts.first_argument, *layer.call.facts.call_arguments)
        unknown = [name for name in layer.from_ if name not in known]
        for name in unknown:
            span = layer.from_spans.get(name, layer.span)
            near = hint(name, known, span, "call arguments") or Hint(call_takes(known, layer.from_))
            message = f"a call of `{layer.call.name}` has no argument `{name}`"
            self.report("E408", message, span, near.help, fix=near.fix)
        if unknown or known[0] in layer.from_ or layer.call.facts.tensors:
            return not unknown
        message = f"a call of `{layer.call.name}` needs `{known[0]}`, what the layer is called on"
        self.report("E408", message, layer.from_spans.get("", layer.span), f"add `{known[0]}: ...`")
        return False
