"""Words for the language's own keys and choices."""

TABLES = {
    "a data source": """
        mnist: digits? mnist784 handwrittendigits mnistdigits
        fashion_mnist: fmnist fashion
        cifar10: cifar
        cifar100: cifar
        npz: numpy npy? npzfile arrays
        csv: table csvfile tsv?
        images: imagefolder folder imagedirectory pictures imagefromdirectory
        """,
    "a preparation step": """
        rescale: scale divide div divideby rescaling normalise255
        standardize: standardise zscore standardscaler standardization whiten?
        normalize: normalise minmax minmaxscaler minmaxscale normalization
        reshape: flatten? view
        resize: resizing
        grayscale: grey gray greyscale tograyscale
        cast: astype tofloat? todtype convert
        expand_dims: expanddim unsqueeze addchannel newaxis addaxis
        one_hot: onehotencode onehotencoding tocategorical categorical onehotencoder
        pad_sequences: padsequence pad padding
        """,
    "a spec": """
        mnistspec: version specversion languageversion
        model: network net architecture arch nn
        data: dataset datasets
        compile: compiler? learning?
        fit: train training trainer trainingarguments
        evaluate: evaluation eval test testing
        predict: prediction predictions inference
        outputs: output artifacts? save? saves?
        vars: variables params? parameters? hyperparameters? hparams? constants
        seed: randomseed randomstate
        name: title id experimentname runname
        description: desc comment about
        extends: extend inherits inherit base?
        blocks: modules? block
        deterministic: reproducible determinism
        ignore: ignores suppress disable noqa
        """,
    "model": """
        kind: type modeltype class
        layers: layer nodes? modules? architecture? backbone? network
        input: inputshape inputlayer inputsize
        inputs: inputlayers
        outputs: output outputlayers outputlayer
        """,
    "an input": """
        shape: size dims dim inputshape
        dtype: type datatype
        batch_size: batch
        name: id
        """,
    "data": """
        source: dataset name path? data type? src
        validation: valsplit validationsplit val validationfraction valfraction valid validationdata? valratio dev?
        prepare: preprocess preprocessing transform transforms preparation pipeline
        limit: limits subset maxexamples? maxsamples? nsamples?
        targets: target labels? label?
        """,
    "compile": """
        optimizer: optim opt optimiser
        loss: lossfunction lossfn criterion objective cost costfunction losses lossfunc
        metrics: metric measures eval?
        precision: dtype dtypepolicy mixedprecision? amp? policy
        jit_compile: jit xla
        loss_weights: lossweight
        run_eagerly: eager
        """,
    "fit": """
        epochs: epoch nbepoch nepochs numepochs nepoch maxepochs maxepoch numberofepochs numtrainepochs
        epochs: iterations? maxiter?
        batch_size: batch bs batchsz minibatch minibatchsize perdevicetrainbatchsize trainbatchsize
        callbacks: callback
        class_weight: classweights weights?
        shuffle: shuffledata
        checkpoint: checkpoints checkpointing save? savefreq? saveperiod?
        steps_per_epoch: stepsperepochs samplesperepoch?
        validation_steps: valsteps nbvalsamples?
        validation_freq: valfreq validationfrequency evalevery checkvaleverynepoch
        validation_batch_size: valbatchsize evalbatchsize
        """,
    "evaluate": "batch_size: batch bs\nsteps: limit?",
    "predict": "batch_size: batch bs\nsamples: examples pictures num_samples nsamples",
    "limit": "train: training trainset\nvalidation: val valid dev\ntest: testing eval",
    "prepare": "x: inputs input features images image data?\ny: targets target labels label outputs output",
    "outputs": """
        model: savemodel keras
        weights: saveweights
        predictions: prediction predict
        report: reports html?
        export: exports exportformats formats? format?
        """,
    "call arguments": """
        training: train istraining
        mask: attentionmask?
        initial_state: state states hidden hx h0
        query: q
        value: v
        key: k
        inputs: input x sequences
        sequences: inputs input x sequence
        x: inputs input
        """,
    "monitor": """
        accuracy: acc
        loss: cost
        learning_rate: lr
        """,
    "a word": """
        tensorflow: tf
        torch: pytorch
        channels_last: nhwc
        channels_first: nchw
        float32: float fp32 f32 single
        float16: half fp16 f16
        float64: double fp64 f64
        bfloat16: bf16
        int32: int
        int64: long
        uint8: byte
        mixed_float16: amp mixed mixedprecision
        sequential: seq sequentialmodel linear? feedforward?
        functional: graph api? functionalapi dag model
        rgb: color colour
        grayscale: gray grey greyscale
        same: samepadding half? full?
        valid: none? no? validpadding
        concat: concatenate cat
        ave: average mean
        avg: average mean
        max: maximum
        sum: add
        html: web
        md: markdown
        onnx: onnxruntime?
        litert: tflite
        saved_model: savedmodel tf pb?
        pre: before left start
        post: after right end
        balanced: balance auto?
        """,
}
