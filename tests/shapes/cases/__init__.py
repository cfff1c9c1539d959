"""Chosen cases of every layer: those that Keras takes and those that it refuses."""

from __future__ import annotations

from .case import Case
from .dtypes import QUANTIZED, WHOLE_NUMBERS
from .elements import ELEMENTWISE, NORMALIZATION, RESHAPING
from .matrices import MATRICES
from .preprocessing import IMAGES, PREPROCESSING
from .sequences import ATTENTION, RECURRENT, WRAPPED
from .space import CONVOLUTIONS, DENSE_LIKE, MERGING, POOLING

CASES: tuple[Case, ...] = (
    *DENSE_LIKE, *CONVOLUTIONS, *POOLING, *MERGING, *RECURRENT, *WRAPPED, *ATTENTION, *NORMALIZATION, *RESHAPING,
    *ELEMENTWISE, *PREPROCESSING, *IMAGES, *QUANTIZED, *WHOLE_NUMBERS,
    *MATRICES,
)  # fmt: skip
