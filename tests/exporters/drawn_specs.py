"""Specs drawn at random out of blocks, repeats and expressions, all of them in order."""

from __future__ import annotations

from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

_VALUES = ["${width}", "${width + depth}", 3, "${min(width, 7) + 1}", "${half}"]
_TURNS = ["${i + 2}", "${width * 2**i}", "${2 * i + depth}", "${depth if i else 5}", "${(i + 1) * (width + 1)}"]
_INNER = ["${units}", "${units + twice}", "${twice}", "${rate if units > 3 else depth}", "${width}", 2]
_GIVEN: list[dict[str, Any]] = [{}, {}, {}, {"activation": "tanh"}, {"rate": "${width}"}, {"count": 1}, {"count": 3}]


def spec_texts(kind: str = "functional") -> st.SearchStrategy[str]:
    """Texts of specs, the last node of which is the model's output."""
    return st.integers(0, 2**32 - 1).map(lambda seed: drawn_text(seed, kind))


def drawn_text(seed: int, kind: str) -> str:
    """The text that a seed draws."""
    random = Random(seed)
    names = ["one", "two", "three"]
    blocks = {name: _block(random, names[:place], kind) for place, name in enumerate(names)}
    layers = _Layers(random, kind).several(6)
    spec = {
        "mnistspec": 1,
        "seed": random.randrange(4),
        "vars": {"width": random.randint(1, 6), "depth": 2, "half": "${width // 2 + 1}"},
        "blocks": blocks,
        "model": {
            "kind": kind,
            **({"inputs": {"image": [4]}} if kind == "functional" else {"input": [4]}),
            "layers": layers,
        },
    }
    return yaml.safe_dump(spec, sort_keys=False, default_flow_style=random.choice([None, False]))


def _block(random: Random, others: list[str], kind: str) -> dict[str, Any]:
    """A block that may use the others."""
    layers = [_inner(random, place, kind) for place in range(random.randint(1, 3))]
    if others and random.random() < 0.5:
        prefix = {"prefix": random.choice(["", "in_", "in.", "in/"])} if random.random() < 0.5 else {}
        layers.append({"use": {"block": random.choice(others), "with": {"units": random.choice(_INNER)}, **prefix}})
    if kind == "functional" and random.random() < 0.6:
        layers.append({"Dense": {"units": 3, "name": "last"}})
        layers.append({"Concatenate": {"from": ["last", "input"]}})
    params = {"twice": "${units * 2}", "rate": 1, "activation": "relu", "count": 2}
    return {"needs": ["units"], "params": params, "layers": layers}


def _inner(random: Random, place: int, kind: str) -> dict[str, Any]:
    """A layer inside a block."""
    units = random.choice(_INNER)
    read = {"from": "input"} if kind == "functional" and random.random() < 0.3 else {}
    choices: list[dict[str, Any]] = [
        {"Dense": {"units": units, "activation": "${activation}"}},
        {"Dense": {"units": units, "name": f"own_{place}", **read}},
        {"Dropout": {"rate": 0.25}},
        {"Dense": {"units": units, "kernel_regularizer": {"L2": {"l2": "${0.1 * rate}"}}}},
        {"repeat": {"times": 2, "layers": [{"Dense": {"units": "${i + units}"}}]}},
        {"repeat": {"times": "${count}", "layers": [{"Dense": {"units": "${twice}", "name": f"in_{place}_${{i}}"}}]}},
    ]
    return random.choice([*choices, {"ops.square": {}}] if kind == "functional" else choices)


class _Layers:
    """Draws lists of layers; what has a name may be read by what follows."""

    def __init__(self, random: Random, kind: str) -> None:
        self.random, self.kind = random, kind
        self.known = ["image"] if kind == "functional" else []
        self.count = 0

    def several(self, most: int, depth: int = 0) -> list[Any]:
        return [self.layer(depth) for _ in range(self.random.randint(1, most))]

    def layer(self, depth: int) -> dict[str, Any]:
        kinds = ["Dense", "use", "use", "use", *(["repeat", "repeat"] if depth < 2 else [])]
        kind = self.random.choice([*kinds, "Concatenate", "ops.square"] if self.kind == "functional" else kinds)
        if kind == "repeat":
            return self.repeat(depth)
        value = self.random.choice(_VALUES + (_TURNS * 2 if depth else []))
        settings: dict[str, Any] = {"units": value} if kind == "Dense" else {}
        if kind == "use":
            given = {"units": value, **self.random.choice(_GIVEN)}
            settings = {"block": self.random.choice(["one", "two", "three"]), "with": given}
        self.place(settings, depth, several=kind == "Concatenate")
        return {kind: settings}

    def repeat(self, depth: int) -> dict[str, Any]:
        times = self.random.choice([1, 2, 3, "${depth}"])
        before = list(self.known)
        layers = self.several(3, depth + 1)
        inside = self.known[len(before) :]
        turns = range(2 if times == "${depth}" else times)
        self.known = before + [name.replace("${i}", str(turn)) for name in inside for turn in turns if depth == 0]
        return {"repeat": {"times": times, "layers": layers}}

    def place(self, settings: dict[str, Any], depth: int, *, several: bool) -> None:
        """Adds a name, and what is read."""
        if several:
            readable = self.known[-3:] if self.random.random() < 0.5 else self.known
            settings["from"] = self.random.sample(readable, min(len(readable), self.random.randint(1, 3)))
        elif self.known and self.random.random() < 0.2:
            settings["from"] = self.random.choice(self.known)
        if "block" in settings and self.random.random() < 0.4:
            self.count += 1
            turn = "${i}" if depth else ""
            settings["prefix"] = f"part{self.count}_{turn}{self.random.choice(['_', '_', '.', ''])}"
        elif self.random.random() < 0.4 and depth < 2:
            self.count += 1
            settings["name"] = f"node{self.count}" + ("_${i}" if depth else "")
            if self.kind == "functional":
                self.known.append(settings["name"])
