"""One spec's training by Keras' own loop: `model.fit` on arrays in memory, as a good user calls it. Prints its seconds.

The model, the data and the callbacks are those that `mnistspec run` makes, so that only the training differs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import mnistspec
from mnistspec.backend import import_keras
from mnistspec.datasets import load, targets_for
from mnistspec.datasets.loaded import LoadedData, Split


def main(path: str, *overrides: str) -> None:
    """Trains the spec's model."""
    result = mnistspec.check(path, overrides=overrides)
    spec = result.spec
    assert result.ok and spec is not None and spec.data is not None and spec.fit is not None
    import_keras()
    import keras

    from mnistspec.training.callbacks import build_callbacks
    from mnistspec.training.examples import inputs_of

    seed, plan = spec.seed or 0, result.plan()
    data: LoadedData = load(spec.data, seed=seed, folder=spec.source.folder, say=lambda _: None)
    model = mnistspec.build(path, overrides=overrides)

    def arrays(split: Split) -> tuple[object, object]:
        targets = targets_for(split, plan.targets, plan.output_names)
        names = tuple(given.name for given in plan.inputs)
        return inputs_of(split, names), next(iter(targets.values())) if len(targets) == 1 else targets

    x, y = arrays(data.train)
    with tempfile.TemporaryDirectory() as folder:
        callbacks = build_callbacks(spec.fit.callbacks, Path(folder))
        keras.utils.set_random_seed(seed)
        started = time.perf_counter()
        model.fit(
            x,
            y,
            batch_size=spec.fit.batch_size,
            epochs=spec.fit.epochs,
            steps_per_epoch=spec.fit.steps_per_epoch,
            validation_data=arrays(data.validation) if data.validation is not None else None,
            callbacks=callbacks,
            verbose=2,
        )
        print(f"fit {time.perf_counter() - started}")


if __name__ == "__main__":
    main(*sys.argv[1:])
