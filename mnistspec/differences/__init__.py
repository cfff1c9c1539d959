"""Two specs, runs or models held against each other: layers as a graph, settings by key, and what runs recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from mnistspec.differences.changes import ABSENT, Change, changes
from mnistspec.differences.facts import LayerFacts, layers_of
from mnistspec.differences.matching import matched
from mnistspec.differences.sides import Side
from mnistspec.exporters.resolved import resolved_document
from mnistspec.frozen import dataclass
from mnistspec.spec import BY_OUTPUT, InputSpec
from mnistspec.typed import TypedGraph

# What a model's file says of a spec.
_OF_MODELS = ("model", "compile")
# What a run records beside its spec. What the clock has a part in does not make two runs different.
_RECORDED = ("status", "metrics", "epochs", "data", "jit_compile", "steps_per_execution", "versions", "backend",
             "devices", "machine")  # fmt: skip
_OF_DATA = ("origin", "digest", "train", "validation", "test")
_CLOCKED = ("timings", "artifacts")
# Copies of what is compared anyway.
_SPECS = ("spec.yaml", "resolved.yaml")


@dataclass(frozen=True)
class LayerChange:
    """A layer that is `added` (`before` is None), `removed` (`after` is None) or `changed`.

    `changes` has its name, class, connections (`from`) and arguments that differ, then what follows from these or
    from the layers before: `output shape`, `params`, `trainable params`, `flops`.
    """

    before: LayerFacts | None
    after: LayerFacts | None
    changes: tuple[Change, ...] = ()

    @property
    def what(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


@dataclass(frozen=True)
class Differences:
    """What differs between two specs, runs or models, `before` and `after`.

    `totals` are of the whole model: `params`, `trainable params`, `flops`. `settings` are all others of the spec, by
    dotted key. `record` is what two runs recorded, and `clocked` what differs from run to run by itself: timings, and
    the digests of files. That does not count.
    """

    before: Side
    after: Side
    layers: tuple[LayerChange, ...]
    totals: tuple[Change, ...]
    settings: tuple[Change, ...]
    record: tuple[Change, ...] = ()
    clocked: tuple[Change, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs that counts."""
        return not (self.layers or self.totals or self.settings or self.record)


def differences(before: Side, after: Side) -> Differences:
    """Holds two valid specs against each other, every default spelled out, and two runs also by their records."""
    one, other = _typed(before), _typed(after)
    inputs = _matched_inputs(one, other)
    built = "model" in (before.what, after.what)
    layers = layers_of(one, used=built), layers_of(other, used=built)
    names = matched(*layers, inputs)
    both = before.record is not None and after.record is not None
    return Differences(
        before,
        after,
        tuple(_layer_changes(*layers, names, {**inputs, **names})),
        tuple(changes(_totals(one), _totals(other))),
        tuple(_settings(before, after, {**inputs, **names})),
        tuple(changes(_recorded(before), _recorded(after))) if both else (),
        tuple(changes(_clocked(before), _clocked(after))) if both else (),
    )


def _typed(side: Side) -> TypedGraph:
    assert side.result.graph is not None, "a valid spec has a graph"
    return side.result.graph


def _matched_inputs(one: TypedGraph, other: TypedGraph) -> dict[str, str]:
    """Inputs of one name, and those left in their order."""
    before, after = list(one.inputs), list(other.inputs)
    common = {name: name for name in before if name in after}
    rest = [name for name in before if name not in common], [name for name in after if name not in common]
    return common | dict(zip(*rest, strict=False))


def _layer_changes(
    before: tuple[LayerFacts, ...], after: tuple[LayerFacts, ...], names: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[LayerChange]:
    """The layers that differ in the order of the model after, those removed where they stood before."""
    of_before = {layer.name: layer for layer in before}
    told = {now: of_before[then] for then, now in names.items()}
    own_names = _own_names(told, known, after)
    gone = iter(before)
    for layer in after:
        if layer.name not in told:
            yield LayerChange(None, layer)
            continue
        for removed in gone:
            if removed.name == told[layer.name].name:
                break
            if removed.name not in names:
                yield LayerChange(removed, None)
        found = tuple(_changes_of(told[layer.name], layer, own_names[told[layer.name].inside]))
        if found:
            yield LayerChange(told[layer.name], layer, found)
    yield from (LayerChange(removed, None) for removed in gone if removed.name not in names)


def _own_names(
    told: Mapping[str, LayerFacts], known: Mapping[str, str], after: tuple[LayerFacts, ...]
) -> Mapping[str, Mapping[str, str]]:
    """The names that correspond as `from` says them, by the nested model that they stand in."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict, {"": dict(known)})
    for layer in after:
        if layer.name in told and layer.inside:
            found[told[layer.name].inside][told[layer.name].own_name] = layer.own_name
    return found


def _changes_of(one: LayerFacts, other: LayerFacts, known: Mapping[str, str]) -> Iterator[Change]:
    if one.known_as != other.known_as and (one.has_own_name or other.has_own_name):
        yield Change("name", one.name, other.name)
    if one.layer != other.layer:
        yield Change("layer", one.layer, other.layer)
    if renamed(one.from_, known) != other.from_:
        yield Change("from", one.from_, other.from_)
    yield from _argument_changes(one, other)
    yield from changes(_costs(one), _costs(other))


def _argument_changes(one: LayerFacts, other: LayerFacts) -> Iterator[Change]:
    """Arguments that differ; of layers of two classes those that both have."""
    if one.layer == other.layer:
        yield from changes(one.settled, other.settled)
        return
    common = [name for name in one.settled if name in other.settled]
    yield from changes({name: one.settled[name] for name in common}, {name: other.settled[name] for name in common})


def _costs(layer: LayerFacts) -> dict[str, Any]:
    shapes = [list(shape) if shape is not None else None for shape in layer.shapes]
    return {
        "output shape": shapes[0] if len(shapes) == 1 else shapes,
        "params": layer.params,
        "trainable params": layer.trainable_params,
        "flops": layer.flops,
    }


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """What `from` or `outputs` says, in the names of the other model."""
    if isinstance(value, Mapping):
        return {name: renamed(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, names) for inner in value]
    if value in names:
        return names[value]
    node, dot, output = str(value).rpartition(".")
    return f"{names[node]}.{output}" if dot and node in names else value


def _totals(typed: TypedGraph) -> dict[str, Any]:
    known = typed.trainable is not None and typed.non_trainable is not None
    return {
        "params": (typed.trainable or 0) + (typed.non_trainable or 0) if known else None,
        "trainable params": typed.trainable,
        "flops": typed.flops,
    }


def _settings(before: Side, after: Side, names: Mapping[str, str]) -> Iterator[Change]:
    """What differs of the specs beside their layers, as far as both sides can say it."""
    one, other = _document(before), _document(after)
    wanted = {*one, *other}
    if "model" in (before.what, after.what):
        wanted = {name for name in _OF_MODELS if name in one and name in other}
    if not (_is_named(before) and _is_named(after)):
        wanted.discard("name")
    model = one["model"]
    model["inputs"] = {names.get(name, name): given for name, given in model["inputs"].items()}
    model["outputs"] = renamed(model["outputs"], names)
    one["compile"] = _by_output(one.get("compile"), names)
    yield from changes(_only(one, wanted), _only(other, wanted))


def _by_output(settings: Any, names: Mapping[str, str]) -> Any:
    """The section `compile` with its maps by output in the names of the other model."""
    given = settings if isinstance(settings, Mapping) else {}
    maps = {key: given[key] for key in BY_OUTPUT if isinstance(given.get(key), Mapping)}
    by_name = {key: {names.get(name, name): value for name, value in maps[key].items()} for key in maps}
    return {**given, **by_name} if by_name else settings


def _only(document: Mapping[str, Any], wanted: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name in wanted}


def _is_named(side: Side) -> bool:
    """Whether the spec says its name, which is the file's where it does not."""
    return side.result.spec is not None and "name" in side.result.spec.spans


def _document(side: Side) -> dict[str, Any]:
    """The spec with every default, its layers left out, its paths as seen from the working folder."""
    spec, typed = side.result.spec, _typed(side)
    assert spec is not None
    document = resolved_document(spec, typed.graph, folder=Path())
    model = document["model"]
    inputs = {
        given.name: model["input"] if "input" in model else model["inputs"][given.name] for given in _known(typed)
    }
    document["model"] = {
        "kind": model["kind"],
        "inputs": {name: {**given, "name": name} for name, given in inputs.items()},
        "outputs": [str(port) for port in typed.graph.outputs],
        **{key: model[key] for key in ("structure", "dtype", "trainable") if key in model},
    }
    return document


def _known(typed: TypedGraph) -> tuple[InputSpec, ...]:
    """The inputs whose shapes are known; where one is not, the document has none of them."""
    return typed.graph.inputs if all(given.shape is not None for given in typed.graph.inputs) else ()


def _recorded(side: Side) -> dict[str, Any]:
    record = side.record or {}
    found = {name: record.get(name) for name in _RECORDED}
    data = record.get("data")
    return {**found, "data": {name: data.get(name) for name in _OF_DATA} if isinstance(data, Mapping) else None}


def _clocked(side: Side) -> dict[str, Any]:
    record = side.record or {}
    found = {name: record.get(name) or {} for name in _CLOCKED}
    files = {name: kept.get("sha256") for name, kept in found["artifacts"].items() if name not in _SPECS}
    return {**found, "artifacts": files}


__all__ = ["ABSENT", "Change", "Differences", "LayerChange", "LayerFacts", "Side", "changes", "differences"]
