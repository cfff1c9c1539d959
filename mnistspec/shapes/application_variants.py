"""The parameters of the applications that come in several widths: MobileNet in its three versions.

Each is a row of convolutions, most of them followed by a normalization. What one of them has is told as two numbers:
its own weights, and the channels that are normalized after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.shapes.application_widths import in_eights
from mnistspec.shapes.arguments import flag, whole

# The weights of a convolution, and the channels that are normalized behind it.
Part: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class _Block:
    """Widens by a factor, mixes each channel by a window of `kernel`, perhaps weighs the channels, and narrows."""

    factor: float
    filters: int
    kernel: int = 3
    weighs: bool = False


_OF_THE_FIRST = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
_OF_THE_SECOND = (16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320)
_OF_THE_THIRD = {
    "MobileNetV3Large": (
        _Block(1, 16), _Block(4, 24), _Block(3, 24), *(_Block(3, 40, 5, True),) * 3, _Block(6, 80), _Block(2.5, 80),
        *(_Block(2.3, 80),) * 2, *(_Block(6, 112, 3, True),) * 2, *(_Block(6, 160, 5, True),) * 3,
    ),
    "MobileNetV3Small": (
        _Block(1, 16, 3, True), _Block(72 / 16, 24), _Block(88 / 24, 24), _Block(4, 40, 5, True),
        *(_Block(6, 40, 5, True),) * 2, *(_Block(3, 48, 5, True),) * 2, *(_Block(6, 96, 5, True),) * 3,
    ),
}  # fmt: skip
# The channels before the classes in the top of the third version.
_BEFORE_CLASSES = {"MobileNetV3Large": 1_280, "MobileNetV3Small": 1_024}


def variant_counts(call: Call, features: int, channels: int) -> tuple[int, int]:
    """The trainable and non-trainable parameters with the width that is asked for, `features` of it at the end."""
    name, alpha = call.name.rpartition(".")[2], call.argument("alpha")
    width = float(alpha) if isinstance(alpha, int | float) else 1.0
    if name == "MobileNet":
        parts = tuple(_first(channels, width, whole(call, "depth_multiplier")))
    elif name == "MobileNetV2":
        parts = tuple(_second(channels, width, features))
    else:
        parts = tuple(_third(channels, width, features, _OF_THE_THIRD[name], plain=flag(call, "minimalistic")))
    normalized = sum(each for _, each in parts)
    trainable = sum(weights for weights, _ in parts) + 2 * normalized
    return trainable + (_top(call, name, width, features) if flag(call, "include_top") else 0), 2 * normalized


def _first(channels: int, alpha: float, multiplier: int) -> Iterator[Part]:
    width = int(32 * alpha)
    yield 9 * channels * width, width
    for filters in _OF_THE_FIRST:
        deep, width = width * multiplier, int(filters * alpha)
        yield 9 * deep, deep
        yield deep * width, width


def _second(channels: int, alpha: float, features: int) -> Iterator[Part]:
    width = in_eights(32 * alpha)
    yield 9 * channels * width, width
    for place, filters in enumerate(_OF_THE_SECOND):
        wide, narrow = width * 6 if place else width, in_eights(int(filters * alpha))
        if place:
            yield width * wide, wide
        yield 9 * wide, wide
        yield wide * narrow, narrow
        width = narrow
    yield width * features, features


def _third(channels: int, alpha: float, features: int, blocks: tuple[_Block, ...], *, plain: bool) -> Iterator[Part]:
    """`plain` has no weighing of channels, and no large windows."""
    width = 16
    yield 9 * channels * width, width
    for place, block in enumerate(blocks):
        wide, narrow = in_eights(width * block.factor), in_eights(block.filters * alpha)
        if place:
            yield width * wide, wide
        yield (3 if plain else block.kernel) ** 2 * (wide if place else width), wide if place else width
        if block.weighs and not plain:
            few = in_eights(wide * 0.25)
            yield 2 * wide * few + wide + few, 0
        yield wide * narrow, narrow
        width = narrow
    yield width * features, features


def _top(call: Call, name: str, alpha: float, features: int) -> int:
    """What the classes add, and the layer before them."""
    classes, point = whole(call, "classes"), _BEFORE_CLASSES.get(name)
    if point is None:
        return (features + 1) * classes
    point = in_eights(point * alpha) if alpha > 1 else point
    return (features + 1) * point + (point + 1) * classes
