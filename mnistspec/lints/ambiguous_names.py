"""Names that an output of another node has as well: `lstm.1` beside an `lstm` of three outputs."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def ambiguous_names(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """`from` takes a whole name before an index, and so leads to the one where the other was meant."""
    return tuple(
        Diagnostic("E402", f"the name `{node.name}` also means output {index} of `{base}`", node.span,
                   "give it a name without the dot", (Related(f"`{base}` stands here", typed.graph.node(base).span),))
        for node in typed.graph.nodes
        if "." in node.name
        for base, _, index in [node.name.rpartition(".")]
        if index.isdecimal() and base in typed.inferred and len(typed.inferred[base].outputs) > 1
    )  # fmt: skip
