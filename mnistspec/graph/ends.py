"""The ends of a model: its inputs in their structure, and its outputs, by all the names that they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.graph.parts import GraphNode, Port
from mnistspec.graph.references import References
from mnistspec.hints import hint
from mnistspec.spec import InputSpec, ModelSpec, UseSpec
from mnistspec.structures import Structure, filled, keys_of, leaves


class Ends(References):
    """Finds a model's outputs, and holds what `structure` says against the inputs."""

    def input_structure(self, inputs: tuple[InputSpec, ...]) -> Structure:
        """The structure of the inputs by their names; None after reporting that it has not each of them once."""
        structure, spans = self.model.input_structure, self.model.structure_spans
        if self.sequential and spans:
            self.report("E404", "a sequential model has one input and one output, in no structure", spans["structure"],
                        f"remove `structure`, or write {self.functional}")  # fmt: skip
            return None
        if structure is None or "inputs" in self.model.hidden or "input" in self.model.hidden:
            return None
        names, found = {given.name for given in inputs}, list[str]()
        for reference in leaves(structure):
            if reference.text not in names:
                near = hint(reference.text, sorted(names), reference.span)
                self.report("E401", f"`structure` names `{reference.text}`, which is no input", reference.span,
                            near.help if near else None, fix=near.fix if near else None)  # fmt: skip
            elif reference.text in found:
                self.report("E402", f"the input `{reference.text}` stands twice in `structure`", reference.span,
                            "name each input once")  # fmt: skip
            found.append(reference.text)
        missing = [given for given in inputs if given.name not in found]
        if missing and names.issuperset(found):
            place = next(leaves(structure)).span if found else self.model.span
            self.report("E204", f"`structure` leaves out the input `{missing[0].name}`", place,
                        "let it hold each input once")  # fmt: skip
        return filled(structure, found) if len(found) == len(names) and not missing else None

    def outputs(self, model: ModelSpec, nodes: tuple[GraphNode, ...]) -> tuple[Port, ...]:
        spans = model.structure_spans
        if "outputs" in model.hidden or "structure" in model.hidden:
            return ()
        if model.output_structure is not None and "outputs" in spans:
            self.report("E408", "`outputs` and `structure: {outputs: ...}` say the same thing twice", spans["outputs"],
                        "keep one of them")  # fmt: skip
        if model.outputs is None or (self.sequential and model.output_structure is not None):
            return self.last(nodes)
        if not model.outputs:
            self.report("E204", "a model has at least one output", spans.get("structure.outputs", model.span),
                        "name one, or leave `outputs` out")  # fmt: skip
        if self.sequential:
            self.report("E404", "a sequential model's output is its last layer's", model.outputs[0].span,
                        f"remove `outputs`, or write {self.functional}")  # fmt: skip
            return ()
        found = [self.single(self.ports(reference, self.top), reference) for reference in model.outputs]
        return tuple(port for one in found for port in one or ())

    def last(self, nodes: tuple[GraphNode, ...]) -> tuple[Port, ...]:
        """The last node, or all outputs of the last block."""
        if not nodes:
            return ()
        name, item = self.top.items[-1]
        if not isinstance(item, UseSpec):
            return (Port(name, None, item.span),)
        return tuple(port for port in self.outputs_of(self.top.uses[name]) if port is not None)

    def other_names(self, outputs: tuple[Port, ...]) -> dict[str, str]:
        """What else an output is known by: a used block that gives it alone; its node, where a key is its name."""
        given = {name: scope.outputs or () for name, scope in self.top.uses.items()}
        only = {name: ports[0] for name, ports in given.items() if len(ports) == 1}
        found = {name: port for name, port in only.items() if port is not None and port in outputs}
        keys = keys_of(self.model.output_structure)
        if keys is None or len(keys) != len(outputs):
            return {name: port.node for name, port in found.items()}
        named = {name: key for key, port in zip(keys, outputs, strict=True) for name in (port.node, *_of(port, found))}
        return {name: key for name, key in named.items() if name not in keys}


def _of(port: Port, found: Mapping[str, Port]) -> Iterator[str]:
    """The names that lead to a port."""
    return (name for name, other in found.items() if other == port)
