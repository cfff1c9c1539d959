"""The spec's variables as values, for those who want to name what was made of them."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.nodes import MappingNode, Node, ScalarNode
from mnistspec.resolve.scopes import Scope
from mnistspec.resolve.values import Values


def variables_of(root: MappingNode) -> Mapping[str, Node]:
    """The value of each variable of a spec that is in order, without those that read the environment."""
    variables = root.get("vars")
    if not isinstance(variables, MappingNode):
        return {}
    scope = Scope({entry.name: entry for entry in variables.entries})
    values = Values(scope, allow_env=False, quiet=True)
    found = {name: values.variable(scope, name) for name in scope.entries}
    return {name: node for name, node in found.items() if not (isinstance(node, ScalarNode) and node.broken)}
