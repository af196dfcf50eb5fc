"""Which queries stand behind a page, as the source of the dashboards says.

A page calls components, which hold lists and call functions that ask. So each name at the top of a
module is followed to the names that it uses, in its own module and in others.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_PACKAGE = "dashboards."
_ASKING = "queries."

Name = tuple[str, str]  # a module below dashboards, and a name at its top


@dataclass(slots=True)
class Uses:
    """What a name at the top of a module uses: other such names, and queries."""

    names: set[Name] = field(default_factory=set)
    queries: set[str] = field(default_factory=set)


def uses_of(dashboards: Path, queries: set[str]) -> dict[Name, Uses]:
    """What each name at the top of each module uses."""
    modules = {
        ".".join(path.relative_to(dashboards).with_suffix("").parts): ast.parse(
            path.read_text("utf-8")
        )
        for path in dashboards.rglob("*.py")
    }
    return {
        (module, name): _uses(module, node, _imported(tree, set(modules)), queries)
        for module, tree in modules.items()
        for name, node in _top(tree)
    }


def queries_behind(module: str, uses: dict[Name, Uses]) -> set[str]:
    """The queries behind all that a module holds."""
    left = [name for name in uses if name[0] == module]
    seen: set[Name] = set()
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in seen and name in uses:
            seen.add(name)
            found |= uses[name].queries
            left.extend(uses[name].names)
    return found


def _top(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node
            case ast.Assign(targets=targets):
                yield from ((each.id, node) for each in targets if isinstance(each, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node


def _imported(tree: ast.Module, modules: set[str]) -> dict[str, Name]:
    """What the imports of a module bind; a module is a name without one at its top."""
    bound = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not f"{node.module}.".startswith(_PACKAGE):
            continue
        source = str(node.module).removeprefix(_PACKAGE.rstrip(".")).removeprefix(".")
        for alias in node.names:
            inner = f"{source}.{alias.name}".removeprefix(".")
            is_module = inner in modules
            bound[alias.asname or alias.name] = (inner, "") if is_module else (source, alias.name)
    return bound


def _uses(module: str, top: ast.stmt, imported: dict[str, Name], queries: set[str]) -> Uses:
    uses = Uses()
    for node in ast.walk(top):
        match node:
            case ast.Attribute(value=ast.Name(id=alias), attr=name) if alias in imported:
                uses.names.add((imported[alias][0], name))
            case ast.Name(id=name):
                uses.names.add(imported.get(name, (module, name)))
            case ast.Call():
                uses.queries |= {query for query in _asked(module, node) if query in queries}
    return uses


def _asked(module: str, call: ast.Call) -> Iterator[str]:
    """The queries that a call names: of a function that asks, or in the declaration of a list."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "query"]
    if module.startswith(_ASKING):
        named += call.args[1:2]
    for node in named:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
