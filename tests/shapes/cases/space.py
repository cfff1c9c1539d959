"""Cases of dense layers, embeddings, convolutions, pooling and merging."""

from __future__ import annotations

from mnistspec.shapes.base import Inputs

from ..calls import call, on, on_list
from .case import FLAT, IMAGE, LINE, PLANES, SPACES, STEPS, Case, refused, taken

DENSE_LIKE = (
    taken("Dense", STEPS, units=3),
    taken("Dense", FLAT, units=3, use_bias=False, dtype="mixed_float16"),
    taken("Dense", FLAT, units=3, lora_rank=2),
    taken("Dense", on((None, 6), "int32"), units=3, trainable=False),
    refused("Dense", on((None,)), units=3),
    refused("Dense", on((None, None)), units=3),
    refused("Dense", on_list((None, 6)), units=3),
    refused("Dense", on_list((None, 6), (None, 6)), units=3),
    refused("Dense", FLAT, units=3, lora_rank=2, kernel_constraint="non_neg"),
    taken("EinsumDense", STEPS, equation="abc,cd->abd", output_shape=(None, 7), bias_axes="d"),
    taken("EinsumDense", on((None, 5, 4, 6)), equation="...x,xy->...y", output_shape=(7,), bias_axes="y"),
    taken("EinsumDense", STEPS, equation="ab...,bc->ac...", output_shape=7),
    refused("EinsumDense", STEPS, equation="abc->cba", output_shape=7),
    refused("EinsumDense", STEPS, equation="abc,cd->abd", output_shape=(5, 7)),
    refused("EinsumDense", STEPS, equation="abc,cd->abd", output_shape=(None, 7), bias_axes="x"),
    taken("Embedding", on((None, 6), "int32"), input_dim=9, output_dim=4, mask_zero=True),
    taken("Embedding", on((None,), "int64"), input_dim=9, output_dim=4, lora_rank=2),
    taken("ReversibleEmbedding", on((None, 6), "int32"), input_dim=9, output_dim=4, tie_weights=False),
    refused("ReversibleEmbedding", on((None, 6), "int32"), input_dim=9, output_dim=4, tie_weights=False, lora_rank=2),
    Case(call("ReversibleEmbedding", input_dim=9, output_dim=6), Inputs(STEPS.tensors, arguments={"reverse": True})),
)
CONVOLUTIONS = (
    *(taken(f"Conv{rank}D", space, filters=4, kernel_size=3) for rank, space in SPACES.items()),
    *(taken(f"Conv{rank}DTranspose", space, filters=4, kernel_size=3, strides=2) for rank, space in SPACES.items()),
    *(taken(f"DepthwiseConv{rank}D", SPACES[rank], kernel_size=3, depth_multiplier=2) for rank in (1, 2)),
    *(taken(f"SeparableConv{rank}D", SPACES[rank], kernel_size=3, filters=4, depth_multiplier=2) for rank in (1, 2)),
    taken("Conv1D", LINE, filters=4, kernel_size=3, padding="causal", dilation_rate=3),
    taken("Conv2D", PLANES, filters=6, kernel_size=(3, 2), strides=(2, 1), data_format="channels_first", groups=3),
    taken("Conv2D", on((None, None, 9, 3)), filters=4, kernel_size=3, dilation_rate=2, padding="same", lora_rank=2),
    refused("Conv2D", IMAGE, filters=4, kernel_size=3, groups=3),
    refused("Conv2D", IMAGE, filters=4, kernel_size=3, groups=2),
    refused("Conv2D", IMAGE, filters=4, kernel_size=3, strides=2, dilation_rate=2),
    refused("Conv2D", on((None, 8, 4, 3)), filters=4, kernel_size=5),
    refused("Conv2D", on((None, 8, 9)), filters=4, kernel_size=3),
    refused("Conv2D", on((None, 8, 9, None)), filters=4, kernel_size=3),
    refused("Conv2D", IMAGE, filters=4, kernel_size=(3, 3, 3)),
    taken("Conv2DTranspose", IMAGE, filters=4, kernel_size=3, strides=2, padding="same", output_padding=1),
    taken("Conv1DTranspose", LINE, filters=4, kernel_size=2, strides=5, padding="valid"),
    taken("Conv1DTranspose", LINE, filters=4, kernel_size=4, dilation_rate=2, padding="same", output_padding=0),
    refused("Conv2DTranspose", IMAGE, filters=4, kernel_size=3, strides=2, output_padding=2),
    refused("Conv2DTranspose", LINE, filters=4, kernel_size=3),
    taken("DepthwiseConv2D", PLANES, kernel_size=3, strides=2, dilation_rate=2, data_format="channels_first"),
)
POOLING = (
    *(
        taken(f"{kind}Pooling{rank}D", space, pool_size=2)
        for rank, space in SPACES.items()
        for kind in ("Max", "Average")
    ),
    *(
        taken(f"Adaptive{kind}Pooling{rank}D", space, output_size=2)
        for rank, space in SPACES.items()
        for kind in ("Max", "Average")
    ),
    *(
        taken(f"Global{kind}Pooling{rank}D", space, keepdims=rank == 2)
        for rank, space in SPACES.items()
        for kind in ("Max", "Average")
    ),
    taken("MaxPooling2D", PLANES, pool_size=(2, 3), strides=1, padding="same", data_format="channels_first"),
    taken("MaxPooling2D", on((None, None, 9, 3), "int32")),
    refused("MaxPooling2D", on((None, 1, 9, 3)), pool_size=2),
    refused("MaxPooling2D", LINE),
    refused("GlobalMaxPooling1D", IMAGE),
    taken("GlobalAveragePooling2D", PLANES, data_format="channels_first"),
    taken("AdaptiveMaxPooling2D", on((None,)), output_size=2),
    refused("AdaptiveMaxPooling2D", on((None,)), output_size=2, data_format="channels_first"),
    taken("AdaptiveMaxPooling2D", PLANES, output_size=(1, 4), data_format="channels_first"),
)
MERGING = (
    *(
        taken(name, on_list((None, 4, 6), (2, 1, 6)))
        for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
    ),
    taken("Add", on_list((None, 4, 6))),
    taken("Add", on_list((None, 4, 6), (None, 6), (None, None, 6))),
    taken("Maximum", on_list((None, 4), (None, 4), dtype="int32")),
    refused("Add", FLAT),
    refused("Add", on_list((None, 4, 6), (None, 4, 5))),
    refused("Add", on_list((2, 6), (3, 6))),
    refused("Subtract", on_list((None, 6), (None, 6), (None, 6))),
    taken("Concatenate", on_list((None, 4, 6), (None, 4, 5))),
    taken("Concatenate", on_list((None, 4, 6), (None, None, 6)), axis=1),
    taken("Concatenate", on_list((2, 4), (3, 4)), axis=0),
    refused("Concatenate", on_list((None, 4, 6), (None, 3, 6))),
    refused("Concatenate", on_list((None, 4, 6), (None, 6))),
    refused("Concatenate", on_list((None, 4, 6), (None, 4, 6)), axis=3),
    taken("Dot", on_list((None, 6), (None, 6)), axes=1),
    taken("Dot", on_list((None, 4, 6), (None, 6, 5)), axes=(2, 1)),
    taken("Dot", on_list((None, 4, 6), (None, 5, 6)), axes=-1, normalize=True),
    refused("Dot", on_list((None, 4, 6), (None, 5, 6)), axes=1),
    refused("Dot", on_list((None, 6), (None, 6), (None, 6)), axes=1),
)
