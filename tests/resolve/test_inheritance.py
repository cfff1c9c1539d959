"""`extends`: how specs are put together, and what they may not reach."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from mnistspec import CheckResult, check
from mnistspec.nodes import MappingNode, plain
from mnistspec.parse import MAX_BYTES, parse
from mnistspec.resolve.inheritance import MAX_FILES, inherit
from mnistspec.source import Source

_MODEL = "model: {kind: sequential, input: [8], layers: [{Dense: {units: 3}}]}\n"


def _spec(folder: Path, text: str, name: str = "spec.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"mnistspec: 1\n{text}", "utf-8")
    return path


def _merged(folder: Path, above: str, below: str) -> Any:
    _spec(folder, below, "base.yaml")
    source = Source(f"extends: base.yaml\n{above}", "spec.yaml", folder / "spec.yaml")
    root = parse(source).value
    assert root is not None
    outcome = inherit(root, source)
    assert outcome.ok and isinstance(outcome.value, MappingNode), outcome.diagnostics
    merged: Any = plain(outcome.value)
    merged.pop("mnistspec")
    return merged


_ADAM = "compile: {optimizer: {Adam: {beta_1: 0.5, learning_rate: {CosineDecay: {decay_steps: 1}}}}}"
_CASES: list[tuple[str, str, Any]] = [
    ("fit: {epochs: 1, shuffle: true}", "fit: {epochs: 2}", {"fit": {"epochs": 2, "shuffle": True}}),
    ("ignore: [a, b]", "ignore: [c]", {"ignore": ["c"]}),
    ("fit: {epochs: 1}\nseed: 3", "fit: null", {"seed": 3}),
    ("fit: {epochs: 1, checkpoint: epoch}", "fit: {checkpoint: null}", {"fit": {"epochs": 1}}),
    ("seed: 3", "fit: {checkpoint: null}", {"seed": 3, "fit": {"checkpoint": None}}),
    ("compile: {optimizer: adam}", "compile: {optimizer: {SGD: {}}}", {"compile": {"optimizer": {"SGD": {}}}}),
    (_ADAM, "compile: {optimizer: {SGD: {momentum: 1}}}", {"compile": {"optimizer": {"SGD": {"momentum": 1}}}}),
    (
        _ADAM,
        "compile: {optimizer: {Adam: {learning_rate: {PolynomialDecay: {decay_steps: 2}}}}}",
        {"compile": {"optimizer": {"Adam": {"beta_1": 0.5, "learning_rate": {"PolynomialDecay": {"decay_steps": 2}}}}}},
    ),
    (
        "data: {source: {npz: {path: a}}}",
        "data: {source: {csv: {path: b}}}",
        {"data": {"source": {"csv": {"path": "b"}}}},
    ),
    (
        "data: {source: {npz: {path: a}}}",
        "data: {source: {npz: {y_test: b}}}",
        {"data": {"source": {"npz": {"path": "a", "y_test": "b"}}}},
    ),
    ("vars: {W: {a: 1}}", "vars: {H: 2}", {"vars": {"W": {"a": 1}, "H": 2}}),
    (
        "compile: {loss: {digit: mse}}",
        "compile: {loss: {left: mae}}",
        {"compile": {"loss": {"digit": "mse", "left": "mae"}}},
    ),
    (
        f"blocks: {{a: {{layers: [Flatten]}}}}\n{_MODEL}",
        "blocks: {b: {layers: [ReLU]}}\nmodel: {kind: functional}",
        {
            "blocks": {"a": {"layers": ["Flatten"]}, "b": {"layers": ["ReLU"]}},
            "model": {"kind": "functional", "input": [8], "layers": [{"Dense": {"units": 3}}]},
        },
    ),
]


@pytest.mark.parametrize(("below", "above", "expected"), _CASES)
def test_how_two_specs_become_one(below: str, above: str, expected: Any, tmp_path: Path) -> None:
    assert _merged(tmp_path, above, below) == expected


def _codes(result: CheckResult) -> list[str]:
    return [found.code for found in result.diagnostics]


def test_a_mistake_is_told_in_the_file_that_it_is_in(tmp_path: Path) -> None:
    _spec(tmp_path, _MODEL.replace("units", "unit"), "parts/base.yaml")
    [found] = check(_spec(tmp_path, "extends: parts/base.yaml\n")).diagnostics
    assert found.path == str(tmp_path / "parts/base.yaml") and (found.code, found.line) == ("E206", 2)


def test_names_are_found_from_the_file_that_says_them(tmp_path: Path) -> None:
    _spec(tmp_path, _MODEL, "parts/deep/base.yaml")
    _spec(tmp_path, "extends: deep/base.yaml\n", "parts/middle.yaml")
    assert check(_spec(tmp_path, "extends: parts/middle.yaml\n")).ok
    _spec(tmp_path, _MODEL, "shared.yaml")
    _spec(tmp_path, "extends: ../shared.yaml\n", "parts/middle.yaml")
    assert check(tmp_path / "spec.yaml").ok


def test_a_cycle_of_files_of_one_name_is_told_by_their_paths(tmp_path: Path) -> None:
    _spec(tmp_path, "extends: ../spec.yaml\n", "bases/spec.yaml")
    (found,) = check(_spec(tmp_path, f"extends: bases/spec.yaml\n{_MODEL}")).diagnostics
    assert found.message.endswith("`spec.yaml` -> `bases/spec.yaml` -> `spec.yaml`")


def test_settings_from_the_command_line_come_last(tmp_path: Path) -> None:
    _spec(tmp_path, _MODEL + "vars: {a: 1}\nfit: {epochs: 2}\n", "base.yaml")
    result = check(
        _spec(tmp_path, 'extends: base.yaml\nseed: "${a}"\nfit: {epochs: 3}\n'), overrides=["vars.a=7", "fit.epochs=9"]
    )
    assert result.ok and result.spec is not None and result.spec.fit is not None
    assert (result.spec.seed, result.spec.fit.epochs) == (7, 9)


def test_nothing_outside_of_the_folder_is_read(tmp_path: Path) -> None:
    inside, secret = tmp_path / "inside", _spec(tmp_path, "secret: here\n", "secret.yaml")
    (inside / "parts").mkdir(parents=True)
    (inside / "link.yaml").symlink_to(secret)
    (inside / "folder").symlink_to(tmp_path)
    _spec(inside, "extends: ../../secret.yaml\n", "parts/middle.yaml")
    for name in ("../secret.yaml", str(secret), "link.yaml", "folder/secret.yaml", "parts/middle.yaml"):
        found = check(_spec(inside, f"extends: {name}\n")).diagnostics
        assert [each.code for each in found] == ["E305"], name
        assert "secret: here" not in str(found[0].span and found[0].span.source.text)


@pytest.mark.parametrize("name", ["", ".", "no-such.yaml", "a" * 5000, "a\\0b", "/dev/zero", "pipe", "loop"])
def test_what_is_no_file_is_told_and_not_waited_for(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    assert _codes(check(_spec(tmp_path, f'extends: "{name}"\n'))) == ["E305"]


def test_a_chain_that_doubles_is_read_only_so_far(tmp_path: Path) -> None:
    for index in range(40):
        _spec(tmp_path, f"extends: [p{index + 1}.yaml, p{index + 1}.yaml]\n", f"p{index}.yaml")
    _spec(tmp_path, _MODEL, "p40.yaml")
    started = time.process_time()
    assert _codes(check(_spec(tmp_path, "extends: p0.yaml\n"))) == ["E107"]
    assert time.process_time() - started < 2


def test_only_so_many_files_and_characters(tmp_path: Path) -> None:
    _spec(tmp_path, _MODEL, "base.yaml")
    files = ", ".join(["base.yaml"] * (MAX_FILES + 3))
    assert "E204" in _codes(check(_spec(tmp_path, f"extends: [{files}]\n")))
    _spec(tmp_path, _MODEL + f"# {'x' * (MAX_BYTES // 2)}\n", "long.yaml")
    assert _codes(check(_spec(tmp_path, "extends: [long.yaml, base.yaml]\n"))) == []
    assert _codes(check(_spec(tmp_path, "extends: [long.yaml, long.yaml]\n"))) == ["E107"]
    _spec(tmp_path, f"{_MODEL}ignore: [{'unused-node, ' * 80_000}]\n", "many.yaml")
    assert _codes(check(_spec(tmp_path, "extends: many.yaml\n"))) == []
    assert _codes(check(_spec(tmp_path, "extends: [many.yaml, many.yaml, many.yaml, many.yaml]\n"))) == ["E107"]
