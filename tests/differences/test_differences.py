"""What differs between two specs: layers by the graph, settings by key, whatever is spelled out."""

from __future__ import annotations

from pathlib import Path

import pytest

from mnistspec import Differences, compare
from mnistspec.differences.changes import ABSENT, Change, changes
from mnistspec.exporters.resolved import resolved_text
from mnistspec.pipeline import check_source
from mnistspec.source import Source

_SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))
_HEAD = "mnistspec: 1\nname: x\n"


def _sequential(*layers: str, rest: str = "") -> str:
    listed = "".join(f"    - {layer}\n" for layer in layers)
    return f"{_HEAD}model:\n  kind: sequential\n  input: [8]\n  layers:\n{listed}{rest}"


def _functional(*layers: str) -> str:
    listed = "".join(f"    - {layer}\n" for layer in layers)
    return f"{_HEAD}model:\n  kind: functional\n  inputs: {{x: [8]}}\n  layers:\n{listed}"


def _layers(found: Differences) -> list[tuple[str, str | None, str | None]]:
    return [
        (one.what, one.before.name if one.before else None, one.after.name if one.after else None)
        for one in found.layers
    ]


@pytest.mark.parametrize("path", _SPECS, ids=lambda path: path.stem)
def test_a_spec_with_every_default_spelled_out_is_the_same(path: Path, tmp_path: Path) -> None:
    result = check_source(Source(path.read_text("utf-8"), str(path), path))
    assert result.spec is not None and result.graph is not None
    spelled_out = tmp_path / "resolved.yaml"
    spelled_out.write_text(resolved_text(result.spec, result.graph.graph, folder=tmp_path), "utf-8")
    found = compare(path, spelled_out)
    assert found.same and not found.layers and not found.settings


def test_a_layer_put_in_between_is_added_and_those_behind_it_stay_themselves() -> None:
    before = _sequential("Dense: {units: 16, activation: relu}", "Dense: {units: 4}")
    after = _sequential("Dense: {units: 16, activation: relu}", "Dense: {units: 8}", "Dense: {units: 4}")
    found = compare(before, after)
    assert _layers(found) == [("added", None, "dense_1"), ("changed", "dense_1", "dense_2")]
    keys = [change.key for change in found.layers[1].changes]
    assert keys == ["from", "params", "trainable params", "flops"]
    assert Change("params", 212, 316) in found.totals


def test_an_argument_by_place_is_told_from_one_by_name() -> None:
    attention = "MultiHeadAttention: {num_heads: 1, key_dim: 2, from: {%s: a, value: a}}"
    found = compare(*(_functional("RepeatVector: {n: 3, name: a}", attention % key) for key in ("query", "0")))
    (change,) = found.layers[0].changes
    assert change == Change("from", {"query": "a", "value": "a"}, {0: "a", "value": "a"})


def test_a_removed_layer_stands_where_it_stood() -> None:
    found = compare(_sequential("Dense: {units: 8}", "ReLU", "Dense: {units: 4}"),
                    _sequential("Dense: {units: 8}", "Dense: {units: 4}"))  # fmt: skip
    assert _layers(found) == [("removed", "re_lu", None), ("changed", "dense_1", "dense_1")]
    assert found.layers[1].changes == (Change("from", "re_lu", "dense"),)


def test_an_argument_is_told_before_and_after_with_what_follows() -> None:
    found = compare(_sequential("Dense: {units: 8}"), _sequential("Dense: {units: 4, kernel_regularizer: {L2: {}}}"))
    (layer,) = found.layers
    assert {change.key: (change.before, change.after) for change in layer.changes} == {
        "units": (8, 4), "kernel_regularizer": (None, {"L2": {"l2": 0.01}}), "output shape": ([None, 8], [None, 4]),
        "params": (72, 36), "trainable params": (72, 36), "flops": (136, 68),
    }  # fmt: skip


def test_branches_in_another_order_are_the_same() -> None:
    wide = "Dense: {units: 8, from: x, name: wide}", "Dense: {units: 4, from: x}", "Concatenate: {from: [wide, dense]}"
    turned = (
        "Dense: {units: 4, from: x}",
        "Dense: {units: 8, from: x, name: wide}",
        "Concatenate: {from: [wide, dense]}",
    )
    assert compare(_functional(*wide), _functional(*turned)).same


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Conv1D: {filters: 2, kernel_size: 3}", "Conv1D: {filters: 2, kernel_size: [3], strides: 1}"),
        ("MaxPooling1D: {pool_size: 2, strides: 2}", "MaxPooling1D"),
        ("Dense: {units: 2, activation: linear}", "Dense: {units: 2}"),
        ("Dense: {units: 2, kernel_initializer: HeNormal}", "Dense: {units: 2, kernel_initializer: he_normal}"),
        ("Dense: {units: 2, bias_regularizer: {L2: {l2: 0.01}}}", "Dense: {units: 2, bias_regularizer: L2}"),
        ("Bidirectional: {layer: {GRU: {units: 2, name: gru_3}}}", "Bidirectional: {layer: {GRU: {units: 2}}}"),
        (
            "TimeDistributed: {layer: {Dense: {units: 2, use_bias: true}}}",
            "TimeDistributed: {layer: {Dense: {units: 2}}}",
        ),
    ],
)
def test_another_way_to_write_the_same_is_no_difference(before: str, after: str) -> None:
    one, other = (_sequential(layer).replace("[8]", "[8, 4]") for layer in (before, after))
    assert compare(one, other).same


def test_a_name_given_to_a_wrapped_layer_is_a_difference() -> None:
    layer = "TimeDistributed: {layer: {Dense: {units: 2%s}}}"
    one, other = (_sequential(layer % name).replace("[8]", "[8, 4]") for name in ("", ", name: each"))
    assert [change.key for change in compare(one, other).layers[0].changes] == ["layer.Dense.name"]


def test_names_in_blocks_are_the_same_as_keras_spells_them() -> None:
    layers = "Dense: {{units: 8, from: x, name: a{0}dense}}", "Dense: {{units: 8, from: x, name: b{0}dense}}"
    sums = "Add: {{from: [b{0}dense, a{0}dense], name: sum}}"
    before, after = (
        _functional(*(layer.format(part) for layer in turned), sums.format(part))
        + f"  outputs: [sum, b{part}dense]\ncompile: {{loss: {{sum: mse, b{part}dense: mae}}}}\n"
        for part, turned in (("/", layers), ("__", layers[::-1]))
    )
    assert compare(before, after).same


def test_branches_in_another_order_are_the_same_to_their_ends_and_inside_nested_models() -> None:
    read = ["TimeDistributed: {layer: {Sequential: {layers: [{Dense: {units: 3}}, Dropout: {rate: 0.1}]}}, from: s}",
            "Bidirectional: {layer: {GRU: {units: 4}}}", "Dense: {units: 2, name: read}"]  # fmt: skip
    other = [
        "Dense: {units: 9, from: x, name: a}",
        "Dense: {units: 8}",
        "Dense: {units: 7}",
        "Dense: {units: 2, name: b}",
    ]
    both = "Concatenate: {from: [read, b]}"
    one, turned = (
        _functional(*layers, both).replace("{x: [8]}", "{x: [8], s: [5, 4]}") for layers in (read + other, other + read)
    )
    assert compare(one, turned).same


def test_the_two_kinds_differ_in_kind_alone() -> None:
    layers = "Dense: {units: 8}", "Dense: {units: 4}"
    found = compare(_sequential(*layers), _functional(*layers))
    assert not found.layers and [change.key for change in found.settings] == ["model.kind", "model.inputs.x.name"]


def test_a_given_name_finds_its_layer_whatever_its_class() -> None:
    found = compare(
        _sequential("Dense: {units: 8, name: a}", "ReLU: {name: b}"),
        _sequential("Dense: {units: 8, name: a}", "ELU: {name: b}"),
    )
    assert _layers(found) == [("changed", "b", "b")]
    assert Change("layer", "ReLU", "ELU") in found.layers[0].changes


def test_a_connection_is_told_in_the_names_of_each_side() -> None:
    before = _functional("Dense: {units: 8, name: a}", "Dense: {units: 8, name: b}", "Add: {from: [a, b], name: sum}")
    after = _functional("Dense: {units: 8, name: a}", "Dense: {units: 8, name: b}", "Add: {from: [b, b], name: sum}")
    assert compare(before, after).layers[0].changes == (Change("from", ["a", "b"], ["b", "b"]),)


def test_a_renamed_layer_changes_nothing_but_its_name() -> None:
    before = _functional("Dense: {units: 8, name: a}", "Dense: {units: 4, from: a}")
    after = _functional("Dense: {units: 8, name: z}", "Dense: {units: 4, from: z}")
    found = compare(before, after)
    assert _layers(found) == [("changed", "a", "z")] and found.layers[0].changes == (Change("name", "a", "z"),)


def test_many_layers_are_matched_in_little_time() -> None:
    many = [f"Dense: {{units: {8 + number % 3}}}" for number in range(1500)]
    found = compare(_sequential(*many), _sequential("Dropout: {rate: 0.5}", *reversed(many)))
    assert not found.same


def test_settings_are_told_by_their_dotted_keys() -> None:
    before = _sequential("Dense: {units: 10}", rest="compile: {optimizer: adam, loss: mse}\nfit: {epochs: 3}\n")
    rest = (
        "compile: {optimizer: {Adam: {learning_rate: 0.1}}, loss: mae}\nfit: {callbacks: [TerminateOnNaN]}\nseed: 3\n"
    )
    after = _sequential("Dense: {units: 10}", rest=rest)
    found = {change.key: (change.before, change.after) for change in compare(before, after).settings}
    assert found["compile.optimizer.Adam.learning_rate"] == (0.001, 0.1)
    assert found["seed"] == (0, 3) and found["fit.epochs"] == (3, 1)
    assert found["fit.callbacks.TerminateOnNaN"] == (ABSENT, {"raise_error": False})
    assert list(found["compile.loss"][0]) == ["MeanSquaredError"]


def test_the_name_of_a_file_is_no_difference(tmp_path: Path) -> None:
    spec = _sequential("Dense: {units: 8}").replace("name: x\n", "")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(spec)
    assert compare(tmp_path / "a.yaml", tmp_path / "b.yaml").same
    assert not compare(_sequential("ReLU"), _sequential("ReLU").replace("name: x", "name: y")).same


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [Change("a", 1, True)]),
        ({"a": 1}, {"b": 1}, [Change("a", 1, ABSENT), Change("b", ABSENT, 1)]),
        ({"o": {"Adam": {"r": 1}}}, {"o": {"SGD": {"r": 1}}}, [Change("o", {"Adam": {"r": 1}}, {"SGD": {"r": 1}})]),
        ({"c": [{"A": {"x": 1}}, "B"]}, {"c": [{"A": {"x": 2}}, "B"]}, [Change("c.A.x", 1, 2)]),
        ({"c": ["B", {"A": {}}]}, {"c": [{"A": {}}, "B"]}, [Change("c", ["B", {"A": {}}], [{"A": {}}, "B"])]),
        ({"c": [{"A": {}}, {"A": {"x": 1}}]}, {"c": [{"A": {}}]}, [Change("c.A#2", {"x": 1}, ABSENT)]),
        ({"m": [1, 2]}, {"m": [1, 3]}, [Change("m", [1, 2], [1, 3])]),
    ],
)
def test_values_are_held_against_each_other(before: object, after: object, expected: list[Change]) -> None:
    assert list(changes(before, after)) == expected


def test_what_changed_inside_a_nested_model_is_told_there() -> None:
    inner = "Sequential: {{name: encoder, layers: [Flatten, {{Dense: {{units: {}}}}}]}}"
    found = compare(_sequential(inner.format(8)), _sequential(inner.format(16)))
    told = {layer.after.name: [change.key for change in layer.changes] for layer in found.layers if layer.after}
    assert "units" in told["encoder/dense"] and "units" not in told["encoder"]


def test_layers_of_nested_models_are_matched_inside_models_that_are() -> None:
    one = "Sequential: {{name: {}, layers: [{{Dense: {{units: {}, name: {}}}}}]}}"
    before = _sequential(one.format("a", 8, "first"), one.format("b", 8, "second"))
    found = compare(before, _sequential(one.format("a", 8, "first"), one.format("b", 8, "first")))
    assert _layers(found) == [("changed", "b/second", "b/first")]
    found = compare(before, _sequential("Dense: {units: 8, name: first}", one.format("b", 8, "second")))
    told = [("added", None, "first"), ("removed", "a", None), ("removed", "a/first", None)]
    assert [one for one in _layers(found) if one[0] != "changed"] == told


def test_another_name_of_a_nested_model_is_no_difference_of_its_layers() -> None:
    layers = "[{Dense: {units: 8, name: first}}, {Dense: {units: 8, from: first, name: again}}]"
    one = f"Functional: {{name: a, inputs: {{z: [8]}}, layers: {layers}}}"
    found = compare(_functional(one), _functional(one.replace("name: a,", "name: b,")))
    assert _layers(found) == [("changed", "a", "b")] and found.layers[0].changes == (Change("name", "a", "b"),)


def test_a_connection_in_a_nested_model_is_told() -> None:
    two = "{Dense: {units: 8, name: first}}, {Dense: {units: 8, from: first, name: again}}"
    layers = f"[{two}, {{Add: {{from: [X, again], name: s}}}}]"
    one = f"Functional: {{name: a, inputs: {{z: [8]}}, layers: {layers}}}"
    found = compare(*(_functional(one.replace("X", name)) for name in ("first", "z")))
    assert _layers(found) == [("changed", "a/s", "a/s")]
    assert found.layers[0].changes == (Change("from", ["first", "again"], ["z", "again"]),)


def test_the_structure_of_the_outputs_and_a_frozen_model_are_told() -> None:
    one = (
        "mnistspec: 1\nmodel:\n  kind: functional\n  inputs: {x: [4]}\n  layers:\n    - Dense: {units: 2, name: d}\n"
        "  structure: {outputs: [d]}\n"
    )
    other = one.replace("outputs: [d]}", "outputs: {o: d}}\n  trainable: false")
    assert {change.key for change in compare(one, other).settings} == {"model.structure.outputs", "model.trainable"}
