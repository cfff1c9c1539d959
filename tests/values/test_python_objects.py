"""Objects of Python outside Keras as a spec writes them: looked at where code is allowed, imported nowhere here."""

from __future__ import annotations

import mnistspec
from mnistspec.calls import Call
from mnistspec.exporters.resolved import resolved_document, resolved_text

_SPEC = """\
mnistspec: 1
vars: {start: 0.02}
model:
  kind: sequential
  input: [5, 784]
  layers:
    - Dense: {units: 10, activation: {python: {object: "own:squash", path: code}}}
    - Dense: {units: 10, kernel_initializer: {python: {object: "own:Start", arguments: {scale: [1, 2]}}}}
    - TimeDistributed: {layer: {python: {object: "own.deep:Gate"}}, name: each}
    - python: {object: "own.deep:Gate", arguments: {units: 3}, name: gate}
    - python: {object: "own.deep:Gate"}
compile:
  optimizer: {Adam: {learning_rate: {python: {object: "own:Decay", arguments: {start: "${start}"}}}}}
  loss: {python: {object: "own:Focal", arguments: {of: {python: {object: "own:distance"}}}}}
  metrics: [accuracy, {python: {object: "own:hits"}}]
fit: {epochs: 1, callbacks: [{python: {object: "own:watcher"}}]}
"""


def test_they_are_refused_each_at_its_place_where_code_is_not_allowed() -> None:
    found = mnistspec.check(_SPEC).diagnostics
    assert [finding.code for finding in found] == ["E210"] * 9
    assert all("--allow-code" in (finding.help or "") for finding in found)


def test_they_are_known_by_what_was_written() -> None:
    result = mnistspec.check(_SPEC, allow_code=True)
    assert [finding.code for finding in result.diagnostics] == ["I901"]
    assert result.spec is not None and result.spec.compile is not None
    loss = result.spec.compile.loss
    assert isinstance(loss, Call) and loss.code is not None
    assert (loss.code.module, loss.code.name, loss.code.called) == ("own", "Focal", True)
    inner = loss.arguments["of"]
    assert isinstance(inner, Call) and inner.code is not None and not inner.code.called


def test_nodes_are_named_after_the_class_and_what_follows_is_unknown() -> None:
    result = mnistspec.check(_SPEC, allow_code=True)
    assert result.graph is not None
    assert [node.name for node in result.graph.graph.nodes] == ["dense", "dense_1", "each", "gate", "gate_1"]
    assert result.graph.trainable is None


def test_a_resolved_spec_names_them_again() -> None:
    result = mnistspec.check(_SPEC, allow_code=True)
    assert result.spec is not None and result.graph is not None
    text = resolved_text(result.spec, result.graph.graph)
    again = mnistspec.check(text, allow_code=True)
    assert again.spec is not None and again.graph is not None
    assert resolved_text(again.spec, again.graph.graph) == text
    document = resolved_document(result.spec, result.graph.graph)
    assert document["model"]["layers"][3] == {
        "python": {"name": "gate", "object": "own.deep:Gate", "path": ".", "arguments": {"units": 3}}
    }


def test_a_class_of_the_name_of_keras_own_is_not_taken_for_it() -> None:
    text = "mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [{python: {object: 'own:Dense'}}]}\n"
    result = mnistspec.check(text, allow_code=True)
    assert result.ok and result.graph is not None and result.graph.trainable is None
