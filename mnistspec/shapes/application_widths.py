"""The applications that come in several widths, by `alpha`: which are published, and the channels that they give."""

from __future__ import annotations

from mnistspec.calls import Call
from mnistspec.shapes.arguments import written
from mnistspec.shapes.base import ShapeError

# The widths that there are published weights for; of `minimalistic` models there is the usual one alone.
_PUBLISHED = {
    "MobileNet": (0.25, 0.5, 0.75, 1.0),
    "MobileNetV2": (0.35, 0.5, 0.75, 1.0, 1.3, 1.4),
    "MobileNetV3Large": (0.75, 1.0),
    "MobileNetV3Small": (0.75, 1.0),
}
# The channels that go into the last convolution, which makes six times as many of them.
_BEFORE_LAST = {"MobileNetV3Large": 160, "MobileNetV3Small": 96}


def check_published(call: Call) -> None:
    """Raises: ShapeError for a width, or another variant, that there are no published weights for."""
    name = call.name.rpartition(".")[2]
    if call.argument("weights") != "imagenet" or name not in _PUBLISHED:
        return
    widths = (1.0,) if call.argument("minimalistic") else _PUBLISHED[name]
    if call.argument("alpha") not in widths:
        one_of = " or ".join(written(width) for width in widths)
        message = f"there are no published weights of {call.name} for an `alpha` of {written(call.argument('alpha'))}"
        raise ShapeError(message, "alpha", f"write {one_of}, or `weights: null`")
    if call.argument("depth_multiplier") not in (None, 1):
        message = f"the published weights of {call.name} are for a `depth_multiplier` of 1"
        raise ShapeError(message, "depth_multiplier", "leave it out, or write `weights: null`")


def check_width(call: Call) -> None:
    """Raises: ShapeError for a width that leaves the first layer of a MobileNet, of 32 channels, none."""
    alpha = call.argument("alpha")
    if call.name.endswith(".MobileNet") and isinstance(alpha, int | float) and int(32 * alpha) < 1:
        message = f"an `alpha` of {written(alpha)} leaves the first layer of {call.name} no channels"
        raise ShapeError(message, "alpha", f"write at least {1 / 32}")


def channels_of(call: Call, usual: int) -> int:
    """The channels of the features, `usual` being those of the model as published."""
    name, alpha = call.name.rpartition(".")[2], call.argument("alpha")
    if not isinstance(alpha, (int, float)) or alpha == 1:
        return usual
    if name == "MobileNet":
        return int(usual * alpha)
    if name in _BEFORE_LAST:
        return in_eights(in_eights(_BEFORE_LAST[name] * alpha) * 6)
    return in_eights(usual * alpha) if alpha > 1 else usual


def in_eights(channels: float) -> int:
    """The nearest multiple of 8 that is not more than a tenth less."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded
