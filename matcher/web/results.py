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
    "needs_information": ("◔", "open"),
    "not_eligible": ("○", "away"),
    "does_not_apply": ("○", "away"),
    "not_open": ("·", "away"),
    "unconfirmed": ("?", "open"),
}
_FOLDED = ("not_eligible", "does_not_apply", "not_open", "unconfirmed")
_FAR = date.max


@dataclass(frozen=True)
class Group:
    """Cards of one kind of answer; `tone` picks the colour, `mark` the shape that says the same without colour."""

    key: str
    heading: str
    mark: str
    tone: str
    is_folded: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Results:
    """The answer in a sentence, what it rests on, and the groups that are not empty; `missing` are all open facts."""

    sentence: str
    basis: str
    groups: tuple[Group, ...]
    missing: frozenset[str]


def results(catalogue: Catalogue, stated: Sequence[Json], as_of: date, is_blank: bool, lang: str) -> Results:
    """What the page says about these decisions, each as its JSON. `is_blank`: the firm has not stated anything."""
    cards = [card(catalogue, decision, as_of, lang) for decision in stated]
    kinds = [_group_of(catalogue, each) for each in cards]
    missing = frozenset(fact for decision in stated for fact in decision["missing"] or ())
    sorted_out = {key: [c for c, kind in zip(cards, kinds, strict=True) if kind == key] for key in _GROUPS}
    return Results(
        sentence=_sentence(Counter(kinds), len(missing), is_blank, lang),
        basis=words.say("answer.as_of", lang, day=figures.day(as_of, lang)),
        groups=tuple(_group(key, found, lang) for key, found in sorted_out.items() if found),
        missing=missing,
    )


def _group_of(catalogue: Catalogue, found: Card) -> str:
    if found.status != "eligible":
        return found.status
    if catalogue.scheme(found.slug).kind == "service":
        return "service"
    return "eligible" if (found.recipient or "").startswith("firm_") else "others"


def _group(key: str, cards: list[Card], lang: str) -> Group:
    """First what needs fewest answers, then what ends first; else the catalogue's order."""
    ordered = sorted(cards, key=lambda each: (len(each.missing), each.ends or _FAR))
    mark, tone = _GROUPS[key]
    return Group(key, words.say(f"group.{key}", lang), mark, tone, key in _FOLDED, tuple(ordered))


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
        *part("needs_information", "answer.open"),
    ]
    first = [words.say("answer.blank", lang)] if is_blank else [] if held else [words.say("answer.nothing", lang)]
    separator, end = ("；", "。") if lang == "zh" else ("; ", ".")
    whole = separator.join([*first, *held, *rest]) + end
    return whole[0].upper() + whole[1:]
