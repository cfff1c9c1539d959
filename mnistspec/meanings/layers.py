"""Words for layers and their arguments. The form is told in the room."""

TABLES = {
    "layers": """
        Dense: linear fc fullyconnected fullyconnectedlayer innerproduct affine lazylinear denselayer mlp?
        Conv1D: lazyconv1d
        Conv2D: conv convolution convolutional convolutionlayer convlayer lazyconv2d spatialconvolution
        Conv3D: lazyconv3d
        Conv1DTranspose: convtranspose1d deconv1d deconvolution1d
        Conv2DTranspose: convtranspose2d convtranspose deconv deconvolution deconv2d deconvolution2d transposedconv
        Conv2DTranspose: transposeconv upconv convtransposed
        Conv3DTranspose: convtranspose3d deconv3d deconvolution3d
        DepthwiseConv2D: depthwiseconv depthwiseconvolution depthwiseconvolution2d dwconv
        SeparableConv2D: separableconv separableconvolution
        MaxPooling2D/MaxPool2D: maxpool maxpooling pool? pooling? pool2d? subsampling?
        AveragePooling2D: avgpool avgpooling averagepool averagepooling meanpool averagepool2d
        AdaptiveAveragePooling1D: adaptiveavgpool1d
        AdaptiveAveragePooling2D: adaptiveavgpool2d adaptiveavgpool adaptiveaveragepool2d
        AdaptiveAveragePooling3D: adaptiveavgpool3d
        AdaptiveMaxPooling1D: adaptivemaxpool1d
        AdaptiveMaxPooling2D: adaptivemaxpool2d adaptivemaxpool
        AdaptiveMaxPooling3D: adaptivemaxpool3d
        GlobalAveragePooling2D: gap globalavgpool globalaveragepool globalaveragepooling globalpool?
        GlobalMaxPooling2D: globalmaxpool globalmaxpooling
        BatchNormalization: batchnorm batchnorm1d batchnorm2d batchnorm3d bn syncbatchnorm lazybatchnorm2d
        BatchNormalization: batchnormalisation batchnormalizationv2
        LayerNormalization: layernorm ln layernormalisation
        GroupNormalization: groupnorm gn groupnormalisation
        RMSNormalization: rmsnorm
        BatchNormalization: norm? normlayer?
        LayerNormalization: norm? normlayer?
        SpatialDropout1D: dropout1d featuredropout1d
        SpatialDropout2D: dropout2d spatialdropout featuredropout
        SpatialDropout3D: dropout3d
        AlphaDropout: featurealphadropout?
        LeakyReLU: lrelu
        LSTM: cudnnlstm lstmlayer
        GRU: cudnngru grulayer gatedrecurrentunit
        SimpleRNN: elmanrnn vanillarnn cudnnrnn
        Bidirectional: bilstm? bigru? birnn?
        Embedding: embeddingbag? embed wordembedding lookuptable
        UpSampling2D: upsample upsamplingnearest2d upsamplingbilinear2d? upsampling unpool?
        ZeroPadding1D: zeropad1d
        ZeroPadding2D: zeropad2d zeropad pad2d? padding? pad?
        ZeroPadding3D: zeropad3d
        Concatenate: concat cat concatlayer merge? join?
        Add: sum elementwiseadd residualadd addlayer merge? skip? residual?
        Multiply: mul elementwisemul product
        Subtract: sub
        Average: avg? mean?
        Maximum: max?
        Minimum: min?
        Rescaling: rescale scale?
        Resizing: resize
        Permute: transpose?
        Reshape: view unflatten
        Flatten: flattenlayer flat
        RandomFlip: randomhorizontalflip? randomverticalflip?
        RandomRotation: randomrotate
        RandomCrop: randomresizedcrop?
        RandomErasing: cutout?
        GaussianNoise: noise addnoise
        Identity: noop passthrough
        MultiHeadAttention: mha multiheadselfattention selfattention?
        """,
    "ops": """
        ops.concatenate: ops.concat ops.cat
        ops.expand_dims: ops.unsqueeze
        ops.transpose: ops.permute
        ops.multiply: ops.mul
        ops.subtract: ops.sub
        ops.divide: ops.div
        ops.power: ops.pow
        ops.negative: ops.neg
        ops.matmul: ops.mm ops.bmm
        ops.clip: ops.clamp ops.clipbyvalue
        ops.take: ops.gather
        ops.mean: ops.reducemean ops.avg
        ops.sum: ops.reducesum
        ops.max: ops.reducemax
        ops.min: ops.reducemin
        ops.prod: ops.reduceprod ops.product
        """,
    "arguments of ops": """
        axis: dim dimension reductionindices
        axes: perm
        keepdims: keepdim
        """,
    "arguments of layers": """
        units: neurons neuron nodes hidden hiddenunits hiddensize hiddendim numunits nunits numneurons nneurons
        units: outfeatures numoutputs? nout? outputdim outputsize width? size? dimhidden dim?
        filters: outchannels channels numfilters nfilters nbfilter nbfilters nfeaturemaps featuremaps numchannels?
        filters: outputchannels kernels? outfilters depth?
        bin_boundaries: bins boundaries edges binedges
        kernel_size: kernel kernelsz ksize ks filtersize filtershape kernelshape windowsize? window? size?
        strides: stride subsample subsamplelength stridesize
        padding: bordermode pad
        pool_size: pool poolingsize poolsz poollength poolsize kernel kernelsize windowsize window size
        dilation_rate: dilation atrousrate dilationfactor dilations
        data_format: dimordering
        use_bias: bias hasbias withbias includebias addbias
        activation: activationfunction activationfn actfn act nonlinearity nonlin activationfunc activ transferfunction
        recurrent_activation: inneractivation
        kernel_initializer: init initializer weightinit weightinitializer weightsinitializer kernelinit
        kernel_initializer: initialization winit weightinitialization
        bias_initializer: biasinit initbias
        recurrent_initializer: innerinit
        embeddings_initializer: init initializer
        kernel_regularizer: wregularizer weightregularizer weightsregularizer kernelreg regularizer? regularization?
        kernel_regularizer: weightdecay?
        bias_regularizer: bregularizer biasreg
        recurrent_regularizer: uregularizer
        kernel_constraint: wconstraint
        bias_constraint: bconstraint
        recurrent_constraint: uconstraint
        rate: p prob probability dropoutrate dropoutprob dropout droprate dropprob dropoutprobability ratio fraction
        rate: pdropout percent?
        dropout: dropoutw dropoutrate dropoutprob
        recurrent_dropout: dropoutu
        input_dim: numembeddings vocabsize vocabularysize vocab nwords? numwords? inputsize
        vocabulary: vocab words? tokens?
        max_tokens: vocabsize? vocabularysize? nwords? numwords? maxwords maxfeatures? numtokens
        output_dim: embeddingdim embeddim embeddingsize embedsize embeddingdimension dim outputsize
        mask_zero: maskzeros ignorezeros
        epsilon: eps
        gamma_initializer: gammainit
        beta_initializer: betainit
        groups: numgroups ngroups
        axis: dim? dims? concataxis concatdim
        negative_slope: alpha slope leak leakiness leakyslope
        return_sequences: returnsequence returnseq allsteps? returnall?
        num_heads: heads nheads nhead numattentionheads numberofheads
        key_dim: headdim headsize keysize dhead dk kdim?
        value_dim: vdim valuesize
        target_shape: shape newshape outputshape size
        size: scalefactor scale factor
        interpolation: mode
        output_size: size outputshape
        dims: pattern axes perm permutation
        layer: cell? wrapped inner wrappedlayer
        merge_mode: merge mode combine
        stddev: std sigma stdev
        seed: randomseed randomstate
        name: layername id
        from: inputs input inboundnodes after? previous? prev? inputnodes
        """,
}
