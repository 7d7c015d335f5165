"""No module imports itself by way of others, also not inside a function or for types alone."""

from __future__ import annotations

import pytest

grimp = pytest.importorskip("grimp", reason="grimp comes with import-linter, a tool of developers")
pytestmark = pytest.mark.quick


def test_no_module_is_imported_by_what_it_imports() -> None:
    """The layers of pyproject.toml keep packages apart; this holds inside a package as well."""
    graph = grimp.build_graph("thesis")
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while leaves := {module for module, others in imported.items() if not others & imported.keys()}:
        imported = {module: others for module, others in imported.items() if module not in leaves}
    assert sorted(imported) == [], "each of these imports another of them, or is imported by way of one"
