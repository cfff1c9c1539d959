"""Structure that comes again in a model: said once, under the very names, and only where that is the same model."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest

from mnistspec.importers import pages
from mnistspec.importers.document import spec_text
from mnistspec.importers.same import same_model

from .configs import called, functional, given, layer, sequential, tensor

_X = given("x", None, 4)


def _dense(name: str, source: str, units: int = 4, **config: Any) -> dict[str, Any]:
    return called(layer("Dense", name, units=units, **config), tensor(source))


def _residual(prefix: str, source: str, units: int) -> list[dict[str, Any]]:
    return [
        _dense(f"{prefix}_1_dense", source, units, activation="relu"),
        _dense(f"{prefix}_2_dense", f"{prefix}_1_dense"),
        called(layer("Add", f"{prefix}_add"), [tensor(source), tensor(f"{prefix}_2_dense")]),
        called(layer("ReLU", f"{prefix}_out"), tensor(f"{prefix}_add")),
    ]


def _net(*entries: dict[str, Any]) -> dict[str, Any]:
    return functional(_X, *entries, inputs=["x", 0, 0], outputs=[entries[-1]["name"], 0, 0])


def _layers(text: str) -> str:
    return text.partition("  layers:\n    - ")[2] if "blocks" not in text else text.partition("\nblocks:\n")[2]


def _repeated(times: int, entry: str) -> str:
    """A repeat of one entry."""
    return f"repeat:\n        times: {times}\n        layers:\n          - {entry}\n"


def _stages(count: int, units: int = 1) -> dict[str, Any]:
    entries, source = [], "x"
    for number in range(count):
        entries += _residual(f"stage{number + 1}", source, units)
        source = entries[-1]["name"]
    return _net(*entries)


def test_a_structure_that_comes_again_is_a_block_with_a_prefix_for_each_use() -> None:
    config = _net(
        *_residual("first", "x", 1), *_residual("second", "first_out", 1), *_residual("third", "second_out", 2)
    )
    assert (
        _layers(spec_text(config))
        == """\
  re_lu_block:
    params: {units: 1}
    layers:
      - Dense: {units: "${units}", activation: relu, name: 1_dense}
      - Dense: {units: 4, name: 2_dense}
      - Add: {from: [input, 2_dense], name: add}
      - ReLU: {name: out}
model:
  kind: functional
  inputs:
    x: [4]
  layers:
    - use: {block: re_lu_block, prefix: first_}
    - use: {block: re_lu_block, prefix: second_}
    - use: {block: re_lu_block, with: {units: 2}, prefix: third_}
"""
    )


def test_uses_that_follow_each_other_by_number_are_a_repeat() -> None:
    text = spec_text(_stages(5))
    assert _repeated(5, 'use: {block: stage, prefix: "stage${i + 1}_"}') in text
    assert same_model(text, spec_text(_stages(5), flat=True))


def test_a_name_without_a_pattern_is_handed_over() -> None:
    entries, source = [], "x"
    for number, name in enumerate(["ant", "bee", "cow", "doe", "elk"]):
        entries += [
            _dense(f"in_{number}", source, activation="relu"),
            called(layer("Dropout", name, rate=0.5), tensor(f"in_{number}")),
            called(layer("LayerNormalization", f"norm_{number}"), tensor(name)),
            called(layer("Add", f"add_{number}"), [tensor(source), tensor(f"norm_{number}")]),
            called(layer("ReLU", f"end_{number}"), tensor(f"add_{number}")),
        ]
        source = f"end_{number}"
    text = spec_text(_net(*entries))
    assert 'name: "${dropout_name}"' in text and 'name: "norm_${number}"' in text
    assert same_model(text, spec_text(_net(*entries), flat=True))


def test_an_argument_that_goes_with_another_is_worked_out_from_it() -> None:
    entries, source = [], "x"
    for name, units in (("first", 8), ("second", 32), ("third", 12), ("fourth", 28)):
        entries += [
            _dense(f"{name}_in", source, 6 * units, activation="relu"),
            called(layer("Dropout", f"{name}_drop", rate=0.5), tensor(f"{name}_in")),
            _dense(f"{name}_out", f"{name}_drop", units),
        ]
        source = f"{name}_out"
    text = spec_text(_net(*entries))
    assert 'units: "${units // 6}"' in text and "with: {units: 72}, prefix: third_" in text


def test_layers_of_a_sequential_model_are_repeated_under_the_names_of_keras() -> None:
    layers = [layer("Dense", "dense" if not turn else f"dense_{turn}", units=64 * 2**turn) for turn in range(6)]
    text = spec_text(sequential(_X, *layers))
    assert _layers(text) == _repeated(6, 'Dense: {units: "${64 * 2 ** i}"}')


def test_flat_leaves_an_entry_for_each_layer() -> None:
    text = spec_text(_stages(5), flat=True)
    assert text.count("\n    - ") == 20 and "use" not in text


def test_what_a_text_writes_as_an_expression_stays_text() -> None:
    entries = [_dense("a${b}1", "x"), *(_dense(f"a${{b}}{turn}", f"a${{b}}{turn - 1}") for turn in range(2, 7))]
    text = spec_text(_net(*entries))
    assert _layers(text) == _repeated(6, 'Dense: {units: 4, name: "a$${b}${i + 1}"}')


def test_a_difference_that_only_python_could_say_is_left_as_it_is() -> None:
    entries = [_dense("a", "x", 5), _dense("c", "a", 9), _dense("b", "c", 2)]
    assert _layers(spec_text(_net(*entries))).count("- Dense") == 2


def test_an_argument_that_some_leave_out_has_its_default() -> None:
    config = _net(
        *_residual("first", "x", 1), *_residual("second", "first_out", 1),
        *[{**entry, "config": {**entry["config"], "use_bias": False}} if "dense" in entry["name"] else entry
          for entry in _residual("third", "second_out", 1)],
    )  # fmt: skip
    text = spec_text(config)
    assert "params: {use_bias: true}" in text and "with: {use_bias: false}" in text


def test_a_fold_that_is_another_model_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def never(text: str, flat: str) -> bool:
        seen.append(text)
        return False

    monkeypatch.setattr(pages, "same_model", never)
    assert spec_text(_stages(5)) == spec_text(_stages(5), flat=True) and seen


def test_less_is_folded_where_all_of_it_is_another_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "same_model", lambda text, flat: "repeat" not in text)
    text = spec_text(_stages(5))
    assert "use" in text and "repeat" not in text


@pytest.mark.parametrize(
    "change",
    [("units: 4", "units: 5"), ("name: a", "name: b"), ("from: [a, x]", "from: [x, a]"), ("relu", "tanh")],
)
def test_models_that_differ_are_told_apart(change: tuple[str, str]) -> None:
    start = "mnistspec: 1\nmodel:\n  kind: functional\n  inputs: {x: [4]}\n  layers:\n"
    text = f"{start}    - Dense: {{units: 4, activation: relu, name: a}}\n    - Add: {{from: [a, x]}}\n"
    assert same_model(text, text)
    assert not same_model(text.replace(*change, 1), text)


def test_a_spelled_out_default_is_no_difference() -> None:
    text = (
        "mnistspec: 1\nmodel: {kind: sequential, input: [8, 8, 1], layers: [{Conv2D: {filters: 2, kernel_size: 3}}]}\n"
    )
    assert same_model(text.replace("kernel_size: 3", "kernel_size: [3, 3], strides: 1, padding: valid"), text)


@pytest.mark.slow
@pytest.mark.parametrize("irregular", [False, True])
def test_a_thousand_layers_are_folded_in_time(irregular: bool) -> None:
    numbers = random.Random(7)
    entries, source = [], "x"
    for number in range(1000):
        units = numbers.randrange(1, 99) if irregular else 4
        kind = numbers.choice(["relu", "tanh"]) if irregular else "relu"
        entries.append(_dense(f"d{number}", source, units, activation=kind))
        source = f"d{number}"
    began = time.process_time()
    text = spec_text(_net(*entries))
    assert time.process_time() - began < 20
    assert irregular or text.count("\n") < 12


def test_the_same_model_gives_the_same_text() -> None:
    assert spec_text(_stages(7)) == spec_text(_stages(7))
