"""Binding: resolved nodes to a `Spec` of typed values, defaults filled in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mnistspec.calls import Call
from mnistspec.catalogue import Catalogue
from mnistspec.diagnostics import Outcome
from mnistspec.entries.models import hidden_in, keep_key_spans, read_model
from mnistspec.ignoring import wrong_name
from mnistspec.language import COMPILE, EXPORT_BACKENDS, FIT, SPEC
from mnistspec.nodes import MappingNode, SequenceNode
from mnistspec.schema import reader_of
from mnistspec.source import Source
from mnistspec.spec import (
    CompileSpec,
    DataSpec,
    EvaluateSpec,
    FitSpec,
    OutputsSpec,
    PredictSpec,
    SourceSpec,
    Spec,
    Step,
    Steps,
)
from mnistspec.values import Clear, Reader, Settings, Tag, Unknown

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")


def bind(
    root: MappingNode, catalogue: Catalogue, source: Source, clear: Clear | None = None, *, allow_code: bool = False
) -> Outcome[Spec]:
    """The spec as typed values; None when there is no model to go on with.

    `clear` is what validating read of parts that are in order; those that resolving left alone are not read again.
    """
    reader = reader_of(catalogue, allow_expressions=False, clear=clear, allow_code=allow_code)
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
            keep_key_spans(section, node)


def _spec(settings: Settings, root: MappingNode, source: Source, reader: Reader, catalogue: Catalogue) -> Spec:
    def section(name: str) -> Settings | None:
        value = settings[name]
        return value if isinstance(value, Settings) else None

    data, compile_, fit, model = section("data"), section("compile"), section("fit"), section("model")
    assert model is not None
    return Spec(
        source=source,
        name=_name(settings, source, reader),
        description=settings.known("description", ""),
        seed=_seed(settings, reader),
        data=_data(data) if data is not None else None,
        model=read_model(model, model.known("kind", "functional"), reader),
        compile=_compile(compile_, catalogue) if compile_ is not None else None,
        fit=_fit(fit, reader) if fit is not None else None,
        evaluate=EvaluateSpec(**_known(section("evaluate"))),
        predict=PredictSpec(**_known(section("predict"))),
        outputs=_outputs(section("outputs"), settings.known("backend", "tensorflow"), reader),
        backend=settings.known("backend", "tensorflow"),
        deterministic=settings.known("deterministic", False),
        threads=settings.known("threads", "auto"),
        ignore=_ignore(settings, root, reader),
        hidden=hidden_in(settings),
        spans=settings.key_spans,
    )


def _known(section: Settings | None) -> dict[str, Any]:
    """A section's values by name, without those that a mistake hides."""
    if section is None:
        return {}
    return {name: value for name, value in section.values.items() if not isinstance(value, Unknown)}


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
        hidden=hidden_in(settings),
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
    return tuple(Step(tag.name, _known(tag.settings), tag.span, tag.settings.spans) for tag in tags)


def _outputs(settings: Settings | None, backend: str, reader: Reader) -> OutputsSpec:
    outputs = OutputsSpec(**_known(settings))
    for index, name in enumerate(outputs.export):
        if settings is not None and backend not in EXPORT_BACKENDS[name]:
            message = f"{name} is exported on {' or '.join(EXPORT_BACKENDS[name])}, and this spec is for {backend}"
            reader.report("E204", message, settings.spans[f"export.{index}"], "leave it out, or change `backend`")
    return outputs


def _compile(settings: Settings, catalogue: Catalogue) -> CompileSpec:
    values = {name: settings.known(name, COMPILE.fields[name].default) for name in settings.values}
    optimizer = values["optimizer"]
    if isinstance(optimizer, str):
        facts = catalogue["optimizers"].find(optimizer)
        assert facts is not None
        values["optimizer"] = Call(facts, {}, settings.span, bare=optimizer)
    return CompileSpec(**values, span=settings.span, spans=settings.spans, hidden=hidden_in(settings))


def _fit(settings: Settings, reader: Reader) -> FitSpec:
    values = {name: settings.known(name, FIT.fields[name].default) for name in settings.values}
    for name in values["class_weight"] if isinstance(values["class_weight"], dict) else ():
        if not (name.isascii() and name.isdigit()):
            span = settings.spans[f"class_weight.{name}"]
            reader.report("E204", f"`{name}` is no class id", span, "write `{0: 1.0, 1: 2.5}`")
    return FitSpec(**values, span=settings.span, spans=settings.spans, hidden=hidden_in(settings))
