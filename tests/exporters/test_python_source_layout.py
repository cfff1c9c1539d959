"""Code is laid out as the formatter of its readers would: whatever the values, it finds nothing to change."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mnistspec.exporters.python_source.layout import Bracket, call, called, listing, quoted, statement, tight
from mnistspec.exporters.python_source.objects import expression

_SIGNS = "ab c'\"\\\n\té数\x00{}%#"
_PLAIN = (True, False, None, 0, -7, 10**12, 0.001, 1e-7, 1e16, 2.5e30)


def _text(draw: random.Random) -> str:
    signs = _SIGNS if draw.random() < 0.5 else "x"
    return "".join(draw.choice(signs) for _ in range(draw.randint(0, 40)))


def _value(draw: random.Random, depth: int = 0) -> Any:
    form = draw.randint(0, 5 if depth < 4 else 2)
    if form == 0:
        return draw.choice(_PLAIN)
    if form <= 2:
        return _text(draw)
    values = [_value(draw, depth + 1) for _ in range(draw.randint(0, 5))]
    return {3: tuple(values), 4: values, 5: {_text(draw): value for value in values}}[form]


def _statements(draw: random.Random) -> Iterator[str]:
    """Layers made with drawn arguments and called on drawn inputs, as lines of a function."""
    for number in range(400):
        made = call(f"layers.{'Long' * draw.randint(1, 8)}", [expression(_value(draw))], {"name": quoted(_text(draw))})
        inputs = listing("x" * draw.randint(1, 20) for _ in range(draw.randint(1, 6)))
        made = tight(made) if draw.random() < 0.5 else made
        code: Bracket = called(made, [draw.choice(["x", inputs])]) if draw.random() < 0.7 else made
        yield from statement(code, f"variable_{number} = ")


def test_a_formatter_leaves_the_code_alone(tmp_path: Path) -> None:
    lines = ["def build():", *(f"    {line}" for line in _statements(random.Random(5)))]
    (tmp_path / "code.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--diff", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_code_of_a_value_gives_the_value_back() -> None:
    draw = random.Random(6)
    for _ in range(300):
        value = _value(draw)
        code = "\n".join(statement(expression(value)))
        assert ast.literal_eval(code) == value
