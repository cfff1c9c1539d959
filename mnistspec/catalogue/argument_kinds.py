"""What a signature does not say: which values each argument takes, by the argument's name, with exceptions by class.

The notation is that of `kinds.py`. A kind is what Keras takes, less what it takes by accident (true for 1, a stride of
0); where Keras checks loosely, so does the kind. A newer Keras with a new argument needs a line here.
"""

from __future__ import annotations

from fnmatch import fnmatchcase


def _by_rank(kind: str, classes: str = "*") -> dict[str, str]:
    """One kind for the 1D, 2D and 3D forms of classes, `{n}` standing for the rank."""
    return {f"{classes}{n}D*": kind.format(n=n) for n in (1, 2, 3)}


# A strength, or the two ends of a range of strengths. Keras checks the ends of a range less closely than one number.
_WITHIN_0_1 = "float[0,1] | list(float>=0,2)"
_WITHIN_1_1 = "float[-1,1] | list(float,2)"
_RESIZED = "'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5' | 'area'"
_COUNTED = "'int' | 'one_hot' | 'multi_hot' | 'count'"
_VOCABULARY = f"{_COUNTED} | 'tf_idf' | 'tf-idf' | 'binary'"
_EDGES = "int>=0 | list(int>=0,2)"

# Kinds that hold for every argument of a name, whatever its class.
EVERYWHERE: dict[str, str] = {
    "bool": """
        all_ops amsgrad antialias append apply_class_balancing approximate autocast center centered crop_to_aspect_ratio
        cycle delete_checkpoint double_checkpoint exclude_embeddings expand_dims from_logits from_sorted_ids
        go_backwards invert keepdims mask_zero multi_label nesterov normalize pad_to_aspect_ratio pad_to_max_tokens
        periodic power_to_db ragged raise_error relative_step remove_diagonal renorm reset_after restore_best_weights
        return_sequences return_state rms_scaling save_best_only save_on_background save_weights_only send_as_json
        sparse sparse_y_pred sparse_y_true staircase stateful swap_on_epoch synchronized tie_weights trainable
        unit_forget_bias unroll use_bias use_ema use_gate use_scale write_graph write_images write_steps_per_second
        zero_output_for_mask
        """,
    "bool | null": "flash_attention",
    "'auto' | bool": "use_cudnn",
    "int | null": "ignore_class seed",
    "int | list(int) | null": "attention_axes shared_axes",
    "int | list(int,2)": "axes",
    "int>=0": """
        cooldown embeddings_freq histogram_freq num_ops num_oov_indices num_regressors patience start_from_epoch
        """,
    "int>=0 | null": "class_id",
    "int>=1": """
        bins chain_depth depth_multiplier dynamic_growth_steps fft_length filters frame_length head_dim height input_dim
        k key_dim max_number n ns_steps num_bins num_chains num_classes num_heads num_key_value_heads num_mel_bins
        num_query_heads num_thresholds num_tokens output_dim power_iterations projection_dim sampling_rate
        sequence_stride units width
        """,
    "int>=1 | null": """
        ema_overwrite_frequency frame_step gptq_unpacked_column_size lora_rank max_to_keep num_labels
        output_sequence_length sequence_length sliding_window top_k value_dim
        """,
    "int>=1 | list(int>=1) | null": "ngrams",
    "int>=2 | null": "gradient_accumulation_steps max_tokens",
    "int[0,2]": "implementation",
    "int[0,2] | bool": "verbose",
    "float": """
        default_value gain init_values mag_exp margin maxval min_delta minval muon_a muon_b muon_c power top_db
        """,
    "float | null": "baseline initial_value_threshold",
    "float | list(float)": "offset",
    "float | list(float | list(float)) | null": "variance",
    "float>0": """
        clip_limit clip_threshold decay_steps delta first_decay_steps initial_scale m_mul min_power ref_power t_mul
        """,
    "float>0 | null": "clipnorm clipvalue global_clipnorm logit_soft_cap loss_scale_factor max_freq",
    "float>=0": """
        adam_lr_ratio b decay_rate end_learning_rate epsilon epsilon_1 epsilon_2 gamma initial_accumulator_value
        initial_learning_rate l1 l1_regularization_strength l2 l2_regularization_strength
        l2_shrinkage_regularization_strength min_freq min_lr min_value negative_slope
        """,
    "float<=0": "beta_2_decay learning_rate_power",
    "float>=0 | null": "adam_weight_decay lora_alpha rms_rate warmup_target weight_decay",
    "float>=0 | @schedules": "learning_rate",
    "float[0,1)": "adam_beta_1 adam_beta_2 beta_1 beta_2",
    "float[0,1]": """
        dropout ema_momentum label_smoothing momentum precision rate recall recurrent_dropout renorm_momentum rho
        sensitivity specificity
        """,
    "float(0,1)": "q",
    _WITHIN_0_1: "sigma",
    f"{_WITHIN_0_1} | null": "contrast_factor hue_factor",
    f"{_WITHIN_1_1} | null": "brightness_factor saturation_factor",
    "float[0,1] | list(float[0,1],2)": "addition_factor threshold_factor x_factor y_factor",
    "float[0,1] | list(float[0,1]) | null": "thresholds",
    "list(float,2)": "value_range",
    "list(float) | null": "bin_boundaries idf_weights label_weights",
    "list(float)": "boundaries",
    "list(float>=0)": "values",
    "list(int) | null": "input_axes output_axes",
    "list(int>=0)": "target_class_ids",
    "list(int)": "dims",
    "list(int>=1,2)": "tile_grid_size",
    "list(int>=1 | null) | null": "noise_shape",
    # -1 and null both mean: whatever is left.
    "list(int>=-1 | null)": "target_shape",
    "list(str) | null": "exclude_layers",
    "map(float) | null": "renorm_clipping",
    "map(str) | null": "headers",
    "map(str) | str | null": "embeddings_metadata",
    "int>=0 | list(int>=0,2) | str": "profile_batch",
    "int | list(int,2) | null": "salt",
    "str": """
        backup_dir directory encoding equation field filename filepath log_dir monitor path root separator
        """,
    "str | null": "bias_axes name window",
    "dtype | null": "dtype reverse_dtype",
    "'int64'": "vocabulary_dtype",
    "'channels_first'/i | 'channels_last'/i | null": "data_format",
    "'valid' | 'same'": "padding",
    "'nearest' | 'bilinear'": "interpolation",
    "'constant' | 'nearest' | 'reflect' | 'wrap'": "fill_mode",
    "'density' | 'spectrum' | null": "scaling",
    "'dot' | 'concat'": "score_mode",
    "'real' | 'imag'": "side",
    "'floormod' | 'farmhash'": "oov_method",
    "'lower_and_strip_punctuation' | 'lower' | 'strip_punctuation' | null": "standardize",
    "'whitespace' | 'character' | null": "split",
    "'sum' | 'mul' | 'ave' | 'concat' | null": "merge_mode",
    "'auto' | 'min' | 'max'": "mode",
    "'epoch' | int>=1": "save_freq",
    "'epoch' | 'batch' | int>=1": "update_freq",
    "'micro' | 'macro' | 'weighted' | null": "average",
    "'ROC' | 'PR' | 'PRGAIN' | 'roc' | 'pr' | 'prgain'": "curve",
    "'interpolation' | 'minoring' | 'majoring'": "summation_method",
    "'uniform_average' | 'variance_weighted_average' | null": "class_aggregation",
    "'uniform'/i | 'truncated_normal'/i | 'untruncated_normal'/i | 'normal'/i": "distribution",
    "'sum_over_batch_size' | 'sum' | 'mean' | 'mean_with_sample_weight' | 'none' | null": "reduction",
    """'xyxy' | 'yxyx' | 'xywh' | 'center_xywh' | 'center_yxhw' | 'rel_xyxy' | 'rel_yxyx' | 'rel_xywh'
    | 'rel_center_xywh' | null""": "bounding_box_format",
    # A layer may stand where an activation does: LeakyReLU and PReLU are layers only.
    "@activations | @layers | null": "activation recurrent_activation",
    # null leaves the choice to Keras, which makes it by dtype.
    "@initializers | null": """
        alpha_initializer beta_initializer bias_initializer depthwise_initializer embeddings_initializer
        gamma_initializer kernel_initializer moving_mean_initializer moving_variance_initializer pointwise_initializer
        recurrent_initializer
        """,
    "@regularizers | null": """
        activity_regularizer alpha_regularizer beta_regularizer bias_regularizer depthwise_regularizer
        embeddings_regularizer gamma_regularizer kernel_regularizer pointwise_regularizer recurrent_regularizer
        """,
    "@constraints | null": """
        alpha_constraint beta_constraint bias_constraint depthwise_constraint embeddings_constraint gamma_constraint
        kernel_constraint pointwise_constraint recurrent_constraint
        """,
    "@cells | list(@cells,1,64)": "cell",
    "list(@cells,1,64)": "cells",
    "@layers": "layer",
    "@layers | null": "backward_layer",
    "list(@layers)": "layers",
    "@optimizers": "inner_optimizer",
    # Arrays and objects that no text can hold in a sensible way.
    "code | null": "quantization_config weights",
}

# Arguments whose kind depends on the class: the first pattern that fits `namespace.Class` decides, before EVERYWHERE.
BY_CLASS: dict[str, dict[str, str]] = {
    "alpha": {
        "layers.ELU": "float", "layers.*": "float>0", "activations.*": "float", "schedules.*": "float>=0",
        "losses.BinaryFocalCrossentropy": "float[0,1]",
        "losses.CategoricalFocalCrossentropy": "float>=0 | list(float>=0)",
        "losses.Tversky": "float>=0",
    },
    "axis": {
        "layers.BatchNormalization": "int", "layers.GroupNormalization": "int", "layers.Concatenate": "int",
        "layers.Normalization": "int | list(int) | null", "layers.*": "int | list(int)",
        "losses.Dice": "int | list(int) | null", "losses.Tversky": "int | list(int) | null",
        "losses.SparseCategoricalCrossentropy": "int", "losses.*": "int | list(int)",
        "metrics.CosineSimilarity": "int | list(int)", "metrics.*Correlation": "int | list(int)", "metrics.*": "int",
        "constraints.*": "int | list(int) | null",
        "activations.*softmax": "int | list(int)", "activations.*": "int",
    },
    "beta": {"metrics.FBetaScore": "float>0", "*": "float>=0"},
    "beta_1": {"optimizers.Lion": "float(0,1]"},
    # The LSTM fills part of its bias itself, with what the initializer made of the rest.
    "bias_initializer": {"*LSTM*": "@initializers"},
    "cropping": {"*1D": _EDGES, "*2D": f"int>=0 | list({_EDGES},2)", "*3D": f"int>=0 | list({_EDGES},3)"},
    "data_format": {"layers.Adaptive*": "'channels_first' | 'channels_last' | null"},
    "dilation_rate": _by_rank("int>=1 | list(int>=1,{n})"),
    "drop_path_rate": {"layers.StochasticDepth": "float[0,1)"},
    "epsilon": {"layers.Discretization": "float>0"},
    "factor": {
        "callbacks.ReduceLROnPlateau": "float[0,1)",
        "regularizers.OrthogonalRegularizer": "float>=0",
        "layers.RandomGrayscale": "float[0,1]",
        "layers.AugMix": "float[0,1] | list(float[0,1],2)", "layers.RandAugment": "float[0,1] | list(float[0,1],2)",
        "layers.RandomPosterization": "int[1,8] | list(int[1,8],2)",
        "layers.RandomBrightness": _WITHIN_1_1, "layers.RandomColorDegeneration": _WITHIN_1_1,
        "layers.RandomRotation": _WITHIN_1_1, "layers.RandomSaturation": _WITHIN_1_1,
        "layers.*": _WITHIN_0_1,
    },
    "fft_length": {"layers.STFTSpectrogram": "int>=1 | null"},
    "fill_mode": {
        "layers.RandomElasticTransform": "'constant' | 'nearest' | 'reflect' | 'wrap' | 'mirror'",
        "layers.Resizing": "'constant'",
    },
    "fill_value": {"layers.RandomErasing": "float | null", "layers.MaxNumBoundingBoxes": "int", "*": "float"},
    "groups": {"layers.GroupNormalization": "int>=1 | int[-1,-1]", "*": "int>=1"},
    "height_factor": {
        "layers.RandomTranslation": "float[-1,1] | list(float[-1,1],2)",
        "layers.RandomZoom": "float(-1,1] | list(float(-1,1],2)",
    },
    "interpolation": {"layers.Resizing": _RESIZED, "layers.UpSampling2D": _RESIZED.replace("' ", "'/i ") + "/i"},
    "layer": {"layers.TimeDistributed": "@layers | model"},
    "kernel_size": {"layers.RandomGaussianBlur": "int>=1 | list(int>=1,2)", **_by_rank("int>=1 | list(int>=1,{n})")},
    "mask_token": {"layers.IntegerLookup": "int | null", "layers.StringLookup": "str | null"},
    "mask_value": {"layers.Hashing": "str | int | null", "layers.Masking": "float"},
    "max_value": {"constraints.*": "float>=0", "*": "float>=0 | null"},
    "mean": {"layers.Normalization": "float | list(float | list(float)) | null", "initializers.*": "float"},
    "mode": {
        "layers.RandomFlip": "'horizontal' | 'vertical' | 'horizontal_and_vertical'",
        "layers.STFTSpectrogram": "'log' | 'magnitude' | 'psd' | 'real' | 'imag' | 'angle' | 'stft'",
        "initializers.VarianceScaling": "'fan_in' | 'fan_out' | 'fan_avg'",
        "regularizers.OrthogonalRegularizer": "'rows' | 'columns'",
    },
    "num_bins": {"layers.Discretization": "int>=1 | null"},
    "num_thresholds": {"metrics.AUC": "int>=2"},
    "oov_token": {"layers.IntegerLookup": "int", "layers.StringLookup": "str"},
    "output_mode": {
        "layers.CategoryEncoding": "'one_hot' | 'multi_hot' | 'count' | 'binary'",
        "layers.Discretization": _COUNTED, "layers.Hashing": _COUNTED, "layers.HashedCrossing": "'int' | 'one_hot'",
        "layers.*": _VOCABULARY,
    },
    "output_padding": _by_rank("int>=0 | list(int>=0,{n}) | null"),
    "output_shape": {
        "layers.EinsumDense": "int>=1 | list(int>=1 | null)",
        "layers.MultiHeadAttention": "int>=1 | list(int>=1) | null",
    },
    "output_size": _by_rank("int>=1 | list(int>=1,{n})"),
    "padding": {
        "layers.ZeroPadding1D": _EDGES,
        "layers.ZeroPadding2D": f"int>=0 | list({_EDGES},2)",
        "layers.ZeroPadding3D": f"int>=0 | list({_EDGES},3)",
        "layers.Conv1D": "'valid'/i | 'same'/i | 'causal'/i",
        "layers.*Conv*": "'valid'/i | 'same'/i",
    },
    "pool_size": _by_rank("int>=1 | list(int>=1,{n})"),
    # All dropped: these two divide by what is kept.
    "rate": {"layers.AlphaDropout": "float[0,1)", "layers.GaussianDropout": "float[0,1)"},
    "scale": {
        "layers.*Normalization": "bool",
        "layers.Rescaling": "float | list(float)",
        "layers.RandomPerspective": "float[0,1]",
        "layers.CustomScaleLayer": "float",
        "layers.*": _WITHIN_0_1,
        "initializers.VarianceScaling": "float>0",
    },
    "size": {"*1D": "int>=1", "*2D": "int>=1 | list(int>=1,2)", "*3D": "int>=1 | list(int>=1,3)"},
    "stddev": {"layers.GaussianNoise": "float[0,1]", "initializers.*": "float>=0"},
    "strides": {
        **_by_rank("int>=1 | list(int>=1,{n}) | null", "*Pooling"),
        **_by_rank("int>=1 | list(int>=1,{n})"),
    },
    "threshold": {
        "layers.ReLU": "float>=0", "activations.relu": "float>=0", "activations.*": "float",
        "metrics.Binary*": "float[0,1]", "metrics.*Score": "float(0,1] | null",
    },
    "thresholds": {"metrics.AUC": "list(float[0,1]) | null"},
    "value": {"initializers.Constant": "float | bool | list(float) | list(list(float))"},
    "vocabulary": {"layers.IntegerLookup": "list(int) | str | null", "*": "list(str) | str | null"},
    "warmup_steps": {"optimizers.*": "int>=0", "schedules.*": "float>=0"},
    "weight_decay": {"optimizers.AdamW": "float>=0"},
    "width_factor": {
        "layers.RandomTranslation": "float[-1,1] | list(float[-1,1],2)",
        "layers.RandomZoom": "float(-1,1] | list(float(-1,1],2) | null",
    },
}  # fmt: skip

# What Keras demands of a value's Python type beyond its kind: 1 is no learning rate for it, and a tuple no thresholds.
INSISTS: dict[str, str] = {
    "optimizers.*.learning_rate": "float",
    "optimizers.SGD.momentum": "float",
    "metrics.FBetaScore.beta": "float",
    "metrics.*Score.threshold": "float",
    "metrics.*.thresholds": "list",
}

_KIND_OF = {name: " ".join(kind.split()) for kind, names in EVERYWHERE.items() for name in names.split()}


def kind_notation(namespace: str, class_name: str, argument: str) -> str:
    """The kind of one argument, in the notation of `kinds.py`. Raises: LookupError for one that no line covers."""
    place = f"{namespace}.{class_name}"
    for pattern, kind in BY_CLASS.get(argument, {}).items():
        if fnmatchcase(place, pattern):
            return kind
    if argument not in _KIND_OF:
        raise LookupError(f"argument_kinds.py has no kind for {place}.{argument}: add a line")
    return _KIND_OF[argument]


def insistence(namespace: str, class_name: str, argument: str) -> str | None:
    """The Python type that Keras insists on for one argument, `float` or `list`; None where it takes what fits."""
    place = f"{namespace}.{class_name}.{argument}"
    return next((wanted for pattern, wanted in INSISTS.items() if fnmatchcase(place, pattern)), None)
