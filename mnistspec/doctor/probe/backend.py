"""The process that asks Keras on another backend than TensorFlow: does it start, and does it train right?

`python -m mnistspec.doctor.probe.backend [--list]` with KERAS_BACKEND set; one JSON object, `--list` measures nothing.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any


def main(measure: bool) -> None:
    started = time.perf_counter()
    import keras

    answer: dict[str, Any] = {"backend": keras.backend.backend(), "import_seconds": time.perf_counter() - started}
    answer["devices"] = _devices(keras.backend.backend())
    if measure:
        from mnistspec.doctor.probe.training import measure_training

        answer["training"] = measure_training(None)
    print(json.dumps(answer), flush=True)


def _devices(backend: str) -> list[str]:
    """Processors and accelerators, as `KIND:NUMBER`."""
    if backend == "jax":
        import jax

        return [f"{device.platform.upper()}:{device.id}" for device in jax.devices()]
    import torch

    return ["CPU:0", *(f"GPU:{number}" for number in range(torch.cuda.device_count()))]


if __name__ == "__main__":
    main(measure="--list" not in sys.argv[1:])
