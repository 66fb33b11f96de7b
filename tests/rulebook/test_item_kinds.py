"""Which facts are of one item of several, and what the load says where a rule reads another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.rulebook import Rulebook, RulebookError, load
from matcher.rulebook.language import BELONGS_TO, ITEM_KINDS, KIND_WORDS, is_readable, kind_of
from matcher.rulebook.language.item_kinds import owners
from tests.engine.small_rules import write


def _with(folder: Path, of: str, object_: str) -> Rulebook:
    """The small rulebook, its scheme about ``object_``, its money spent a fact of ``of``."""
    write(folder, "{id: spent, advise: never, type: money,", f"{{id: spent, of: {of}, advise: never, type: money,")
    file = folder / "schemes" / "industry" / "fund.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("object: project", f"object: {object_}"), encoding="utf-8")
    return load(folder)


def test_an_unknown_kind_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    """Line, key, the kinds there are, and the nearest, in both languages."""
    with pytest.raises(RulebookError) as caught:
        _with(tmp_path, "lone", "loan")
    problem = caught.value.problems[0]
    assert "did you mean 'loan'" in str(problem)
    assert "是不是'loan'" in str(problem)
    assert "of" in problem.key


@pytest.mark.parametrize("object_", ["firm", "loan", "year"])
def test_a_scheme_about_something_else_may_not_read_the_fact(tmp_path: Path, object_: str) -> None:
    """A fact of a project says nothing by itself of the firm, or of a loan that is for none."""
    of = "project" if object_ != "loan" else "product"
    with pytest.raises(RulebookError) as caught:
        _with(tmp_path, of, object_)
    assert [(one.key, f"'spent' is a fact of {of}" in str(one)) for one in caught.value.problems] == [("object", True)]
    assert "这里与规则文件的写法不符" not in str(caught.value.problems[0])


@pytest.mark.parametrize(("of", "object_"), [("loan", "loan"), ("project", "loan"), ("[loan, product]", "product")])
def test_a_scheme_reads_facts_of_its_item_and_of_what_that_belongs_to(tmp_path: Path, of: str, object_: str) -> None:
    """A loan may be for a project, and one fact may be of two kinds."""
    assert _with(tmp_path, of, object_).facts["spent"].of


def test_no_kind_belongs_to_itself() -> None:
    """Nor through another; every kind has its words."""
    assert all(kind not in owners(kind) for kind in ITEM_KINDS)
    assert set(KIND_WORDS) == set(BELONGS_TO) == set(ITEM_KINDS)


def test_every_scheme_about_an_item_reads_facts_of_it_and_no_other_scheme_does(rulebook: Rulebook) -> None:
    """What distinguishes one loan from the next is asked of the loan."""
    for slug, scheme in rulebook.schemes.items():
        kind = kind_of(scheme.object)
        facts = [rulebook.facts[name] for name in rulebook.facts_needed([slug])]
        own = {name for fact in facts for name in fact.of}
        if kind is None:
            assert not own, slug
        else:
            assert all(is_readable(fact.of, kind) for fact in facts), slug
