"""`mnistspec diff`: specs, runs and models, exit codes and the two forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from importers.configs import called, functional, given, layer, sequential, tensor

from mnistspec.differences import differences
from mnistspec.differences.sides import text_side
from mnistspec.differences.text import as_text

SPEC = """mnistspec: 1
name: net
model:
  kind: sequential
  input: [4]
  layers:
    - Dense: {units: %s}
    - ReLU
"""
RECORD = {"format": 1, "status": "finished", "metrics": {"test": {"accuracy": 0.9}}, "timings": {"fit": 1.5},
          "versions": {"keras": "3.15.1"}, "data": {"digest": "ab", "train": 100},
          "artifacts": {"model.keras": {"sha256": "0" * 64}, "spec.yaml": {"sha256": "1" * 64}}}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(SPEC % 8)
    Path("b.yaml").write_text(SPEC % 16)


def _run(folder: str, spec: str, **record: Any) -> None:
    Path(folder).mkdir(parents=True)
    Path(folder, "resolved.yaml").write_text(spec)
    Path(folder, "run.json").write_text(json.dumps({**RECORD, **record}))


def test_what_differs_is_told_and_decides_the_exit_code(command: Callable[..., Any]) -> None:
    done = command("diff", "a.yaml", "b.yaml")
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "a.yaml (spec) -> b.yaml (spec)\n\nlayers\n  ~ dense: Dense\n      ~ units: 8 -> 16\n"
        "      ~ output shape: (None, 8) -> (None, 16)\n      ~ params: 40 -> 80\n"
        "      ~ flops: 72 -> 144\n  ~ re_lu: ReLU\n      ~ output shape: (None, 8) -> (None, 16)\n"
        "      ~ flops: 8 -> 16\n\nthe whole model\n  ~ params: 40 -> 80\n"
        "  ~ flops: 80 -> 160\n"
    )
    done = command("diff", "a.yaml", "a.yaml")
    assert (done.code, done.out) == (0, "a.yaml (spec) -> a.yaml (spec)\n\nnothing differs\n")


DEEP = """mnistspec: 1
name: net
vars: {width: 8}
model:
  kind: sequential
  input: [4]
  layers:
    - repeat: {times: 5, layers: [{Dense: {units: "${width}", name: "hidden_${i}"}}, Dropout: {rate: 0.5}]}
    - Dense: {units: 2}
"""


def test_layers_that_changed_alike_are_told_once(command: Callable[..., Any]) -> None:
    Path("a.yaml").write_text(DEEP)
    Path("b.yaml").write_text(DEEP.replace("width: 8", "width: 16"))
    done = command("diff", "a.yaml", "b.yaml")
    assert done.out.partition("\n\nthe whole model")[0] == (
        "a.yaml (spec) -> b.yaml (spec)\n\nlayers\n"
        "  ~ hidden_0, hidden_1, hidden_2 and 2 more: Dense\n      ~ units: 8 -> 16\n"
        "  ~ 6 layers differ in output shape, parameters or operations, made so by others: "
        "dropout, dropout_1, dropout_2 and 3 more"
    )
    every = command("diff", "a.yaml", "b.yaml", "--all").out
    assert "  ~ hidden_4: Dense\n      ~ units: 8 -> 16\n" in every and "  ~ dropout_4: Dropout\n" in every
    assert (
        json.loads(command("diff", "a.yaml", "b.yaml", "--format", "json").out)["layers"][8]["after"]["params"] == 272
    )


def test_many_layers_that_have_another_name_alone_are_told_in_one_line(command: Callable[..., Any]) -> None:
    Path("a.yaml").write_text(DEEP)
    Path("b.yaml").write_text(DEEP.replace("hidden_", "middle_"))
    assert command("diff", "a.yaml", "b.yaml").out.splitlines()[3:] == [
        "  ~ 5 layers differ in name alone: middle_0 (hidden_0 before), middle_1 (hidden_1 before), "
        "middle_2 (hidden_2 before) and 2 more"
    ]


def test_an_added_layer_is_told_without_what_its_defaults_say(command: Callable[..., Any]) -> None:
    Path("b.yaml").write_text(
        (SPEC % 8) + "    - Dense: {units: 2, activation: linear, use_bias: true, bias_initializer: ones}\n"
    )
    added = "  + dense_1: Dense {units: 2, bias_initializer: ones} from re_lu, output (None, 2), 18 parameters\n"
    assert added in command("diff", "a.yaml", "b.yaml").out


def test_times_that_look_the_same_are_not_shown(command: Callable[..., Any]) -> None:
    _run("runs/net/001", SPEC % 8, timings={"fit": 1.5, "import": 0.00001})
    _run("runs/net/002", SPEC % 8, timings={"fit": 1.7, "import": 0.00002})
    out = command("diff", "runs/net/001", "runs/net/002").out
    assert "timings.fit: 1.500 s -> 1.700 s" in out and "timings.import" not in out


def test_programs_get_one_object(command: Callable[..., Any]) -> None:
    Path("b.yaml").write_text((SPEC % 8).replace("    - ReLU\n", "") + "fit: {epochs: 2}\n")
    found = json.loads(command("diff", "a.yaml", "b.yaml", "--format", "json").out)
    assert found["same"] is False and found["before"] == {"path": "a.yaml", "what": "spec"}
    (removed,) = found["layers"]
    assert removed["what"] == "removed" and removed["after"] is None and removed["before"]["from"] == "dense"
    assert removed["before"]["output_shapes"] == [[None, 8]]
    fit = next(change for change in found["settings"] if change["key"] == "fit")
    assert "before" not in fit and fit["after"]["epochs"] == 2


def test_two_runs_are_compared_by_what_they_recorded_and_the_clock_does_not_count(command: Callable[..., Any]) -> None:
    spec = SPEC % 8
    _run("runs/net/001", spec)
    _run("runs/net/002", spec, timings={"fit": 2.0}, artifacts={"model.keras": {"sha256": "2" * 64}})
    done = command("diff", "runs/net/001", "runs/net/002")
    assert done.code == 0 and "timings.fit: 1.500 s -> 2.000 s" in done.out and "nothing else differs" in done.out
    assert "model.keras: 000000000000... -> 222222222222..." in done.out
    _run("runs/net/003", spec, metrics={"test": {"accuracy": 0.95}}, versions={"keras": "3.16.0"})
    done = command("diff", "runs/net/001", "runs/net")
    assert done.code == 1 and "runs/net/003 (run)" in done.out
    assert "  ~ metrics.test.accuracy: 0.9000 -> 0.9500\n  ~ versions.keras: 3.15.1 -> 3.16.0\n" in done.out


def test_metrics_have_the_digits_of_reports_and_more_where_they_differ_in_these(command: Callable[..., Any]) -> None:
    metrics = {"loss": 0.5555555820465088, "auc": 0.25}
    _run("runs/net/001", SPEC % 8, metrics={"test": metrics})
    _run("runs/net/002", SPEC % 8, metrics={"test": {"loss": 0.4444444179534912, "auc": 0.2500000001}})
    _run("runs/net/003", SPEC % 8, metrics={"test": None})
    out = command("diff", "runs/net/001", "runs/net/002").out
    assert "loss: 0.5556 -> 0.4444\n" in out and "auc: 0.25 -> 0.2500000001\n" in out
    assert "metrics.test: {loss: 0.5556, auc: 0.2500} -> null\n" in command("diff", "runs/net/001", "runs/net/003").out


def test_a_run_is_compared_with_a_spec_by_its_spec(command: Callable[..., Any]) -> None:
    _run("runs/net/001", SPEC % 8)
    assert command("diff", "a.yaml", "runs/net/001").code == 0
    assert command("diff", "b.yaml", "runs/net/001").code == 1


def test_a_model_is_compared_by_what_its_file_says(command: Callable[..., Any]) -> None:
    config = sequential(given("input", None, 4), layer("Dense", "dense", units=8), layer("ReLU", "re_lu"))
    Path("model.json").write_text(json.dumps(config))
    Path("a.yaml").write_text(f"{SPEC % 8}fit: {{epochs: 9}}\nseed: 4\n")
    done = command("diff", "a.yaml", "model.json")
    assert (done.code, done.out) == (0, "a.yaml (spec) -> model.json (model)\n\nnothing differs\n")
    assert command("diff", "b.yaml", "model.json").code == 1


def test_a_built_model_has_no_layers_that_no_output_needs(command: Callable[..., Any]) -> None:
    dense = called(layer("Dense", "dense", units=8), tensor("x"))
    config = functional(given("x", None, 4), dense, inputs=["x", 0, 0], outputs=["dense", 0, 0])
    Path("model.json").write_text(json.dumps(config))
    layers = "[{Dense: {units: 8, from: x, name: dense}}, {Dense: {units: 9, from: x, name: idle}}]"
    Path("a.yaml").write_text(
        "mnistspec: 1\nname: net\nmodel:\n  kind: functional\n  inputs: {x: [4]}\n"
        f"  layers: {layers}\n  outputs: [dense]\n"
    )
    assert command("diff", "a.yaml", "model.json").out.endswith("nothing differs\n")
    Path("b.yaml").write_text(Path("a.yaml").read_text().replace("units: 9", "units: 7"))
    assert "idle: Dense" in command("diff", "a.yaml", "b.yaml").out


def test_a_spec_in_json_is_a_spec(command: Callable[..., Any]) -> None:
    model = {"kind": "sequential", "input": [4], "layers": [{"Dense": {"units": 8}}, "ReLU"]}
    Path("a.json").write_text(json.dumps({"mnistspec": 1, "name": "net", "model": model}))
    assert command("diff", "a.json", "a.yaml").code == 0


def test_trouble_is_2(command: Callable[..., Any]) -> None:
    Path("wrong.yaml").write_text((SPEC % 8).replace("Dense", "Dnese"))
    done = command("diff", "a.yaml", "wrong.yaml")
    assert done.code == 2 and done.out == "" and "error[E205]" in done.err
    assert command("diff", "a.yaml", "absent.yaml").code == 2
    Path("folder").mkdir()
    assert command("diff", "folder", "a.yaml").code == 2
    assert command("diff", "a.yaml").code == 2
    assert command("diff", "a.yaml", "b.yaml", "--format", "xml").code == 2


def test_colours_are_for_terminals_that_want_them() -> None:
    found = differences(text_side(SPEC % 8), text_side(SPEC % 16))
    assert "\x1b[33m      ~ units: 8 -> 16\x1b[0m" in as_text(found, colour=True)
    assert "\x1b" not in as_text(found)
