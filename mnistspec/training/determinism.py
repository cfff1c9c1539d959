"""`deterministic: true`: the same bits on the same machine."""

from __future__ import annotations

import os

import keras


def make_deterministic() -> None:
    """Makes operations orderly that could race. JAX's on a processor already are; for a GPU see `backend.py`."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    elif keras.backend.backend() == "torch":
        import torch

        # Read when CUDA's matrix products are first used; without it PyTorch refuses them.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        torch.use_deterministic_algorithms(True)


def orderly_in_tensorflow() -> bool:
    """Whether Keras runs on TensorFlow, and that was made orderly."""
    if keras.backend.backend() != "tensorflow":
        return False
    from tensorflow.python.framework import config  # which TensorFlow keeps to itself

    return bool(config.is_op_determinism_enabled())
