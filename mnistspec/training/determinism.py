"""`deterministic: true`: the same bits on the same machine."""

from __future__ import annotations

import keras


def make_deterministic() -> None:
    """Makes operations orderly that could race. JAX's on a processor already are."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    elif keras.backend.backend() == "torch":
        import torch

        torch.use_deterministic_algorithms(True)
