"""Addresses are made from the names of pages: none stands in a template or a module, and every name is one of a page."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

BY_HAND = re.compile(
    r"""(?:href|action|formaction|src|data-[a-z-]+)=["'](?:\{\{[^}]*script_root[^}]*\}\})?/"""
    r"""|script_root\s*(?:\}\}?/|~\s*["']/)|redirect\(f?["']/"""
)
"""An address in an attribute, after the site's root, or behind `redirect(`."""

Use = tuple[str, str, frozenset[str]]
"""Where `url_for` is called, with which endpoint, and which arguments are named."""


@pytest.mark.parametrize(
    "line",
    [
        '<a href="/desk/cases">',
        "<a href='/desk'>",
        '<form method="post" action="{{ request.script_root }}/ask">',
        '<div data-from="/desk/runs/1/progress">',
        '{% set here = request.script_root ~ "/all" %}',
        'redirect(f"{request.script_root}/desk", 303)',
        'redirect("/desk")',
    ],
)
def test_an_address_by_hand_is_found(line: str) -> None:
    """In each way in which one was written here."""
    assert BY_HAND.search(line)


def test_no_address_is_written_by_hand(repo_root: Path) -> None:
    """A page that moves takes its links with it; a prefix in front of the site needs no care."""
    files = [*(repo_root / "templates").rglob("*.html"), *(repo_root / "matcher").rglob("*.py")]
    found = [
        f"{file.relative_to(repo_root)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if BY_HAND.search(line)
    ]
    assert found == []


def in_templates(app: Flask, folder: Path) -> Iterator[Use]:
    """Every `url_for` of the templates."""
    for file in sorted(folder.rglob("*.html")):
        for call in app.jinja_env.parse(file.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "url_for":
                (name,) = call.args
                assert isinstance(name, nodes.Const), f"{file}:{call.lineno}: the page is to be named by itself"
                given = frozenset(one.key for one in call.kwargs)
                yield f"{file.relative_to(folder)}:{call.lineno}", str(name.value), given


def in_modules(folder: Path) -> Iterator[Use]:
    """Every `url_for` of the modules that names its endpoint."""
    for file in sorted(folder.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "url_for":
                name = call.args[0]
                if isinstance(name, ast.Constant) and not name.value.startswith("."):
                    given = frozenset(one.arg or "" for one in call.keywords)
                    yield f"{file.relative_to(folder)}:{call.lineno}", name.value, given


def test_every_named_page_exists_and_has_its_arguments(app: Flask, repo_root: Path) -> None:
    """Also on pages and in branches that no other test opens."""
    wanted: dict[str, list[set[str]]] = {}
    for rule in app.url_map.iter_rules():
        wanted.setdefault(rule.endpoint, []).append(set(rule.arguments))
    uses = [*in_templates(app, repo_root / "templates"), *in_modules(repo_root / "matcher")]
    wrong = [use for use in uses if not any(needed <= use[2] for needed in wanted.get(use[1], []))]
    assert wrong == []
    assert len(uses) > 150


def test_addresses_begin_with_the_prefix_of_the_site(app: Flask) -> None:
    """Behind a proxy that serves it below a path, every link of a page leads below that path."""
    page = app.test_client().get("/scheme/six-taxes-two-fees", base_url="http://localhost/match").text
    found = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert found
    assert [one for one in found if not one.startswith("/match/")] == []


def test_a_page_refused_before_it_was_routed_has_addresses(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host name that the site does not answer to gets the page of refusal with its way back."""
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["hq.example.gov.cn"])
    answer = app.test_client().get("/", base_url="http://evil.example/match")
    assert answer.status_code == 400
    assert 'href="/match/"' in answer.text
    assert "evil" not in answer.text
