"""How much the models of `keras.applications` calculate, and how many numbers their layers give on the way.

Every layer of them works at each position of one of the sizes that the model brings its pictures down to, at each
position of such a size with a margin about it (padding), or once. So both are sums over the sizes, with the numbers of
`application_work_facts.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.shapes.application_work_facts import FACTS, Amount, Sum
from mnistspec.shapes.arguments import flag, whole
from mnistspec.shapes.results import has_activation


@dataclass(frozen=True)
class Sizes:
    """The heights and widths of the pictures, as given and after each stage, and the channels that are given."""

    heights: Sequence[int]
    widths: Sequence[int]
    channels: int

    @property
    def last_area(self) -> int:
        return self.heights[-1] * self.widths[-1]


def work_inside(call: Call, name: str, sizes: Sizes) -> tuple[int | None, int | None]:
    """The operations of one example, and the numbers that the layers inside give for it; None where not known."""
    if call.argument("include_preprocessing") is False or sizes.channels not in (1, 3):
        return None, None
    operations, numbers = (_total(call, amount, sizes) for amount in FACTS[name])
    if flag(call, "include_top") and not has_activation(call, "classifier_activation"):
        operations -= whole(call, "classes")
    return operations, numbers


def _total(call: Call, amount: Amount, sizes: Sizes) -> int:
    found = _summed(amount.of_colours if sizes.channels == 3 else amount.of_grays, sizes)
    if call.argument("weights") == "imagenet":
        found += amount.with_weights * sizes.heights[0] * sizes.widths[0]
    if flag(call, "include_top"):
        a_position, once, a_class = amount.top
        return found + a_position * sizes.last_area + once + a_class * whole(call, "classes")
    if call.argument("pooling") is not None:
        a_position, once = amount.pooled
        return found + a_position * sizes.last_area + once
    return found


def _summed(parts: Sum, sizes: Sizes) -> int:
    areas, sides, once = parts
    pairs = list(zip(sizes.heights, sizes.widths, strict=True))
    once += sum(each * height * width for each, (height, width) in zip(areas, pairs, strict=True))
    return once + sum(each * (height + width) for each, (height, width) in zip(sides, pairs, strict=False))
