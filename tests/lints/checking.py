"""Specs of few words for the lints' tests, and the codes that they give."""

from __future__ import annotations

from mnistspec import check
from mnistspec.diagnostics import Diagnostic


def findings(text: str) -> tuple[Diagnostic, ...]:
    """What is said of a spec, its first line left out."""
    return check(f"mnistspec: 1\n{text}").diagnostics


def codes(text: str) -> list[str]:
    return [found.code for found in findings(text)]


def of_layers(layers: str, *, shape: str = "[8]", kind: str = "sequential", more: str = "") -> list[str]:
    """The codes for a model of the layers, on an input of the shape and without data."""
    return codes(f"model: {{kind: {kind}, input: {shape}, layers: [{layers}]}}\n{more}")


def of_training(
    *, data: str = "", y: str = "", output: str = "Dense: {units: 10, activation: softmax}",
    compile: str = "loss: sparse_categorical_crossentropy", fit: str = "epochs: 10, batch_size: 100",
) -> list[str]:  # fmt: skip
    """The codes for a classifier of MNIST's 60,000 digits."""
    return codes(
        f"data: {{source: mnist, prepare: {{x: [{{rescale: 255}}], y: [{y}]}}{data}}}\n"
        f"model: {{kind: sequential, layers: [Flatten, {output}]}}\ncompile: {{{compile}}}\nfit: {{{fit}}}\n"
    )
