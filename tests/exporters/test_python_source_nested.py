"""Scripts of specs that have nested models, indices and objects of Python among blocks, repeats and variables."""

from __future__ import annotations

import pytest

import mnistspec

from .test_python_source import _assert_same_model

BLOCKS = """mnistspec: 1
seed: 3
vars: {width: 8, five: 5}
blocks:
  small:
    needs: [units]
    layers: [{Dense: {units: "${units}"}}, {Dense: {units: "${width}", name: second}}]
  branch:
    params: {units: 4}
    layers:
      - Sequential: {layers: [{Dense: {units: "${units}"}}, {Dropout: {rate: 0.1}}, {Dense: {units: "${width}"}}]}
      - ReLU
model:
  kind: sequential
  input: [12]
  layers:
    - Dense: {units: "${width}"}
    - use: {block: branch}
    - use: {block: branch, with: {units: 6}}
    - use: {block: small, with: {units: "${width}"}}
    - use: {block: small, with: {units: "${five}"}}
    - repeat: {times: 2, layers: [{Sequential: {layers: [{Dense: {units: "${width + i}"}}]}}]}
    - Dense: {units: 10}
"""
INDICES = """mnistspec: 1
seed: 3
vars: {width: 8, cut: "1:5", at: 2}
blocks:
  row:
    needs: [place]
    layers: [{ops.get_item: {key: "${place}", name: one}}, {ops.expand_dims: {axis: 0}}]
  column:
    needs: [place]
    layers: [{ops.get_item: {key: [":", "${place}"]}}, {ops.multiply: {x2: {float64: 2.0}, name: twice}}]
model:
  kind: functional
  inputs: {input: [12]}
  layers:
    - Dense: {units: "${width}", name: named}
    - ops.get_item: {key: [":", "${cut}"], name: cut}
    - ops.get_item: {key: "${at}", name: at, from: cut}
    - use: {block: row, with: {place: 0}, name: a, from: cut}
    - use: {block: row, with: {place: "${at}"}, name: b, from: cut}
    - use: {block: column, with: {place: 1}, name: c, from: cut}
    - use: {block: column, with: {place: 2}, name: d, from: cut}
  outputs: [named, at, a, b, c, d]
"""
FUNCTIONS = """mnistspec: 1
seed: 3
vars: {width: 8}
blocks:
  sums:
    layers:
      - Functional: {inputs: {a: [8]}, layers: [{Dense: {units: "${width}", name: d}}, {ops.add: {from: [d, a]}}]}
model:
  kind: functional
  inputs: {input: [8]}
  layers:
    - use: {block: sums, name: one}
    - use: {block: sums, name: two}
    - ops.add: {from: [one, two]}
    - Dense: {units: 10}
"""
OWN = """mnistspec: 1
vars: {width: 8, factor: 3}
blocks:
  scaled:
    needs: [by]
    layers:
      - Dense: {units: "${width}"}
      - python: {object: "own_code:FACTOR", arguments: {by: "${by}"}}
model:
  kind: sequential
  input: [8]
  layers:
    - use: {block: scaled, with: {by: "${factor}"}}
    - use: {block: scaled, with: {by: 2}}
"""
PREFIXES = """mnistspec: 1
seed: 3
vars: {width: 8}
blocks:
  inner:
    needs: [units]
    layers: [{Dense: {units: "${units}"}}, {Dense: {units: "${width}", name: second}}]
  same:
    layers: [ReLU, {Dropout: {rate: 0.5}}]
  outer:
    layers: [{use: {block: inner, with: {units: 3}, prefix: q_}}, {use: {block: same, prefix: ""}}]
  other:
    needs: [units]
    layers: [{Dense: {units: "${units}"}}, {Dense: {units: "${width}", name: second}}]
model:
  kind: sequential
  input: [8]
  layers:
    - use: {block: outer, prefix: o_}
    - use: {block: outer, prefix: p_}
    - use: {block: inner, with: {units: 4}, prefix: a/b_}
    - repeat: {times: 2, layers: [{use: {block: inner, with: {units: "${width + i}"}, prefix: "r${i}_"}}]}
    - use: {block: other, with: {units: 2}, prefix: dotted.}
    - repeat: {times: 2, layers: [{use: {block: other, with: {units: "${width - i}"}, name: "s${i}"}}]}
"""
TWINS = """mnistspec: 1
seed: 3
blocks:
  dense: {needs: [units], layers: [{Dense: {units: "${units}", name: d}}, {ReLU: {name: r}}]}
  pair:
    layers: [{use: {block: dense, with: {units: 2}, name: one}}, {use: {block: dense, with: {units: 3}, name: two}}]
model:
  kind: functional
  inputs: {a: [8], b: [8]}
  layers:
    - Functional:
        name: left
        from: a
        inputs: {x: [8]}
        layers:
          - use: {block: dense, with: {units: 8}, name: one}
          - use: {block: dense, with: {units: 4}}
          - repeat: {times: 3, layers: [{Dense: {units: "${i + 4}"}}]}
    - Functional:
        name: right
        from: b
        inputs: {dense: [8]}
        layers: [{use: {block: dense, with: {units: 6}, name: only}}, {Sequential: {layers: [{use: {block: pair}}]}}]
    - Concatenate: {from: [left, right]}
    - use: {block: dense, with: {units: 5}}
"""
COUNTED = """mnistspec: 1
blocks:
  unit:
    needs: [units, number, last]
    layers:
      - Dense: {units: "${units}", name: "dense_${number}"}
      - ReLU: {name: "re_lu_${number}"}
      - Dense: {units: 4, name: "${last}"}
  pair:
    needs: [number]
    layers:
      - use: {block: unit, with: {units: 3, number: "${number}", last: "end_${number}"}, prefix: "one_${number}_"}
      - use: {block: unit, with: {units: 5, number: "${number + 1}", last: end}, prefix: "two_${number}_"}
model:
  kind: functional
  inputs: {input: [4]}
  layers:
    - use: {block: pair, with: {number: 1}, prefix: ""}
    - use: {block: pair, with: {number: 3}, prefix: ""}
    - Add: {from: [one_1_end_1, two_1_end, two_3_end]}
"""
FROZEN = """mnistspec: 1
model:
  kind: functional
  inputs: {a: [4], b: [4]}
  layers:
    - Sequential: {name: inner, trainable: false, from: a, layers: [{Dense: {units: 3}}, ReLU]}
    - share: {layer: inner, from: b}
    - Add: {from: [inner, inner_1]}
"""
CAPITALS = """mnistspec: 1
seed: 3
vars: {width: 8}
blocks:
  branch: {layers: [{Dense: {units: "${width}"}}, ReLU]}
model:
  kind: functional
  inputs: {branch: [8]}
  layers:
    - Dense: {units: "${width}", name: WIDTH}
    - Functional:
        name: inner
        inputs: {a: [8]}
        layers: [{Dense: {units: "${width}", name: WIDTH}}, {Add: {from: [WIDTH, a]}}]
    - use: {block: branch, name: one}
    - use: {block: branch, name: two}
"""


def test_a_block_with_a_model_in_it_is_written_out_and_others_are_functions() -> None:
    script = mnistspec.to_python(BLOCKS)
    assert "def small(model, units, name):" in script
    assert 'name="branch_1__sequential",' in script
    assert "def branch" not in script
    assert "layers.Dense(WIDTH + 1, " in script


def test_indices_are_written_as_python_has_them() -> None:
    script = mnistspec.to_python(INDICES)
    assert 'cut = named(keras.ops.get_item(named_2, (slice(None, None), slice(1, 5))), "cut")' in script
    assert "at = named(keras.ops.get_item(cut, AT)" in script
    assert 'b = row(cut, AT, name="b")' in script


def test_functions_are_named_where_others_in_nested_models_take_up_their_names() -> None:
    script = mnistspec.to_python(FUNCTIONS)
    assert script.count("named(keras.ops.add(") == 3
    assert "layers.Dense(WIDTH, " in script


def test_objects_of_python_are_made_in_functions_and_keep_their_names() -> None:
    script = mnistspec.to_python(OWN, allow_code=True)
    assert '    model.add(own_code.FACTOR(by=by, name=f"{name}__factor"))' in script
    assert '    scaled(model, FACTOR, name="scaled")\n    scaled(model, 2, name="scaled_1")' in script


def test_uses_whose_names_have_a_prefix_are_calls_of_one_function() -> None:
    script = mnistspec.to_python(PREFIXES)
    assert (
        '''
def inner(model, units, name):
    """The block `inner`."""
    model.add(layers.Dense(units, name=f"{name}_dense"))
    model.add(layers.Dense(WIDTH, name=f"{name}_second"))


def same(model, name):
    """The block `same`."""
    model.add(layers.ReLU(name=f"{name}_re_lu"))
    model.add(layers.Dropout(0.5, name=f"{name}_dropout"))


def outer(model, name):
    """The block `outer`."""
    inner(model, 3, name=f"{name}_q")
    same(model, name=name)
'''
        in script
    )
    assert (
        """
    outer(model, name="o")
    outer(model, name="p")
    inner(model, 4, name="a__b")
    for i in range(2):
        inner(model, WIDTH + i, name=f"r{i}")
"""
        in script
    )


def test_names_that_are_joined_otherwise_to_their_prefix_are_written_out() -> None:
    script = mnistspec.to_python(PREFIXES)
    assert 'model.add(layers.Dense(2, name="dotted.dense"))' in script
    assert (
        """
    for i in range(2):
        model.add(layers.Dense(WIDTH - i, name=f"s{i}__dense"))
"""
        in script
    )


def test_nested_models_have_functions_and_loops_too_and_share_them() -> None:
    script = mnistspec.to_python(TWINS)
    assert (
        '''
def build_left():
    """The model that is the layer left."""
    inputs = keras.Input(shape=(8,), name="x")
    one = dense(inputs, 8, name="one")
    x = dense(one, 4, name="dense")
    for i in range(3):
        x = layers.Dense(i + 4, name=f"dense_{i + 1}")(x)
    return keras.Model(inputs=inputs, outputs=x, name="left")
'''
        in script
    )
    assert 'outputs = dense(x, 5, name="dense")' in script
    assert 'dense_2(model, 2, name="pair__one")' in script


def test_variables_are_called_neither_as_constants_nor_as_functions() -> None:
    script = mnistspec.to_python(CAPITALS)
    assert script.count('    width = layers.Dense(WIDTH, name="WIDTH")') == 2
    assert 'def branch_2(x, name):\n    """The block `branch`."""' in script


def test_names_that_are_made_of_parameters_are_made_of_them_in_functions() -> None:
    script = mnistspec.to_python(COUNTED)
    assert 'layers.Dense(units, name=f"{name}_dense_{number}")(x)' in script
    assert 'one = unit(x, 3, number, f"end_{number}", name=f"one_{number}")' in script
    assert script.count("= pair(") == 2


@pytest.mark.keras
@pytest.mark.parametrize("text", [BLOCKS, INDICES, FUNCTIONS, PREFIXES, TWINS, CAPITALS, COUNTED, FROZEN])
def test_the_script_builds_what_mnistspec_builds(text: str) -> None:
    _assert_same_model(text)
