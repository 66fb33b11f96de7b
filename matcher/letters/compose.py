"""Composes a letter out of decisions: chooses every word and their order, lays nothing out, and looks at no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from matcher.letters import rest
from matcher.letters.letter import Letter
from matcher.letters.numerals import count
from matcher.letters.section import write_section
from matcher.letters.values import FactValue, capitalise, clean, write_date
from matcher.letters.words import say
from matcher.letters.writer import Writer

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook

# What can be used comes first, then what is open, then what is not for the firm.
ORDER = (
    "eligible",
    "needs_decision",
    "applies",
    "needs_information",
    "not_eligible",
    "does_not_apply",
    "unconfirmed",
    "not_open",
)
TITLE_LINE = 19  # characters of 22pt that a title line holds with a little air


class Decided(Protocol):
    """A decision of the engine: all that a letter reads of it is its JSON form."""

    def to_json(self) -> dict[str, Any]:
        """The decision as the command line prints it."""


def compose(
    rulebook: Rulebook,
    facts: Mapping[str, FactValue],
    decisions: Iterable[Decided | Mapping[str, Any]],
    as_of: date,
    lang: str = "zh",
    *,
    addressee: str | None,
    written_on: date | None = None,
) -> Letter:
    """Put the `decisions` taken for `as_of` into a letter to `addressee` in `lang` (zh or en).

    Without an addressee the firm's told name stands there. `written_on` dates the letter (`as_of` unless told).
    Sections stand in the order of their use, entitlements first, each group in the catalogue's order. A letter on very
    many schemes has sections for what the firm has in hand or must obey, and only names the rest.
    """
    plain = sorted((_plain(decision) for decision in decisions), key=lambda decision: ORDER.index(decision["status"]))
    writers = [Writer(rulebook, facts, decision, as_of, lang) for decision in plain]
    full, others = rest.split(writers)
    sections = tuple(write_section(writer, _number(at, len(writers), lang)) for at, writer in enumerate(full, 1))
    return Letter(
        lang=lang,
        mark=say("mark", lang),
        standing=say("standing", lang),
        title=_title(writers, lang),
        addressee=say("addressee", lang, name=_addressee(addressee, facts, lang)),
        opening=_opening(writers, as_of, lang),
        sections=sections,
        closing=(say("closing", lang),),
        signatory=say("mark", lang),
        date=write_date(written_on or as_of, lang),
        note=say("note", lang),
        rest_heading=(_number(len(full) + 1, len(writers), lang) + say("rest.heading", lang)) if others else "",
        rest=rest.name_rest(others, lang),
        edition=say("edition", lang, hash=_edition(rulebook.hash), as_of=write_date(as_of, lang)),
    )


def _plain(decision: Decided | Mapping[str, Any]) -> Mapping[str, Any]:
    return decision if isinstance(decision, Mapping) else decision.to_json()


def _number(at: int, of: int, lang: str) -> str:
    """First-level numbering, 一、 in Chinese; a letter on one scheme has none."""
    if of == 1:
        return ""
    return f"{at}. " if lang == "en" else f"{count(at)}、"


def _title(writers: list[Writer], lang: str) -> tuple[str, ...]:
    """The title in lines broken by sense: a long name keeps a line of its own."""
    if len(writers) != 1:
        return (say("title.many", lang),)
    before = say("title.before", lang, name=capitalise(writers[0].name))
    after = say("title.after", lang)
    fits = lang == "zh" and len(before + after) <= TITLE_LINE
    return (before + after,) if fits else (before, after)


def _addressee(addressee: str | None, facts: Mapping[str, FactValue], lang: str) -> str:
    told = addressee or facts.get("name")
    return clean(str(told)) if told else say("addressee.unknown", lang)


def _opening(writers: list[Writer], as_of: date, lang: str) -> tuple[str, ...]:
    """What was checked and how; with several schemes, how many came out each way."""
    if not writers:
        return (say("opening.none", lang),)
    first = say("opening", lang, as_of=write_date(as_of, lang))
    return (first,) if len(writers) == 1 else (first, _counts(writers, lang))


def _counts(writers: list[Writer], lang: str) -> str:
    """The tally by status, in the order of the sections."""
    tally = Counter(writer.status for writer in writers)
    counts = [say("opening.count", lang, status=say(f"status.{s}", lang), count=str(n)) for s, n in tally.items()]
    joined = (", " if lang == "en" else "，").join(counts)
    return say("opening.counts", lang, total=str(len(writers)), counts=joined)


def _edition(content_hash: str) -> str:
    """The first sixteen signs of the rulebook's hash in groups of four: enough to tell editions apart by eye."""
    return " ".join(content_hash[at : at + 4] for at in range(0, 16, 4))
