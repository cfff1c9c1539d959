"""Specs with nested models, and the same models as a person writes them in Keras."""

from __future__ import annotations

SIAMESE = """mnistspec: 1
seed: 5
model:
  kind: functional
  inputs: {left: [12, 12, 1], right: [12, 12, 1]}
  layers:
    - Sequential:
        name: encoder
        from: left
        layers:
          - Conv2D: {filters: 4, kernel_size: 3, name: conv}
          - BatchNormalization: {name: norm}
          - Flatten: {name: flat}
          - Dense: {units: 6, name: code}
    - share: {layer: encoder, from: right}
    - Functional:
        name: distance
        from: {b: encoder_1, a: encoder}
        inputs: {a: [6], b: [6]}
        layers:
          - Subtract: {from: [a, b], name: gap}
          - Dense: {units: 3, name: mixed}
        outputs: [gap, mixed]
    - Dense: {units: 1, activation: sigmoid, from: distance.1, name: same}
"""
SEQUENTIAL = """mnistspec: 1
seed: 5
model:
  kind: sequential
  input: [10, 4]
  layers:
    - Sequential:
        name: front
        layers:
          - LSTM: {units: 5, return_sequences: true}
          - Sequential: {name: deep, trainable: false, layers: [{Dense: {units: 3}}, BatchNormalization]}
          - Dropout: {rate: 0.5}
    - Functional: {name: back, layers: [Flatten, {Dense: {units: 7, activation: relu}}]}
    - Dense: {units: 2}
"""
FROZEN = """mnistspec: 1
seed: 5
model:
  kind: functional
  inputs: {x: [6]}
  layers:
    - Functional:
        name: base
        trainable: false
        call: {training: false}
        inputs: {x: [6]}
        layers:
          - Dense: {units: 4}
          - BatchNormalization
          - Dense: {units: 4}
          - ops.tanh
          - Bidirectional: {layer: {GRU: {units: 2}}, from: grown}
          - Reshape: {target_shape: [2, 2], from: tanh, name: grown}
    - Dense: {units: 1}
"""
MASKED = """mnistspec: 1
seed: 5
model:
  kind: functional
  inputs: {words: {shape: [7], dtype: int32}}
  layers:
    - Sequential:
        name: reader
        layers: [{Embedding: {input_dim: 20, output_dim: 3, mask_zero: true}}, {LSTM: {units: 4}}]
    - Dense: {units: 1}
"""
WRAPPED = """mnistspec: 1
seed: 5
model:
  kind: functional
  inputs: {clip: [3, 10, 10, 1]}
  layers:
    - TimeDistributed:
        name: frames
        layer:
          Sequential:
            name: encoder
            layers:
              - repeat: {times: 2, layers: [{Conv2D: {filters: 3, kernel_size: 3, activation: relu}}]}
              - BatchNormalization
              - GlobalAveragePooling2D
    - GRU: {units: 4, return_sequences: true, name: read}
    - TimeDistributed:
        name: rows
        from: clip
        layer:
          TimeDistributed:
            layer:
              Functional:
                trainable: false
                inputs: {row: {}}
                layers:
                  - Flatten: {name: flat}
                  - Dense: {units: 2, name: left}
                  - Dense: {units: 2, from: flat, name: right}
                  - Add: {from: [left, right]}
    - share: {layer: rows, from: clip, name: rows_again}
    - Add: {from: [rows, rows_again], name: sum}
    - TimeDistributed: {trainable: false, layer: {Sequential: {layers: [Flatten, {Dense: {units: 4}}]}}, name: fixed}
    - Concatenate: {from: [read, fixed], name: both}
    - Dense: {units: 1}
"""
ALL = {"siamese": SIAMESE, "sequential": SEQUENTIAL, "frozen": FROZEN, "masked": MASKED, "wrapped": WRAPPED}
