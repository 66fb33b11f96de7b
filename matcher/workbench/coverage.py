"""How far the catalogue reaches: measure → clauses → schemes → versions → share of the worked cases, as data and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from matcher.cli import columns, wrap
from matcher.firms import read_date
from matcher.rulebook import KINDS, SEEN, Clause, Measure, Rulebook, Scheme, count_citations
from matcher.text import sentences

from .application_counts import application_counts
from .cases import Case

_KINDS = {"support": "支持", "service": "服务", "restriction": "限制", "internal": "内部"}

_HEAD = {
    "zh": ("措施", "条款", "支持", "服务", "限制", "内部", "政策", "版本", "案例", "占比"),
    "en": ("measure", "clauses", "supp.", "serv.", "restr.", "int.", "schemes", "versions", "cases", "share"),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is counted: the rulebook, and of every scheme the days on which its worked cases ask."""

    rulebook: Rulebook
    asked: dict[str, tuple[date, ...]]
    day: date

    @property
    def cases(self) -> int:
        """All cases of schemes of the rulebook."""
        return sum(map(len, self.asked.values()))

    def count(self, slugs: Iterable[str]) -> int:
        """The cases of these schemes."""
        return sum(len(self.asked.get(slug, ())) for slug in slugs)

    def share(self, slugs: Iterable[str]) -> Fraction | None:
        """The cases of these schemes as a share of all; None where there are no cases."""
        return Fraction(self.count(slugs), self.cases) if self.cases else None

    def versions(self, slugs: Iterable[str]) -> int:
        """The versions of these schemes."""
        return sum(len(self.rulebook.schemes[slug].versions) for slug in slugs)

    def neighbours(self) -> tuple[str, ...]:
        """The schemes that no clause names."""
        named = {slug for measure in self.rulebook.document.measures for slug in measure.slugs()}
        return tuple(slug for slug in self.rulebook.schemes if slug not in named)

    def accounted(self, clause: Clause) -> bool:
        """Whether a clause is the government's own work, or every scheme that it names is in the catalogue."""
        return clause.kind == "internal" or all(slug in self.rulebook.schemes for slug in clause.schemes)


def cover(rulebook: Rulebook, cases: Sequence[Case], day: date) -> Coverage:
    """The coverage with these worked cases; cases of schemes that the rulebook lacks do not count. ``day``: on which it is asked what
    gives a sum."""
    asked: dict[str, list[date]] = {slug: [] for slug in rulebook.schemes}
    for case in cases:
        asked_on = read_date(case.content.get("as_of"))
        if case.subject in asked and isinstance(asked_on, date):
            asked[case.subject].append(asked_on)
    return Coverage(rulebook, {slug: tuple(days) for slug, days in asked.items()}, day)


# --- for programs
def coverage_json(found: Coverage) -> dict[str, Any]:
    """`{title, measures, neighbours, totals, citations, application}`; shares are decimal strings to six places, null without cases."""
    document = found.rulebook.document
    return {
        "rulebook": found.rulebook.hash,
        "title": document.title.model_dump(),
        "measures": [_measure_json(found, measure) for measure in document.measures],
        "neighbours": [_scheme_json(found, slug) for slug in found.neighbours()],
        "totals": totals(found),
        "citations": citations(found),
        "application": application_counts(found.rulebook, found.day),
    }


def citations(found: Coverage) -> dict[str, dict[str, int]]:
    """How much is quoted: of the conditions, the figures, the days of open versions; and what is known of the instruments.

    `ground`: with a reason why nothing is quoted; `missing`: neither (`matcher rules check` refuses those).
    """
    counts = count_citations(found.rulebook)
    named = {
        "conditions": (counts.conditions, ("quoted", "ground")),
        "figures": (counts.figures, ("found", "ground", "missing")),
        "days": (counts.days, ("found", "ground", "missing")),
    }
    made = {
        name: {"of": sum(counter.values()), **{key: counter[key] for key in keys}}
        for name, (counter, keys) in named.items()
    }
    known = {key: counts.instruments[key] for key in ("of", "number", "title", "date", "url")}
    return {
        **made,
        "instruments": {**known, "seen": sum(counts.seen.values())},
        "seen": {key: counts.seen[key] for key in SEEN},
    }


def totals(found: Coverage) -> dict[str, Any]:
    """What is accounted for, of how many; clauses by kind; schemes, versions, cases and versions without a case."""
    measures = found.rulebook.document.measures
    clauses = list(found.rulebook.document.clauses())
    accounted = [clause for clause in clauses if found.accounted(clause)]
    whole = [measure for measure in measures if all(map(found.accounted, measure.clauses))]
    kinds = Counter(clause.kind for clause in clauses)
    slugs = tuple(found.rulebook.schemes)
    return {
        "measures": {"accounted": len(whole), "of": len(measures)},
        "clauses": {"accounted": len(accounted), "of": len(clauses), **{kind: kinds[kind] for kind in KINDS}},
        "schemes": {"named": len(slugs) - len(found.neighbours()), "of": len(slugs)},
        "versions": found.versions(slugs),
        "versions_without_case": sum(
            not row["cases"] for slug in slugs for row in _versions_json(found, found.rulebook.schemes[slug])
        ),
        "cases": found.cases,
    }


def _measure_json(found: Coverage, measure: Measure) -> dict[str, Any]:
    slugs = measure.slugs()
    return {
        "measure": measure.measure,
        "title": measure.title.model_dump(),
        "part": measure.part,
        "departments": list(measure.departments),
        "clauses": [_clause_json(found, clause) for clause in measure.clauses],
        "schemes": [_scheme_json(found, slug) for slug in slugs],
        "versions": found.versions(slugs),
        "cases": found.count(slugs),
        "share": _decimal(found.share(slugs)),
    }


def _clause_json(found: Coverage, clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "kind": clause.kind,
        "quote": clause.quote,
        "summary": clause.summary.model_dump(),
        "schemes": list(clause.schemes),
        "accounted": found.accounted(clause),
    }


def _scheme_json(found: Coverage, slug: str) -> dict[str, Any]:
    scheme = found.rulebook.schemes[slug]
    return {
        "scheme": slug,
        "name": scheme.name.model_dump(),
        "kind": scheme.kind,
        "grade": scheme.grade,
        "versions": _versions_json(found, scheme),
        "cases": found.count([slug]),
        "share": _decimal(found.share([slug])),
    }


def _versions_json(found: Coverage, scheme: Scheme) -> list[dict[str, Any]]:
    days = found.asked[scheme.slug]
    return [
        {
            "from": version.from_ and version.from_.isoformat(),
            "until": version.until and version.until.isoformat(),
            "state": version.state or "open",
            "instrument": version.instrument,
            "cases": sum(version.holds(day) for day in days),
        }
        for version in scheme.versions
    ]


def _decimal(share: Fraction | None) -> str | None:
    return None if share is None else f"{round(float(share), 6):.6f}"


# --- for people
def coverage_text(found: Coverage, lang: str, *, with_clauses: bool) -> Iterator[str]:
    """One row a measure under a head, with its clauses below it where asked for; then the neighbours and the totals."""
    document = found.rulebook.document
    yield _row(_HEAD[lang])
    for measure in document.measures:
        kinds = Counter(clause.kind for clause in measure.clauses)
        counts = (len(measure.clauses), *(kinds[kind] for kind in KINDS), len(measure.slugs()))
        yield _row((str(measure.measure), *map(str, counts), *_reach(found, measure.slugs())))
        yield from wrap(measure.title.get(lang), "       ")
        if with_clauses:
            for clause in measure.clauses:
                yield from _clause_text(clause, lang)
    others = found.neighbours()
    yield _row(("+", *[""] * 5, str(len(others)), *_reach(found, others)))
    yield from wrap(sentences.say("文件没有写到的相邻政策", lang), "       ")
    yield from _totals_text(found, lang)


def _reach(found: Coverage, slugs: Sequence[str]) -> tuple[str, str, str]:
    """Versions, cases and their share, in words."""
    share = found.share(slugs)
    return str(found.versions(slugs)), str(found.count(slugs)), "–" if share is None else f"{float(share) * 100:.1f} %"


def _clause_text(clause: Clause, lang: str) -> Iterator[str]:
    kind = _KINDS[clause.kind] if lang == "zh" else clause.kind
    yield from wrap(
        f"{clause.id} {kind}：{clause.quote}" if lang == "zh" else f"{clause.id} {kind}: {clause.summary.en}",
        "       ",
        " " * 15,
    )
    if clause.schemes:
        yield from wrap(f"→ {', '.join(clause.schemes)}", " " * 15, " " * 17)


def _totals_text(found: Coverage, lang: str) -> Iterator[str]:
    made = totals(found)
    measures, clauses, schemes = made["measures"], made["clauses"], made["schemes"]
    yield sentences.say(
        "措施{measures}/{measures_of}，条款{clauses}/{clauses_of}，政策{schemes}项，版本{versions}个，案例{cases}个",
        lang,
        measures=measures["accounted"],
        measures_of=measures["of"],
        clauses=clauses["accounted"],
        clauses_of=clauses["of"],
        schemes=schemes["of"],
        versions=made["versions"],
        cases=made["cases"],
    )
    if made["cases"]:
        without = made["versions_without_case"]
        yield sentences.say("没有案例的版本{without}个", lang, without=without)
    for line in _citations_text(citations(found), zh=lang == "zh"):
        yield from wrap(line, "", "  ")
    for line in _application_text(found, zh=lang == "zh"):
        yield from wrap(line, "", "  ")


def _application_text(found: Coverage, *, zh: bool) -> Iterator[str]:
    made = application_counts(found.rulebook, found.day)
    departments, offices, closing = (made[key] for key in ("departments", "offices", "closing"))
    if zh:
        yield (
            f"部门认得出的政策 {departments['known']}/{departments['of']}；本市部门 {offices['of']} 个：有电话 {offices['hotline']}，"
            f"有官方网址 {offices['page']}"
        )
        yield (
            f"{found.day}能算出金额的政策 {closing['of']} 项：有截止日 {closing['day']}，说明为何没有 {closing['ground']}，"
            f"两者皆无 {closing['missing']}"
        )
        return
    yield (
        f"{departments['known']}/{departments['of']} schemes name an office that is known; {offices['of']} offices of the city: "
        f"{offices['hotline']} with a number, {offices['page']} an address"
    )
    yield (
        f"{closing['of']} schemes give a sum on {found.day}: {closing['day']} with a closing day, {closing['ground']} with the reason why "
        f"not, {closing['missing']} with neither"
    )


def _citations_text(made: dict[str, dict[str, int]], *, zh: bool) -> Iterator[str]:
    conditions, figures, days, texts, seen = (
        made[key] for key in ("conditions", "figures", "days", "instruments", "seen")
    )
    if zh:
        yield f"条件 {conditions['of']} 个：引原文 {conditions['quoted']}，说明依据 {conditions['ground']}"
        yield f"数字 {figures['of']} 个：见于原句 {figures['found']}，说明为何没有原句 {figures['ground']}，两者皆无 {figures['missing']}"
        yield f"版本起止日 {days['of']} 个：见于原句 {days['found']}，说明为何没有原句 {days['ground']}，两者皆无 {days['missing']}"
        yield (
            f"文件 {texts['of']} 件：有文号 {texts['number']}，有标题 {texts['title']}，有日期 {texts['date']}，有网址 {texts['url']}；"
            f"看过发文机关原文 {seen['issuer']}，副本 {seen['copy']}，转述 {seen['retelling']}，凭记忆 {seen['memory']}"
        )
        return
    yield f"{conditions['of']} conditions: {conditions['quoted']} quoted, {conditions['ground']} with a ground"
    yield (
        f"{figures['of']} figures: {figures['found']} found in their sentence, {figures['ground']} with the reason why not, "
        f"{figures['missing']} with neither"
    )
    yield (
        f"{days['of']} days of open versions: {days['found']} found in their sentence, {days['ground']} with the reason why not, "
        f"{days['missing']} with neither"
    )
    yield (
        f"{texts['of']} instruments: {texts['number']} with a number, {texts['title']} a title, {texts['date']} a date, "
        f"{texts['url']} an address; seen at the issuer {seen['issuer']}, in a copy {seen['copy']}, as retold {seen['retelling']}, "
        f"from memory {seen['memory']}"
    )


_WIDTHS = (7, 8, 6, 6, 7, 6, 8, 9, 7, 8)


def _row(cells: Sequence[str]) -> str:
    return "".join(" " * (width - columns(cell)) + cell for width, cell in zip(_WIDTHS, cells, strict=True))
