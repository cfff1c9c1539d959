"""Test examples as a person sees them: inputs that are pictures drawn, all others as their first values."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from mnistspec.markup import Markup, joined, tag
from mnistspec.reports import quantities
from mnistspec.reports.png import data_uri
from mnistspec.reports.predictions import Array, Predictions
from mnistspec.reports.samples import Example

LARGEST = 128  # pixels along a side; larger pictures are thinned out
SMALLEST_FLAT = 64  # values from which a flat row of bytes is taken for a square picture
SMALLEST = 8  # pixels along a side; anything smaller is a short sequence rather than a picture
FEATURES = 6  # values shown of an input that is no picture
RECONSTRUCTIONS = 8


def gallery(examples: tuple[Example, ...], predictions: Predictions) -> Markup:
    """A card an example: its inputs, what it is, what it was taken for, and how surely."""
    inputs = {name: (sample, as_pictures(sample)) for name, sample in predictions.samples.items()}
    return tag("ul", *(_card(example, inputs) for example in examples), class_="gallery")


def has_pictures(predictions: Predictions) -> bool:
    return any(as_pictures(sample) is not None for sample in predictions.samples.values())


def as_pictures(sample: Array) -> Array | None:
    """Samples as uint8 pictures (samples, height, width, channels); None where they are no pictures.

    Pixels may be 0 to 255, 0 to 1, or in any other range, which is then stretched from its least to its largest.
    """
    shaped = _with_channels(sample)
    if shaped is None or not shaped.size:
        return None
    step = math.ceil(max(shaped.shape[1:3]) / LARGEST)
    return _as_bytes(shaped[:, ::step, ::step])


def reconstructions(name: str, predictions: Predictions) -> Markup | None:
    """What an output that learned pictures was to give, above what it gave; None where it did not learn pictures."""
    rows = predictions.rows[:RECONSTRUCTIONS]
    if not len(rows) or rows.max() >= len(predictions.predicted[name]) or rows.min() < 0:
        return None
    wanted, given = (
        _square(arrays[name][rows], predictions) for arrays in (predictions.targets, predictions.predicted)
    )
    both = as_pictures(np.concatenate([wanted, given])) if wanted.shape == given.shape else None
    if both is None:
        return None
    cards = (_pair(both[i], both[i + len(rows)], int(row)) for i, row in enumerate(rows))
    return tag("ul", *cards, class_="gallery")


def _square(values: Array, predictions: Predictions) -> Array:
    """Flat rows in the shape of an input that has as many values."""
    shapes = (sample.shape[1:] for sample in predictions.samples.values())
    same = (shape for shape in shapes if math.prod(shape) == math.prod(values.shape[1:]))
    return values.reshape(len(values), *next(same, values.shape[1:])).astype(np.float64)


def _pair(wanted: Array, given: Array, row: int) -> Markup:
    images = (_image(wanted, f"row {row}, wanted"), _image(given, f"row {row}, given"))
    return tag(
        "li", tag("div", *images, class_="pictures pair"), tag("p", f"row {quantities.whole(row)}", class_="fine")
    )


def _with_channels(sample: Array) -> Array | None:
    if sample.ndim == 2 and sample.dtype == np.uint8 and sample.shape[1] >= SMALLEST_FLAT:
        side = math.isqrt(sample.shape[1])
        return sample.reshape(-1, side, side, 1) if side * side == sample.shape[1] else None
    if sample.ndim == 3 and min(sample.shape[1:]) >= SMALLEST:
        return sample[..., None]
    return sample if sample.ndim == 4 and sample.shape[3] in (1, 3, 4) else None


def _as_bytes(pixels: Array) -> Array:
    if pixels.dtype == np.uint8:
        return pixels
    values = np.nan_to_num(pixels.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 255:
        low, high = 0.0, 1.0 if high <= 1 else 255.0
    return np.round((values - low) / ((high - low) or 1.0) * 255).astype(np.uint8)


def _card(example: Example, inputs: Mapping[str, tuple[Array, Array | None]]) -> Markup:
    shown = (_shown(name, sample, pictures, example) for name, (sample, pictures) in inputs.items())
    said = tag("p", tag("b", example.true), *_taken_for(example))
    return tag("li", tag("div", *shown, class_="pictures"), said, _chances(example))


def _taken_for(example: Example) -> tuple[str, ...]:
    return (" read right",) if example.right else (" taken for ", tag("b", example.predicted, class_="taken"))


def _chances(example: Example) -> Markup:
    first = f"{quantities.percent(example.confidence, 1)} sure"
    second = f"runner-up {example.runner_up}: {quantities.percent(example.runner_up_chance, 1)}"
    return tag("p", joined((first, second, f"row {quantities.whole(example.row)}"), tag("br")), class_="fine")


def _shown(name: str, sample: Array, pictures: Array | None, example: Example) -> Markup:
    if pictures is not None:
        return _image(pictures[example.position], f"{name}, row {example.row}: {example.true}")
    return tag("code", _values(sample[example.position]), class_="features")


def _image(pixels: Array, described: str) -> Markup:
    height, width = pixels.shape[:2]
    return tag("img", src=data_uri(pixels), alt=described, width=width, height=height)


def _values(features: Array) -> str:
    first = features.reshape(-1)[:FEATURES].tolist()
    more = ", …" if features.size > FEATURES else ""
    return ", ".join(quantities.significant(float(value), 3) for value in first) + more
