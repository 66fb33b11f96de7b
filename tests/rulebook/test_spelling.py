"""What a fact is like stands in its attributes: no module of the program reads it from the letters of an id."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.rulebook.rulebook import Rulebook

MODULES = sorted(path for path in (Path(__file__).parents[2] / "matcher").rglob("*.py"))
MATCHING = frozenset({"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"})
PARTS = frozenset({"startswith", "endswith", "removeprefix", "removesuffix"})

# These read the words that people type, in which no id stands.
OF_PEOPLE = ("accounts/passwords.py", "documents/", "firms/files.py", "firms/search/", "firms/spreadsheets/")

# This reads the names of parameters; that the files of 0.1.0, which had no attributes.
OF_PARAMETERS, OF_0_1_0 = "workbench/prove/edition.py", "rulebook/earlier_shapes.py"


def texts(node: ast.AST) -> Iterator[str]:
    """Every text that stands in an expression."""
    return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def fits_some(pattern: str, ids: frozenset[str]) -> bool:
    """Whether a pattern is found in some ids and not in others; a part of a pattern that is put together is none."""
    try:
        return 0 < sum(bool(re.search(pattern, one)) for one in ids) < len(ids)
    except re.error:
        return False


def asked_of_ids(source: str, ids: frozenset[str]) -> list[str]:
    """The texts by which a module tells some ids of facts from the others: beginnings, ends and patterns."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("[a-z0-9_]*_", node.value):
            found += [node.value for one in ids if one.startswith(node.value)]
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if node.func.attr in PARTS:
            parts = [text for text in texts(node.args[0]) if "_" in text]
            found += [text for text in parts if any(one.startswith(text) or one.endswith(text) for one in ids)]
        if node.func.attr in MATCHING and isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
            patterns = [text for text in texts(node.args[0]) if re.search("[a-z]{3}|[a-z]_", text.replace("\\", " "))]
            found += [text for text in patterns if fits_some(text, ids)]
    return sorted(set(found))


@pytest.fixture(scope="module")
def ids(rulebook: Rulebook) -> frozenset[str]:
    """The ids of the vocabulary."""
    return frozenset(rulebook.facts)


def test_no_module_reads_the_spelling_of_an_id(ids: frozenset[str]) -> None:
    """No beginning, end or pattern in a module fits some ids and not the others."""
    found = {}
    for path in MODULES:
        name = path.as_posix().rpartition("/matcher/")[2]
        if not name.startswith((*OF_PEOPLE, OF_PARAMETERS, OF_0_1_0)) and (
            texts := asked_of_ids(path.read_text(encoding="utf-8"), ids)
        ):
            found[name] = texts
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        'name.startswith("dept_")',
        '_CONSENTS = ("authorises_", "commits_to_")',
        '_CELL = re.compile(r"(q[1-4]_(?:start|end))_(\\w+)")',
        'name.endswith("_employees")',
        're.sub("[0-9]|start|end", "", name)',
    ],
)
def test_reading_the_spelling_would_be_seen(source: str, ids: frozenset[str]) -> None:
    """The ways in which modules once told facts apart are each found."""
    assert asked_of_ids(source, ids)
