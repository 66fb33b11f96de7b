"""Composes a letter out of decisions: its sections, what gets none of its own, and what is surely added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from matcher.engine import NO_ITEMS, Decision, DecisionRecord, Items
from matcher.engine.choose import Offer, TooTangled, choose, item_of, object_of, titles_held
from matcher.rulebook.language import Scalar
from matcher.text import ORDER_OF_USE, STATUS, capital, capitalise, clean, day, fen_of, punctuation, sum_in_yuan

from .letter import Kind, Letter, Row, Section
from .levels import break_english, break_title, edition_sign, first
from .section import write_section
from .words import say
from .writer import Writer, item_of_record

if TYPE_CHECKING:
    from matcher.rulebook import Rulebook, Status


# ---------------------------------------------------------------------------------------------------------------------
# Names the schemes of a letter on very many that get no section of their own: by status, each in a few words.
# ---------------------------------------------------------------------------------------------------------------------


# A letter on more schemes than these would run to forty pages if each had a section.
MANY = 12

FEW = 3  # facts that are named behind a scheme; of more their number is told, or the list would run over pages


def split(writers: list[Writer]) -> tuple[list[Writer], list[Writer]]:
    """Those that get a section, and those that are only named: in a letter on a few schemes none is only named."""
    if len(writers) <= MANY:
        return writers, []
    return [w for w in writers if _matters(w)], [w for w in writers if not _matters(w)]


def name_rest(writers: Iterable[Writer], lang: str) -> tuple[Row, ...]:
    """One row a status, in the order given, with the names of its schemes."""
    named: dict[Status | Literal["service"], list[str]] = {}
    for writer in writers:
        named.setdefault(_key(writer), []).append(_named(writer))
    joint = punctuation(lang).semicolon
    return tuple(Row(key, _label(key, len(names), lang), (joint.join(names),)) for key, names in named.items())


def _matters(writer: Writer) -> bool:
    """Whether the firm has something in hand, something to obey, or a sum that a department may grant."""
    if writer.status == "needs_decision":
        return bool((writer.decision.get("amount") or {"kind": "none"})["kind"] != "none")
    return writer.status == "applies" or (writer.status == "eligible" and writer.scheme.kind != "service")


def _key(writer: Writer) -> Status | Literal["service"]:
    return "service" if writer.status == "eligible" else writer.status


def _label(key: Status | Literal["service"], number: int, lang: str) -> str:
    status = say("rest.service", lang) if key == "service" else STATUS[key].letter.get(lang)
    return capitalise(say("rest.label", lang, status=status, count=str(number)))


def _named(writer: Writer) -> str:
    """The name, and beside it who decides or what is missing where the firm can act on it."""
    name = capitalise(writer.name)
    labels = [writer.rulebook.facts[fact].label.get(writer.lang) for fact in writer.decision.get("missing") or ()]
    if writer.status == "needs_decision":
        return writer.say("rest.with", name=name, note=writer.decider)
    if writer.status == "needs_information" and len(labels) > FEW:
        return writer.say("rest.with", name=name, note=writer.say("rest.missing", count=str(len(labels))))
    if writer.status == "needs_information" and labels:
        return writer.say("rest.with", name=name, note=punctuation(writer.lang).listed(labels))
    known = writer.decision["last_known"]
    if known and known["status"] in ("eligible", "needs_decision"):
        until, status = writer.day(date.fromisoformat(known["as_of"])), STATUS[known["status"]].letter.get(writer.lang)
        return writer.say("rest.with", name=name, note=writer.say("rest.last_terms", until=until, status=status))
    return name


# ---------------------------------------------------------------------------------------------------------------------
# Adds up what a letter's decisions surely bring the firm: its own money, of what excludes each other the best
# choice.
# ---------------------------------------------------------------------------------------------------------------------


_SURE = {"exact": "value", "range": "low"}  # of a range the lower end is sure, of a ceiling nothing


def certain_total(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Mapping[str, Any]],
    as_of: date,
    items: Items = NO_ITEMS,
) -> int | None:
    """The fen that the firm surely has by `decisions` (in their JSON form); None where there is no such sum.

    No part of it: deductions, what is put off or paid out sooner, what others are paid, ceilings, and whatever a
    department still decides. Of two reliefs that exclude each other the greater counts.
    """
    offers = [offer for one in decisions if (offer := _offer(rulebook, facts, one, as_of, items)) is not None]
    if not offers:
        return None
    try:
        return choose(offers, rulebook.relations, as_of, titles_held(facts)).total.exact or None
    except TooTangled:  # a sum that nobody can vouch for is not printed
        return None


def _offer(
    rulebook: Rulebook, facts: Mapping[str, Scalar], decision: Mapping[str, Any], as_of: date, items: Items
) -> Offer | None:
    scheme, amount = rulebook.schemes[decision["scheme"]], decision.get("amount") or {"kind": "none"}
    figure = amount.get(_SURE.get(amount["kind"], ""))
    if decision["status"] != "eligible" or scheme.kind == "restriction" or figure is None:
        return None
    item = item_of_record(decision, items)
    return Offer(
        scheme.slug,
        object_of(scheme, facts, as_of) if item is None else item.id,
        item_of(scheme.slug, facts if item is None else items.facts_of(facts, item)),
        owners=() if item is None else tuple((one.kind, one.id) for one in items.owners(item)),
        recipient=decision.get("recipient"),
        figure=max(fen_of(figure), 0),
        exact=True,
    )


# ---------------------------------------------------------------------------------------------------------------------
# Composes a letter out of decisions: chooses every word and their order, lays nothing out, and looks at no clock.
# ---------------------------------------------------------------------------------------------------------------------


def compose_letter_of(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    decisions: Iterable[Decision | DecisionRecord],
    as_of: date,
    lang: str = "zh",
    *,
    addressee: str | None,
    written_on: date | None = None,
    kind: Kind = "self_check",
    by: Mapping[str, str] | None = None,
    items: Items = NO_ITEMS,
    supersedes: str | None = None,
    past: bool = False,
) -> Letter:
    """Put the `decisions` taken for `as_of` into a letter to `addressee` in `lang` (zh or en).

    Without an addressee the firm's told name stands there. `written_on` dates the letter (`as_of` unless told).
    Sections stand in the order of their use, entitlements first, each group in the catalogue's order. A letter on very
    many schemes has sections for what the firm has in hand or must obey, and only names the rest; a notice of what is
    missing (`kind`) speaks of the schemes that wait for facts only. `by` says of facts who they come from, where it is not
    whom the vocabulary names. What was decided for each of several `items` has a section each, with its name. `lang` may be
    both: Chinese, then its translation. `supersedes`: the number of the letter that it replaces; `past`: it says how things
    stood on a day that is over.
    """
    stated = [_plain(decision) for decision in decisions]
    wanted = [decision for decision in stated if kind != "missing" or decision["status"] == "needs_information"]
    wanted.sort(key=lambda decision: ORDER_OF_USE.index(decision["status"]))
    told = _Told(
        rulebook, facts, wanted, as_of, addressee, written_on or as_of, kind, by or {}, supersedes, past, items
    )
    if lang != "both":
        return _compose(told, lang)
    return replace(_compose(told, "zh"), lang="both", translation=_compose(told, "en"))


@dataclass(frozen=True, slots=True)
class _Told:
    """What a letter is composed of, whatever its language."""

    rulebook: Rulebook
    facts: Mapping[str, Scalar]
    decisions: list[DecisionRecord]
    as_of: date
    addressee: str | None
    written_on: date
    kind: Kind
    by: Mapping[str, str]
    supersedes: str | None
    past: bool
    items: Items

    def writer(self, decision: DecisionRecord, lang: str) -> Writer:
        """What writes of a decision: with what is known where it was taken, of the firm and of the item that it is about."""
        return Writer.of(self.rulebook, self.facts, self.items, decision, self.as_of, lang, self.by, past=self.past)


def _compose(told: _Told, lang: str) -> Letter:
    """The letter in one language."""
    writers = [told.writer(decision, lang) for decision in told.decisions]
    full, others = (writers, []) if told.kind == "missing" else split(writers)
    many = len(writers) > 1
    return Letter(
        lang=lang,
        title=_title(writers, lang, told.kind),
        addressee=say("addressee", lang, name=_addressee(told.addressee, told.facts, lang)),
        firm_code=_firm_code(told, lang),
        opening=_opening(writers, told, lang),
        sections=tuple(_section(told, writer, first(at, lang) if many else "") for at, writer in enumerate(full, 1)),
        closing=_closing(told, lang),
        written_on=told.written_on,
        kind=told.kind,
        edition=say("edition", lang, hash=edition_sign(told.rulebook.hash), as_of=day(told.as_of, lang)),
        rest_heading=first(len(full) + 1, lang) + say("rest.heading", lang) if others else "",
        rest=name_rest(others, lang),
    )


def _section(told: _Told, writer: Writer, number: str) -> Section:
    """The section of a scheme; a notice on several schemes says of each what is missing, and nothing else."""
    section = write_section(writer, number)
    if told.kind != "missing" or len(told.decisions) <= FEW:
        return section
    joint = punctuation(writer.lang).semicolon
    rows = tuple(replace(row, texts=(joint.join(row.texts),)) for row in section.rows if row.key == "missing")
    return replace(section, conclusion="", rows=rows)


def _closing(told: _Told, lang: str) -> tuple[str, ...]:
    """The caution, and which letter this one replaces."""
    caution = say("closing" if told.kind == "self_check" else "closing.official", lang)
    if told.supersedes is None:
        return (caution,)
    return (say("page.supersedes", lang, number=told.supersedes), caution)


def _plain(decision: Decision | DecisionRecord) -> DecisionRecord:
    return decision if isinstance(decision, dict) else decision.to_json()


def _title(writers: list[Writer], lang: str, kind: Kind) -> tuple[str, ...]:
    """The title in lines broken by sense."""
    if len(writers) != 1:
        return (say(f"title.{kind}.many", lang),)
    text = say(f"title.{kind}", lang, name=capitalise(writers[0].name))
    return break_english(text) if lang == "en" else break_title(text)


def _addressee(addressee: str | None, facts: Mapping[str, Scalar], lang: str) -> str:
    told = addressee or facts.get("name")
    return clean(str(told)) if told else say("addressee.unknown", lang)


def _firm_code(told: _Told, lang: str) -> str:
    """The firm's credit code on a letter that an office issues, since a name alone may be another firm's."""
    code = told.facts.get("credit_code")
    if code is None or told.kind not in ("eligibility", "missing"):
        return ""
    return say("firm_code", lang, code=clean(str(code)))


def _opening(writers: list[Writer], told: _Told, lang: str) -> tuple[str, ...]:
    """What was checked and how; with several schemes, how many came out each way, and what they surely bring."""
    as_of = day(told.as_of, lang)
    if told.kind == "missing":
        key = "opening.missing" if writers else "opening.missing.none"
        return (say(key, lang, as_of=as_of, count=str(len(writers))),)
    if not writers:
        return (say("opening.none", lang),)
    key = "opening.self_check" if told.kind == "self_check" else "opening.past" if told.past else "opening"
    first = say(key, lang, as_of=as_of)
    return (first,) if len(writers) == 1 else (first, _counts(writers, lang), *_total(told, lang))


def _total(told: _Told, lang: str) -> tuple[str, ...]:
    """The sum that is certain, in a letter that an office issues."""
    fen = None
    if told.kind == "eligibility":
        fen = certain_total(told.rulebook, told.facts, told.decisions, told.as_of, told.items)
    return (
        ()
        if fen is None
        else (say("opening.total", lang, figures=sum_in_yuan(fen, lang, cents=True), capitals=capital(fen)),)
    )


def _counts(writers: list[Writer], lang: str) -> str:
    """The tally by status, in the order of the sections."""
    tally = Counter(writer.status for writer in writers)
    counts = [say("opening.count", lang, status=STATUS[s].letter.get(lang), count=str(n)) for s, n in tally.items()]
    joined = punctuation(lang).comma.join(counts)
    schemes = {writer.scheme.slug for writer in writers}
    key = "opening.counts.items" if any("item" in writer.decision for writer in writers) else "opening.counts"
    return say(key, lang, total=str(len(writers)), schemes=str(len(schemes)), counts=joined)
