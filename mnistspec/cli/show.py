"""`mnistspec show`: the model as a table, or any stage on the way to it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from mnistspec.cli.inputs import find_inputs
from mnistspec.cli.options import (
    AllowCode,
    AllowEnv,
    Settings,
    SpecPaths,
    checked,
    checked_all,
    one_of,
    show_diagnostics,
    tell_unread,
)
from mnistspec.cli.tables import Column, layer_words, table
from mnistspec.decisions import decide
from mnistspec.exporters.resolved import dump, plain_value, resolved_text
from mnistspec.formats.json import as_data, dumped
from mnistspec.formats.untrusted import encodable
from mnistspec.graph import GraphNode
from mnistspec.lints.inputs import fed
from mnistspec.memory import activation_bytes, node_bytes, show_bytes, tensor_bytes, training_memory
from mnistspec.nodes import plain
from mnistspec.pipeline import CheckResult
from mnistspec.shapes.base import Tensor
from mnistspec.shapes.base import show as show_shape
from mnistspec.typed import TypedGraph

_STAGES = ("resolved", "graph", "typed", "plan")
# Of more kinds of layers than these the table counts the rest.
_NAMED = 3
_FORMATS = ("table", "json", "jsonl")


def show(
    specs: SpecPaths,
    settings: Settings = None,
    format: Annotated[str, typer.Option("--format", help="table, json, or jsonl (one object a spec).")] = "table",
    stage: Annotated[str | None, typer.Option("--stage", help="Stop after resolved, graph, typed or plan.")] = None,
    allow_env: AllowEnv = False,
    allow_code: AllowCode = False,
) -> None:
    """Show a spec's model, without Keras: layers, output shapes, parameters, operations.

    Goes on after a spec that is wrong; exits with 1 then, with 2 when one could not be read.

    Example: mnistspec show specs/mnist-mlp.yaml
    """
    one_of(format, _FORMATS, "--format")
    if stage is not None:
        one_of(stage, _STAGES, "--stage")
    results, unread = checked_all(
        find_inputs(specs), lambda path: checked(path, settings, allow_env=allow_env, allow_code=allow_code)
    )
    tell_unread(unread)
    if stage is not None:
        _show_stages(results, stage)
    elif format == "table":
        _show_tables(results)
    elif format == "jsonl":
        for path, result in results:
            typer.echo(encodable(json.dumps(summary_data(path, result), ensure_ascii=False)))
    else:
        typer.echo(dumped([summary_data(path, result) for path, result in results]))
    if unread:
        raise typer.Exit(2)
    if not all(result.ok for _, result in results):
        raise typer.Exit(1)


def summary_data(path: str, result: CheckResult) -> dict[str, Any]:
    """A spec's model as one object; counts and shapes are null where they are not known."""
    typed = result.graph
    trainable, fixed = (typed.trainable, typed.non_trainable) if typed is not None else (None, None)
    training = training_memory(typed, result.spec) if typed is not None and result.spec is not None else None
    return {
        "path": path,
        "ok": result.ok,
        "name": result.spec.name if result.spec is not None else None,
        "kind": result.spec.model.kind if result.spec is not None else None,
        "params": None if trainable is None or fixed is None else trainable + fixed,
        "trainable_params": trainable,
        "flops": typed.flops if typed is not None else None,
        "activation_bytes": activation_bytes(typed) if typed is not None else None,
        "training_bytes": training.total if training is not None else None,
        "largest_ids": largest_ids(typed) if typed is not None else {},
        "nodes": list(_nodes(typed)) if typed is not None else [],
        "diagnostics": [as_data(diagnostic) for diagnostic in result.diagnostics],
    }


def _nodes(typed: TypedGraph, prefix: str = "", outer: bool = True) -> Iterator[dict[str, Any]]:
    """Every node, that of a nested model before those in it, which are named `outer/inner`."""
    for node in typed.graph.nodes:
        used = outer and node.name not in typed.graph.unused
        yield _node_data(typed, node, prefix, used)
        if node.model is not None and node.name in typed.nested:
            yield from _nodes(typed.nested[node.name], f"{prefix}{node.name}/", used)


def _node_data(typed: TypedGraph, node: GraphNode, prefix: str, used: bool) -> dict[str, Any]:
    inferred = typed.inferred[node.name]
    known = inferred.trainable is not None and inferred.non_trainable is not None
    return {
        "name": prefix + node.name,
        "layer": node.call.name if node.call is not None else None,
        "shares": f"{prefix}{node.shares}" if node.shares is not None else None,
        "used": used,
        "inputs": [f"{prefix}{port}" for port in node.sources()],
        "output_shapes": [list(tensor.shape) if tensor.shape is not None else None for tensor in inferred.outputs],
        "output_dtypes": [tensor.dtype for tensor in inferred.outputs],
        "params": (inferred.trainable or 0) + (inferred.non_trainable or 0) if known else None,
        "trainable_params": inferred.trainable,
        "flops": inferred.flops,
        "activation_bytes": node_bytes(typed, node.name),
        "line": node.span.line,
    }


def _show_tables(results: list[tuple[str, CheckResult]]) -> None:
    for index, (path, result) in enumerate(results):
        if index:
            typer.echo("")
        if result.graph is not None:
            typer.echo(model_table(summary_data(path, result), result.graph))
        show_diagnostics(result.diagnostics)


def model_table(summary: dict[str, Any], typed: TypedGraph) -> str:
    """The model's layers as a table with its totals below."""
    ids = largest_ids(typed)
    rows = [_input_row(name, tensor, ids.get(name)) for name, tensor in typed.inputs.items()]
    rows += [_row(node) for node in summary["nodes"]]
    columns = [
        Column("name"),
        Column("layer"),
        Column("output shape"),
        Column("parameters", right=True),
        Column("activations", right=True),
        Column("from"),
    ]
    head = f"{summary['name']} ({summary['kind']})"
    return f"{head}\n\n{table(columns, rows)}\n\n{_totals(summary)}"


def largest_ids(typed: TypedGraph) -> dict[str, int]:
    """The inputs of which it is known how far the ids go that a layer may look up."""
    known = {given.name: array.largest_id for given, array in fed(typed)}
    return {name: largest for name, largest in known.items() if largest is not None}


def _input_row(name: str, tensor: Tensor, largest: int | None) -> list[str]:
    kind = f"{tensor.dtype}" if largest is None else f"{tensor.dtype}, ids 0 to {largest}"
    return [name, f"Input ({kind})", show_shape(tensor.shape), "0", show_bytes(tensor_bytes([tensor])), ""]


def _row(node: dict[str, Any]) -> list[str]:
    shapes = [show_shape(tuple(shape) if shape is not None else None) for shape in node["output_shapes"]]
    costs = [count(node["params"]), show_bytes(node["activation_bytes"])]
    if not node["used"]:
        costs = ["not used", ""]
    return [node["name"], layer_words(node), ", ".join(shapes), *costs, ", ".join(node["inputs"])]


def count(number: int | None) -> str:
    """A number with thousands parted, `?` where it is not known."""
    return "?" if number is None else f"{number:,}"


def _totals(summary: dict[str, Any]) -> str:
    operations = (
        f"; {count(summary['flops'])} operations an example" if summary["flops"] is not None else _unknown(summary)
    )
    parameters = f"{count(summary['params'])} parameters, {count(summary['trainable_params'])} of them trainable"
    return f"{parameters}{operations}{_memory(summary)}"


def _unknown(summary: dict[str, Any]) -> str:
    """The layers for which the operations of the whole are not known."""
    names = list(dict.fromkeys(node["layer"] or "?" for node in summary["nodes"] if _is_open(node)))
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"; operations unknown because of {', '.join(names[:_NAMED])}{more}"


def _is_open(node: dict[str, Any]) -> bool:
    return bool(node["used"]) and node["flops"] is None


def _memory(summary: dict[str, Any]) -> str:
    """What the activations of one example take, and a whole training, as far as this is known."""
    known = {
        "of activations an example": summary["activation_bytes"],
        "to train, data included": summary["training_bytes"],
    }
    parts = [f"{show_bytes(number)} {what}" for what, number in known.items() if number is not None]
    return f"\nabout {', '.join(parts)}" if parts else ""


def _show_stages(results: list[tuple[str, CheckResult]], stage: str) -> None:
    for _, result in results:
        text = _stage_text(result, stage)
        if text is not None:
            typer.echo(text, nl=False)
        show_diagnostics(result.diagnostics)


def _stage_text(result: CheckResult, stage: str) -> str | None:
    """What a stage made, as YAML; None where it was not reached."""
    if stage == "resolved":
        if result.ok and result.spec is not None and result.graph is not None:
            return resolved_text(result.spec, result.graph.graph)
        return dump(plain(result.resolved)) if result.resolved is not None else None
    if stage == "plan":
        return dump(_planned(result)) if result.ok and result.graph is not None else None
    value = result.untyped if stage == "graph" else result.graph
    return dump(_data(value)) if value is not None else None


def _planned(result: CheckResult) -> dict[str, Any]:
    """The plan, how far ids go, and for a spec that trains what is decided for its speed, each with the reason."""
    spec, typed = result.spec, result.graph
    assert spec is not None and typed is not None
    planned: dict[str, Any] = _data(result.plan())
    if ids := largest_ids(typed):
        planned["largest_ids"] = ids
    if spec.compile is None or spec.fit is None:
        return planned
    return {**planned, "decisions": _data(decide(typed, spec).by_setting())}


def _data(value: Any) -> Any:
    """A stage's dataclasses as plain data, places in the text left out."""
    if hasattr(value, "arguments") and hasattr(value, "facts"):
        return plain_value(value)
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if field.compare]
        return {name: _data(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {name: _data(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_data(item) for item in value]
    return sorted(value) if isinstance(value, frozenset) else value
