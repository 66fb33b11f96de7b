"""Whatever `matcher/rulebook` can say of a faulty file is said in Chinese first."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import matcher.rulebook
from matcher.rulebook.messages import wording

_ROOT = Path(matcher.rulebook.__file__).parent
_SAYING = {"report", "LanguageError", "ValueError"}
_FEWEST_WORDS = 12  # letters of its own that a message has; one with fewer passes on what another says


def _written(tree: ast.AST, module: ModuleType) -> tuple[str, int]:
    """A text as it is said, with 'x' where something is put in, and how many letters stand in the source."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return tree.value, len(tree.value)
    if isinstance(tree, ast.Name) and isinstance(getattr(module, tree.id, None), str):
        return getattr(module, tree.id), 0
    if isinstance(tree, ast.FormattedValue):
        return ("'x'", 0) if tree.conversion == ord("r") else _written(tree.value, module)
    if isinstance(tree, ast.IfExp):
        return _written(tree.body, module)
    if isinstance(tree, ast.JoinedStr):
        parts = [_written(part, module) for part in tree.values]
        return "".join(text for text, _ in parts), sum(count for _, count in parts)
    return "x", 0


def _messages() -> Iterator[tuple[str, str]]:
    for path in sorted(_ROOT.rglob("*.py")):
        name = ".".join(path.relative_to(_ROOT.parent.parent).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                text, count = _written(node.args[0], module)
                if called in _SAYING and count >= _FEWEST_WORDS:
                    yield f"{path.name}:{node.lineno}", text


def test_every_message_on_a_faulty_file_has_its_own_chinese() -> None:
    """None falls back to the general sentence that sends the author to the English line."""
    every = list(_messages())
    assert len(every) > 150, "the messages are written in another way now: this test must follow"
    assert [(where, text) for where, text in every if "说明见英文" in wording(text).zh] == []
