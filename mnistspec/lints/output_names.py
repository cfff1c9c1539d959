"""Settings for an output that the model does not have, and outputs that settings cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.diagnostics import Diagnostic
from mnistspec.hints import Hint, hint
from mnistspec.source import Span
from mnistspec.spec import CompileSpec, Spec
from mnistspec.typed import TypedGraph


def output_names(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras tells a misspelt output late and at length."""
    if not typed.graph.complete:
        return ()
    names = typed.graph.output_names
    uses = tuple(typed.graph.uses)
    unknown = (_unknown(section, name, span, names, uses) for section, name, span in _named(spec) if name not in names)
    if spec.compile is None:
        return tuple(unknown)
    known = (*unknown, *_unweighted(spec.compile, names), *_like_validation(typed))
    if spec.data is None and spec.fit is None:
        return known
    return (*known, *_alike(typed), *_miscounted(spec.compile, names))


def _miscounted(settings: CompileSpec, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Of several outputs Keras takes one item of a list for each, and stops in the first step where they are fewer."""
    for key in ("metrics", "weighted_metrics"):
        given = getattr(settings, key)
        if len(names) > 1 and isinstance(given, tuple) and given and len(given) != len(names):
            message = f"`{key}` lists {len(given)} for {len(names)} outputs, and a list has an item for each"
            help = f"write a map by output: `{{{names[0]}: [...]}}`"
            yield Diagnostic("E204", message, settings.spans.get(key), help)


def _unweighted(settings: CompileSpec, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Keras weighs the loss of every output or of none, and says so with a `KeyError` in the first step."""
    weights = settings.loss_weights
    if isinstance(weights, Mapping) and not any(name not in names for name in weights):
        missing = [name for name in names if name not in weights]
        if missing:
            what = " and ".join(f"`{name}`" for name in missing)
            help = f"add `{', '.join(f'{name}: 1.0' for name in missing)}`"
            yield Diagnostic(
                "E207", f"`loss_weights` has no weight for {what}", settings.spans.get("loss_weights"), help
            )


def _alike(typed: TypedGraph) -> Iterator[Diagnostic]:
    """Losses, metrics and targets know an output by its node, so that two of one node are one to them."""
    seen: set[str] = set()
    graph = typed.graph
    for own, port in zip(graph.output_names, graph.outputs, strict=True):
        name = graph.outputs_in_keras[own]
        if name in seen:
            help = f"name it: `- Identity: {{from: {port}, name: ...}}`, and list that name"
            yield Diagnostic("E402", f"two outputs of the model are known as `{name}`", port.span, help)
        seen.add(name)


def _like_validation(typed: TypedGraph) -> Iterator[Diagnostic]:
    """Keras puts `val_` before what it measures in validation, and what an output is called before its own measures."""
    names = typed.graph.output_names
    for name, port in zip(names, typed.graph.outputs, strict=True) if len(names) > 1 else ():
        rest = name.removeprefix("val_")
        if name == "val" or (rest != name and rest in names):
            other = "of validation" if name == "val" else f"of `{rest}` in validation"
            message = f"the losses and metrics of the output `{name}` would bear the names of those {other}"
            yield Diagnostic("E402", message, port.span, "give the output another name")


def _named(spec: Spec) -> Iterator[tuple[str, str, Span | None]]:
    """Every output that a section names: the section's key, the name, and where it stands."""
    if spec.compile is not None:
        for key in ("loss", "loss_weights", "metrics", "weighted_metrics"):
            value = getattr(spec.compile, key)
            for name in value if isinstance(value, Mapping) else ():
                yield f"compile.{key}", name, spec.compile.spans.get(f"{key}.{name}")
    if spec.data is not None and isinstance(spec.data.targets, Mapping):
        for name in spec.data.targets:
            yield "data.targets", name, spec.data.targets_spans.get(f"targets.{name}")


def _unknown(section: str, name: str, span: Span | None, names: tuple[str, ...], uses: tuple[str, ...]) -> Diagnostic:
    """`uses` are the names that stand for an output too."""
    near = _inside(name, names) or (hint(name, (*names, *uses), span) if span is not None else None)
    help = near.help if near else f"the model's outputs: {', '.join(f'`{known}`' for known in names)}"
    message = f"`{section}` is set for `{name}`, which is no output of the model"
    return Diagnostic("E414", message, span, help, fix=near.fix if near else None)


def _inside(name: str, names: tuple[str, ...]) -> Hint | None:
    """The outputs of a used block that are the model's, where there are several: the use's name leads to none."""
    inside = [f"`{known}`" for known in names if known.startswith(f"{name}/")]
    return Hint(f"did you mean {' or '.join(inside)}?") if inside else None
