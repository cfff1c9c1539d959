"""What is known of each model of `keras.applications`, counted in Keras 3.15; the tests count again."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Application:
    """One model, for pictures of three channels and without its top.

    `size` is the height and width in pixels that its published top is for, None for any; `minimum` is what it takes at
    least.
    `stages` has a letter for each change of size: `c` halves and rounds up, `f` halves and rounds down, `v` is a window
    of 3 in steps of 2 without padding, `2` takes 2 away, `4` quarters and rounds down. The last layer of the top has
    `features` inputs, and what stands before it there has `top` parameters; `flattens` says that it begins with a dense
    layer over all positions, which `top` leaves out.
    """

    size: int | None
    minimum: int
    stages: str
    channels: int
    trainable: int
    fixed: int
    trainable_a_channel: int
    features: int
    top: int = 0
    fixed_a_channel: int = 0
    flattens: bool = False


FACTS: Mapping[str, Application] = {
    "ConvNeXtBase": Application(224, 32, "4fff", 1_024, 87_566_464, 0, 2_048, 1_024),
    "ConvNeXtLarge": Application(224, 32, "4fff", 1_536, 196_230_336, 0, 3_072, 1_536),
    "ConvNeXtSmall": Application(224, 32, "4fff", 768, 49_454_688, 0, 1_536, 768),
    "ConvNeXtTiny": Application(224, 32, "4fff", 768, 27_820_128, 0, 1_536, 768),
    "ConvNeXtXLarge": Application(224, 32, "4fff", 2_048, 348_147_968, 0, 4_096, 2_048),
    "DenseNet121": Application(224, 32, "ccfff", 1_024, 6_953_856, 83_648, 3_136, 1_024),
    "DenseNet169": Application(224, 32, "ccfff", 1_664, 12_484_480, 158_400, 3_136, 1_664),
    "DenseNet201": Application(224, 32, "ccfff", 1_920, 18_092_928, 229_056, 3_136, 1_920),
    "EfficientNetB0": Application(224, 32, "ccccc", 1_280, 4_007_548, 42_023, 288, 1_280, fixed_a_channel=2),
    "EfficientNetB1": Application(240, 32, "ccccc", 1_280, 6_513_184, 62_055, 288, 1_280, fixed_a_channel=2),
    "EfficientNetB2": Application(260, 32, "ccccc", 1_408, 7_700_994, 67_575, 288, 1_408, fixed_a_channel=2),
    "EfficientNetB3": Application(300, 32, "ccccc", 1_536, 10_696_232, 87_303, 360, 1_536, fixed_a_channel=2),
    "EfficientNetB4": Application(380, 32, "ccccc", 1_792, 17_548_616, 125_207, 432, 1_792, fixed_a_channel=2),
    "EfficientNetB5": Application(456, 32, "ccccc", 2_048, 28_340_784, 172_743, 432, 2_048, fixed_a_channel=2),
    "EfficientNetB6": Application(528, 32, "ccccc", 2_304, 40_735_704, 224_439, 504, 2_304, fixed_a_channel=2),
    "EfficientNetB7": Application(600, 32, "ccccc", 2_560, 63_786_960, 310_727, 576, 2_560, fixed_a_channel=2),
    "EfficientNetV2B0": Application(224, 32, "ccccc", 1_280, 5_858_704, 60_608, 288, 1_280),
    "EfficientNetV2B1": Application(240, 32, "ccccc", 1_280, 6_860_052, 71_072, 288, 1_280),
    "EfficientNetV2B2": Application(260, 32, "ccccc", 1_408, 8_687_086, 82_288, 288, 1_408),
    "EfficientNetV2B3": Application(300, 32, "ccccc", 1_536, 12_821_406, 109_216, 360, 1_536),
    "EfficientNetV2L": Application(480, 32, "ccccc", 1_280, 117_234_272, 512_576, 288, 1_280),
    "EfficientNetV2M": Application(480, 32, "ccccc", 1_280, 52_858_356, 292_032, 216, 1_280),
    "EfficientNetV2S": Application(384, 32, "ccccc", 1_280, 20_177_488, 153_872, 216, 1_280),
    "InceptionResNetV2": Application(299, 75, "v2v2vvv", 1_536, 54_276_192, 60_544, 288, 1_536),
    "InceptionV3": Application(299, 75, "v2v2vvv", 2_048, 21_768_352, 34_432, 288, 2_048),
    "MobileNet": Application(224, 32, "cffff", 1_024, 3_206_976, 21_888, 288, 1_024),
    "MobileNetV2": Application(224, 32, "ccccc", 1_280, 2_223_872, 34_112, 288, 1_280),
    "MobileNetV3Large": Application(None, 32, "ccccc", 960, 2_971_952, 24_400, 144, 1_280, top=1_230_080),
    "MobileNetV3Small": Application(None, 32, "ccccc", 576, 927_008, 12_112, 144, 1_024, top=590_848),
    "NASNetLarge": Application(331, 32, "vcccc", 4_032, 84_720_150, 196_668, 864, 4_032),
    "NASNetMobile": Application(224, 32, "vcccc", 1_056, 4_232_978, 36_738, 288, 1_056),
    "ResNet101": Application(224, 32, "ccccc", 2_048, 42_552_832, 105_344, 3_136, 2_048),
    "ResNet101V2": Application(224, 32, "ccccc", 2_048, 42_528_896, 97_664, 3_136, 2_048),
    "ResNet152": Application(224, 32, "ccccc", 2_048, 58_219_520, 151_424, 3_136, 2_048),
    "ResNet152V2": Application(224, 32, "ccccc", 2_048, 58_187_904, 143_744, 3_136, 2_048),
    "ResNet50": Application(224, 32, "ccccc", 2_048, 23_534_592, 53_120, 3_136, 2_048),
    "ResNet50V2": Application(224, 32, "ccccc", 2_048, 23_519_360, 45_440, 3_136, 2_048),
    "VGG16": Application(224, 32, "fffff", 512, 14_714_688, 0, 576, 4_096, top=16_785_408, flattens=True),
    "VGG19": Application(224, 32, "fffff", 512, 20_024_384, 0, 576, 4_096, top=16_785_408, flattens=True),
    "Xception": Application(299, 71, "v2cccc", 2_048, 20_806_952, 54_528, 288, 2_048),
}
