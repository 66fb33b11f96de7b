"""Prepares all decisions for the page: grouped in the order of use, with the whole answer in one sentence first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.web import figures, words
from matcher.web.cards import Card, Json, card
from matcher.web.catalogue import Catalogue

# Group → its mark and colour; the order is the order on the page.
_GROUPS = {
    "eligible": ("●", "held"),
    "others": ("●", "held"),
    "service": ("●", "held"),
    "applies": ("▲", "bound"),
    "needs_decision": ("◐", "department"),
    "others_decision": ("◐", "department"),
    "needs_information": ("◔", "open"),
    "not_eligible": ("○", "away"),
    "does_not_apply": ("○", "away"),
    "not_open": ("·", "away"),
    "unconfirmed": ("?", "open"),
}
_FOLDED = ("not_eligible", "does_not_apply", "not_open", "unconfirmed")
# These cards say at a glance only what matters; everything else is folded.
_SHORT = ("service", "needs_decision", "others_decision", "needs_information", *_FOLDED)
# So many open schemes mean that hardly anything was stated: then the next questions matter, not the list.
_MOST_OPEN = 20
_NOUNS = {"service": "service", "applies": "restriction", "does_not_apply": "restriction"}
_FAR = date.max


@dataclass(frozen=True)
class Group:
    """Cards of one kind of answer; `tone` picks the colour, `mark` the shape that says the same without colour.

    `lead` says once what holds for all its cards; `noun` is what is counted in it.
    """

    key: str
    heading: str
    lead: str | None
    noun: str
    mark: str
    tone: str
    is_folded: bool
    is_short: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Results:
    """The answer in a sentence, what it rests on, and the groups that are not empty.

    `missing` are the open facts, first those that the most open schemes wait for.
    """

    sentence: str
    basis: str
    groups: tuple[Group, ...]
    missing: tuple[str, ...]


def results(catalogue: Catalogue, stated: Sequence[Json], as_of: date, is_blank: bool, lang: str) -> Results:
    """What the page says about these decisions, each as its JSON. `is_blank`: the firm has not stated anything."""
    cards = [card(catalogue, decision, as_of, lang) for decision in stated]
    kinds = [_group_of(catalogue, each) for each in cards]
    missing = _most_awaited_first(stated)
    sorted_out = {key: [c for c, kind in zip(cards, kinds, strict=True) if kind == key] for key in _GROUPS}
    return Results(
        sentence=_sentence(Counter(kinds), len(missing), is_blank, lang),
        basis=words.say("answer.as_of", lang, day=figures.day(as_of, lang)),
        groups=tuple(_group(key, found, lang) for key, found in sorted_out.items() if found),
        missing=missing,
    )


def _most_awaited_first(stated: Sequence[Json]) -> tuple[str, ...]:
    """The open facts by how many open schemes wait for them; among equals first what settles one alone."""
    awaited: Counter[str] = Counter()
    settling: Counter[str] = Counter()
    for decision in stated:
        missing = decision["missing"] or ()
        awaited.update(missing)
        settling.update(missing if len(missing) == 1 else ())
    return tuple(sorted(awaited, key=lambda fact: (-awaited[fact], -settling[fact])))


def _group_of(catalogue: Catalogue, found: Card) -> str:
    is_firms = (found.recipient or "firm_").startswith("firm_")
    if found.status == "needs_decision" and not is_firms:
        return "others_decision"
    if found.status != "eligible":
        return found.status
    if catalogue.scheme(found.slug).kind == "service":
        return "service"
    return "eligible" if is_firms else "others"


def _group(key: str, cards: list[Card], lang: str) -> Group:
    """First what needs fewest answers, then what ends first; else the catalogue's order."""
    ordered = sorted(cards, key=lambda each: (len(each.missing), each.ends or _FAR))
    mark, tone = _GROUPS[key]
    lead = words.say(f"lead.{key}", lang) if f"lead.{key}" in words.WORDS else None
    is_folded = key in _FOLDED or (key == "needs_information" and len(cards) > _MOST_OPEN)
    heading, noun = words.say(f"group.{key}", lang), _NOUNS.get(key, "scheme")
    return Group(key, heading, lead, noun, mark, tone, is_folded, key in _SHORT, tuple(ordered))


def _sentence(kinds: Counter[str], missing: int, is_blank: bool, lang: str) -> str:
    def part(kind: str, key: str, noun: str = "scheme") -> list[str]:
        facts = words.count(lang, missing, "fact")
        return [words.say(key, lang, count=words.count(lang, kinds[kind], noun), facts=facts)] if kinds[kind] else []

    held = [
        *part("eligible", "answer.entitled"),
        *part("others", "answer.others"),
        *part("service", "answer.service", "service"),
    ]
    rest = [
        *part("applies", "answer.applies", "restriction"),
        *part("needs_decision", "answer.decision"),
        *part("others_decision", "answer.others_decision"),
        *part("needs_information", "answer.open"),
    ]
    first = [words.say("answer.blank", lang)] if is_blank else [] if held else [words.say("answer.nothing", lang)]
    separator, end = ("；", "。") if lang == "zh" else ("; ", ".")
    whole = separator.join([*first, *held, *rest]) + end
    return whole[0].upper() + whole[1:]
