"""What the words about one decision depend on, and the frame of a paper: who writes, under which number, how it closes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from matcher.engine import DecisionRecord, Item, Items, ReasonRecord
from matcher.rulebook.language import Scalar
from matcher.text import clean, day, punctuation, set_tight, spaced, value_text

from .letter import Attachment, Letter
from .words import say

if TYPE_CHECKING:
    from matcher.rulebook import Recipient, Rulebook, Scheme, SchemeEdition, Status


# ---------------------------------------------------------------------------------------------------------------------
# Picks out of a decision's reasons tree the conditions that carry the outcome, and the sources they rest on.
# ---------------------------------------------------------------------------------------------------------------------


Node = ReasonRecord

SPEAKING = ("test", "concept")


def decisive(node: Node | None) -> tuple[Node, ...]:
    """The leaves that make `node` come out as it does; a met alternative hides the ones that were not needed.

    Of a node that is still open, the leaves that hold already. No tree (a scheme not in force) gives nothing.
    """
    return tuple(_decisive(node)) if node else ()


def _decisive(node: Node) -> Iterator[Node]:
    children = node["children"]
    outcome = node["outcome"]
    if node["kind"] == "any" and outcome is True:
        met = [list(_decisive(child)) for child in children if child["outcome"] is True]
        yield from min(met, key=len, default=[])  # one way in is enough, the shortest is the plainest
        return
    if not children:
        # An open leaf says nothing yet (what it waits for is listed as missing), an empty branch never does.
        if outcome is not None and node["kind"] in SPEAKING:
            yield node
        return
    for child in children:
        if node["kind"] == "not" or child["outcome"] == outcome or (outcome is None and child["outcome"]):
            yield from _decisive(child)


def leaves(node: Node | None) -> Iterator[Node]:
    """Every leaf of the tree, decisive or not, in the order of the rule."""
    if not node:
        return
    children = node["children"]
    if not children:
        yield node
    for child in children:
        yield from leaves(child)


def sources(nodes: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    """Instrument → the articles that the nodes rest on, each once, in the order of the rule."""
    found: dict[str, dict[str, None]] = {}
    for node in nodes:
        source = node["source"]
        if source is not None:
            articles = found.setdefault(source["instrument"], {})
            if source["article"]:
                articles[source["article"]] = None
    return {instrument: tuple(articles) for instrument, articles in found.items()}


# ---------------------------------------------------------------------------------------------------------------------
# Turns sentences of the engine and of the rules into those of a letter: no arrows, no figure with a dozen decimals.
# ---------------------------------------------------------------------------------------------------------------------


_ROUNDED = re.compile(r"(?<=[\d元n])\s*→\s*(?=\d)")

_ARROW = re.compile(r"\s*→\s*")

_ENDLESS = re.compile(r"(\d[\d,]*)\.(\d{5,})")


def for_paper(text: str, lang: str) -> str:
    """The sentence as a letter has it."""
    rounded, then = (", rounded to ", ", then ") if lang == "en" else ("，四舍五入为", "，再到")
    return _ENDLESS.sub(_two_decimals, _ARROW.sub(then, _ROUNDED.sub(rounded, text)))


def _two_decimals(found: re.Match[str]) -> str:
    return f"{Decimal(found[0].replace(',', '')).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


# ---------------------------------------------------------------------------------------------------------------------
# Holds what the words about one decision depend on: rulebook, facts, the decision, the day and the language.
# ---------------------------------------------------------------------------------------------------------------------


def name_of(scheme: Scheme, decision: DecisionRecord, lang: str) -> str:
    """The scheme's name; where the firm has several of what it is about, with the one that was decided: ``…“设备贷款”``."""
    name, item = scheme.name.get(lang), decision.get("item")
    if item is None:
        return name
    return f"{name}{punctuation(lang).blank}“{item_label(decision, lang)}”"


def item_label(decision: Mapping[str, Any], lang: str) -> str:
    """How the item that a decision is about is called on paper; empty where it is about none."""
    item = decision.get("item")
    if item is None:
        return ""
    return Item(item["kind"], item["id"], name=clean(item["name"]) if item["name"] else None).label.get(lang)


def item_of_record(decision: Mapping[str, Any], items: Items) -> Item | None:
    """The item that a decision (in its JSON form) is about; None where it is about none."""
    told = decision.get("item")
    return None if told is None else items.find(told["id"])


def _sources_for(by: Mapping[str, str], items: Items, item: Item | None) -> dict[str, str]:
    """Of each fact who it comes from where a rule is about an item: ``by`` names an item's own facts as ``loan-1.loan_principal``."""
    found = {name: who for name, who in by.items() if "." not in name}
    for one in () if item is None else (*reversed(tuple(items.owners(item))), item):
        named = ((fact, by.get(f"{one.id}.{fact}")) for fact in one.facts)
        found.update((fact, who) for fact, who in named if who is not None)
    return found


@dataclass(frozen=True, slots=True)
class Writer:
    """One decision (in its JSON form) and everything needed to put it into words.

    ``by`` says of facts who they come from, where it is somebody else than the vocabulary says. ``past``: the letter says how
    things stood on a day that is over.
    """

    rulebook: Rulebook
    facts: Mapping[str, Scalar]
    decision: DecisionRecord
    as_of: date
    lang: str
    by: Mapping[str, str] = field(default_factory=dict)
    past: bool = False

    @classmethod
    def of(
        cls, rulebook: Rulebook, facts: Mapping[str, Scalar], items: Items, decision: DecisionRecord, as_of: date, lang: str,
        by: Mapping[str, str], *, past: bool = False,
    ) -> Writer:  # fmt: skip
        """With what is known where the decision was taken: ``facts`` of the firm, and of the one of its ``items`` that it is about."""
        item = item_of_record(decision, items)
        known = facts if item is None else items.facts_of(facts, item)
        return cls(rulebook, known, decision, as_of, lang, _sources_for(by, items, item), past)

    @property
    def edition(self) -> SchemeEdition:
        """The scheme as it stood on the day."""
        return self.rulebook.at(self.as_of).schemes[self.decision["scheme"]]

    @property
    def scheme(self) -> Scheme:
        """The scheme decided on."""
        return self.edition.scheme

    @property
    def name(self) -> str:
        """The scheme's name, with the item that the decision is about where the firm has several."""
        return name_of(self.scheme, self.decision, self.lang)

    @property
    def department(self) -> str:
        """The department that answers for the scheme."""
        return self.scheme.department.get(self.lang)

    @property
    def decider(self) -> str:
        """The department that decides, without whom it may ask in a special case."""
        return re.split("[；;]", self.department)[0].strip()

    @property
    def status(self) -> Status:
        """The status decided."""
        found: Status = self.decision["status"]
        return found

    @property
    def recipient(self) -> Recipient:
        """Who is paid: the decision's own recipient counts, since it may differ from the scheme's by case."""
        found: Recipient = self.decision.get("recipient") or self.scheme.recipient
        return found

    @property
    def relied(self) -> tuple[Node, ...]:
        """The conditions that carry the status."""
        return decisive(self.decision.get("reasons"))

    def say(self, key: str, **parts: str) -> str:
        """A phrase in the language of the letter."""
        return say(key, self.lang, **parts)

    def text(self, bilingual: Mapping[str, str] | str) -> str:
        """A sentence of the decision in the language of the letter, set as printed text is."""
        said = bilingual if isinstance(bilingual, str) else bilingual[self.lang]
        return set_tight(for_paper(said, self.lang), self.lang)

    def day(self, on: date) -> str:
        """A date in words."""
        return day(on, self.lang)

    def join(self, parts: Iterable[str]) -> str:
        """Several statements in one line."""
        return punctuation(self.lang).semicolon.join(parts)

    def told(self, fact: str) -> str:
        """A fact of the profile as label and value."""
        known = self.rulebook.facts[fact]
        value = value_text(known, self.facts[fact], self.lang, cents=True) if fact in self.facts else ""
        return self.say("told", label=known.label.get(self.lang), value=value)


# ---------------------------------------------------------------------------------------------------------------------
# Words the frame of a paper: who writes, under which number, how it closes, and how it is verified.
# ---------------------------------------------------------------------------------------------------------------------


OFFICIAL = ("eligibility", "missing", "extract")  # the papers that an office issues, in the letter form


@dataclass(frozen=True, slots=True)
class Frame:
    """All words of a paper around its body, in one language."""

    mark: str  # the red letter mark: who writes
    head: str  # under the first rule: the number, or where there is none what this paper is
    closing: tuple[str, ...]
    enclosures: tuple[str, ...]
    signatory: str
    date: str
    note: str  # below the date: no seal, and how the letter is verified instead
    foot: str  # on every page: which letter, under which edition of the rulebook


def frame(letter: Letter, lang: str, attachments: Sequence[Attachment] = ()) -> Frame:
    """The frame of `letter` in `lang` (zh or en), with what is attached to its file listed as enclosures."""
    issuer = letter.centre.get(lang) if letter.centre else say("mark", lang)
    return Frame(
        mark=issuer,
        head=_head(letter, lang),
        closing=_closing(letter, lang),
        enclosures=tuple(_enclosure(attachment, lang) for attachment in attachments),
        signatory=issuer,
        date=day(letter.written_on, lang),
        note=_note(letter, lang),
        foot=_foot(letter, lang),
    )


def is_official(letter: Letter) -> bool:
    """Whether the paper has the letter form; a self-check and a rule sheet must not look as if an office had issued them."""
    return letter.kind in OFFICIAL


def _head(letter: Letter, lang: str) -> str:
    if letter.number:
        return letter.number
    return say("standing.draft" if letter.kind in ("eligibility", "missing") else f"standing.{letter.kind}", lang)


def _closing(letter: Letter, lang: str) -> tuple[str, ...]:
    """The closing words; an official letter says until when it may be relied on, and ends with the set formula."""
    if not is_official(letter):
        return letter.closing
    valid = [say("valid", lang, until=day(letter.valid_until, lang))] if letter.valid_until else []
    return (punctuation(lang).blank.join((*letter.closing, *valid)), say("ending", lang))


def _note(letter: Letter, lang: str) -> str:
    page = say("note.page", lang, site=letter.site) if letter.site else say("note.page.unknown", lang)
    if letter.kind == "extract":
        return say("note.extract", lang, on=day(letter.written_on, lang), page=page)
    if letter.code:
        return say("note.code", lang, page=page, code=spaced(letter.code))
    return say("note.official" if is_official(letter) else "note.sheet", lang)


def _enclosure(attachment: Attachment, lang: str) -> str:
    """By what it is; the translation of a letter has the words of its own language, whatever the file says."""
    return say("enclosure", lang) if attachment.description else attachment.name


def _foot(letter: Letter, lang: str) -> str:
    named = [letter.number, letter.code and spaced(letter.code), letter.edition]
    return (" · " if lang == "en" else "　").join(filter(None, named))
