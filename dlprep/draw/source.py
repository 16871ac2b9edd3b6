"""The numerics of a demo, as an interviewee would write them: what it computes, without how it is shown."""

from __future__ import annotations

import ast
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from dlprep import demo as contract
from dlprep.demo import Demo

NUMERICS = "dlprep.nn"
# A function of the demo that handles any of these shows or claims; the others compute.
SHOWS = {"Frame", "Claim", "Event", "Line", "Dots", "Control", "Knobs", *contract.View.__args__}
THEME = "ansi_dark"  # the sixteen colours of the user's own terminal, on its own ground


def show(demo: Demo, console: Console) -> None:
    """Print the demo's legend and numerics, coloured where the console has colours."""
    text = numerics(demo)
    if console.color_system is None or console.no_color:
        console.out(text, highlight=False)
        return
    from rich.syntax import Syntax

    lines = Syntax(text, "python", theme=THEME, background_color="default").highlight(text)
    console.print(lines, soft_wrap=True)


def numerics(demo: Demo) -> str:
    """The source: the manual, what the demo imports of `dlprep.nn`, then its own computations."""
    tree = ast.parse(demo.source)
    parts = [f'"""{demo.manual.strip()}\n"""']
    parts += [_module(module, names) for module, names in _imports(tree).items()]
    own = [_text(demo.source, node) for node in tree.body if _computes(node)]
    if own:
        parts.append("\n\n\n".join([_rule(f"dlprep/demos/{demo.name}.py"), *own]))
    return "\n\n\n".join(parts) + "\n"


def _rule(path: str) -> str:
    return f"# ── {path} ".ljust(88, "─")


def _computes(node: ast.stmt) -> bool:
    if not isinstance(node, ast.FunctionDef) or node.name == "run":
        return False
    named = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return named.isdisjoint(SHOWS)


def _imports(tree: ast.Module) -> dict[str, set[str]]:
    """What is imported of the numerics, by module; no names at all means the whole module."""
    found: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == NUMERICS:
            found |= {f"{NUMERICS}.{alias.name}": set() for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{NUMERICS}."):
            names = {alias.name for alias in node.names}
            found.setdefault(str(node.module), names).update(names if found.get(str(node.module)) else ())
    return found


def _module(module: str, names: set[str]) -> str:
    """What is wanted of a module, as it stands there: one-line statements close together."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    source = Path(spec.origin).read_text(encoding="utf-8")
    text = _rule(f"{module.replace('.', '/')}.py")
    if not names:
        return f"{text}\n\n\n{source.strip()}"
    short = False
    for node in ast.parse(source).body:
        if _names(node) & names or _is_manual(node):
            before, short = short, node.lineno == node.end_lineno
            text += ("\n" if before and short else "\n\n\n") + _text(source, node)
    return text


def _is_manual(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _names(node: ast.stmt) -> set[str]:
    """The names a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _text(source: str, node: ast.stmt) -> str:
    """The lines of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])
