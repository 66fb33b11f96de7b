"""The queue of what the rules await, in words: each scheme with its state, what is awaited, its last terms, the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.engine import Due, FigureShown, LastTerms, QueueItem, Reach
from matcher.rulebook import Rulebook
from matcher.text import desk_labels, figures, punctuation, sentences


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An item in words. ``reach``: money and firms, None where no firms were given; ``pairs``: a label and what is said under it;
    ``rule``, ``figures``: the last terms, as on the day ``read_on`` (ISO); ``command``: what drafts the next version."""

    slug: str
    name: str
    state: str
    code: str
    reach: str | None
    pairs: tuple[tuple[str, str], ...]
    rule: tuple[str, ...]
    read_on: str | None
    figures: tuple[FigureShown, ...]
    command: str


def draft_command(slug: str) -> str:
    """The command that drafts a scheme's next version."""
    return f"matcher rules draft {slug}"


def queue_row(rulebook: Rulebook, item: QueueItem, lang: str, *, for_authors: bool = True) -> QueueRow:
    """An item of the queue as the command line and the desk show it; to authors of rules with the ids of its figures."""
    return QueueRow(
        item.scheme.slug,
        item.scheme.name.get(lang),
        _state(item, lang),
        item.state,
        None if item.reach is None else _reach(item.reach, lang),
        tuple(_pairs(item, lang, for_authors)),
        () if item.last is None else item.last.rule(rulebook, lang),
        None if item.last is None else item.last.on.isoformat(),
        () if item.last is None else item.last.figures(rulebook, lang),
        draft_command(item.scheme.slug),
    )


def _state(item: QueueItem, lang: str) -> str:
    """Ends on a day, and what is known of the day after; or since or by when it waits."""
    if item.state == "unconfirmed" and item.on == date.min:
        return sentences.say(desk_labels.QUEUE_STATE[item.state], lang)
    state = sentences.say(desk_labels.QUEUE_STATE_ON[item.state], lang, day=figures.day(item.on, lang))
    if item.state != "ends":
        return state
    after = sentences.say(desk_labels.QUEUE_FOLLOWS[item.follows or "nothing"], lang)
    return f"{state}{punctuation(lang).semicolon}{after}"


def _reach(reach: Reach, lang: str) -> str:
    return sentences.say(
        "涉及{firms}，金额{sum}",
        lang,
        firms=sentences.count(lang, reach.firms, "outreach_firm"),
        sum=figures.sum_in_yuan(reach.fen, lang),
    )


def _pairs(item: QueueItem, lang: str, for_authors: bool) -> list[tuple[str, str]]:
    comma = punctuation(lang).semicolon
    found: list[tuple[str, str | None]] = []
    awaited = item.awaited
    if awaited is not None:
        found.append(("awaits", awaited.text.get(lang) if awaited.text else None))
        found.append(("issuer", awaited.issuer.get(lang)))
        found.append(("number_derived" if awaited.is_derived else "number", awaited.number))
    if item.last is not None:
        found.append(("last", _terms(item.last, lang)))
        found += [("round", _day(one, lang)) for one in item.last.days]
        if item.last.version.no_deadline is not None:
            found.append(("round", item.last.version.no_deadline.get(lang)))
    for figure in item.figures:
        where = comma.join(f"{number}{article}" for number, article in figure.instruments)
        said = sentences.say(desk_labels.QUEUE_STATE_ON[figure.state], lang, day=figures.day(figure.on, lang))
        named = f"{figure.label.get(lang)} [{figure.id}]" if for_authors else figure.label.get(lang)
        found.append(("figure", f"{named}{comma}{said}{comma}{where}"))
    found.append(("unread", comma.join(f"{one.number}（{_seen(one.seen, lang)}）" for one in item.unread) or None))
    found.append(("ask", item.scheme.department.get(lang)))
    return [(sentences.say(desk_labels.QUEUE_PART[key], lang), told) for key, told in found if told]


def _seen(seen: str, lang: str) -> str:
    return sentences.say(desk_labels.SEEN[seen], lang)


def _terms(last: LastTerms, lang: str) -> str:
    version = last.version
    first, until = (figures.day(one, lang) if one else "…" for one in (version.from_, version.until))
    return sentences.say(
        "{first}至{until}，依据{instrument}", lang, first=first, until=until, instrument=version.instrument or "…"
    )


def _day(one: Due, lang: str) -> str:
    opens, closes = (figures.day(day, lang) if day else None for day in (one.opens, one.closes))
    if one.rule is not None:
        return f"{one.what.get(lang)} {one.rule.get(lang)}"
    if opens and closes:
        return sentences.say("{what} {first}至{until}", lang, what=one.what.get(lang), first=opens, until=closes)
    if closes:
        return sentences.say("{what} {day}截止", lang, what=one.what.get(lang), day=closes)
    return sentences.say("{what}：{day}起", lang, what=one.what.get(lang), day=opens or "")
