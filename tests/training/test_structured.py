"""Arrays in the structure of a model's inputs and outputs: Keras takes them without a warning."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(
    "form",
    [
        lambda one, other: [one, other],
        lambda one, other: {"b": one, "a": other},
        lambda one, other: [[one], other],
        lambda one, other: {"q": [one, other]},
    ],
)
def test_keras_fits_predicts_and_measures_what_is_brought_into_its_structure(form: Any) -> None:
    import keras
    import numpy as np

    from mnistspec.training.structured import as_inputs, as_targets, by_name

    one, other = keras.Input((3,), name="b"), keras.Input((3,), name="a")
    ends = keras.layers.Dense(1, name="u")(one), keras.layers.Dense(2, name="v")(other)
    model = keras.Model(form(one, other), form(*ends))
    model.compile("sgd", "mse")
    numbers = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    inputs, outputs = [given.name for given in model.inputs], model.output_names
    x = as_inputs(model, {"a": numbers, "b": numbers}, inputs)
    keyed = isinstance(form(0, 0), dict) and "q" not in form(0, 0)
    names = sorted(form(0, 0)) if keyed else outputs
    sizes = dict(zip(names, outputs, strict=True))
    targets = {name: numbers[:, : 1 if sizes[name] == "u" else 2] for name in names}
    y = as_targets(model, targets, names)
    model.fit(x, y, verbose=0)
    assert np.isfinite(model.evaluate(x, y, verbose=0)).all()
    assert {name: array.shape[1] for name, array in by_name(y, names).items()} == {
        name: 1 if sizes[name] == "u" else 2 for name in names
    }


def test_one_alone_in_a_list_or_a_map() -> None:
    import keras
    import numpy as np

    from mnistspec.training.structured import as_inputs, as_targets

    x, array = keras.Input((3,), name="x"), np.zeros((2, 3))
    listed = keras.Model([x], {"end": keras.layers.Dense(1)(x)})
    assert as_inputs(listed, array, ["x"]) == (array,)
    assert as_targets(listed, array, ["end"]) == {"end": array}
    bare = keras.Model(x, keras.layers.Dense(1)(x))
    assert as_inputs(bare, array, ["x"]) is array and as_targets(bare, array, ["dense"]) is array
