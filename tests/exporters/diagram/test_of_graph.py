"""What is drawn of a model: its boxes, what they say, and what the lines between them say."""

from __future__ import annotations

from mnistspec.exporters.diagram.parts import Box, Diagram, Node, Source, make_diagram

from .diagrams import BLOCKS, STATES, diagram


def _box(drawn: Diagram, name: str) -> Box:
    return next(box for box in drawn.boxes if box.whole_name == name and box.role != "output")


def _lines(drawn: Diagram) -> list[tuple[str, str, str]]:
    names = [box.whole_name if box.role != "output" else f"output {box.whole_name}" for box in drawn.boxes]
    return [(names[line.source], names[line.target], line.label) for line in drawn.lines]


def test_a_box_says_what_was_given_and_what_comes_of_it() -> None:
    box = _box(diagram(BLOCKS), "a/first")
    assert (box.layer, box.name, box.group) == ("Dense", "first", ("a",))
    assert box.arguments == ("units=4", "activation=relu")
    assert (box.shape, box.parameters) == ("(None, 4)", "20 parameters")


def test_arguments_that_are_defaults_are_not_drawn() -> None:
    spelled = BLOCKS.replace("name: first", "use_bias: true, kernel_initializer: glorot_uniform, name: first")
    assert _box(diagram(spelled), "a/first") == _box(diagram(BLOCKS), "a/first")


def test_one_number_for_the_same_along_every_axis_is_the_default() -> None:
    text = "mnistspec: 1\nmodel:\n  kind: sequential\n  input: [8, 8, 1]\n"
    text += "  layers: [{Conv2D: {filters: 2, kernel_size: 3, strides: 1, dilation_rate: [1, 1]}}]\n"
    assert diagram(text).boxes[1].arguments == ("filters=2", "kernel_size=3")


def test_layers_in_arguments_are_drawn_with_theirs() -> None:
    text = "mnistspec: 1\nmodel:\n  kind: sequential\n  input: {shape: [3, 2]}\n"
    text += "  layers: [{Bidirectional: {layer: {LSTM: {units: 5, dropout: 0.5}}}}]\n"
    assert diagram(text).boxes[1].arguments == ("layer=LSTM(units=5, dropout=0.5)",)


def test_inputs_come_first_and_outputs_last() -> None:
    drawn = diagram(STATES)
    assert [box.role for box in drawn.boxes] == ["input", *["layer"] * 4, "output", "output"]
    assert ("squared", "output squared", "") in _lines(drawn)


def test_lines_tell_which_output_for_which_argument_and_how_often() -> None:
    lines = _lines(diagram(STATES))
    assert ("x", "reader", "") in lines
    assert ("x", "finisher", "sequences") in lines
    assert ("reader", "finisher", "initial_state, output 2 (None, 3)") in lines
    assert ("finisher", "squared", "2 times") in lines
    assert ("reader", "output reader", "output 0 (None, 3)") in lines


def test_layers_that_no_output_needs_are_marked() -> None:
    assert [box.whole_name for box in diagram(STATES).boxes if box.unused] == ["unused"]


def test_the_description_names_inputs_and_outputs() -> None:
    assert diagram(STATES).description == ("A functional model of 4 layers, from x (None, 5, 4) to squared and reader.")


def test_what_reads_later_nodes_or_none_that_there_are_has_no_line() -> None:
    layers = [Node("a", "A", (None,), sources=(Source("b"), Source("nowhere"))), Node("b", "B", (None,))]
    assert make_diagram("m", "Keras", [], layers, [Source("b"), Source("nowhere")]).lines == (
        make_diagram("m", "Keras", [], layers, [Source("b")]).lines
    )


def test_values_without_end_are_cut() -> None:
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    node = Node("a", "A", (None,), arguments={"deep": deep})
    assert make_diagram("m", "Keras", [], [node], []).boxes[0].arguments == ("deep=[[[[[[[[…]]]]]]]]",)
