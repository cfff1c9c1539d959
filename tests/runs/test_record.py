from __future__ import annotations

import json
import sys
from typing import Any

import pytest

import mnistspec
from mnistspec.runs.environment import machine, versions


def test_versions_are_of_what_is_installed() -> None:
    found = versions()
    assert found["python"] == ".".join(map(str, sys.version_info[:3])) and found["mnistspec"] == mnistspec.__version__


def test_the_machine_is_described_in_plain_data() -> None:
    found = machine()
    assert json.loads(json.dumps(found)) == found
    assert found["cores"] >= 1 and found["system"] and found["processor"] is not None


@pytest.mark.keras
class TestModel:
    TEXT = """\
mnistspec: 1
model:
  kind: functional
  inputs: {x: [4, 6]}
  layers:
    - LSTM: {units: 3, return_state: true, name: reader}
    - Dense: {units: 2, trainable: false, from: reader.1, name: frozen}
    - MultiHeadAttention: {num_heads: 1, key_dim: 2, from: {query: x, value: x}, name: seen}
    - Flatten
    - Concatenate: {from: [frozen, flatten], name: both}
"""

    @pytest.fixture
    def record(self) -> dict[str, Any]:
        model = mnistspec.build(self.TEXT)
        from mnistspec.runs.record import model_record

        return model_record(model, mnistspec.check(self.TEXT).plan(), 123)

    def test_parameters_are_counted_by_layer_and_in_all(self, record: dict[str, Any]) -> None:
        frozen = next(node for node in record["nodes"] if node["name"] == "frozen")
        assert (frozen["params"], frozen["trainable_params"]) == (8, 0)
        assert record["params"] == sum(node["params"] for node in record["nodes"])
        assert record["trainable_params"] == record["params"] - 8 and record["flops"] == 123

    def test_nodes_stand_in_order_with_their_inputs_and_shapes(self, record: dict[str, Any]) -> None:
        nodes = {node["name"]: node for node in record["nodes"]}
        assert list(nodes) == ["reader", "frozen", "seen", "flatten", "both"]
        assert nodes["reader"]["output_shapes"] == [[None, 3]] * 3
        assert nodes["frozen"]["inputs"] == ["reader.1"] and nodes["seen"]["inputs"] == ["x", "x"]
        assert nodes["both"]["inputs"] == ["frozen", "flatten"] and nodes["both"]["output_shapes"] == [[None, 26]]
        assert (record["inputs"], record["outputs"]) == (["x"], ["both"])
