"""Binding: resolved nodes to a `Spec` of typed values, defaults filled in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mnistspec.catalogue import Catalogue
from mnistspec.diagnostics import Outcome
from mnistspec.ignoring import wrong_name
from mnistspec.language import COMPILE, EXPORT_BACKENDS, FIT, SPEC
from mnistspec.nodes import MappingNode, SequenceNode
from mnistspec.schema import reader_of
from mnistspec.source import Source, Span
from mnistspec.spec import (
    Call,
    CompileSpec,
    DataSpec,
    EvaluateSpec,
    FitSpec,
    InputSpec,
    ModelSpec,
    OutputsSpec,
    PredictSpec,
    Reference,
    SourceSpec,
    Spec,
    Step,
    Steps,
    is_complete,
)  # fmt: skip
from mnistspec.values import Clear, Reader, Settings, Tag, Unknown
from mnistspec.values.results import is_whole
from mnistspec.values.scalars import POLICIES

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


def bind(root: MappingNode, catalogue: Catalogue, source: Source, clear: Clear | None = None) -> Outcome[Spec]:
    """The spec as typed values; None when there is no model to go on with.

    `clear` is what validating read of parts that are in order; those that resolving left alone are not read again.
    """
    reader = reader_of(catalogue, allow_expressions=False, clear=clear)
    settings = reader.read(root, SPEC)
    _keep_key_spans(settings, root)
    if isinstance(settings, Unknown) or not _has_layers(settings["model"]):
        return Outcome(None, tuple(reader.diagnostics))
    spec = _spec(settings, root, source, reader, catalogue)
    return Outcome(spec, tuple(reader.diagnostics))


def _has_layers(model: Any) -> bool:
    return isinstance(model, Settings) and not isinstance(model["layers"], Unknown)


def _keep_key_spans(settings: Any, root: MappingNode) -> None:
    """Adds to each section's spans those of the keys and items inside its values: `loss.digit`, `outputs.0`."""
    for name, section in settings.values.items() if isinstance(settings, Settings) else ():
        node = root.get(name)
        if isinstance(section, Settings) and isinstance(node, MappingNode):
            for entry in node.entries:
                if isinstance(entry.value, MappingNode):
                    section.spans.update(
                        {f"{entry.name}.{inner.name}": inner.key.span for inner in entry.value.entries}
                    )
                elif isinstance(entry.value, SequenceNode) and entry.name != "layers":  # which know their places
                    items = enumerate(entry.value.items)
                    section.spans.update({f"{entry.name}.{index}": item.span for index, item in items})


def _spec(settings: Settings, root: MappingNode, source: Source, reader: Reader, catalogue: Catalogue) -> Spec:
    def section(name: str) -> Settings | None:
        value = settings[name]
        return value if isinstance(value, Settings) else None

    data, compile_, fit = section("data"), section("compile"), section("fit")
    return Spec(
        source=source,
        name=_name(settings, source, reader),
        description=settings.known("description", ""),
        seed=_seed(settings, reader),
        data=_data(data) if data is not None else None,
        model=_model(section("model"), reader),  # type: ignore[arg-type]
        compile=_compile(compile_, catalogue) if compile_ is not None else None,
        fit=_fit(fit, reader) if fit is not None else None,
        evaluate=EvaluateSpec(**_known(section("evaluate"))),
        predict=PredictSpec(**_known(section("predict"))),
        outputs=_outputs(section("outputs"), settings.known("backend", "tensorflow"), reader),
        backend=settings.known("backend", "tensorflow"),
        deterministic=settings.known("deterministic", False),
        ignore=_ignore(settings, root, reader),
        hidden=_hidden(settings),
        spans=settings.key_spans,
    )


def _known(section: Settings | None) -> dict[str, Any]:
    """A section's values by name, without those that a mistake hides."""
    if section is None:
        return {}
    return {name: value for name, value in section.values.items() if not isinstance(value, Unknown)}


def _hidden(section: Settings) -> frozenset[str]:
    """The settings that a reported mistake hides, wholly or in part."""
    if section.clear:
        return frozenset()
    return frozenset(n for n, value in section.values.items() if not (is_whole(value) and is_complete(value)))


def _name(settings: Settings, source: Source, reader: Reader) -> str:
    """The run folder's name: safe as the name of a folder, since it becomes one."""
    written = settings.known("name")
    if written is None:
        stem = Path(source.name).stem if source.path is not None else "model"
        return re.sub(r"[^A-Za-z0-9_.-]+", "-", stem).strip(".-")[:100] or "model"
    if not _NAME.fullmatch(written):
        message = "a name has letters, digits, `_`, `-` and `.`, at most 100, and does not begin with `.` or `-`"
        reader.report("E204", message, settings.spans["name"], "it becomes the name of the run's folder")
        return "model"
    return str(written)


def _seed(settings: Settings, reader: Reader) -> int | None:
    seed: int | None = settings.known("seed", 0)
    if seed is not None and seed >= 2**32:
        reader.report("E204", "a seed is below 2 to the power of 32", settings.spans["seed"], "write a smaller one")
    return seed


def _ignore(settings: Settings, root: MappingNode, reader: Reader) -> tuple[str, ...]:
    """The names of warnings not wanted, each known."""
    written = root.get("ignore")
    names: tuple[str, ...] = settings.known("ignore", ())
    places = written.items if isinstance(written, SequenceNode) else ()
    for name, node in zip(names, places, strict=False):
        wrong = wrong_name(name, node.span)
        if wrong is not None:
            reader.report("E204", wrong[0], node.span, wrong[1].help, fix=wrong[1].fix)
    return names


def _data(settings: Settings) -> DataSpec | None:
    source = settings["source"]
    if not isinstance(source, Tag):
        return None
    validation = settings.known("validation")
    limit = settings.known("limit")
    prepare = settings.known("prepare")
    targets = settings.known("targets", "y")
    return DataSpec(
        source=_source(source),
        offline=settings.known("offline", "error"),
        validation=_source(validation) if isinstance(validation, Tag) else validation,
        limit={name: size for name, size in _known(limit).items() if size is not None},
        prepare_x=_steps(prepare.known("x") if prepare is not None else None),
        prepare_y=_steps(prepare.known("y") if prepare is not None else None),
        targets=targets,
        hold=settings.known("hold", "auto"),
        span=settings.span,
        validation_span=settings.spans.get("validation"),
        hold_span=settings.spans.get("hold"),
        hidden=_hidden(settings),
        targets_spans={name: span for name, span in settings.spans.items() if name.startswith("targets")},
    )


def _source(tag: Tag) -> SourceSpec:
    return SourceSpec(tag.name, _known(tag.settings), tag.span, tag.settings.spans)


def _steps(value: Any) -> Steps:
    if value is None:
        return ()
    if isinstance(value, dict):
        return {name: _step_list(steps) for name, steps in value.items()}
    return _step_list(value)


def _step_list(tags: tuple[Tag, ...]) -> tuple[Step, ...]:
    return tuple(Step(tag.name, _known(tag.settings), tag.span) for tag in tags)


def _model(settings: Settings, reader: Reader) -> ModelSpec:
    layers = settings.known("layers", ())
    outputs = settings.known("outputs")
    if isinstance(outputs, str):
        outputs = (outputs,)
    kind = settings.known("kind", "functional")
    return ModelSpec(
        kind=kind,
        inputs=_inputs(settings, kind, reader),
        layers=layers,
        outputs=_output_references(outputs, settings) if outputs is not None else None,
        span=settings.span,
        hidden=_hidden(settings),
    )


def _outputs(settings: Settings | None, backend: str, reader: Reader) -> OutputsSpec:
    outputs = OutputsSpec(**_known(settings))
    for index, name in enumerate(outputs.export):
        if settings is not None and backend not in EXPORT_BACKENDS[name]:
            message = f"{name} is exported on {' or '.join(EXPORT_BACKENDS[name])}, and this spec is for {backend}"
            reader.report("E204", message, settings.spans[f"export.{index}"], "leave it out, or change `backend`")
    return outputs


def _output_references(outputs: tuple[str, ...], settings: Settings) -> tuple[Reference, ...]:
    whole = settings.spans["outputs"]
    return tuple(Reference(text, settings.spans.get(f"outputs.{i}", whole)) for i, text in enumerate(outputs))


def _inputs(settings: Settings, kind: str, reader: Reader) -> tuple[InputSpec, ...] | None:
    one, several = settings.known("input"), settings.known("inputs")
    if one is not None and several is not None:
        span = settings.key_spans["input"]
        reader.report("E408", "`input` and `inputs` say the same thing twice", span, "keep one of them")
    if several is not None:
        return _several_inputs(settings, several, kind, reader)
    if one is None:
        return () if isinstance(settings["input"], Unknown) or isinstance(settings["inputs"], Unknown) else None
    name = "input" if isinstance(one, tuple) else one.known("name") or "input"
    return (_input(name, one, settings.spans["input"], reader),)


def _several_inputs(settings: Settings, several: Any, kind: str, reader: Reader) -> tuple[InputSpec, ...]:
    key = settings.key_spans["inputs"]
    if kind == "sequential":
        help = "write `input: {shape: [...]}`, or `kind: functional`"
        reader.report("E404", "a sequential model has one input, given as `input:`", key, help)
        return ()
    if not several:
        reader.report("E405", "the model has no inputs", key, "name one, or leave `inputs` out to take the data's")
    for name in several:
        if "/" in name or not name:
            message = "the name of an input is not empty and has no `/`, which parts the names of a block's nodes"
            reader.report("E204", message, settings.spans[f"inputs.{name}"], "use letters, digits and `_`")
    return tuple(_input(name, value, settings.spans[f"inputs.{name}"], reader) for name, value in several.items())


def _input(name: str, value: Any, span: Span, reader: Reader) -> InputSpec:
    """One input from its shape alone or from the arguments of `keras.Input`."""
    if isinstance(value, tuple):
        return InputSpec(name, value, span=span)
    dtype = value.known("dtype")
    if dtype in POLICIES:
        help = "write the dtype of the data, as in `float32`; `compile: {precision: ...}` sets a policy"
        reader.report("E204", f"`{dtype}` is a policy of layers, and no dtype", value.spans["dtype"], help)
    size, shape, complete = _sizes(value, reader)
    return InputSpec(
        name=name,
        shape=shape,
        dtype=dtype,
        batch_size=size,
        sparse=value.known("sparse", False),
        ragged=value.known("ragged", False),
        optional=value.known("optional", False),
        span=span,
        complete=complete,
    )


def _sizes(value: Settings, reader: Reader) -> tuple[int | None, tuple[int | None, ...] | None, bool]:
    """The batch, the shape of one example, and whether no mistake hides them."""
    shape, size, whole = value.known("shape"), value.known("batch_size"), value.known("batch_shape")
    complete = is_whole(value["shape"]) and is_whole(value["batch_shape"])
    if whole is None:
        return size, shape, complete
    span = value.spans["batch_shape"]
    if shape is not None or size is not None:
        help = "give `batch_shape`, or `shape` and `batch_size`"
        reader.report("E204", "`batch_shape` already holds the shape and the batch", span, help)
    if not whole:
        reader.report("E204", "`batch_shape` begins with the batch", span, "write `[null, ...]` for any batch")
        return None, None, False
    return whole[0], whole[1:], complete


def _compile(settings: Settings, catalogue: Catalogue) -> CompileSpec:
    values = {name: settings.known(name, COMPILE.fields[name].default) for name in settings.values}
    optimizer = values["optimizer"]
    if isinstance(optimizer, str):
        facts = catalogue["optimizers"].find(optimizer)
        assert facts is not None
        values["optimizer"] = Call(facts, {}, settings.span, bare=optimizer)
    return CompileSpec(**values, span=settings.span, spans=settings.spans, hidden=_hidden(settings))


def _fit(settings: Settings, reader: Reader) -> FitSpec:
    values = {name: settings.known(name, FIT.fields[name].default) for name in settings.values}
    for name in values["class_weight"] if isinstance(values["class_weight"], dict) else ():
        if not (name.isascii() and name.isdigit()):
            span = settings.spans[f"class_weight.{name}"]
            reader.report("E204", f"`{name}` is no class id", span, "write `{0: 1.0, 1: 2.5}`")
    return FitSpec(**values, span=settings.span, spans=settings.spans, hidden=_hidden(settings))
