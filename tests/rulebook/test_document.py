"""The document clause by clause: verbatim, complete, in agreement with the schemes; and refused where it is not."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from matcher.rulebook.document import PolicyDocument
from matcher.rulebook.load import load
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import RESEARCH, line_of, refused, saying, sow

NAME = "document.yaml"


def closed_up(text: str) -> str:
    """A text with line breaks, spaces and asterisks dropped, as quotations are compared."""
    return "".join(text.split()).replace("*", "")


@pytest.fixture(scope="module")
def document(rulebook: Rulebook) -> PolicyDocument:
    """The document as the rulebook holds it."""
    return rulebook.document


@pytest.fixture(scope="module")
def original(reference_dir: Path) -> str:
    """The document's own text, closed up."""
    return closed_up((reference_dir / "measures-zh.txt").read_text(encoding="utf-8"))


# --- against the document itself --------------------------------------------------------------------------------------


def test_every_quotation_stands_verbatim_and_in_order(document: PolicyDocument, original: str) -> None:
    """All 156 quotations are found one after another, none before the one that precedes it."""
    at = 0
    for clause in document.clauses():
        found = original.find(clause.quote, at)
        assert found >= 0, clause.id
        at = found + len(clause.quote)
    assert (len(document.measures), len(list(document.clauses()))) == (21, 156)


def test_nothing_of_a_measure_is_left_out(document: PolicyDocument, original: str) -> None:
    """Between the quotations of a measure there is nothing but punctuation, up to the departments in brackets."""
    starts = [original.index(f"{measure.title.zh}。") for measure in document.measures]
    for measure, start, end in zip(document.measures, starts, [*starts[1:], len(original)], strict=True):
        rest = original[start + len(measure.title.zh) : end]
        for clause in measure.clauses:
            rest = rest.replace(clause.quote, "", 1)
        before, _, after = rest.replace("(", "（").partition("（")
        assert set(before) <= set("，。"), measure.measure
        assert after.startswith("、".join(measure.departments) + "按职责分工负责"), measure.measure


def test_titles_and_parts_are_the_documents_own(document: PolicyDocument, original: str) -> None:
    """The title, the four parts and where each measure stands."""
    assert document.title.zh in original
    for part in document.parts:
        place = original.index(f"{part.number}、{part.title.zh}")
        inside = [measure for measure in document.measures if measure.part == part.number]
        assert inside
        assert all(original.index(f"{measure.title.zh}。") > place for measure in inside)


# --- against the contract and the schemes -----------------------------------------------------------------------------


def test_every_clause_of_the_contract_is_there(document: PolicyDocument, contract_dir: Path) -> None:
    """The same ids, kinds, quotations and schemes, in the same measures and order."""
    contract = yaml.safe_load((contract_dir / "clauses.yaml").read_text(encoding="utf-8"))
    wanted = [
        (measure["measure"], one["id"], one["kind"], one["quote"], tuple(one["schemes"]))
        for measure in contract["measures"]
        for one in measure["clauses"]
    ]
    found = [
        (measure.measure, one.id, one.kind, one.quote, one.schemes)
        for measure in document.measures
        for one in measure.clauses
    ]
    assert found == wanted


def test_clauses_and_schemes_name_each_other(document: PolicyDocument, rulebook: Rulebook) -> None:
    """Every scheme of a clause exists and names the clause, and a scheme names no other."""
    for clause in document.clauses():
        for slug in clause.schemes:
            assert clause.id in rulebook.schemes[slug].clauses
    for slug, scheme in rulebook.schemes.items():
        assert [clause.id for clause in document.clauses_of(slug)] == list(scheme.clauses)
        assert bool(scheme.measures) == bool(scheme.clauses)


def test_every_word_of_ours_is_there_in_english(document: PolicyDocument) -> None:
    """Summaries, notes, titles and departments hold no Chinese in English, quoted words of the text aside."""
    texts = [text.en for clause in document.clauses() for text in (clause.summary, clause.note) if text]
    texts += [measure.title.en for measure in document.measures] + list(document.departments.values())
    assert [text for text in texts if re.search(r"[㐀-鿿]", re.sub(r"“[^”]*”|\([^)]*\)", "", text))] == []
    assert document.department("市财政局", "en") == "Tianjin Finance Bureau"
    assert document.department("市财政局", "zh") == "市财政局"


# --- faults -----------------------------------------------------------------------------------------------------------

SMALL = """\
title: {zh: 文件, en: document}
parts: [{number: 一, title: {zh: 部分, en: part}}]
departments: {市税务局: Tax Service}
measures:
  - measure: 1
    title: {zh: 措施, en: measure}
    part: 一
    departments: [市税务局]
    clauses:
      - {id: m01-c01, kind: support, quote: 研发, summary: {zh: 甲, en: a}, schemes: [rd-super-deduction]}
      - {id: m01-c02, kind: internal, quote: 监测, summary: {zh: 乙, en: b}, schemes: []}
"""
HEAD = {
    "rd-super-deduction": ("[19]", "[m19-c01]"),
    "equipment-deduction": ("[19]", "[m19-c01]"),
    "encouraged-foreign-project-duty-free": ("[11]", "[m11-c01, m11-c02]"),
    "illegal-fee-complaint": ("[19]", "[m19-c04]"),
}


@pytest.fixture
def small(rules: Path) -> Path:
    """The cut-down rules with a document of two clauses, of which the first is the research deduction's."""
    for slug, (measures, clauses) in HEAD.items():
        new = ("[1]", "[m01-c01]") if slug == "rd-super-deduction" else ("[]", "[]")
        sow(
            rules / "schemes" / "tax" / f"{slug}.yaml",
            f"measures: {measures}\nclauses: {clauses}\n",
            f"measures: {new[0]}\nclauses: {new[1]}\n",
        )
    (rules / NAME).write_text(SMALL, encoding="utf-8")
    return rules


def test_the_small_document_loads(small: Path) -> None:
    """What the faults below are seeded into has none itself; it enters the rulebook's hash."""
    before = load(small)
    assert [clause.id for clause in before.document.clauses_of("rd-super-deduction")] == ["m01-c01"]
    (small / NAME).write_text(SMALL.replace("监测", "预警"), encoding="utf-8")
    assert load(small).hash != before.hash


@dataclass(frozen=True)
class Seed:
    """One fault: in `file` the text `old` becomes `new`; reported at the line of `at` in `where`, with this message."""

    name: str
    old: str
    new: str
    at: str
    message: str
    file: str = NAME
    where: str = NAME


SEEDS = [
    Seed("unknown scheme", "[rd-super-deduction]", "[rd-super-deductoin]", "deductoin", "there is no scheme"),
    Seed("a clause twice", "id: m01-c02", "id: m01-c01", "quote: 监测", "'m01-c01' stands twice"),
    Seed("another measure's id", "id: m01-c02", "id: m02-c02", "m02-c02", "begins with m01-"),
    Seed("a misspelt key", "quote: 监测", "qoute: 监测", "qoute", "is it misspelt?"),
    Seed("a kind that is none", "kind: internal", "kind: inward", "kind: inward", "'internal'"),
    Seed("internal with a scheme", "schemes: []", "schemes: [rd-super-deduction]", "m01-c02", "names no scheme"),
    Seed("support without a scheme", "kind: internal", "kind: support", "m01-c02", "names no scheme"),
    Seed("a kind that no scheme has", "kind: support", "kind: restriction", "kind: restriction", "is a restriction"),
    Seed("a scheme twice", "[rd-super-deduction]", "[rd-super-deduction, rd-super-deduction]", "研发", "stands twice in schemes"),
    Seed("wrong number", "measure: 1", "measure: 2", "measure: 2", "numbered in their order"),
    Seed("unknown part", "part: 一\n", "part: 二\n", "part: 二", "no part '二'"),
    Seed("unknown department", "departments: [市税务局]", "departments: [市财政局]", "[市财政局]", "no English name"),
    Seed("a clause that does not name it", "[m01-c01]", "[m01-c01, m01-c02]", "clauses:", "does not name this scheme", RESEARCH, RESEARCH),
    Seed("a clause left out", "clauses: [m01-c01]", "clauses: []", "clauses:", "is missing", RESEARCH, RESEARCH),
    Seed("wrong measures", "measures: [1]", "measures: [1, 2]", "measures:", "not the measures", RESEARCH, RESEARCH),
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_fault_is_named_with_file_and_line(small: Path, seed: Seed) -> None:
    """Each fault an author can make is refused at its own line."""
    sow(small / seed.file, seed.old, seed.new)
    line = line_of(small / seed.where, seed.at)
    assert (seed.where, line) in saying(small, seed.message)


def test_a_scheme_of_a_measure_that_no_clause_names_is_refused(small: Path) -> None:
    """A scheme that says it is in a measure must be named by a clause: the fault is in the scheme's file."""
    path = small / "schemes" / "tax" / "illegal-fee-complaint.yaml"
    sow(path, "measures: []", "measures: [1]")
    (problem,) = refused(small)
    assert (problem.file, problem.line) == ("schemes/tax/illegal-fee-complaint.yaml", line_of(path, "measures:"))
    assert "no clause of document.yaml names 'illegal-fee-complaint'" in problem.message
