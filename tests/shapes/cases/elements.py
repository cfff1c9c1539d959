"""Cases of normalizations, of reshaping, and of layers that go element by element."""

from __future__ import annotations

from ..calls import on, on_list
from .case import FLAT, IMAGE, LINE, PLANES, SPACES, STEPS, refused, taken

NORMALIZATION = (
    taken("BatchNormalization", IMAGE),
    taken("BatchNormalization", PLANES, axis=1, scale=False, renorm=True),
    taken("BatchNormalization", IMAGE, trainable=False),
    taken("BatchNormalization", IMAGE, renorm=True, renorm_clipping={"rmin": 0.5, "rmax": 2, "dmax": 1}),
    taken("BatchNormalization", IMAGE, renorm_clipping={"max": 2}),
    *(
        refused("BatchNormalization", IMAGE, renorm=True, renorm_clipping=bounds)
        for bounds in ({"max": 2}, {"rmin": 2, "rmax": 1}, {"dmax": -1})
    ),
    refused("BatchNormalization", FLAT, axis=2),
    refused("BatchNormalization", on((None, None))),
    taken("LayerNormalization", IMAGE, axis=(1, 3), center=False),
    taken("LayerNormalization", on((None, None)), center=False, scale=False),
    refused("LayerNormalization", FLAT, axis=(1, 2)),
    taken("RMSNormalization", STEPS, axis=(1, 2)),
    taken("RMSNormalization", STEPS, axis=(-1, -2)),
    refused("RMSNormalization", on((None, None))),
    *(
        refused(name, IMAGE, axis=(1, -3))
        for name in ("LayerNormalization", "Normalization", "RMSNormalization", "Softmax", "UnitNormalization")
    ),
    refused("RMSNormalization", IMAGE, axis=1),
    refused("Softmax", FLAT, axis=9),
    taken("UnitNormalization", STEPS, axis=1),
    refused("UnitNormalization", FLAT, axis=2),
    taken("GroupNormalization", FLAT, groups=3),
    taken("GroupNormalization", PLANES, groups=-1, axis=1),
    refused("GroupNormalization", FLAT, groups=4),
    refused("GroupNormalization", FLAT),
)
RESHAPING = (
    taken("Flatten", IMAGE),
    taken("Flatten", on((None,), "int32")),
    taken("Flatten", on((None, None, 3), "float64")),
    taken("Flatten", on((None, 2), "float64"), autocast=False),
    taken("Reshape", FLAT, target_shape=(2, -1)),
    taken("Reshape", on((None, None, 3), "bool"), target_shape=(-1, 6)),
    refused("Reshape", FLAT, target_shape=(2, 4)),
    refused("Reshape", FLAT, target_shape=(-1, 4)),
    refused("Reshape", FLAT, target_shape=(-1, -1)),
    taken("Permute", IMAGE, dims=(3, 1, 2)),
    refused("Permute", IMAGE, dims=(2, 1)),
    refused("Permute", IMAGE, dims=(3, 1, 1)),
    taken("RepeatVector", FLAT, n=3),
    refused("RepeatVector", STEPS, n=3),
    *(taken(f"ZeroPadding{rank}D", space) for rank, space in SPACES.items()),
    *(taken(f"Cropping{rank}D", space) for rank, space in SPACES.items()),
    *(taken(f"UpSampling{rank}D", space) for rank, space in SPACES.items()),
    taken("ZeroPadding2D", PLANES, padding=((1, 2), 3), data_format="channels_first"),
    taken("Cropping2D", PLANES, cropping=((1, 2), (0, 3)), data_format="channels_first"),
    taken("UpSampling2D", PLANES, size=(2, 3), interpolation="bilinear", data_format="channels_first"),
    refused("Cropping1D", LINE, cropping=(4, 4)),
    refused("Cropping2D", IMAGE, cropping=4),
    refused("ZeroPadding2D", LINE),
)
ELEMENTWISE = (
    taken("LayerScale", IMAGE, init_values=0.5, projection_dim=3),
    taken("LayerScale", on((None, 4, 1)), init_values=0.5, projection_dim=3),
    taken("LayerScale", FLAT, init_values=1e-6, projection_dim=1, trainable=False),
    refused("LayerScale", FLAT, init_values=0.5, projection_dim=5),
    taken("StochasticDepth", IMAGE, drop_path_rate=0.2),
    taken("CustomScaleLayer", on_list((None, 8, 9, 3), (None, 8, 9, 3)), scale=0.17),
    taken("CustomScaleLayer", on_list((None, 8, 9, 3), (None, 1, 3)), scale=2),
    refused("CustomScaleLayer", on_list((None, 6), (None, 5)), scale=0.17),
    taken("Activation", FLAT, activation="relu"),
    *(taken(name, FLAT) for name in ("ReLU", "LeakyReLU", "ELU", "Softmax", "PReLU", "Identity", "Masking")),
    taken("Identity", on((None, 6), "int32")),
    taken("Softmax", on_list((None, 6), (None, 5))),
    taken("PReLU", IMAGE, shared_axes=(1, 2)),
    taken("PReLU", on((None, None, 3)), shared_axes=1),
    refused("PReLU", on((None, None, 3))),
    refused("PReLU", FLAT, shared_axes=2),
    *(taken(name, FLAT, rate=0.5) for name in ("Dropout", "AlphaDropout", "GaussianDropout")),
    refused("Dropout", FLAT, rate=1.5),
    refused("Dropout", FLAT, rate=0.5, noise_shape=(None, 0)),
    taken("GaussianNoise", FLAT, stddev=0.1),
    refused("GaussianNoise", FLAT, stddev=2.0),
    *(taken(f"SpatialDropout{rank}D", space, rate=0.3) for rank, space in SPACES.items()),
    refused("SpatialDropout2D", LINE, rate=0.3),
    taken("ActivityRegularization", FLAT, l1=0.1),
)
