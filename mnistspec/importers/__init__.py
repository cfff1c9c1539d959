"""A Keras model, or its config, back to a spec."""
