"""Loops of scripts: the values that they pass on, the lists they leave and read, and the constants they follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mnistspec

from .test_python_source import _fresh

SCRIPTS = Path(__file__).with_name("scripts")


def _script(name: str) -> str:
    return mnistspec.to_python(SCRIPTS / f"{name}.yaml")


def _changed(name: str, old: str, new: str) -> str:
    text = (SCRIPTS / f"{name}.yaml").read_text("utf-8")
    assert old in text
    return mnistspec.to_python(text.replace(old, new))


def test_a_loop_passes_several_values_on() -> None:
    last = "    - Add: {from: [level_4, sum_4]}\n    - Conv1D: {filters: 3,"
    script = _changed("levels-and-sums", "    - Conv1D: {filters: 3,", last)
    assert "LAYERS = 2\nSTACKS = 2\nLENGTH = 8\n" in script and "    return out, skip\n" in script
    assert (
        """
    sound = keras.Input(shape=(LENGTH, 1), name="sound")
    level = layers.Conv1D(WIDTH, 1, name="level_0")(sound)
    sum_ = layers.Conv1D(WIDTH, 1, name="sum_0")(level)
    for i in range(LAYERS * STACKS):
        out, skip = gated(level, 2 ** (i % LAYERS), name=f"gated_{i}")
        level = layers.Identity(name=f"level_{i + 1}")(out)
        sum_ = layers.Add(name=f"sum_{i + 1}")([sum_, skip])
    x = layers.Add()([level, sum_])
"""
        in script
    )


def test_a_last_turn_that_lacks_layers_stands_after_the_loop_of_the_others() -> None:
    script = _script("levels-and-sums")
    assert "LAYERS" not in script and "STACKS" not in script  # the last turn would not follow them
    assert (
        """
    for i in range(3):
        out, skip = gated(level, 2 ** (i % 2), name=f"gated_{i}")
        level = layers.Identity(name=f"level_{i + 1}")(out)
        sum_ = layers.Add(name=f"sum_{i + 1}")([sum_, skip])
    # The last time, without the layers that nothing would read.
"""
        in script
    )
    assert 'name="gated_3__filter"' in script and "gated_3__mixed" not in script


def test_a_loop_reads_the_list_of_another_from_its_end() -> None:
    assert """
    downs = []
    x = image
    for i in range(DEPTH):
        down_2 = down(x, BASE * 2**i, name=f"down_{i}")
        x = layers.MaxPooling2D()(down_2)
        downs.append(down_2)
    x = down(x, BASE * 2**DEPTH, name=f"up_{DEPTH}")
    for i in range(DEPTH):
        x = up(
            x, downs[-1 - i], BASE * 2 ** (DEPTH - 1 - i), name=f"up_{DEPTH - 1 - i}"
        )
""" in _script("down-and-up")


def test_single_results_of_a_loop_keep_its_count_from_being_a_constant() -> None:
    last = "    - Conv2D: {filters: 1, kernel_size: 1, name: mask}"
    script = _changed("down-and-up", last, "    - Concatenate: {from: [up_0, down_0]}\n" + last)
    assert "DEPTH" not in script and "range(3)" in script and "downs[0]" in script


def test_a_name_that_more_turns_would_come_to_keeps_their_count_from_being_a_constant() -> None:
    assert "DEPTH" not in _changed("down-and-up", 'name: "up_${depth}"', "name: up_3")


def test_a_value_is_not_overwritten_while_it_is_needed() -> None:
    script = _script("values-that-change-places")
    assert "for i in" not in script and "N = " not in script


def test_names_that_masks_leave_alone_are_left_to_keras() -> None:
    assert "get_uid" not in _script("masks-that-are-joined") and 'name="lstm"' not in _script("masks-that-are-joined")
    assert 'keras.backend.get_uid("concatenate")' in _script("masks-beside-functions")


@pytest.mark.keras
@pytest.mark.parametrize("depth", [2, 4])
def test_a_constant_changed_in_the_script_is_the_variable_changed_in_the_spec(depth: int) -> None:
    script = _script("down-and-up").replace("DEPTH = 3\n", f"DEPTH = {depth}\n")
    wanted = mnistspec.build(SCRIPTS / "down-and-up.yaml", overrides=[f"vars.depth={depth}"]) if _fresh() else None
    space: dict[str, Any] = {"__name__": "script"}
    _fresh()
    exec(compile(script, "script.py", "exec"), space)
    assert space["build_model"]().get_config() == wanted.get_config()  # type: ignore[union-attr]
