"""What the checker says that a loss cannot compare, Keras cannot train; what it lets pass, Keras trains."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from mnistspec import check

pytestmark = pytest.mark.keras

_LOSSES = (
    "mse", "mae", "huber", "binary_crossentropy", "kl_divergence", "poisson", "hinge", "cosine_similarity",
    "categorical_crossentropy", "sparse_categorical_crossentropy",
)  # fmt: skip
_SPEC = """\
mnistspec: 1
data: {{source: mnist_sample, prepare: {{x: [{{rescale: 255}}], y: [{y}]}}}}
model: {{kind: sequential, layers: [Flatten, {{Dense: {{units: {units}, activation: sigmoid}}}}]}}
compile: {{loss: {loss}}}
"""


@pytest.mark.parametrize("loss", _LOSSES)
@pytest.mark.parametrize(("y", "units"), [("", 10), ("", 9), ("one_hot", 10), ("one_hot", 9), ("", 1)])
def test_keras_trains_what_is_not_refused(loss: str, y: str, units: int) -> None:
    import keras

    refused = any(found.code == "E416" for found in check(_SPEC.format(y=y, units=units, loss=loss)).diagnostics)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, activation="sigmoid")])
    model.compile("sgd", loss)
    ids = np.arange(32) % 10
    targets = np.eye(10)[ids] if y else ids
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model.train_on_batch(np.ones((32, 4)), targets)
        except Exception:
            trained = False
        else:
            trained = True
    # A single value is all of the distribution: Keras trains, the loss is 0 from the start, and that is refused too.
    assert trained is not refused or (trained and (loss, units) == ("categorical_crossentropy", 1))
