"""The fit engine: the order of examples, batches, callbacks, and the fit itself."""
