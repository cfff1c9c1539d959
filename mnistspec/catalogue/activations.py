"""Activations with arguments: the layers that say the same, since Keras cannot save a function with arguments bound."""

# Activation function -> layer with the same arguments and the same result.
LAYER_OF = {"elu": "ELU", "leaky_relu": "LeakyReLU", "relu": "ReLU", "softmax": "Softmax"}
