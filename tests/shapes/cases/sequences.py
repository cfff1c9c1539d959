"""Cases of recurrent layers, of layers around layers, and of attention."""

from __future__ import annotations

from mnistspec.shapes.base import Inputs

from ..calls import by_name, call, on, on_list
from .case import FLAT, IMAGE, LINE, STEPS, Case, refused, taken

_LSTM, _DENSE = call("LSTM", units=3), call("Dense", units=3)
_CELLS = (call("LSTMCell", units=3), call("GRUCell", units=2), call("SimpleRNNCell", units=5))
RECURRENT = (
    *(taken(name, STEPS, units=3) for name in ("LSTM", "GRU", "SimpleRNN")),
    *(taken(name, STEPS, units=3, return_sequences=True, return_state=True) for name in ("LSTM", "GRU", "SimpleRNN")),
    taken("GRU", STEPS, units=3, reset_after=False, trainable=False),
    taken("LSTM", on((2, None, 6)), units=3, stateful=True, use_bias=False),
    taken("LSTM", by_name(sequences=(None, 4, 6), initial_state=((None, 3), (None, 3))), units=3),
    refused("LSTM", STEPS, units=3, stateful=True),
    refused("LSTM", FLAT, units=3),
    refused("LSTM", on((None, 4, None)), units=3),
    refused("LSTM", on_list((None, 4, 6), (None, 3), (None, 3)), units=3),
    taken("RNN", STEPS, cell=call("GRUCell", units=3, reset_after=False), return_state=True),
    taken("RNN", STEPS, cell=_CELLS, return_state=True, return_sequences=True),
    taken("RNN", STEPS, cell=call("StackedRNNCells", cells=_CELLS, trainable=False)),
    taken("RNN", STEPS, cell=(call("LSTMCell", units=3, trainable=False), call("LSTMCell", units=2))),
    refused("RNN", STEPS, cell=_DENSE),
    taken("LSTMCell", by_name(inputs=(None, 6), states=((None, 3), (None, 3))), units=3),
    refused("LSTMCell", by_name(inputs=(None, 6), states=((None, 3),)), units=3),
    taken("GRUCell", by_name(inputs=(2, 6), states=((None, 3),)), units=3),
    taken("SimpleRNNCell", by_name(sequence=(None, 6), states=(None, 3)), units=3),
    refused("StackedRNNCells", by_name(inputs=(None, 6), states=((None, 3),) * 4), cells=(
        call("LSTMCell", units=3), call("LSTMCell", units=3),
    )),
    taken("StackedRNNCells", by_name(inputs=(None, 6), states=((None, 3), (None, 2))), cells=(
        call("GRUCell", units=3), call("SimpleRNNCell", units=2),
    )),
    taken("GRUCell", by_name(inputs=(2, 6), states=((1, 3),)), units=3),
    taken("LSTMCell", by_name(inputs=(1, 6), states=((None, 3), (None, 3))), units=3),
    refused("SimpleRNNCell", by_name(sequence=(2, 6), states=(3, 3)), units=3),
    refused("LSTMCell", FLAT, units=3),
    refused("GRUCell", by_name(inputs=(None, 6), states=((None, 4),)), units=3),
    taken("ConvLSTM1D", on((None, 4, 8, 3)), filters=2, kernel_size=2, return_sequences=True),
    taken("ConvLSTM2D", on((None, None, 8, 9, 3)), filters=2, kernel_size=2, return_state=True, strides=2),
    taken("ConvLSTM2D", on((None, 4, 3, 8, 9)), filters=2, kernel_size=2, data_format="channels_first", use_bias=False),
    taken("ConvLSTM3D", on((None, 2, 4, 5, 6, 3)), filters=2, kernel_size=2, padding="same"),
    refused("ConvLSTM2D", on((None, 4, None, 9, 3)), filters=2, kernel_size=2),
    refused("ConvLSTM1D", on((None, 4, 2, 3)), filters=2, kernel_size=3),
)  # fmt: skip
WRAPPED = (
    *(taken("Bidirectional", STEPS, layer=_LSTM, merge_mode=mode) for mode in ("sum", "mul", "ave", "concat", None)),
    taken("Bidirectional", STEPS, layer=call("GRU", units=3, return_state=True, return_sequences=True)),
    taken("Bidirectional", STEPS, layer=call("LSTM", units=3, return_state=True), merge_mode=None),
    taken("Bidirectional", STEPS, layer=_LSTM, backward_layer=call("GRU", units=3, go_backwards=True)),
    taken("Bidirectional", STEPS, layer=call("RNN", cell=_CELLS[0])),
    taken("Bidirectional", on((None, 4, 8, 3)), layer=call("ConvLSTM1D", filters=2, kernel_size=2)),
    refused("Bidirectional", STEPS, layer=_LSTM, backward_layer=_LSTM),
    refused("Bidirectional", STEPS, layer=_DENSE),
    refused("Bidirectional", on((2, 4, 6)), layer=call("LSTM", units=3, stateful=True, return_state=True)),
    taken("TimeDistributed", on((None, 5, 8, 9, 3)), layer=call("Conv2D", filters=4, kernel_size=3)),
    taken("TimeDistributed", on((None, 5, 7), "int32"), layer=call("Embedding", input_dim=9, output_dim=4)),
    taken("TimeDistributed", on((None, None, 7)), layer=call("Dense", units=3, trainable=False)),
    taken("TimeDistributed", on((None, 5, 4, 6)), layer=call("Bidirectional", layer=_LSTM)),
    taken("TimeDistributed", on((None, 5, 4, 6)), layer=call("Bidirectional", layer=_LSTM, trainable=False)),
    taken("TimeDistributed", on((None, 5, 4, 6)), layer=call("LSTM", units=3, trainable=False)),
    taken("TimeDistributed", STEPS, layer=_DENSE, trainable=False),
    refused("TimeDistributed", FLAT, layer=_DENSE),
    refused("TimeDistributed", on((None, 5, 2, 2, 3)), layer=call("Conv2D", filters=4, kernel_size=3)),
    taken("SpectralNormalization", STEPS, layer=_DENSE),
    taken("SpectralNormalization", IMAGE, layer=call("Conv2DTranspose", filters=4, kernel_size=3)),
    taken("SpectralNormalization", IMAGE, layer=call("DepthwiseConv2D", kernel_size=3, depth_multiplier=2)),
    taken("SpectralNormalization", on((None, 4), "int32"), layer=call("Embedding", input_dim=9, output_dim=4)),
    refused("SpectralNormalization", LINE, layer=call("SeparableConv1D", filters=4, kernel_size=3)),
    refused("SpectralNormalization", STEPS, layer=_LSTM),
    taken(
        "Pipeline",
        on((None, 8, 9, 3)),
        layers=(call("RandomFlip"), call("Rescaling", scale=0.5), call("Flatten"), _DENSE),
    ),
)
ATTENTION = (
    taken("Attention", on_list((None, 4, 6), (None, 5, 7))),
    taken("Attention", on_list((None, 4, 6), (None, 5, 7), (None, 5, 6)), use_scale=True, score_mode="concat"),
    Case(call("Attention"), Inputs(
        on_list((None, 4, 6), (None, 5, 6)).tensors, single=False, arguments={"return_attention_scores": True}
    )),
    *(refused("Attention", by_name(inputs=((None, 4, 6), (None, 5, 6)), mask=mask))
      for mask in ((None, 4), ((None, 4),))),
    taken("Attention", by_name(inputs=((None, 4, 6), (None, 5, 6)), mask=((None, 4), (None, 5)))),
    taken("AdditiveAttention", on_list((None, 4, 6), (None, 5, 6))),
    taken("AdditiveAttention", on_list((None, 4, 6), (None, 5, 6)), use_scale=False),
    refused("Attention", STEPS),
    refused("AdditiveAttention", on_list((None, 4, 6))),
    refused("AdditiveAttention", on_list((None, 4, None), (None, 5, 6))),
    taken("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7)), num_heads=2, key_dim=3),
    taken("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7), key=(None, 5, 8)), num_heads=2,
        key_dim=3, value_dim=4, use_gate=True, use_bias=False, output_shape=(2, 3)),
    taken("MultiHeadAttention", by_name(query=(None, 4, 5, 6), value=(None, 4, 5, 6)), num_heads=2, key_dim=3,
        attention_axes=(1, 2)),
    Case(call("MultiHeadAttention", num_heads=2, key_dim=3), Inputs(
        STEPS.tensors, {"value": STEPS.first}, arguments={"return_attention_scores": True}
    )),
    refused("MultiHeadAttention", STEPS, num_heads=2, key_dim=3),
    refused("MultiHeadAttention", on_list((None, 4, 6), (None, 4, 6)), num_heads=2, key_dim=3),
    refused("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7), key=(None, 4, 7)), num_heads=2,
        key_dim=3),
    refused("MultiHeadAttention", by_name(query=(None, 4, 6), value=(None, 5, 7)), num_heads=2, key_dim=3, dropout=0.1,
        flash_attention=True),
    taken("GroupQueryAttention", by_name(query=(None, 4, 6), value=(None, 5, 6)), head_dim=3, num_query_heads=4,
        num_key_value_heads=2, use_gate=True),
    refused("GroupQueryAttention", by_name(query=(None, 4, 6), value=(None, 5, 7)), head_dim=3, num_query_heads=4,
        num_key_value_heads=2),
    refused("GroupQueryAttention", by_name(query=(None, 4, 6), value=(None, 5, 6)), head_dim=3, num_query_heads=4,
        num_key_value_heads=3),
)  # fmt: skip
