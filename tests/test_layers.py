"""Who may import whom: this table is the architecture, and it is checked."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "dlprep"

# A module or a folder of modules, and what it may import besides the standard library.
MAY = {
    "__init__": "",
    "__main__": "cli",
    "errors": "",
    "clean": "",
    "number": "",
    "mentions": "",
    "keys": "",
    "yamltext": "errors yaml",
    "expression": "",
    "template": "errors expression number",
    "bank": "errors template",
    "fields": "errors bank expression number template yamltext",
    "reader": "errors bank expression fields template yamltext",
    "cache": "errors bank",
    "library": "errors bank cache reader yamltext platformdirs",
    "schema": "bank expression template",
    "starter": "bank",
    "quiz": "bank mentions number template",
    "replies": "bank clean number quiz",
    "replytext": "quiz",
    "review": "",
    "clock": "errors review",
    "streak": "review",
    "memory": "review fsrs",
    "choose": "bank memory review",
    "session": "choose quiz review",
    "plan": "bank choose memory review streak",
    "stats": "bank choose memory plan review streak",
    "tables": "",
    "saving": "errors",
    "database": "errors saving tables",
    "history": "errors database review saving streak",
    "rows": "history review",
    "exchange": "errors database history review rows saving",
    "backup": "errors database saving tables",
    "keeper": "errors history review rows",
    "remembered": "cache history memory",
    "demo": "errors",
    "nn": "errors nn numpy sklearn",
    "demos": "demo errors nn numpy",
    "evidence": "demo errors",
    "pool": "demo evidence",
    "prefetch": "bank demo evidence pool",
    "check": "errors bank demo evidence expression number quiz template",
    "draw": "errors clean bank choose demo memory number plan prefetch quiz review session stats draw rich",
    "ask": "errors clean keys bank evidence prefetch quiz replies review session draw ask rich",
    "commands": (
        "errors clean keys bank number yamltext template library schema starter quiz demo evidence pool "
        "prefetch check replytext review streak memory choose session plan stats history database exchange "
        "backup keeper remembered draw ask rich"
    ),
    "demo_options": "errors demo commands typer",
    "app": "choose clock commands demo_options typer",
    "cli": "app clean errors",
}
FILES = sorted(PACKAGE.rglob("*.py"))


def layer(file: Path) -> str:
    """The row of the table that a file stands in."""
    place = file.relative_to(PACKAGE)
    return place.parts[0] if len(place.parts) > 1 else place.stem


def imported(file: Path) -> set[str]:
    """The layers of ours and the packages of others that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "dlprep":
            found |= {f"dlprep.{alias.name}" for alias in node.names if alias.name != "__version__"}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    names = {name.split(".")[1] if name.startswith("dlprep.") else name.split(".")[0] for name in found}
    return names - set(sys.stdlib_module_names) - {"dlprep"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_row_allows(file: Path) -> None:
    """Imports run one way."""
    assert imported(file) <= {*MAY[layer(file)].split(), layer(file)}


def test_the_table_has_no_row_for_what_is_not_there() -> None:
    """A deleted module leaves the table too."""
    assert set(MAY) == {layer(file) for file in FILES}


def test_a_forbidden_import_is_seen(tmp_path: Path) -> None:
    """The check can fail: an import inside a function counts."""
    file = tmp_path / "x.py"
    file.write_text(
        "def f():\n    import rich.console\n    from dlprep.draw import palette\n", encoding="utf-8"
    )
    assert imported(file) == {"rich", "draw"}
