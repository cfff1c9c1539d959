"""Models built from specs: equal in both kinds, connected as `from` says, and plain Keras once they are saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import mnistspec
from mnistspec.diagnostics import MissingExtra, RunFailed

pytestmark = pytest.mark.keras

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))
# Lists of layers without `from`, legal under both kinds; the first says the input.
LISTS = {
    "dense": ("[6]", "{Dense: {units: 5, activation: relu}}, {Dropout: {rate: 0.5}}, {Dense: {units: 3}}"),
    "convolution": (
        "[8, 8, 3]",
        "{Conv2D: {filters: 4, kernel_size: 3}}, BatchNormalization, {SpatialDropout2D: {rate: 0.3}}, MaxPooling2D, "
        "Flatten, {GaussianNoise: {stddev: 0.1}}, {Dense: {units: 3}}",
    ),
    "recurrent": (
        "[5, 4]",
        "{LSTM: {units: 3, return_sequences: true, dropout: 0.2}}, {Bidirectional: {layer: {GRU: {units: 2}}}}, "
        "{Dense: {units: 3}}",
    ),
    "wrapped": (
        "[5, 4]",
        "{TimeDistributed: {layer: {Dense: {units: 3}}}}, "
        "{RNN: {cell: [{LSTMCell: {units: 3}}, {LSTMCell: {units: 2}}]}}",
    ),
    "initializers": (
        "[6]",
        "{Dense: {units: 5, kernel_initializer: {RandomNormal: {stddev: 0.3}}, kernel_regularizer: {L2: {l2: 0.1}}}}, "
        "{Dense: {units: 4, kernel_initializer: he_normal, kernel_constraint: {MaxNorm: {max_value: 1}}}}, PReLU",
    ),
    "augmented": (
        "[8, 8, 3]",
        "RandomFlip, {RandomRotation: {factor: 0.2}}, {Resizing: {height: 4, width: 4}}, Flatten",
    ),
}


def listed(kind: str, shape: str, layers: str, more: str = "") -> str:
    return f"mnistspec: 1\nseed: 9\nmodel: {{kind: {kind}, input: {{shape: {shape}}}, layers: [{layers}]}}\n{more}"


def functional(inputs: str, layers: str, outputs: str = "", more: str = "") -> str:
    """A functional spec; `outputs` left out means the last node."""
    last = f", outputs: [{outputs}]" if outputs else ""
    return f"mnistspec: 1\nseed: 9\nmodel: {{kind: functional, inputs: {inputs}, layers: [{layers}]{last}}}\n{more}"


@pytest.mark.parametrize("name", LISTS)
def test_both_kinds_of_one_list_begin_with_the_same_weights_and_predictions(building: ModuleType, name: str) -> None:
    sequential, graph = (building.build(listed(kind, *LISTS[name])) for kind in ("sequential", "functional"))
    assert type(sequential) is building.keras.Sequential and not isinstance(graph, building.keras.Sequential)
    assert building.weights(sequential) == building.weights(graph)
    assert building.outputs(sequential) == building.outputs(graph)


@pytest.mark.parametrize("name", ["dense", "convolution"])
def test_both_kinds_of_one_list_learn_the_same(building: ModuleType, name: str) -> None:
    """Also what is random while training has the same seeds."""
    more = "compile: {optimizer: adam, loss: mse}\n"
    trained = []
    for kind in ("sequential", "functional"):
        model = building.build(listed(kind, *LISTS[name], more))
        x = building.data_for(model, 8)
        model.fit(x, np.ones((8, 3), dtype="float32"), batch_size=4, epochs=2, shuffle=False, verbose=0)
        trained.append(building.weights(model))
    assert trained[0] == trained[1]


@pytest.mark.parametrize("name", LISTS)
def test_one_seed_gives_one_model_and_another_seed_another(building: ModuleType, name: str) -> None:
    text = listed("sequential", *LISTS[name])
    first, again, other = (
        building.weights(building.build(t)) for t in (text, text, text.replace("seed: 9", "seed: 8"))
    )
    assert first == again and (first != other or name == "augmented")


def test_a_layer_s_weights_do_not_depend_on_what_was_drawn_before_the_build(building: ModuleType) -> None:
    text = listed("sequential", *LISTS["dense"])
    first = building.weights(building.build(text))
    np.random.random(), building.keras.random.normal((3,)), building.keras.layers.Dense(2).build((None, 2))
    assert building.weights(building.build(text)) == first


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_resolved_spec_builds_the_same_model(building: ModuleType, path: Path, tmp_path: Path) -> None:
    from mnistspec.exporters.resolved import resolved_text

    result = mnistspec.check(path)
    assert result.ok and result.spec is not None and result.graph is not None
    resolved = tmp_path / "resolved.yaml"
    resolved.write_text(resolved_text(result.spec, result.graph.graph, folder=tmp_path))
    # Keras counts the layers inside applications through a process.
    building.keras.backend.clear_session()
    first = building.build(path)
    building.keras.backend.clear_session()
    second = building.build(resolved)
    assert building.config(first) == building.config(second) and building.weights(first) == building.weights(second)
    assert building.keras.optimizers.serialize(first.optimizer)["class_name"] == type(second.optimizer).__name__
    settings = [{**model.optimizer.get_config(), "name": ""} for model in (first, second)]
    assert settings[0] == settings[1]


class TestConnections:
    def test_a_list_goes_in_its_order(self, building: ModuleType) -> None:
        model = building.build(functional("{a: [2], b: [3]}", "{Concatenate: {from: [b, a]}}"))
        given = {"a": np.ones((1, 2)), "b": np.zeros((1, 3))}
        assert model.predict(given, verbose=0).tolist() == [[0, 0, 0, 1, 1]]

    def test_a_list_of_one_is_a_list(self, building: ModuleType) -> None:
        model = building.build(functional("{a: [2]}", "{Concatenate: {from: [a]}}"))
        assert model.predict(np.ones((1, 2)), verbose=0).tolist() == [[1, 1]]

    def test_a_map_goes_by_the_names_of_the_call_s_arguments(self, building: ModuleType) -> None:
        text = functional(
            "{q: [4, 6], v: [5, 7]}", "{MultiHeadAttention: {num_heads: 2, key_dim: 3, from: {query: q, value: v}}}"
        )
        model = building.build(text)
        building.keras.utils.set_random_seed(9)
        layer = building.keras.layers.MultiHeadAttention(num_heads=2, key_dim=3)
        x = building.data_for(model)
        expected = layer(x["q"], x["v"])
        assert np.array_equal(model(x), expected)

    @pytest.mark.parametrize(
        ("given", "args", "kwargs"),
        [("0: x, 1: s", 2, []), ("0: x, 2: m", 3, []), ("0: x, initial_state: s", 1, ["initial_state"]),
         ("sequences: x, mask: m", 0, ["mask", "sequences"])],
    )  # fmt: skip
    def test_what_is_given_by_place_has_no_name_in_the_config(
        self, building: ModuleType, given: str, args: int, kwargs: list[str]
    ) -> None:
        inputs = "{x: [4, 2], s: [3], m: {shape: [4], dtype: bool}}"
        model = building.build(functional(inputs, f"{{GRU: {{units: 3, from: {{{given}}}}}}}"))
        (node,) = next(layer for layer in model.get_config()["layers"] if layer["name"] == "gru")["inbound_nodes"]
        assert (len(node["args"]), sorted(node["kwargs"])) == (args, kwargs)

    def test_a_layer_with_several_outputs_is_told_apart_by_number(self, building: ModuleType) -> None:
        reader = "{LSTM: {units: 3, return_sequences: true, return_state: true, name: r}}"
        model = building.build(
            functional("{x: [4, 2]}", f"{reader}, {{Identity: {{from: r.2}}}}", "r.0, r.1, identity")
        )
        assert [tuple(output.shape) for output in model.outputs] == [(None, 4, 3), (None, 3), (None, 3)]
        sequence, hidden, _ = model.predict(building.data_for(model), verbose=0)
        assert np.array_equal(sequence[:, -1], hidden)

    def test_states_given_by_name_are_where_a_layer_begins(self, building: ModuleType) -> None:
        layers = "{LSTM: {units: 3, from: {sequences: x, initial_state: [h, c]}}}"
        model = building.build(functional("{x: [4, 2], h: [3], c: [3]}", layers))
        x = building.data_for(model)
        other = {**x, "c": x["c"] + 1}
        assert not np.array_equal(model.predict(x, verbose=0), model.predict(other, verbose=0))

    def test_nodes_may_stand_in_any_order(self, building: ModuleType) -> None:
        a, b = "{Dense: {units: 3, from: x, name: a}}", "{ReLU: {from: a, name: b}}"
        first, second = (building.build(functional("{x: [2]}", layers, "b")) for layers in (f"{a}, {b}", f"{b}, {a}"))
        assert building.outputs(first) == building.outputs(second)

    def test_a_node_that_nothing_needs_is_not_built_and_draws_nothing(self, building: ModuleType) -> None:
        used = "{Dense: {units: 3, from: x, name: a}}"
        with_unused = building.build(functional("{x: [2]}", "{Dense: {units: 9, from: x}}, " + used, "a"))
        alone = building.build(functional("{x: [2]}", used, "a"))
        assert [layer.name for layer in with_unused.layers] == ["x", "a"]
        assert building.weights(with_unused) == building.weights(alone)

    def test_other_arguments_of_the_call_are_given(self, building: ModuleType) -> None:
        dropped = building.build(functional("{x: [50]}", "{Dropout: {rate: 0.5, call: {training: true}}}"))
        assert (dropped(np.ones((1, 50))).numpy() == 0).any()
        kept = building.build(functional("{x: [50]}", "{Dropout: {rate: 0.5}}"))
        assert (kept(np.ones((1, 50))).numpy() == 1).all()

    def test_scores_asked_for_in_the_call_are_a_second_output(self, building: ModuleType) -> None:
        layer = "{Attention: {from: [q, v], call: {return_attention_scores: true}, name: a}}"
        model = building.build(functional("{q: [4, 6], v: [5, 6]}", layer, "a.0, a.1"))
        assert [tuple(output.shape) for output in model.outputs] == [(None, 4, 6), (None, 4, 5)]


class TestWrappers:
    def test_cells_are_made_with_their_own_arguments(self, building: ModuleType) -> None:
        cells = "{RNN: {cell: [{LSTMCell: {units: 3}}, {GRUCell: {units: 2, reset_after: false}}]}}"
        layer = building.build(listed("sequential", "[4, 5]", cells)).layers[0]
        lstm, gru = layer.cell.cells
        assert (type(lstm).__name__, lstm.units, type(gru).__name__, gru.units) == ("LSTMCell", 3, "GRUCell", 2)
        assert gru.reset_after is False

    def test_wrappers_hold_wrappers(self, building: ModuleType) -> None:
        nested = "{TimeDistributed: {layer: {Bidirectional: {layer: {LSTM: {units: 3}}, merge_mode: sum}}}}"
        outer = building.build(listed("sequential", "[4, 5, 6]", nested)).layers[0]
        assert outer.layer.merge_mode == "sum" and outer.layer.forward_layer.units == 3
        assert outer.output.shape == (None, 4, 3)

    def test_what_is_built_of_wrappers_is_saved_whole(self, building: ModuleType, tmp_path: Path) -> None:
        for name in ("recurrent", "wrapped"):
            model = building.build(listed("sequential", *LISTS[name]))
            model.save(tmp_path / "it.keras")
            loaded = building.keras.models.load_model(tmp_path / "it.keras", safe_mode=True)
            assert building.outputs(loaded) == building.outputs(model)


class TestTypes:
    def test_a_fixed_batch_is_part_of_the_input(self, building: ModuleType) -> None:
        text = functional("{x: {batch_shape: [2, 5, 4]}}", "{LSTM: {units: 3, stateful: true}}")
        assert building.build(text).outputs[0].shape == (2, 3)

    def test_inputs_and_layers_have_the_dtype_that_is_written(self, building: ModuleType) -> None:
        text = functional(
            "{x: {shape: [6], dtype: int32}}", "{Embedding: {input_dim: 9, output_dim: 2, dtype: float64}}"
        )
        model = building.build(text)
        assert (model.inputs[0].dtype, model.outputs[0].dtype) == ("int32", "float64")

    @pytest.mark.parametrize("policy", ["mixed_bfloat16", "float64", "mixed_float16"])
    def test_a_precision_holds_for_the_model_and_not_for_what_comes_after(
        self, building: ModuleType, policy: str
    ) -> None:
        more = f"compile: {{optimizer: sgd, loss: mse, precision: {policy}}}\n"
        model = building.build(listed("sequential", *LISTS["dense"], more))
        assert {layer.dtype_policy.name for layer in model.layers} == {policy}
        assert building.keras.config.dtype_policy().name == "float32"
        assert building.keras.layers.Dense(1).dtype_policy.name == "float32"

    def test_a_build_that_fails_leaves_the_precision_as_it_was(
        self, building: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(building.keras.layers, "Dropout", lambda **arguments: 1 / 0)
        more = "compile: {optimizer: sgd, loss: mse, precision: mixed_bfloat16}\n"
        with pytest.raises(RunFailed, match="division"):
            building.build(listed("sequential", *LISTS["dense"], more))
        assert building.keras.config.dtype_policy().name == "float32"


class TestRefusals:
    def test_what_keras_refuses_is_told_with_the_layer_and_its_line(
        self, building: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*arguments: Any, **named: Any) -> None:
            raise ValueError("`units` is not to my liking.\n\nMore than anybody wants to know.")

        monkeypatch.setattr(building.keras.layers, "Dense", refuse)
        with pytest.raises(RunFailed) as caught:
            building.build(listed("sequential", "[2]", "{Dense: {units: 3, name: mine}}"))
        assert "<text>:3" in str(caught.value) and "`mine` (Dense)" in str(caught.value)
        assert str(caught.value).endswith("`units` is not to my liking.")

    def test_a_package_that_a_layer_misses_is_told(self, building: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        def absent(*arguments: Any, **named: Any) -> None:
            raise ImportError("this needs `scipy`")

        monkeypatch.setattr(building.keras.layers, "Dense", absent)
        with pytest.raises(MissingExtra, match=r"`mine`.*`scipy`"):
            building.build(listed("sequential", "[2]", "{Dense: {units: 3, name: mine}}"))

    def test_a_spec_with_mistakes_is_not_built(self, building: ModuleType) -> None:
        with pytest.raises(mnistspec.SpecInvalid) as caught:
            building.build(listed("sequential", "[2]", "{Dense: {unit: 3}}"))
        assert "E206" in [diagnostic.code for diagnostic in caught.value.diagnostics]

    def test_a_model_can_be_built_uncompiled(self, building: ModuleType) -> None:
        text = listed("sequential", *LISTS["dense"], "compile: {optimizer: sgd, loss: mse}\n")
        assert building.build(text).compiled and not building.build(text, compile=False).compiled

    @pytest.mark.parametrize(("written", "steps"), [("3", 3), ("auto", 1)])
    def test_steps_in_one_go_are_what_the_spec_says(self, building: ModuleType, written: str, steps: int) -> None:
        settings = f"compile: {{optimizer: sgd, loss: mse, steps_per_execution: {written}}}\n"
        assert building.build(listed("sequential", *LISTS["dense"], settings)).steps_per_execution == steps


_PLAIN = """
import sys
import keras, numpy as np
for folder in sys.argv[1:]:
    model = keras.models.load_model(folder + "/it.keras", safe_mode=True)
    data = np.load(folder + "/data.npz")
    x = {name: data[name] for name in data.files if name != "expected"}
    found = model.predict(x if len(x) > 1 else next(iter(x.values())), verbose=0)
    assert found.tobytes() == data["expected"].tobytes(), folder
assert not [name for name in sys.modules if name.startswith("mnistspec")]
"""


def test_saved_models_are_plain_keras_in_a_process_without_mnistspec(building: ModuleType, tmp_path: Path) -> None:
    texts = {name: listed("sequential", *LISTS[name]) for name in LISTS}
    attention = (
        "{MultiHeadAttention: {num_heads: 2, key_dim: 3, from: {query: q, value: v}, call: {use_causal_mask: true}}}"
    )
    texts["attention"] = functional(
        "{q: [4, 6], v: [5, 7]}", f"{attention}, {{Dense: {{units: 2, activation: {{relu: {{max_value: 1.0}}}}}}}}"
    )
    for name, text in texts.items():
        folder = tmp_path / name
        folder.mkdir()
        model = building.build(text)
        x = building.data_for(model)
        model.save(folder / "it.keras")
        arrays = x if isinstance(x, dict) else {"x": x}
        np.savez(folder / "data.npz", expected=model.predict(x, verbose=0), **arrays)
    folders = [str(tmp_path / name) for name in texts]
    done = subprocess.run([sys.executable, "-c", _PLAIN, *folders], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_vocabulary_is_read_beside_the_spec(building: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("red\ngreen\n")
    spec = tmp_path / "words.yaml"
    inputs = "inputs: {word: {shape: [1], dtype: string}}"
    layers = "layers: [{StringLookup: {vocabulary: words.txt}}]"
    spec.write_text(f"mnistspec: 1\nmodel: {{kind: functional, {inputs}, {layers}}}\n")
    model = mnistspec.build(spec)
    assert model.get_layer("string_lookup").get_vocabulary() == ["[UNK]", "red", "green"]
