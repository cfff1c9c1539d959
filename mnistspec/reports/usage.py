"""How to use what a run left behind, and what to say where it left nothing."""

from __future__ import annotations

from mnistspec.reports.contents import Contents
from mnistspec.reports.facts import preparation
from mnistspec.reports.pictures import has_pictures
from mnistspec.reports.record import RunRecord

MODEL = "model.keras"


def loading_code(run: RunRecord) -> str | None:
    """Three lines of Python that load the saved model and predict; None where no model was saved."""
    if not run.saved(MODEL):
        return None
    return f'import keras\nmodel = keras.saving.load_model("{MODEL}")\npredictions = model.predict(x)'


def predict_command(contents: Contents) -> str | None:
    """The command that predicts a picture's class; None where the run's inputs are known to be no pictures."""
    known = contents.predictions
    if known is not None and known.samples and not has_pictures(known):
        return None
    return "mnistspec predict . picture.png    # in this folder"


def preparation_note(run: RunRecord) -> str:
    """What plain Keras leaves to the caller; empty where the data were taken as they are."""
    said = ", ".join(f"{array.name}: {preparation(array)}" for array in run.data.x if array.steps)
    return f"Here x must be prepared as the data were ({said})." if said else ""


def why_no_predictions(run: RunRecord) -> str:
    """Why the folder holds no predictions."""
    if run.status == "finished":
        return "The run saved no predictions (predictions.npz); `outputs: {predictions: true}` in the spec saves them."
    return f"There are no predictions: the run is {run.status}, and they are made after training."
