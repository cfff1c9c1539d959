"""Words for the options of data sources and preparation steps."""

_TEST = "test: testsize testsplit testfraction testratio holdout heldout\n"
_TEST_SPLIT = "test_split: test testsize testfraction testratio\n"
_PATH = "path: file filename filepath source src"
_SEQUENCES = """
num_words: maxwords vocabsize vocab vocabulary vocabularysize maxfeatures maxtokens numtokens numfeatures
maxlen: maxlength maxsequencelength sequencelength? seqlen? length?
skip_top: skip skipwords
start_char: bos bosid startid
oov_char: unk unkid oov oovid oovtoken
"""

TABLES = {
    "imdb": _SEQUENCES,
    "reuters": _SEQUENCES + _TEST_SPLIT,
    "boston_housing": _TEST_SPLIT,
    "california_housing": _TEST_SPLIT + "version: size",
    "cifar100": "label_mode: labels label mode granularity",
    "npz": f"{_PATH}\n{_TEST}" + """
        x_train: x xs inputs input features images data? train
        y_train: y ys targets target labels label
        x_test: testx testinputs testfeatures testimages
        y_test: testy testtargets testlabels
        classes: numclasses nclasses nbclasses
        """,
    "csv": f"{_PATH}\n{_TEST}" + """
        label: labels target targets y labelcolumn targetcolumn labelcol targetcol labelname output ycolumn ycol
        features: x inputs input columns featurecolumns featurenames inputcolumns featurecols usecols xcolumns xcols
        categories: categorical categoricals categoricalcolumns categoricalfeatures
        text: texts textcolumns textcolumn
        delimiter: sep separator delim
        test_path: testfile testfilename
        """,
    "images": f"path: folder directory dir root rootdir file?\n{_TEST}" + """
        image_size: size targetsize imgsize imsize imgsz imageshape shape resize
        color_mode: mode colourmode colour color channels?
        interpolation: resample resizing?
        test_path: testfolder testdirectory testdir
        """,
    "rescale": "divisor: by value scale? factor?",
    "resize": "size: imagesize targetsize shape to",
    "cast": "dtype: type to",
    "expand_dims": "axis: dim axes",
    "reshape": "shape: targetshape size dims to newshape",
    "standardize": "axis: dim axes",
    "normalize": "axis: dim axes",
    "one_hot": "classes: numclasses nclasses nbclasses depth units? numlabels",
    "pad_sequences": """
        maxlen: maxlength length len sequencelength size?
        padding: paddingside side pad
        truncating: truncation truncate truncationside
        value: padvalue paddingvalue fill fillvalue padid
        """,
}  # fmt: skip
