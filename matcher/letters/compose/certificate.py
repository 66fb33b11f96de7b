"""Words a letter on several schemes: its first page, which is the whole answer, before the annex with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from matcher.engine import NO_ITEMS, Items, contact_points, district_of
from matcher.engine.choose import NUMBERS
from matcher.rulebook.language import Scalar
from matcher.text import (
    STATUS,
    bare_sum,
    blank,
    capital,
    capitalise,
    clean,
    day,
    punctuation,
    set_tight,
)

from .annex import SIGNS, Asked, in_annex, reasons, writer_of
from .letter import Certificate, Group, Letter, Number, TableRow
from .levels import edition_sign
from .summary import GROUPS, NOTES, Line, Summary, in_words, key_of
from .words import say
from .writer import Writer, item_label

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook, Status

Json = Mapping[str, Any]

MARKS: Mapping[str, str] = dict(zip(NOTES[1:9], "※①②③④⑤⑥⑦", strict=True))

# What stands in the place of a number that has no figure.
NO_FIGURE = {"to_be_set": "row.no_figure", "missing": "number.missing"}

_SHORTER = {
    "Human Resources and Social Security Bureau": "HR & Social Security",
    "Human Resources and Social Security": "HR & Social Security",
    "Industry and Information Technology Bureau": "Industry & IT",
    "Industry and Information Technology": "Industry & IT",
    "Development and Reform Commission": "DRC",
    "Binhai New Area": "Binhai",
    " District ": " ",
    "工业和信息化局": "工信局",
}

_COUNTED: tuple[Status, ...] = (
    "eligible", "needs_decision", "needs_information", "not_eligible", "applies", "does_not_apply", "unconfirmed", "not_open",
)  # fmt: skip


def _write(asked: Asked, lang: str) -> Letter:
    """The letter in one language."""
    writers = [writer_of(asked, one, lang) for one in in_annex(asked)]
    as_of = day(asked.as_of, lang)
    return Letter(
        lang=lang,
        title=(_say(asked, "page.title", lang, as_of=as_of),),
        addressee="",
        opening=(),
        sections=tuple(reasons(asked, writer, at, len(writers)) for at, writer in enumerate(writers, 1)),
        closing=(say("annex.closing", lang, page=_page(asked, lang)),),
        edition=say("edition", lang, hash=edition_sign(asked.rulebook.hash), as_of=as_of),
        written_on=asked.written_on,
        kind="eligibility",
        certificate=_page_one(asked, writers, lang),
    )


def _say(asked: Asked, key: str, lang: str, **parts: str) -> str:
    """The phrase, in the past tense of a day that is over where it has one."""
    return say(f"{key}.past" if asked.past else key, lang, **parts)


def _page_one(asked: Asked, writers: list[Writer], lang: str) -> Certificate:
    code = asked.facts.get("credit_code")
    until = day(asked.valid_until, lang) if asked.valid_until else ""
    cents = any((fen or 0) % 100 for fen in (*(one.fen for one in asked.summary.lines), *(asked.summary.numbers or ())))
    return Certificate(
        dated=_say(asked, "page.dated", lang, as_of=day(asked.as_of, lang), until=until),
        firm=asked.addressee,
        firm_code=say("page.code", lang, code=clean(str(code))) if code else say("page.no_code", lang),
        numbers=tuple(_numbers(asked, cents, lang)),
        columns=tuple(say(f"column.{name}", lang) for name in ("scheme", "amount", "office", "closes")),
        groups=tuple(_groups(asked, writers, cents, lang)),
        remarks=tuple(_remarks(asked, lang)),
        caution=(say("page.caution.head", lang), say("page.caution", lang)),
        contact=tuple(_contact(asked, lang)),
        annex=say("annex.heading", lang),
    )


def _numbers(asked: Asked, cents: bool, lang: str) -> Iterator[Number]:
    if asked.summary.numbers is None:  # a sum that nobody can vouch for is not printed
        return
    waiting = asked.summary.counts.get("needs_information", 0)
    words = in_words(asked.summary.numbers, asked.summary.lines, waiting)
    for name, fen in zip(NUMBERS, asked.summary.numbers, strict=True):
        label = _say(asked, f"number.{name}", lang)
        if name in words:
            yield Number(label, say(NO_FIGURE[words[name]], lang), "", "")
            continue
        unit = "yuan" if lang == "en" else "元"
        yield Number(label, bare_sum(fen, cents=cents), unit, capital(fen).removeprefix("人民币"))


def _groups(asked: Asked, writers: list[Writer], cents: bool, lang: str) -> Iterator[Group]:
    by_key = {key_of(one.decision): one for one in writers}
    numbers = asked.summary.numbers
    sums = {} if numbers is None else {"certain": numbers[0] + numbers[1], "possible": numbers[2]}
    for key in GROUPS:
        lines = [one for one in asked.summary.lines if one.group == key]
        rows = tuple(_row(asked, line, by_key[line.scheme, line.item], cents, lang) for line in lines)
        # Of a page that has no room for all lines, the sum of a group is not that of its rows.
        total = bare_sum(sums[key], cents=cents) if sums.get(key) and len(rows) > 1 and not asked.summary.more else ""
        if rows:
            said = say(f"group.{key}.said", lang)
            yield Group(key, _say(asked, f"group.{key}", lang), said, total, rows)


def _row(asked: Asked, line: Line, writer: Writer, cents: bool, lang: str) -> TableRow:
    return TableRow(
        line.scheme,
        SIGNS.get(line.status, ""),
        capitalise(writer.name),
        say("row.up_to", lang) if line.amount == "ceiling" and line.fen is not None else "",
        say("row.no_figure", lang) if line.fen is None else bare_sum(line.fen, cents=cents),
        "".join(MARKS[one] for one in line.note.split()),
        _office(asked, writer, lang),
        day(line.closes, lang) if line.closes else say("row.no_day", lang),
        item_label(writer.decision, lang),
    )


def _office(asked: Asked, writer: Writer, lang: str) -> str:
    """The first office that the scheme names in the firm's district; where the rules know none, whom the scheme names."""
    named = contact_points(asked.rulebook, writer.scheme, district_of(asked.facts), lang)
    return _shortened(named[0].name) if named else set_tight(writer.decider, lang)


def _shortened(name: str) -> str:
    """An office in as many letters as its column holds in a line."""
    for long, short in _SHORTER.items():
        name = name.replace(long, short)
    return name


def _remarks(asked: Asked, lang: str) -> Iterator[str]:
    summary = asked.summary
    if not summary.lines:
        yield say("page.none.yet" if summary.counts.get("needs_information") else "page.none", lang)
    else:
        yield _legend(summary, lang)
    counted = []
    if summary.more:
        counted.append(say("page.more", lang, count=str(len(summary.more))))
    counted.append(_counts(asked, lang))
    if summary.free:
        counted.append(_say(asked, "page.free", lang, count=str(summary.free)))
    yield blank(lang).join(counted)
    if summary.bound:
        names = ("; " if lang == "en" else "、").join(
            asked.rulebook.schemes[one].name.get(lang) for one in summary.bound
        )
        yield say("page.bound", lang, names=names)
    if asked.supersedes:
        yield say("page.supersedes", lang, number=asked.supersedes)


def _legend(summary: Summary, lang: str) -> str:
    """What the signs of the rows mean, and the marks beside the sums."""
    joint = punctuation(lang).semicolon
    statuses = [one for one in SIGNS if _is_met(summary, one)]
    signs = [say(f"sign.{one}", lang, sign=SIGNS[one]) for one in statuses]
    met = {part for one in summary.lines for part in one.note.split()}
    marks = [say(f"mark.{one}", lang, mark=mark) for one, mark in MARKS.items() if one in met]
    return say("page.legend", lang, words=joint.join((*signs, *marks)))


def _is_met(summary: Summary, status: str) -> bool:
    return any(one.status == status for one in summary.lines)


def _counts(asked: Asked, lang: str) -> str:
    tally = asked.summary.counts
    counted = [
        say("page.count", lang, status=STATUS[one].letter.get(lang), count=str(tally[one]))
        for one in _COUNTED
        if tally.get(one)
    ]
    joint = punctuation(lang).comma
    key = "page.counts.items" if any("item" in one for one in asked.decisions) else "page.counts"
    schemes = len({one["scheme"] for one in asked.decisions})
    return say(key, lang, total=str(sum(tally.values())), schemes=str(schemes), counts=joint.join(counted))


def _contact(asked: Asked, lang: str) -> Iterator[str]:
    yield say("page.scan", lang)
    yield say("page.verify", lang, page=_page(asked, lang)) if asked.site else say("page.verify.unknown", lang)
    yield say("page.lines", lang, lines=("; " if lang == "en" else "，").join(_lines(asked, lang)))
    yield say("page.object", lang)


def _page(asked: Asked, lang: str) -> str:
    return say("note.page", lang, site=asked.site) if asked.site else say("note.page.unknown", lang)


def _lines(asked: Asked, lang: str) -> Iterable[str]:
    """The numbers to call about the schemes on the page, two at most, and the city's line."""
    found: dict[str, str] = {}
    for slug in (one.scheme for one in asked.summary.lines):
        scheme = asked.rulebook.schemes[slug]
        for one in contact_points(asked.rulebook, scheme, district_of(asked.facts), lang):
            if one.number and one.number != "12345":
                found.setdefault(one.number, say("page.line", lang, office=_shortened(one.name), number=one.number))
    return [*list(found.values())[:2], say("page.city_line", lang)]


def compose_certificate(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Json],
    summary: Summary,
    as_of: date,
    lang: str = "zh",
    *,
    addressee: str,
    written_on: date,
    valid_until: date | None,
    supersedes: str | None = None,
    site: str | None = None,
    by: Mapping[str, str] | None = None,
    items: Items = NO_ITEMS,
) -> Letter:
    """Put ``decisions`` into a letter whose first page is the whole answer, with the reasons of the schemes named there as an annex.

    ``lang`` may be both: Chinese, then its translation.

    :param decisions: in their JSON form; those that the ``summary`` does not name may have nothing but their status.
    :param valid_until: the last day on which the letter may be relied on; None where it speaks of a day that is over.
    :param supersedes: the number of the letter that it replaces.
    :param items: the several loans, projects, machines that the decisions are about, if any.
    """
    said = tuple(decisions)
    asked = Asked(
        rulebook,
        facts,
        said,
        summary,
        as_of,
        clean(addressee),
        written_on,
        valid_until,
        supersedes,
        site,
        by or {},
        items,
    )
    if lang != "both":
        return _write(asked, lang)
    return replace(_write(asked, "zh"), lang="both", translation=_write(asked, "en"))
