"""`mnistspec show`: the objects that programs read, stages as valid YAML, and exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mnistspec.nodes import plain
from mnistspec.parse import parse
from mnistspec.source import Source

GOOD = """mnistspec: 1
name: good
model:
  kind: functional
  inputs: {words: [null, 4]}
  layers:
    - LSTM: {units: 3, return_state: true, name: lstm}
    - BatchNormalization: {from: lstm.0}
"""
WRONG = GOOD.replace("lstm.0", "lstm.7")
UNKNOWN = """mnistspec: 1
data: {source: {npz: {path: absent.npz}}}
model: {kind: sequential, layers: [{Dense: {units: 3}}]}
"""
FIELDS = [
    "path", "ok", "name", "kind", "params", "trainable_params", "flops", "activation_bytes", "training_bytes",
    "largest_ids", "nodes", "diagnostics",
]  # fmt: skip
NODE_FIELDS = [
    "name", "layer", "shares", "used", "inputs", "output_shapes", "output_dtypes", "params", "trainable_params",
    "flops", "activation_bytes", "line",
]  # fmt: skip


@pytest.fixture(autouse=True)
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("good", GOOD), ("wrong", WRONG), ("unknown", UNKNOWN), ("broken", "a: [")):
        Path(f"{name}.yaml").write_text(text)


def test_one_object_a_spec_and_on_after_a_wrong_one(command: Callable[..., Any]) -> None:
    done = command("show", "wrong.yaml", "broken.yaml", "good.yaml", "--format", "jsonl")
    assert done.code == 1
    wrong, broken, good = [json.loads(line) for line in done.out.splitlines()]
    assert [list(found) for found in (wrong, broken, good)] == [FIELDS] * 3
    assert [found["ok"] for found in (wrong, broken, good)] == [False, False, True]
    assert [found["code"] for found in wrong["diagnostics"]] == ["E407"]
    assert (broken["name"], broken["nodes"], broken["params"]) == (None, [], None)


def test_the_object_of_a_spec_in_order(command: Callable[..., Any]) -> None:
    done = command("show", "good.yaml", "--format", "jsonl")
    assert done.code == 0
    found = json.loads(done.out)
    assert (found["path"], found["name"], found["kind"]) == ("good.yaml", "good", "functional")
    assert (found["params"], found["trainable_params"]) == (108, 102)
    lstm, norm = found["nodes"]
    assert list(lstm) == NODE_FIELDS
    assert (lstm["name"], lstm["layer"], lstm["inputs"], lstm["line"]) == ("lstm", "LSTM", ["words"], 7)
    assert lstm["output_shapes"] == [[None, 3]] * 3 and lstm["output_dtypes"] == ["float32"] * 3
    assert (norm["inputs"], norm["params"], norm["trainable_params"]) == (["lstm.0"], 12, 6)
    assert (lstm["activation_bytes"], norm["activation_bytes"]) == (3 * 3 * 4, 3 * 4)
    # The input's length is open, and so is what it takes; without `fit` there is no training.
    assert (found["activation_bytes"], found["training_bytes"]) == (None, None)


@pytest.mark.parametrize(("rows", "shown"), [(4, "int32, ids 0 to 3"), (1001, "int32")])
def test_how_many_words_a_table_has_is_shown_where_it_is_known(
    command: Callable[..., Any], rows: int, shown: str
) -> None:
    words = ["red", "green", "blue"]
    Path("a.csv").write_text("colour,y\n" + "".join(f"{words[i % 3]},{i % 2}\n" for i in range(rows)))
    source = "{csv: {path: a.csv, label: y, categories: [colour]}}"
    layer = "{Embedding: {input_dim: 4, output_dim: 2}}"
    Path("a.yaml").write_text(
        f"mnistspec: 1\ndata: {{source: {source}}}\nmodel: {{kind: sequential, layers: [{layer}]}}\n"
    )
    assert f"Input ({shown})" in command("show", "a.yaml").out
    largest = {"input": 3} if "ids" in shown else {}
    assert json.loads(command("show", "a.yaml", "--format", "jsonl").out)["largest_ids"] == largest
    planned = plain(parse(Source(command("show", "a.yaml", "--stage", "plan").out)).value)
    assert planned.get("largest_ids", {}) == largest


def test_what_is_not_known_is_null(command: Callable[..., Any]) -> None:
    found = json.loads(command("show", "unknown.yaml", "--format", "jsonl").out)
    assert found["ok"] is True
    assert (found["params"], found["trainable_params"], found["flops"]) == (None, None, None)
    assert found["nodes"][0]["output_shapes"] == [None]


def test_the_array_holds_the_same_objects(command: Callable[..., Any]) -> None:
    lines = command("show", "good.yaml", "wrong.yaml", "--format", "jsonl").out.splitlines()
    array = json.loads(command("show", "good.yaml", "wrong.yaml", "--format", "json").out)
    assert array == [json.loads(line) for line in lines]


@pytest.mark.parametrize("stage", ["resolved", "graph", "typed", "plan"])
def test_a_stage_is_yaml_that_this_program_reads(command: Callable[..., Any], stage: str) -> None:
    done = command("show", "good.yaml", "--stage", stage)
    assert (done.code, done.err) == (0, "")
    outcome = parse(Source(done.out))
    assert outcome.value is not None and outcome.diagnostics == ()
    text = json.dumps(plain(outcome.value))
    assert "lstm" in text and "batch_normalization" in text


def test_the_plan_has_what_is_decided_for_speed_with_the_reason(command: Callable[..., Any]) -> None:
    model = "model: {kind: sequential, input: [256], layers: [{Dense: {units: 256}}]}\n"
    Path("trained.yaml").write_text(f"mnistspec: 1\n{model}compile: {{loss: mse}}\nfit: {{}}\n")

    def decided(*settings: str) -> dict[str, Any]:
        outcome = parse(Source(command("show", "trained.yaml", "--stage", "plan", *settings).out))
        assert outcome.value is not None
        found: dict[str, Any] = plain(outcome.value)["decisions"]  # type: ignore[call-overload, index, assignment]
        return found

    assert decided()["compile.jit_compile"]["value"] == "auto"
    given = decided("--set", "compile.jit_compile=true", "--set", "compile.steps_per_execution=3")
    assert given["compile.jit_compile"] == {"value": True, "reason": "the spec says so"}
    assert given["compile.steps_per_execution"]["value"] == 3
    assert all(decision["reason"] for decision in given.values())


@pytest.mark.parametrize(("stage", "shown"), [("resolved", True), ("graph", True), ("typed", True), ("plan", False)])
def test_a_wrong_spec_is_shown_as_far_as_it_got(command: Callable[..., Any], stage: str, shown: bool) -> None:
    done = command("show", "wrong.yaml", "--stage", stage)
    assert done.code == 1
    assert bool(done.out) is shown
    assert "E407" in done.err


def test_the_table_and_its_findings_go_different_ways(command: Callable[..., Any]) -> None:
    done = command("show", "wrong.yaml", "good.yaml")
    assert done.code == 1
    assert done.out.count("good (functional)") == 2
    assert "108 parameters, 102 of them trainable" in done.out
    assert "E407" in done.err and "E407" not in done.out


def test_the_table_says_what_a_training_takes(command: Callable[..., Any]) -> None:
    training = "compile: {loss: mse, optimizer: adam}\nfit: {batch_size: 100}\n"
    model = "model: {kind: sequential, input: [256], layers: [{Dense: {units: 256}}]}\n"
    Path("trained.yaml").write_text(f"mnistspec: 1\n{model}{training}")
    done = command("show", "trained.yaml")
    # 512 numbers of activations; 65,792 parameters, each with a gradient and two numbers of Adam's.
    assert "about 2.0 KiB of activations an example, 1.2 MiB to train, data included" in done.out


@pytest.mark.parametrize("arguments", [("absent.yaml",), ("good.yaml", "--stage", "x"), ("good.yaml", "--format", "x")])
def test_a_command_that_cannot_be_done(command: Callable[..., Any], arguments: tuple[str, ...]) -> None:
    done = command("show", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")


def test_a_missing_file_stops_no_other(command: Callable[..., Any]) -> None:
    done = command("show", "absent.yaml", "good.yaml", "--format", "jsonl")
    assert (done.code, [json.loads(line)["path"] for line in done.out.splitlines()]) == (2, ["good.yaml"])
    assert done.err.startswith("error: there is no file `absent.yaml`")


def test_a_folder_stands_for_its_specs(command: Callable[..., Any]) -> None:
    done = command("show", ".", "--format", "jsonl")
    assert [json.loads(line)["path"] for line in done.out.splitlines()] == [
        "./good.yaml",
        "./unknown.yaml",
        "./wrong.yaml",
    ]


def test_what_no_output_needs_is_marked_and_counts_for_nothing(command: Callable[..., Any]) -> None:
    layers = "{Dense: {units: 4, name: lost}}, {Dense: {units: 2, from: input}}, {ops.norm: {axis: -1, name: length}}"
    Path("unused.yaml").write_text(
        f"mnistspec: 1\nmodel: {{kind: functional, inputs: {{input: [8]}}, layers: [{layers}]}}\n"
    )
    lines = command("show", "unused.yaml").out.splitlines()
    lost = next(line for line in lines if line.startswith("lost "))
    assert "not used" in lost and "36" not in lost
    assert any(line.startswith("18 parameters") for line in lines)
    assert any("operations unknown because of ops.norm" in line for line in lines)
    done = command("show", "unused.yaml", "--format", "jsonl")
    assert [node["used"] for node in json.loads(done.out)["nodes"]] == [False, True, True]
