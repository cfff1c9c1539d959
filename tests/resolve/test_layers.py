"""Blocks and repeats: what they expand to is what a person would have written, and expanding that changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec import CheckResult, check
from mnistspec.exporters.resolved import plain_value, resolved_text
from mnistspec.graph import keras_names

pytestmark = pytest.mark.slow

_BLOCKS = {
    "dense": {"needs": ["units"], "layers": [{"Dense": {"units": "${units}"}}, "ReLU"]},
    "residual": {
        "params": {"rate": 0.5},
        "layers": [
            {"Dense": {"units": 8, "from": "input", "name": "body"}},
            {"Dropout": {"rate": "${rate}"}},
            {"Dense": {"units": 8, "from": "input", "name": "skip"}},
            {"Add": {"from": ["dropout", "skip"]}},
        ],
    },
    "nested": {
        "needs": ["units"],
        "layers": [
            {"use": {"block": "dense", "with": {"units": "${units + 1}"}, "name": "first"}},
            {"repeat": {"times": 2, "layers": [{"use": {"block": "residual", "with": {"rate": "${i / units}"}}}]}},
        ],
    },
}


def _checked(layers: list[Any], **more: Any) -> CheckResult:
    model = {"kind": "functional", "inputs": {"given": [8]}, "layers": layers}
    return check(
        json.dumps({"mnistspec": 1, "name": "one", "ignore": ["activation-twice"], "model": model, **more}, indent=0)
    )


def _shown(result: CheckResult) -> list[tuple[Any, ...]]:
    """Every node with what it is, what it reads and what it gives."""
    assert result.ok and result.graph is not None, result.diagnostics
    return [
        (node.name, plain_value(node.call), node.inputs, node.single, result.graph.inferred[node.name])
        for node in result.graph.graph.nodes
    ]


class _ByHand:
    """Expands layers the slow and plain way, with every name and every `from` written out."""

    def __init__(self) -> None:
        self.layers: list[Any] = []

    def put(self, kind: str, arguments: dict[str, Any], name: str, from_: str | list[str]) -> str:
        self.layers.append({kind: {**arguments, "name": name, "from": from_}})
        return name

    def dense(self, prefix: str, given: str, units: int) -> str:
        given = self.put("Dense", {"units": units}, f"{prefix}/dense", given)
        return self.put("ReLU", {}, f"{prefix}/re_lu", given)

    def residual(self, prefix: str, given: str, rate: float) -> str:
        body = self.put("Dense", {"units": 8}, f"{prefix}/body", given)
        body = self.put("Dropout", {"rate": rate}, f"{prefix}/dropout", body)
        skip = self.put("Dense", {"units": 8}, f"{prefix}/skip", given)
        return self.put("Add", {}, f"{prefix}/add", [body, skip])

    def nested(self, prefix: str, given: str, units: int) -> str:
        given = self.dense(f"{prefix}/first", given, units + 1)
        given = self.residual(f"{prefix}/residual", given, 0 / units)
        return self.residual(f"{prefix}/residual_1", given, 1 / units)


_ITEMS = st.lists(
    st.tuples(st.sampled_from(["dense", "residual", "nested", "plain"]), st.integers(1, 3), st.integers(2, 5)),
    min_size=1,
    max_size=4,
)


@given(_ITEMS)
@settings(max_examples=40, deadline=None)
def test_what_is_expanded_is_what_is_written_out(items: list[tuple[str, int, int]]) -> None:
    short: list[Any] = []
    hand, given = _ByHand(), "given"
    for place, (what, times, units) in enumerate(items):
        name = f"n{place}"
        arguments = {"units": f"${{i + {units}}}"} if what in ("dense", "nested") else {}
        layer = {"use": {"block": what, "name": f"{name}_${{i}}", "with": arguments}}
        if what == "plain":
            layer = {"Dense": {"units": f"${{i + {units}}}", "name": f"{name}_${{i}}"}}
        short.append({"repeat": {"times": times, "layers": [layer]}})
        for turn in range(times):
            prefix = f"{name}_{turn}"
            if what == "plain":
                given = hand.put("Dense", {"units": turn + units}, prefix, given)
            else:
                given = getattr(hand, what)(prefix, given, 0.5 if what == "residual" else turn + units)
    expanded = _checked(short, blocks=_BLOCKS)
    assert _shown(expanded) == _shown(_checked(hand.layers))
    assert expanded.spec is not None and expanded.graph is not None
    once = resolved_text(expanded.spec, expanded.graph.graph)
    again = check(once)
    assert again.ok and again.spec is not None and again.graph is not None
    assert resolved_text(again.spec, again.graph.graph) == once
    assert _shown(again) == _shown(expanded)


def test_a_used_block_is_named_after_itself_and_counted_as_keras_counts() -> None:
    use = {"use": {"block": "dense", "with": {"units": 3}}}
    names = [shown[0] for shown in _shown(_checked([use, use, {"Dense": {"units": 8}}], blocks=_BLOCKS))]
    assert names == ["dense/dense", "dense/re_lu", "dense_1/dense", "dense_1/re_lu", "dense_2"]


def test_a_text_that_looks_like_an_expression_is_given_to_a_block_as_it_is() -> None:
    blocks = {"said": {"needs": ["text"], "layers": [{"Dense": {"units": 3, "name": "${text}"}}]}}
    result = _checked([{"use": {"block": "said", "with": {"text": "$${a}"}}}], blocks=blocks)
    assert [shown[0] for shown in _shown(result)] == ["said/${a}"]


def test_a_variable_that_only_an_unused_block_asks_for_is_used() -> None:
    blocks = {"wide": {"layers": [{"Dense": {"units": "${width}"}}]}}
    assert _checked([{"Dense": {"units": 8}}], blocks=blocks, vars={"width": 3}).diagnostics == ()


def test_a_block_does_not_know_the_variables_of_where_it_is_used() -> None:
    blocks = {
        "outer": {"params": {"secret": 3}, "layers": [{"use": {"block": "inner"}}]},
        "inner": {"layers": [{"Dense": {"units": "${secret}"}}]},
    }
    result = _checked([{"use": {"block": "outer"}}], blocks=blocks)
    assert [found.code for found in result.diagnostics] == ["E301"]


def test_blocks_that_all_use_each_other_are_told_soon() -> None:
    names = [f"b{index}" for index in range(20)]
    everything = [{"use": {"block": name}} for name in names]
    blocks = {name: {"layers": everything} for name in names}
    found = _checked([{"use": {"block": "b0"}}], blocks=blocks).diagnostics
    assert {each.code for each in found} == {"E308"} and len(found) <= len(names)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a/b", "c"], {"a/b": "a__b", "c": "c"}),
        (["a/b", "a__b"], {"a/b": "a__b_1", "a__b": "a__b"}),
        (["a/b__c", "a__b/c"], {"a/b__c": "a__b__c", "a__b/c": "a__b__c_1"}),
        (["a/b", "a__b", "a__b_1"], {"a/b": "a__b_2", "a__b": "a__b", "a__b_1": "a__b_1"}),
    ],
)
def test_keras_gets_names_that_no_other_node_has(names: list[str], expected: dict[str, str]) -> None:
    assert keras_names(names) == expected
