"""Finds the sentences of the interface where they are used: in Python and in templates."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jinja2
from jinja2 import nodes

# The functions that take a sentence first, as Python names them after the module, and as templates do.
_SAY, _FILLED, _MARK = "say", "filled", "Sentence"
_T, _TEMPLATE_MARK = "t", "sentence"


@dataclass(frozen=True)
class Use:
    """A sentence at a place of use. ``given``: the names of the values filled in there; None where they are not known there."""

    chinese: str
    context: str | None
    where: str
    given: frozenset[str] | None


@dataclass(frozen=True)
class Composed:
    """A place that puts a sentence together, so that nobody can find it."""

    where: str


def places(text: str) -> set[str]:
    """The names of the {places} of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def in_python(path: Path, name: str) -> Iterator[Use | Composed]:
    """The sentences of a module: first arguments of `say`, `filled` and `Sentence`, each branch of a conditional among them."""
    tree = ast.parse(path.read_text())
    modules = {
        each.asname or each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "matcher.text"
        for each in node.names
        if each.name == "sentences"
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        match node.func:
            case ast.Attribute(value=ast.Name(id=module), attr=called) if module in modules:
                pass
            case ast.Name(id="Sentence" as called):
                pass
            case _:
                continue
        if called not in (_SAY, _FILLED, _MARK):
            continue
        at = 2 if called == _SAY else 1
        context = node.args[at].value if len(node.args) > at and isinstance(node.args[at], ast.Constant) else None
        given = frozenset(each.arg for each in node.keywords if each.arg)
        is_known = called != _MARK and all(each.arg for each in node.keywords)
        where = f"{name}:{node.lineno}"
        for branch in _python_branches(node.args[0]):
            if isinstance(branch, ast.Constant):
                yield Use(branch.value, context, where, given if is_known else None)
            elif isinstance(branch, ast.JoinedStr | ast.BinOp):
                yield Composed(where)


def _python_branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _python_branches(node.body)
        yield from _python_branches(node.orelse)
    else:
        yield node


def in_template(path: Path, name: str) -> Iterator[Use | Composed]:
    """The sentences of a template: first arguments of `t` and `sentence`, each branch of a conditional among them."""
    tree = jinja2.Environment(autoescape=True).parse(path.read_text())
    for node in tree.find_all(nodes.Call):
        if not (isinstance(node.node, nodes.Name) and node.node.name in (_T, _TEMPLATE_MARK) and node.args):
            continue
        second = node.args[1] if len(node.args) > 1 else None
        context = second.value if isinstance(second, nodes.Const) else None
        is_known = node.node.name == _T and node.dyn_kwargs is None
        given = frozenset(each.key for each in node.kwargs)
        where = f"{name}:{node.lineno}"
        for branch in _template_branches(node.args[0]):
            if isinstance(branch, nodes.Const):
                yield Use(branch.value, context, where, given if is_known else None)
            elif isinstance(branch, nodes.Concat | nodes.BinExpr | nodes.Filter):
                yield Composed(where)


def _template_branches(node: nodes.Expr) -> Iterator[nodes.Expr]:
    if isinstance(node, nodes.CondExpr):
        yield from _template_branches(node.expr1)
        if node.expr2 is not None:
            yield from _template_branches(node.expr2)
    else:
        yield node


def uses(root: Path) -> Iterator[Use | Composed]:
    """The sentences of a checkout. Letters have words of their own, and with them their templates."""
    for path in sorted((root / "matcher").rglob("*.py")):
        yield from in_python(path, str(path.relative_to(root)))
    for path in sorted((root / "templates").rglob("*.html")):
        if path.parent != root / "templates" / "letters":
            yield from in_template(path, str(path.relative_to(root)))
