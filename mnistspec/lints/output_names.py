"""Settings for an output that the model does not have, and outputs that settings cannot tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic
from mnistspec.hints import Hint, hint, listed
from mnistspec.source import Span
from mnistspec.spec import BY_OUTPUT, CompileSpec, Spec
from mnistspec.typed import TypedGraph

# Of more names that are no outputs the first are compared with those that are.
_COMPARED = 20
# Letters of a setting that a help line writes once more for each output.
_LONGEST = 60


def output_names(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras tells a misspelt output late and at length."""
    if not typed.graph.complete:
        return ()
    names = typed.graph.output_names
    uses = tuple(typed.graph.uses)
    known = frozenset(names)
    strange = [named for named in _named(spec) if named[1] not in known]
    unknown = (_unknown(*named, names, uses if place < _COMPARED else None) for place, named in enumerate(strange))
    if spec.compile is None:
        return tuple(unknown)
    found = (*unknown, *_unweighted(spec.compile, names), *_like_validation(typed))
    if spec.data is None and spec.fit is None:
        return found
    return (
        *found,
        *_alike(typed),
        *_miscounted(spec.compile, names),
        *_misweighed(spec.compile, names),
        *_unlearnt(spec.compile, names),
    )


def _miscounted(settings: CompileSpec, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Of several outputs Keras takes one item of a list for each, and stops in the first step where they are fewer."""
    for key in ("metrics", "weighted_metrics"):
        given, span = getattr(settings, key), settings.spans.get(key)
        if len(names) > 1 and isinstance(given, tuple) and given and len(given) != len(names):
            message = f"`{key}` lists {len(given)} for {len(names)} outputs, and a list has an item for each"
            yield Diagnostic("E204", message, span, _for_each(key, names, span))


def _misweighed(settings: CompileSpec, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Keras asks for as many weights as losses in the first step; one loss for several outputs is one."""
    losses, weights = (_count(value) for value in (settings.loss, settings.loss_weights))
    told = (_missing(value, names) or _names_others(value, names) for value in (settings.loss, settings.loss_weights))
    if settings.loss_weights is None or losses == weights or any(told):
        return
    message = f"`loss_weights` has {weights} weight{'s' * (weights > 1)} for {losses} loss{'es' * (losses > 1)}"
    alone = isinstance(settings.loss, Call) and weights == len(names)
    help = _for_each("loss", names, settings.spans.get("loss")) if alone else "write one weight for each loss"
    yield Diagnostic("E204", message, settings.spans.get("loss_weights"), help)


def _count(value: object) -> int:
    return len(value) if isinstance(value, Mapping | tuple) else 1


def _for_each(key: str, names: tuple[str, ...], span: Span | None) -> str:
    """A setting that is written once, spelt for each output."""
    text = span.text if span is not None and len(span.text) <= _LONGEST and "\n" not in span.text else "..."
    return f"write `{key}: {{{', '.join(f'{name}: {text}' for name in names)}}}`"


def _unlearnt(settings: CompileSpec, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Keras asks for every output among the losses, also for one that learns nothing."""
    return _left_out(settings, "loss", "loss", names, "null", "add one, or `{}` for what is not to learn")


def _unweighted(settings: CompileSpec, names: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Keras weighs the loss of every output or of none, and says so with a `KeyError` in the first step."""
    return _left_out(settings, "loss_weights", "weight", names, "1.0", "add `{}`")


def _left_out(
    settings: CompileSpec, key: str, what: str, names: tuple[str, ...], value: str, help: str
) -> Iterator[Diagnostic]:
    """The outputs that a map leaves out; `help` holds what to write for them, each with `value`."""
    missing = _missing(getattr(settings, key), names)
    if missing:
        message = f"`{key}` has no {what} for {' and '.join(f'`{name}`' for name in missing)}"
        written = ", ".join(f"{name}: {value}" for name in missing)
        yield Diagnostic("E207", message, settings.spans.get(key), help.format(written))


def _missing(by_output: object, names: tuple[str, ...]) -> list[str]:
    """The outputs that a map leaves out; none where it names another, which may be what is meant by one."""
    if not isinstance(by_output, Mapping) or _names_others(by_output, names):
        return []
    return [name for name in names if name not in by_output]


def _names_others(by_output: object, names: tuple[str, ...]) -> bool:
    return isinstance(by_output, Mapping) and any(name not in names for name in by_output)


def _alike(typed: TypedGraph) -> Iterator[Diagnostic]:
    """Losses, metrics and targets know an output by its node, so that two of one node are one to them."""
    graph = typed.graph
    if len(graph.outputs) == 1:
        return
    seen: set[str] = set()
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
        for key in BY_OUTPUT:
            value = getattr(spec.compile, key)
            for name in value if isinstance(value, Mapping) else ():
                yield f"compile.{key}", name, spec.compile.spans.get(f"{key}.{name}")
    if spec.data is not None and isinstance(spec.data.targets, Mapping):
        for name in spec.data.targets:
            yield "data.targets", name, spec.data.targets_spans.get(f"targets.{name}")


def _unknown(
    section: str, name: str, span: Span | None, names: tuple[str, ...], uses: tuple[str, ...] | None
) -> Diagnostic:
    """`uses` are the names that stand for an output too; without them the name is compared with none."""
    near: Hint | None = None
    if uses is not None:
        near = _inside(name, names) or (hint(name, (*names, *uses), span) if span is not None else None)
    help = near.help if near else f"the model's outputs: {listed(names)}"
    message = f"`{section}` is set for `{name}`, which is no output of the model"
    return Diagnostic("E414", message, span, help, fix=near.fix if near else None)


def _inside(name: str, names: tuple[str, ...]) -> Hint | None:
    """The outputs of a used block that are the model's, where there are several: the use's name leads to none."""
    inside = [f"`{known}`" for known in names if known.startswith(f"{name}/")]
    return Hint(f"did you mean {' or '.join(inside)}?") if inside else None
