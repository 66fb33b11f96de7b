"""Prepares the three numbers for pages and papers: each with what it is, what it is made of, and what stands in none of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.engine.choose import NUMBERS, STANDINGS, Entry, Headline, Standing, Unsaid
from matcher.rulebook import Text
from matcher.text import figures, sentences, site_labels

from .catalogue import Catalogue

# Standing → its mark and colour, as everywhere.
MARKS: dict[Standing, tuple[str, str]] = {
    "certain": ("●", "held"),
    "unconfirmed": ("◑", "open"),
    "ceiling": ("●", "held"),
    "department": ("◐", "department"),
    "open": ("◔", "open"),
}


@dataclass(frozen=True)
class Number:
    """One of the three: `key` is cash, less or possible; `figure` without its unit, or words where no figure is known (`is_worded`,
    the unit empty); `bar` how long beside the others, in per cent."""

    key: str
    label: str
    note: str
    figure: str
    unit: str
    bar: str
    is_zero: bool
    is_worded: bool


@dataclass(frozen=True)
class Line:
    """What one scheme adds: the sum with its unit, and where it comes from (4 quarters of so much, tax on a deduction)."""

    slug: str
    name: str
    amount: str
    note: str


@dataclass(frozen=True)
class Part:
    """The lines of one standing and their sum."""

    heading: str
    mark: str
    tone: str
    lines: tuple[Line, ...]
    amount: str


@dataclass(frozen=True)
class Ledger:
    """The three numbers; `parts` add up to them; `beside` stands in none, `left_out` says which relation shuts an offer out."""

    numbers: tuple[Number, ...]
    parts: tuple[Part, ...]
    beside: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether no sum is known at all."""
        return all(one.is_zero for one in self.numbers)


def ledger(book: Catalogue, found: Headline, lang: str) -> Ledger:
    """The three numbers of a firm in words."""
    longest = max(found.numbers) or 1
    numbers = tuple(
        _number(key, fen, found.without_figure.get(key), longest, lang)
        for key, fen in zip(NUMBERS, found.numbers, strict=True)
    )
    parts = tuple(_part(book, standing, found, lang) for standing in STANDINGS if found.of(standing))
    return Ledger(numbers, parts, tuple(_beside(book, found, lang)), tuple(_left_out(book, found, lang)))


def _number(key: str, fen: int, unsaid: Unsaid | None, longest: int, lang: str) -> Number:
    """One of the three, its bar beside the longest."""
    figure = figures.bare_sum(fen, cents=fen % 100 != 0)
    return Number(
        key,
        sentences.say(site_labels.LEDGER[key], lang),
        sentences.say(site_labels.LEDGER_NOTE[key], lang),
        figure if unsaid is None else sentences.say(site_labels.UNSAID[unsaid], lang),
        sentences.say("元", lang) if unsaid is None else "",
        f"{fen * 100 / longest:.1f}%",
        is_zero=fen == 0,
        is_worded=unsaid is not None,
    )


def entry_sum(entries: Iterable[Entry], lang: str) -> str:
    """What some entries come to together, with the unit; “up to” where any is more than certain money."""
    some = tuple(entries)
    said = figures.sum_in_yuan(sum(one.fen for one in some), lang)
    is_most = any(one.standing not in ("certain", "unconfirmed") for one in some)
    return sentences.say("最高{money}", lang, money=said) if is_most else said


def item_sums(entries: Iterable[Entry], lang: str) -> tuple[tuple[str, str], ...]:
    """Of a scheme with several items the name of each and what it comes to; empty where there is none."""
    by_item: dict[str, list[Entry]] = {}
    for one in entries:
        if one.label is not None:
            by_item.setdefault(one.object, []).append(one)
    return tuple((some[0].label.get(lang), entry_sum(some, lang)) for some in by_item.values() if some[0].label)


def entry_note(entry: Entry, lang: str) -> str:
    """Where a sum comes from, where it is not simply the card's own; empty else."""
    if entry.deduction is not None and entry.rate is not None:
        return sentences.say(
            "扣除{deduction}，按税率{rate}少缴这些税",
            lang,
            deduction=figures.sum_in_yuan(entry.deduction, lang),
            rate=figures.percent(entry.rate),
        )
    if entry.times > 1:
        key = (
            sentences.Sentence("每季{money}，按一年4季算")
            if entry.times == 4
            else sentences.Sentence("每月{money}，按一年12个月算")
        )
        return sentences.say(key, lang, money=figures.sum_in_yuan(entry.per_time, lang))
    return sentences.say("本来就是贵单位的进项税，早退回来", lang) if entry.is_credit else ""


def called(book: Catalogue, slug: str, label: Text | None, lang: str) -> str:
    """A scheme's name, with that of the one of several that it is about: ``…“设备贷款”``."""
    name = book.scheme(slug).name.get(lang)
    return name if label is None else f"{name}{figures.blank(lang)}“{label.get(lang)}”"


def _part(book: Catalogue, standing: Standing, found: Headline, lang: str) -> Part:
    mark, tone = MARKS[standing]
    lines = tuple(
        Line(
            one.scheme,
            called(book, one.scheme, one.label, lang),
            figures.sum_in_yuan(one.fen, lang),
            entry_note(one, lang),
        )
        for one in found.of(standing)
    )
    amount = figures.sum_in_yuan(found.sum_of(standing), lang)
    return Part(sentences.say(site_labels.LEDGER_PART[standing], lang), mark, tone, lines, amount)


def _beside(book: Catalogue, found: Headline, lang: str) -> Iterable[str]:
    deferred: dict[str, int] = {}  # of several items together
    for slug, fen in found.deferred:
        deferred[slug] = deferred.get(slug, 0) + fen
    for slug, fen in deferred.items():
        name, money = book.scheme(slug).name.get(lang), figures.sum_in_yuan(fen, lang)
        yield sentences.say("“{name}”：{money}只是晚缴，以后还要缴，不算少缴。", lang, name=name, money=money)
    if found.unknown:
        names = sentences.listed([book.scheme(slug).name.get(lang) for slug in dict.fromkeys(found.unknown)], lang)
        yield sentences.say("有份，但还算不出多少：{names}。", lang, names=names)


# Of a relation that shuts an offer out, what is said of the two.
_SHUT_OUT = {
    "excludes": sentences.Sentence("“{name}”没有算进来：和“{other}”只能选一个。"),
    "shares_ceiling": sentences.Sentence("“{name}”没有算进来：和“{other}”合用一个上限，已经满了。"),
    "precedes": sentences.Sentence("“{name}”没有算进来：要先有“{other}”。"),
}


def _named_within(book: Catalogue, slug: str, label: Text | None, lang: str) -> str:
    """The same within quotation marks: the item's name in brackets."""
    name = book.scheme(slug).name.get(lang)
    if label is None:
        return name
    return f"{name} ({label.en})" if lang == "en" else f"{name}（{label.zh}）"


def _left_out(book: Catalogue, found: Headline, lang: str) -> Iterable[str]:
    """Each offer that a relation shuts out, with that relation's own words. What merely adds nothing is shut out by none."""
    relations = {one.id: one for one in book.rulebook.relations}
    for left in found.left_out:
        relation, other = relations[left.because], left.instead or left.first
        if other is None or other not in book.rulebook.schemes or relation.kind not in _SHUT_OUT:
            continue
        names = {
            "name": _named_within(book, left.offer.scheme, left.offer.label, lang),
            "other": book.scheme(other).name.get(lang),
        }
        said = sentences.say(_SHUT_OUT[relation.kind], lang, **names)
        rule = relation.rule.get(lang) if relation.rule is not None else ""
        yield f"{said}{' ' if lang == 'en' and rule else ''}{rule}"
