"""Model files as specs: what is read without Keras, what is refused before it, and what only a loaded model knows."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mnistspec.diagnostics import UsageError
from mnistspec.importers.files import spec_of_file

from .configs import given, layer, made, sequential

_NET = sequential(given("input", None, 4), layer("Dense", "dense", units=2))
_SPEC = "mnistspec: 1\nname: net\nmodel:\n  kind: sequential\n  input: [4]\n  layers:\n    - Dense: {units: 2}\n"


def _archive(path: Path, config: Any) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
    return path


def test_a_config_is_read_from_an_archive_and_from_json(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text(json.dumps(_NET))
    assert spec_of_file(_archive(tmp_path / "net.keras", _NET)) == _SPEC
    assert spec_of_file(tmp_path / "net.json") == _SPEC
    assert "name: other" in spec_of_file(tmp_path / "net.json", name="other")


def test_reading_a_config_imports_neither_keras_nor_numpy(tmp_path: Path) -> None:
    path = _archive(tmp_path / "net.keras", _NET)
    program = (
        "import sys; from pathlib import Path; from mnistspec.importers.files import spec_of_file;"
        f"spec_of_file(Path({str(path)!r})); print(sorted({{'keras', 'numpy', 'tensorflow'}} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


def test_marks_of_shared_objects_are_none_of_the_specs_business(tmp_path: Path) -> None:
    policy = {**made("keras.DTypePolicy", name="float32"), "shared_object_id": 7}
    config = sequential(given("input", None, 4), layer("Dense", "dense", units=2, dtype=policy))
    assert spec_of_file(_archive(tmp_path / "net.keras", config)) == _SPEC


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("model.h5", b"", "is no `.keras` file: load it with Keras, and save it"),
        ("missing.keras", None, "cannot be read: No such file or directory"),
        ("text.keras", b"no archive", "is damaged, or no model that Keras 3 saved"),
        ("text.json", b"{", "is damaged, or no model that Keras 3 saved"),
        ("list.json", b"[]", "does not hold the config of a Keras 3 model"),
        ("deep.json", b"[" * 100_000, "is damaged, or no model that Keras 3 saved"),
        ("old.json", b'{"class_name": "Sequential", "module": "keras", "config": {"name": "a", "layers": [{}]}}',
         "does not hold the config of a Keras 3 model"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_model_is_told_in_a_sentence(
    tmp_path: Path, name: str, data: bytes | None, reason: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError) as caught:
        spec_of_file(tmp_path / name)
    assert name in str(caught.value) and reason in str(caught.value)


def test_an_archive_without_a_config_is_told_in_a_sentence(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "empty.keras", "w"):
        pass
    with pytest.raises(UsageError, match="is damaged"):
        spec_of_file(tmp_path / "empty.keras")


def test_code_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    learnt = layer("Normalization", "normalization", axis=[-1], mean=None, variance=None, invert=False)
    foreign = sequential(given("input", None, 4), learnt, made("mine.Evil", name="evil"))
    with pytest.raises(UsageError, match=r"`evil` cannot be written as a spec: it is a `Evil` of `mine`"):
        spec_of_file(_archive(tmp_path / "a.keras", foreign))
    hidden = sequential(given("input", None, 4), {**learnt, "build_config": made("mine.Evil")})
    with pytest.raises(UsageError, match=r"holds a `Evil` of `mine`, and a spec names only Keras' own"):
        spec_of_file(_archive(tmp_path / "b.keras", hidden))
    assert "keras" not in {module for module in sys.modules if module == "mine"}


@pytest.mark.keras
def test_a_file_says_what_the_model_in_memory_says(tmp_path: Path) -> None:
    import keras

    import mnistspec

    x = keras.Input((5,), dtype="int32", name="ids")
    y = keras.layers.Embedding(9, 4, mask_zero=True)(x)
    masked = keras.Model(x, keras.layers.LSTM(3)(y), name="masked")
    masked.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
    plain = keras.Sequential([x, keras.layers.Embedding(9, 4), keras.layers.GRU(2)], name="plain")
    for model in (masked, plain):
        model.save(tmp_path / "model.keras")
        (tmp_path / "model.json").write_text(model.to_json())
        assert spec_of_file(tmp_path / "model.keras") == mnistspec.from_keras(model)
        assert spec_of_file(tmp_path / "model.json", compile=False) == mnistspec.from_keras(model, compile=False)


@pytest.mark.keras
def test_what_layers_learnt_is_read_from_a_file(tmp_path: Path) -> None:
    import keras
    import numpy as np

    scaling = keras.layers.Normalization()
    scaling.adapt(np.arange(12, dtype="float32").reshape(4, 3))
    words = keras.layers.TextVectorization(output_sequence_length=4)
    words.adapt(["a b", "a"])
    for model, said in (
        (keras.Sequential([keras.Input((3,)), scaling]), "mean: [4.5, 5.5, 6.5]"),
        (keras.Sequential([keras.Input((1,), dtype="string"), words]), "vocabulary: [a, b]"),
    ):
        model.save(tmp_path / "model.keras")
        assert said in spec_of_file(tmp_path / "model.keras")


@pytest.mark.keras
def test_a_file_that_keras_cannot_load_is_told_in_a_sentence(tmp_path: Path) -> None:
    learnt = layer("Normalization", "normalization", axis=[-1], mean=None, variance=None, invert=False)
    path = _archive(tmp_path / "net.keras", sequential(given("input", None, 4), learnt))
    with pytest.raises(UsageError, match=r"Keras cannot load `.*net\.keras`: "):
        spec_of_file(path)


@pytest.mark.keras
def test_a_mixed_model_keeps_its_precision_though_keras_forgets_it(tmp_path: Path) -> None:
    import keras

    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = keras.Sequential([keras.Input((3,)), keras.layers.Normalization(), keras.layers.Dense(2)])
        model.compile("sgd", "mse")
    finally:
        keras.config.set_dtype_policy("float32")
    model.save(tmp_path / "model.keras")
    text = spec_of_file(tmp_path / "model.keras")
    assert "precision: mixed_bfloat16" in text and "dtype" not in text
