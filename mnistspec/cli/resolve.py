"""`mnistspec resolve`: the spec with every default spelled out."""

from __future__ import annotations

from mnistspec.cli.options import AllowCode, AllowEnv, Settings, SpecPath, tell, valid
from mnistspec.exporters.resolved import resolved_text


def resolve(
    spec: SpecPath, settings: Settings = None, allow_env: AllowEnv = False, allow_code: AllowCode = False
) -> None:
    """Print the spec with variables put in and every default explicit; the result is a valid spec that means the same.

    Example: mnistspec resolve specs/mnist-mlp.yaml --set vars.width=64 > wide.yaml
    """
    result = valid(spec, settings, allow_env=allow_env, allow_code=allow_code, quiet=True)
    assert result.spec is not None and result.graph is not None
    tell(resolved_text(result.spec, result.graph.graph), end="")
