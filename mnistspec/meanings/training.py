"""Words for what trains a layer: optimizers, schedules, losses, metrics, callbacks and the rest."""

TABLES = {
    "optimizers": """
        Adam/adam: adamoptimizer adamopt defaultoptimizer?
        SGD/sgd: gradientdescent gradientdescentoptimizer momentumoptimizer? stochasticgradientdescent momentum? gd
        RMSprop/rmsprop: rmspropoptimizer rmspropop
        AdamW/adamw: adamweightdecay fusedadamw adamwoptimizer
        Adagrad/adagrad: adagradoptimizer
        Nadam/nadam: nesterovadam
        """,
    "arguments of optimizers": """
        learning_rate: lr learnrate learningrates lr0 initlr initiallr baselr alpha? eta? stepsize? learningrateinit
        beta_1: beta1 b1
        beta_2: beta2 b2
        epsilon: eps
        weight_decay: wd weightdecayrate l2? decay?
        momentum: mom
        nesterov: usenesterov
        amsgrad: useamsgrad
        clipnorm: gradclip? gradientclip? maxgradnorm? gradclipnorm clipgradnorm gradientclipnorm
        clipvalue: gradclipvalue clipgradvalue gradientclipvalue
        use_ema: ema
        ema_momentum: emadecay
        gradient_accumulation_steps: accumulationsteps accumulategradbatches gradaccumsteps gradaccum accumsteps
        rho: smoothing?
        """,
    "schedules": """
        CosineDecay: cosine cosineannealing cosineannealinglr cosinelr cosineschedule onecyclelr? onecycle?
        CosineDecayRestarts: cosineannealingwarmrestarts cosinerestarts sgdr
        ExponentialDecay: exponential exponentiallr expdecay explr stepdecay? steplr?
        PiecewiseConstantDecay: piecewise piecewiseconstant multisteplr multistep steplr?
        PolynomialDecay: polynomial polynomiallr polydecay poly linearlr? lineardecay?
        InverseTimeDecay: inversetime inversedecay
        """,
    "arguments of schedules": """
        initial_learning_rate: lr learningrate initlr initiallr baselr initialrate startlr startinglearningrate
        decay_steps: tmax? stepsize? steps totalsteps numsteps nsteps period?
        decay_rate: gamma decay rate factor
        first_decay_steps: t0?
        t_mul: tmult
        end_learning_rate: endlr finallr minlr
        alpha: etamin? minlr?
        boundaries: milestones? steps
        values: rates learningrates lrs
        """,
    "losses": """
        MeanSquaredError/mean_squared_error: mseloss l2 l2loss meansquareerror squarederror squaredloss quadratic
        MeanAbsoluteError/mean_absolute_error: maeloss l1 l1loss absoluteerror meanabsolutedeviation
        MeanAbsolutePercentageError/mean_absolute_percentage_error: mapeloss
        Huber/huber: smoothl1 smoothl1loss huberloss
        BinaryCrossentropy/binary_crossentropy: bceloss binarycrossentropyloss sigmoidcrossentropy binarylogloss
        BinaryCrossentropy/binary_crossentropy: bcewithlogits? bcewithlogitsloss? logloss?
        SparseCategoricalCrossentropy/sparse_categorical_crossentropy: crossentropyloss? nll? nllloss? scce sparsecce
        SparseCategoricalCrossentropy/sparse_categorical_crossentropy: negativeloglikelihood? sparsecrossentropy
        SparseCategoricalCrossentropy/sparse_categorical_crossentropy: sparsesoftmaxcrossentropy?
        SparseCategoricalCrossentropy/sparse_categorical_crossentropy: crossentropy xent logloss? softmaxcrossentropy?
        CategoricalCrossentropy/categorical_crossentropy: cce crossentropy xent softmaxcrossentropy?
        BinaryFocalCrossentropy/binary_focal_crossentropy: focal focalloss
        CategoricalFocalCrossentropy/categorical_focal_crossentropy: focal focalloss
        KLDivergence/kl_divergence: kldivloss? kldiv kl kullbackleibler kldloss
        Hinge/hinge: hingeloss svm?
        CategoricalHinge/categorical_hinge: multimarginloss? multiclasshinge
        CosineSimilarity/cosine_similarity: cosine cosineembeddingloss? cosineproximity
        Poisson/poisson: poissonnllloss? poissonnll?
        LogCosh/log_cosh: logcoshloss
        CTC/ctc: ctcloss
        Dice/dice: diceloss
        Tversky/tversky: tverskyloss
        Circle/circle: circleloss
        """,
    "arguments of losses": """
        from_logits: logits withlogits fromlogit uselogits islogits
        label_smoothing: smoothing labelsmooth smooth
        reduction: reduce
        ignore_class: ignoreindex
        delta: beta?
        gamma: focusing
        """,
    "metrics": """
        Accuracy/accuracy: acc accuracyscore top1 top1accuracy correct precisionat1?
        F1Score/f1_score: f1 fscore fmeasure f1measure
        FBetaScore/f_beta_score: fbeta
        AUC/auc: rocauc aucroc rocaucscore auroc areaundercurve prauc?
        Precision/precision: prec precisionscore ppv
        Recall/recall: rec recallscore sensitivity tpr
        SparseTopKCategoricalAccuracy/sparse_top_k_categorical_accuracy: top5 topk top5accuracy topkaccuracy
        TopKCategoricalAccuracy/top_k_categorical_accuracy: top5 topk top5accuracy topkaccuracy
        RootMeanSquaredError/root_mean_squared_error: rmse
        MeanSquaredError/mean_squared_error: l2
        MeanAbsoluteError/mean_absolute_error: l1
        R2Score/r2_score: r2 rsquared
        MeanIoU: miou jaccard?
        PearsonCorrelation/pearson_correlation: pearson corr? correlation?
        FalsePositives/false_positives: fp
        FalseNegatives/false_negatives: fn
        TruePositives/true_positives: tp
        TrueNegatives/true_negatives: tn
        KLDivergence/kl_divergence: kl kld
        SparseCategoricalCrossentropy/sparse_categorical_crossentropy: crossentropy logloss?
        CategoricalCrossentropy/categorical_crossentropy: crossentropy logloss?
        """,
    "callbacks": """
        EarlyStopping: earlystop earlystopper stopping? patience?
        ModelCheckpoint: checkpoint checkpoints checkpointer savebest? modelsaver? bestcheckpoint?
        ReduceLROnPlateau: reducelr reduceonplateau lrplateau plateau lrreducer reducelearningrateonplateau
        CSVLogger: csvlog csv csvlogs
        TensorBoard: tb tensorboardlogger summarywriter
        TerminateOnNaN: nan stoponnan terminatenan nanguard
        BackupAndRestore: backup
        SwapEMAWeights: ema? ema_callback?
        """,
    "arguments of callbacks": """
        monitor: metric watch quantity tomonitor
        min_delta: threshold delta tolerance tol epsilon mindelta
        patience: wait rounds earlystoppingrounds nopatience
        restore_best_weights: restorebest restorebestweight loadbest keepbest
        factor: gamma? decay? ratio?
        min_lr: minlearningrate
        filepath: path file dirpath? filename
        filename: path file filepath
        save_best_only: savebest bestonly onlybest
        save_weights_only: weightsonly onlyweights
        start_from_epoch: warmup? startepoch
        log_dir: logdir path logs directory
        """,
    "initializers": """
        GlorotUniform/glorot_uniform: xavier? xavieruniform glorot? xavieruniforminitializer
        GlorotNormal/glorot_normal: xavier? xaviernormal glorot?
        HeNormal/he_normal: he? kaiming? kaimingnormal msra henorm
        HeUniform/he_uniform: he? kaiming? kaiminguniform
        LecunNormal/lecun_normal: lecun?
        LecunUniform/lecun_uniform: lecun?
        RandomNormal/random_normal: normal gaussian
        TruncatedNormal/truncated_normal: truncnormal truncatedgaussian
        Zeros/zeros: allzeros zerosinitializer
        Ones/ones: allones onesinitializer
        Orthogonal/orthogonal: ortho orthogonalinit
        """,
    "regularizers": """
        L1/l1: lasso
        L2/l2: ridge weightdecay?
        L1L2/l1_l2: elasticnet l1andl2 l12
        """,
    "constraints": """
        MaxNorm/max_norm: maxnormconstraint clip?
        NonNeg/non_neg: nonnegative positive?
        UnitNorm/unit_norm: unit normalized
        """,
    "activations": """
        relu: rectifier rectified rectifiedlinear relulayer
        leaky_relu: lrelu leaky
        linear: none no identity noactivation
        sigmoid: logistic sigm logit?
        tanh: hyperbolictangent tanhyp
        softmax: softargmax
        """,
}
