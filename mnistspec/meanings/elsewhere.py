"""Words of other programs that Keras has no counterpart for: why, and what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.frozen import dataclass


@dataclass(frozen=True)
class Remark:
    """What to say of such a word.

    `remove` says that nothing else is to be done than to take it out, `instead` what to write in its place, `under` the
    key that it belongs under.
    """

    text: str
    remove: bool = False
    instead: str | None = None
    under: str | None = None


_READ_OFF = Remark("Keras reads it off the input: remove it", remove=True)
_BY_INPUT = Remark("remove it here: the model says it, as `input: {shape: [...]}` beside `layers`")
_IN_OPTIMIZER = Remark("give the optimizer a schedule: `learning_rate: {CosineDecay: {...}}`")
_NO_OPTIMIZER = Remark("Keras has none like it; `adam` and `adamw` are the nearest")
_NO_NEED = Remark("Keras needs no such setting: remove it", remove=True)
_STACK = Remark("a layer of Keras is one layer: write it several times, all but the last with `return_sequences: true`")


def _activation(name: str) -> Remark:
    text = f"Activation: {{activation: {name}}}"
    return Remark(f"write `{text}`", instead=text)


_OTHER_OPTIMIZERS = (
    "asgd", "radam", "adan", "lbfgs", "rprop", "sparseadam", "lookahead", "ranger", "sophia", "shampoo", "adabound",
    "adabelief", "lars", "novograd", "yogi", "qhadam",
)  # fmt: skip
# Layers elsewhere; in Keras they are functions that the layer `Activation` applies.
_ACTIVATIONS = (
    "celu", "gelu", "glu", "selu", "sigmoid", "silu", "swish", "softplus", "softsign", "tanh", "mish", "exponential",
    "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "log_softmax", "log_sigmoid", "relu6",
)  # fmt: skip

_FROZEN = Remark("write `trainable: false`")

REMARKS: Mapping[str, Mapping[str, Remark]] = {
    "arguments of layers": {
        "freeze": _FROZEN,
        "frozen": _FROZEN,
        "inchannels": _READ_OFF,
        "infeatures": _READ_OFF,
        "inputsize": _READ_OFF,
        "inputchannels": _READ_OFF,
        "numfeatures": _READ_OFF,
        "numchannels": _READ_OFF,
        "normalizedshape": _READ_OFF,
        "nin": _READ_OFF,
        "inputshape": _BY_INPUT,
        "inputdim": _BY_INPUT,
        "batchinputshape": _BY_INPUT,
        "inputlength": _READ_OFF,
        "batchfirst": Remark("in Keras the batch always comes first: remove it", remove=True),
        "inplace": _NO_NEED,
        "device": _NO_NEED,
        "trackrunningstats": _NO_NEED,
        "std": Remark("give `variance`, which is its square"),
        "ceilmode": Remark("Keras rounds down; `padding: same` rounds up"),
        "paddingmode": Remark("Keras pads with zeros"),
        "outputpadding": Remark("Keras works it out from `padding` and `strides`"),
        "paddingidx": Remark("`mask_zero: true` masks the id 0"),
        "numlayers": _STACK,
        "bidirectional": Remark("wrap the layer: `Bidirectional: {layer: {LSTM: {...}}}`"),
        "projsize": Remark("Keras has none; put a `Dense` after the layer"),
        "embeddim": Remark("give `key_dim`, the size of one head: what PyTorch has divided by the number of heads"),
        "hiddenlayersizes": Remark("write a `Dense: {units: ...}` for each layer"),
    },
    "arguments of applications": {
        "freeze": _FROZEN,
        "frozen": _FROZEN,
        "pretrained": Remark("write `weights: imagenet`, or `weights: null`"),
        "numclasses": Remark("write `classes: ...`, with `weights: null`"),
    },
    "arguments of optimizers": {
        "params": Remark("Keras trains what is trainable: remove it", remove=True),
        "betas": Remark("write `beta_1: ..., beta_2: ...`"),
        "dampening": Remark("Keras has no dampening"),
        "maximize": Remark("Keras minimizes; turn the sign of the loss"),
        "warmup": _IN_OPTIMIZER,
        "warmupsteps": _IN_OPTIMIZER,
        "schedule": _IN_OPTIMIZER,
        "scheduler": _IN_OPTIMIZER,
        "fused": _NO_NEED,
        "foreach": _NO_NEED,
        "decay": Remark("`learning_rate: {InverseTimeDecay: {...}}` lowers the rate, `weight_decay` the weights"),
        "lrdecay": _IN_OPTIMIZER,
    },
    "arguments of losses": {
        "weight": Remark("`class_weight` in `fit` weighs classes"),
        "sizeaverage": _NO_NEED,
    },
    "optimizers": dict.fromkeys(_OTHER_OPTIMIZERS, _NO_OPTIMIZER),
    "callbacks": {
        "lrscheduler": _IN_OPTIMIZER,
        "learningratefinder": Remark("Keras has none"),
        "steplr": _IN_OPTIMIZER,
        "cosineannealinglr": _IN_OPTIMIZER,
        "onecyclelr": _IN_OPTIMIZER,
        "learningratemonitor": Remark("the learning rate stands in `history.csv`: remove it"),
        "progressbar": Remark("a run shows its progress by itself: remove it"),
        "tqdmprogressbar": Remark("a run shows its progress by itself: remove it"),
    },
    "layers": {
        **{name.replace("_", ""): _activation(name) for name in _ACTIVATIONS},
        "hardtanh": _activation("hard_tanh"),
        "instancenorm": Remark("write `GroupNormalization: {groups: -1}`"),
        "instancenorm2d": Remark("write `GroupNormalization: {groups: -1}`"),
        "locallyconnected1d": Remark("Keras 3 no longer has it"),
        "locallyconnected2d": Remark("Keras 3 no longer has it"),
        "maxunpool2d": Remark("Keras has none; `UpSampling2D` repeats the values"),
        "transformerencoderlayer": Remark("build it of `MultiHeadAttention`, `Add`, `LayerNormalization` and `Dense`"),
        "transformerencoder": Remark("build it of `MultiHeadAttention`, `Add`, `LayerNormalization` and `Dense`"),
        "transformer": Remark("build it of `MultiHeadAttention`, `Add`, `LayerNormalization` and `Dense`"),
        "modulelist": Remark("write the layers one after the other"),
    },
    "losses": {
        "rmse": Remark("`mean_squared_error` has the same minimum; `root_mean_squared_error` is a metric"),
        "tripletmarginloss": Remark("Keras has none"),
        "accuracy": Remark("accuracy is a metric; `crossentropy` is a loss for classes"),
        "acc": Remark("accuracy is a metric; `crossentropy` is a loss for classes"),
    },
    "metrics": {
        "confusionmatrix": Remark("Keras has none; a run's predictions.csv holds what it is made of"),
        "perplexity": Remark("it is e to the power of the cross-entropy"),
        "map": Remark("Keras has none"),
    },
    "a spec": {
        "inputfeatures": Remark("`data: {source: ...}` says where the examples come from, `model` what is built"),
        "outputfeatures": Remark("`compile: {loss: ...}` says what is learnt, the last layer its form"),
        "device": Remark("Keras picks the device itself: remove it"),
        "gpus": Remark("Keras picks the device itself: remove it"),
        "accelerator": Remark("Keras picks the device itself: remove it"),
        "imports": Remark("a spec holds no code"),
    },
    "compile": {
        "scheduler": _IN_OPTIMIZER,
        "lrscheduler": _IN_OPTIMIZER,
        "lr": Remark("it is the optimizer's: `optimizer: {Adam: {learning_rate: ...}}`"),
        "learningrate": Remark("it is the optimizer's: `optimizer: {Adam: {learning_rate: ...}}`"),
    },
    "fit": {
        "lr": Remark("it is the optimizer's, in `compile`: `optimizer: {Adam: {learning_rate: ...}}`"),
        "learningrate": Remark("it is the optimizer's, in `compile`: `optimizer: {Adam: {learning_rate: ...}}`"),
        "patience": Remark("write `callbacks: [{EarlyStopping: {patience: ...}}]`"),
        "earlystopping": Remark("write `callbacks: [EarlyStopping]`"),
        "validationsplit": Remark("it stands in `data`: `validation: 0.1`"),
        "valsplit": Remark("it stands in `data`: `validation: 0.1`"),
        "validationdata": Remark("it stands in `data`: `validation: ...`"),
        "verbose": Remark("`mnistspec run --quiet` prints less"),
        "workers": _NO_NEED,
        "numworkers": _NO_NEED,
    },
    "data": {
        "batchsize": Remark("it stands in `fit`: `batch_size: ...`"),
        "shuffle": Remark("it stands in `fit`: `shuffle: ...`"),
        "numworkers": _NO_NEED,
        "workers": _NO_NEED,
        "pinmemory": _NO_NEED,
        "csv": Remark("it is a source: `source: {csv: {path: ..., label: ...}}`", under="source"),
        "npz": Remark("it is a source: `source: {npz: {path: ..., x_train: ..., y_train: ...}}`", under="source"),
        "images": Remark("it is a source: `source: {images: {path: ...}}`", under="source"),
        "imgsz": Remark("write `prepare: {x: [{resize: [..., ...]}]}`"),
        "imagesize": Remark("write `prepare: {x: [{resize: [..., ...]}]}`"),
    },
}  # fmt: skip
