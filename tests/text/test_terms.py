"""Statuses, recipients and kinds of a sum: one enumeration each, whose misspelling fails here where no type checker looks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import matcher
from matcher import places
from matcher.letters.proof.statement import AMOUNTS
from matcher.letters.proof.statement import STATUSES as WRITTEN
from matcher.rulebook import AMOUNT_KINDS, RECIPIENTS, STATUSES
from matcher.text import AMOUNT, RECIPIENT, STATUS, amount_text

# What a card and a chart are grouped by are statuses and some groups more.
GROUPS = {"almost", "service", "others", "others_decision", "listed", "far"}

TERMS = {"status": set(STATUSES), "recipient": set(RECIPIENTS), "reaches": set(STATUSES)}

PACKAGE = Path(matcher.__file__).parent


def test_every_term_has_its_words() -> None:
    """The tables of words hold exactly the terms, in their order."""
    assert tuple(STATUS) == STATUSES
    assert tuple(RECIPIENT) == RECIPIENTS
    assert tuple(AMOUNT) == AMOUNT_KINDS


def test_signed_statements_know_every_term() -> None:
    """What a QR code writes by its place are the same terms."""
    assert set(WRITTEN) == set(STATUSES)
    assert set(AMOUNTS) == set(AMOUNT_KINDS)


@pytest.mark.parametrize(
    ("kind", "low", "zh", "en"),
    [
        ("exact", 5_000_00, "5,000元", "5,000 yuan"),
        ("ceiling", 5_000_00, "最高5,000元", "up to 5,000 yuan"),
        ("range", 1_000_50, "1,000.50至5,000元", "1,000.50 to 5,000 yuan"),
        ("none", 0, "没有确定的金额", "no definite amount"),
    ],
)
def test_a_sum_says_its_kind(kind: str, low: int, zh: str, en: str) -> None:
    """A ceiling is never written as a sum that one gets."""
    (term,) = (one for one in AMOUNT_KINDS if one == kind)
    assert amount_text(term, low, 5_000_00, "zh") == zh
    assert amount_text(term, low, 5_000_00, "en") == en
    assert amount_text(term, low, 5_000_00, "zh", tight=False).replace(" ", "") == zh


def subject(node: ast.expr) -> str:
    """The last name of an expression: status of `decision["status"]`, `one.status` and `status`."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def words(node: ast.expr) -> Iterator[str]:
    """The strings that stand in an expression: one, or those of a tuple, list or set."""
    parts = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    yield from (part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))


def compared(source: str) -> Iterator[tuple[int, str, str]]:
    """The comparisons of a status or recipient with words: line, subject and word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            for left, right in zip([node.left, *node.comparators], node.comparators, strict=False):
                for of, held in ((left, right), (right, left)):
                    yield from ((node.lineno, subject(of), word) for word in words(held))


def test_no_module_compares_with_a_term_that_does_not_exist() -> None:
    """In decisions as JSON, where mypy sees no type, a misspelt status would only never be met."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}: {name} is compared with {word!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, name, word in compared(path.read_text(encoding="utf-8"))
        if name in TERMS and word and word not in TERMS[name]
    ]
    assert wrong == []


def test_the_check_of_modules_finds_a_misspelling() -> None:
    """It sees a word alone, one of a tuple, and one on the left."""
    source = 'decision["status"] == "eligibel"\none.recipient in ("firm_cash", "firm_cahs")\n"aplies" == status\n'
    assert {word for _, name, word in compared(source) if word not in TERMS[name]} == {
        "eligibel",
        "firm_cahs",
        "aplies",
    }


def spoken(source: str) -> Iterator[tuple[int, str, str]]:
    """The words with which a template compares a status, recipient or group, and those it asks words of."""
    tree = Environment(autoescape=True).parse(source)
    for node in tree.find_all(nodes.Compare):
        last = node.expr.attr if isinstance(node.expr, nodes.Getattr) else getattr(node.expr, "name", "")
        if isinstance(node.expr, nodes.Getattr) and last == "key":
            last = f"{getattr(node.expr.node, 'name', '')}.key"
        yield from ((node.lineno, last, each.value) for each in node.find_all(nodes.Const) if each.value)
    for call in tree.find_all(nodes.Call):
        if (
            isinstance(call.node, nodes.Name)
            and call.node.name == "status_text"
            and isinstance(call.args[0], nodes.Const)
        ):
            yield call.lineno, "status", call.args[0].value


def wrong_in(source: str) -> list[str]:
    """What a template compares with or asks for that does not exist."""
    known = {**TERMS, "group.key": {*STATUSES, *GROUPS}}
    return [
        f"line {line}: {name} {word!r}"
        for line, name, word in spoken(source)
        if name in known and word not in known[name]
    ]


def test_no_template_names_a_term_that_does_not_exist() -> None:
    """A misspelt status in a template fails here, for Jinja would only never show what it guards."""
    templates = sorted(places.templates_dir().rglob("*.html"))
    found = {path.name: wrong_in(path.read_text(encoding="utf-8")) for path in templates}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_check_of_templates_finds_a_misspelling() -> None:
    """It sees comparisons, membership, groups, and what is asked of the table of words."""
    source = (
        '{% if it.status == "needs_decison" %}{% endif %}{% if group.key in ("service", "aplies") %}{% endif %}'
        '{{ status_text("eligibel", "short") }}'
    )
    assert wrong_in(source) == [
        "line 1: status 'needs_decison'",
        "line 1: group.key 'aplies'",
        "line 1: status 'eligibel'",
    ]
