"""Prepares what an owner does next: at most three things, by money and deadline, each with whom to call, what to bring, by when."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.engine import Contact, Decision, contact_points, first_to_close
from matcher.engine.choose import Entry, Headline
from matcher.rulebook import Scheme
from matcher.rulebook.language import Scalar
from matcher.text import figures, sentences, site_labels

from .catalogue import Catalogue
from .ledger import MARKS, entry_note, entry_sum, item_sums

MOST = 3

# A last day so near that it counts as much as twice the money.
_SOON = 45

_A_CALL, _A_FORM, _A_PAPER, _LONGEST = 5, 10, 5, 60  # minutes, our own guess


@dataclass(frozen=True)
class Action:
    """One thing to do: how much it is worth, what to do, whom to call and where, the papers, the minutes, by when.

    `items` are those of several loans, projects … that it is for, each with its sum.
    `left` is how many days there are, in words; empty where no last day is known or it is far. `number` is what a phone calls.
    """

    slug: str
    name: str
    amount: str
    note: str
    mark: str
    tone: str
    standing: str
    how: str
    ask: str
    offices: tuple[Contact, ...]
    number: str
    page: str
    bring: tuple[str, ...]
    minutes: str
    by: str
    left: str
    is_in_return: bool
    items: tuple[tuple[str, str], ...] = ()


def actions(
    book: Catalogue,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision],
    found: Headline,
    as_of: date,
    lang: str,
    most: int = MOST,
) -> tuple[Action, ...]:
    """At most ``most`` things that bring money, the most useful first; what is claimed in a tax return comes after what must be asked for.

    Services and offers without a sum are none.
    """
    by_slug: dict[str, list[Decision]] = {}
    for one in decisions:
        by_slug.setdefault(one.scheme, []).append(one)
    slugs = list(dict.fromkeys(one.scheme for one in found.entries if one.standing != "open"))
    due = {slug: _first_due(by_slug[slug], found, as_of) for slug in slugs}

    def rank(slug: str) -> tuple[bool, int]:
        fen = sum(one.fen for one in found.entries_of(slug))
        is_soon = due[slug] is not None and (due[slug] or as_of) - as_of <= timedelta(days=_SOON)
        return _is_in_return(book.scheme(slug)), -fen * (2 if is_soon else 1)

    return tuple(
        _action(book, facts, slug, found.entries_of(slug), due[slug], as_of, lang)
        for slug in sorted(slugs, key=rank)[:most]
    )


def _first_due(decisions: Iterable[Decision], found: Headline, as_of: date) -> date | None:
    """The first last day of a scheme; of several items of those that bring something."""
    paying = [one for one in decisions if one.item is None or found.entries_of(one.scheme, one.item.id)]
    return min((day for one in paying if (day := first_to_close(one.deadlines, as_of))), default=None)


def _is_in_return(scheme: Scheme) -> bool:
    """Whether the firm claims it in a return that it files in any case."""
    return scheme.family == "tax" and scheme.award == "by_law" and scheme.recipient == "firm_price"


def _action(
    book: Catalogue,
    facts: Mapping[str, Scalar],
    slug: str,
    entries: Sequence[Entry],
    due: date | None,
    as_of: date,
    lang: str,
) -> Action:
    scheme = book.scheme(slug)
    offices = contact_points(book.rulebook, scheme, facts.get("district"), lang)
    number = next((one.number for one in offices if one.number), "")
    bring = papers_of(scheme, facts, lang)
    standing = entries[0].standing
    mark, tone = MARKS[standing]
    left = (due - as_of).days if due else None
    name = scheme.name.get(lang)
    return Action(
        slug=slug,
        name=name,
        amount=entry_sum(entries, lang),
        note=next((note for one in entries if (note := entry_note(one, lang))), ""),
        mark=mark,
        tone=tone,
        standing=sentences.say(site_labels.STANDING[standing], lang),
        how=(scheme.channel or scheme.department).get(lang),
        ask=sentences.say("我们想办“{name}”，够不够条件、带什么、什么时候截止？", lang, name=name),
        offices=offices,
        number=number,
        page=next((one.page for one in offices if one.page), ""),
        bring=bring,
        minutes=sentences.say("约{minutes}", lang, minutes=sentences.count(lang, _minutes(bring), "minute")),
        by=figures.day(due, lang) if due else "",
        left=sentences.say("还剩{left}", lang, left=sentences.count(lang, left, "day"))
        if left is not None and left <= 2 * _SOON
        else "",
        is_in_return=_is_in_return(scheme),
        items=item_sums(entries, lang),
    )


def papers_of(scheme: Scheme, facts: Mapping[str, Scalar], lang: str) -> tuple[str, ...]:
    """The papers that this firm by its way in needs."""
    return tuple(paper.get(lang) for paper in scheme.evidence if paper.is_for(facts))


def _minutes(bring: Collection[str]) -> int:
    return min(_A_FORM + _A_PAPER * len(bring), _LONGEST) if bring else _A_CALL


def next_monday(today: date) -> date:
    """The Monday after a day."""
    return today + timedelta(days=7 - today.weekday())
