"""Prepares all decisions for the page: grouped in the order of use, with the whole answer in a sentence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matcher.engine import DecisionRecord
from matcher.engine.ask import ALL_ASKED, Unasked
from matcher.text import STATUS, figures, sentences, site_labels

from .cards import Card, Missing, card
from .catalogue import Catalogue
from .timeline import Overview, overview

# ---------------------------------------------------------------------------------------------------------------------
# Says all decisions together in a sentence: what the firm has, what is still to be decided, open or to be obeyed.
# ---------------------------------------------------------------------------------------------------------------------


def held(kinds: Counter[str], is_blank: bool, lang: str) -> list[str]:
    """What the firm has, in clauses; that there is nothing, where there is nothing."""
    keys = (("eligible", "entitled", "scheme"), ("others", "others", "scheme"), ("service", "service", "service"))
    found = [clause(site_labels.ANSWER[key], kinds[kind], noun, lang) for kind, key, noun in keys if kinds[kind]]
    if is_blank:
        return [sentences.say("还没有填写情况", lang), *found]
    return found or [sentences.say("按目前填写的情况，还没有找到可以享受的政策", lang)]


def rest(kinds: Counter[str], missing: int, lang: str) -> list[str]:
    """What is still to be decided, within reach, open, or to be obeyed, in clauses."""
    keys = (("needs_decision", "decision"), ("others_decision", "others_decision"), ("almost", "almost"))
    found = [clause(site_labels.ANSWER[key], kinds[kind], "scheme", lang) for kind, key in keys if kinds[kind]]
    if kinds["needs_information"]:
        facts = sentences.count(lang, missing, "fact")
        found.append(
            clause(
                sentences.Sentence("{count}还要再知道{facts}"), kinds["needs_information"], "scheme", lang, facts=facts
            )
        )
    last = (("applies", "restriction"), ("listed", "scheme"))
    return found + [clause(site_labels.ANSWER[kind], kinds[kind], noun, lang) for kind, noun in last if kinds[kind]]


def clause(sentence: str, number: int, noun: str, lang: str, **more: str) -> str:
    """A sentence with a number and what is counted."""
    return sentences.say(sentence, lang, count=sentences.count(lang, number, noun), **more)


def sentence(clauses: list[str], lang: str) -> str:
    """The clauses as one sentence; empty where there are none."""
    separator, end = ("；", "。") if lang == "zh" else ("; ", ".")
    whole = separator.join(clauses) + (end if clauses else "")
    return whole[:1].upper() + whole[1:]


# ---------------------------------------------------------------------------------------------------------------------
# Prepares all decisions for the page: grouped in the order of use, with the whole answer in one sentence first.
# ---------------------------------------------------------------------------------------------------------------------


# Group → its mark and colour; the order is the order on the page.
_GROUPS = {
    "eligible": ("●", "held"),
    "needs_decision": ("◐", "department"),
    "almost": ("◇", "almost"),
    "needs_information": ("◔", "open"),
    "service": ("●", "held"),
    "others": ("●", "held"),
    "others_decision": ("◐", "department"),
    "applies": ("▲", "bound"),
    "listed": ("◐", "department"),
    "far": ("◇", "away"),
    "unasked": ("◔", "away"),
    "not_eligible": ("○", "away"),
    "does_not_apply": ("○", "away"),
    "not_open": ("·", "away"),
    "unconfirmed": ("?", "open"),
}

_FOLDED = ("listed", "far", "unasked", "not_eligible", "does_not_apply", "not_open", "unconfirmed")

# These cards say at a glance only what matters; everything else is folded.
_SHORT = ("service", "needs_decision", "others_decision", "almost", "needs_information", *_FOLDED)

# So many open schemes mean that hardly anything was stated: then the next questions matter, not the list.
_MOST_OPEN = 20

# These stand as rows, a name and a line each, everything else folded.
_ROWS = ("service", "needs_decision", "almost", "needs_information", "listed", "far", "unasked", "not_eligible")

# Their cards go on paper with all there is to check them by; of the others a line is enough.
_IN_FULL_ON_PAPER = ("eligible", "needs_decision", "service", "others", "others_decision", "applies")

# No plot shows what must first be chosen by a department, is out of reach, or is hardly ever met.
_NOT_DRAWN = ("listed", "far", "unasked")

_NOUNS = {"service": "service", "applies": "restriction", "does_not_apply": "restriction"}

_FAR = date.max


@dataclass(frozen=True)
class Wait:
    """Open schemes that wait for the same fact; `said` tells how many of them its answer settles."""

    fact: Missing
    said: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Group:
    """Cards of one kind of answer; `tone` picks the colour, `mark` the shape that says the same without colour.

    `lead` says once what holds for all its cards; `noun` is what is counted in it. `waits` are the same cards by what
    they wait for, where they are open.
    """

    key: str
    heading: str
    lead: str | None
    noun: str
    mark: str
    tone: str
    is_folded: bool
    is_short: bool
    is_rows: bool
    is_full_on_paper: bool
    cards: tuple[Card, ...]
    waits: tuple[Wait, ...]


@dataclass(frozen=True)
class Results:
    """The answer in a sentence with the money, the rest in another, what it rests on, and the groups that are not empty.

    `missing` are the open facts, first those that the most open schemes wait for.
    """

    sentence: str
    money: str
    rest: str
    basis: str
    day: str
    groups: tuple[Group, ...]
    missing: tuple[str, ...]
    plots: Overview


def results(
    catalogue: Catalogue,
    stated: Sequence[DecisionRecord],
    as_of: date,
    is_blank: bool,
    lang: str,
    money: str = "",
    unreckoned: Mapping[str, Sequence[str]] | None = None,
    district: str | None = None,
    unasked: Unasked = ALL_ASKED,
) -> Results:
    """What the page says about these decisions, each as its JSON. `is_blank`: the firm has not stated anything.

    `money` is the range of the total in a clause, said with the answer; `unreckoned` are the answers that would give a sum,
    for the schemes without one; `district` is the one the firm told, whose offices are named. `unasked` is what hardly any such
    firm has: what waits for that alone stands apart, with the reason, and is not among the questions.
    """
    waits = unreckoned or {}
    stated = [{**one, "missing": list(unasked.to_ask(one["missing"]))} for one in stated]
    cards = [
        card(catalogue, one, as_of, lang, waits.get(one["scheme"], ()), district, unasked.schemes) for one in stated
    ]
    kinds = [_group_of(catalogue, each) for each in cards]
    # Of several items a scheme counts once in each kind.
    once = {(kind, one.slug if one.item else at) for at, (kind, one) in enumerate(zip(kinds, cards, strict=True))}
    counted = Counter(kind for kind, _ in once)
    missing = _most_awaited_first([one for one, kind in zip(stated, kinds, strict=True) if kind != "unasked"])
    drawn = [one for one, kind in zip(stated, kinds, strict=True) if kind not in _NOT_DRAWN]
    sorted_out = {key: [c for c, kind in zip(cards, kinds, strict=True) if kind == key] for key in _GROUPS}
    return Results(
        sentence=sentence(held(counted, is_blank, lang), lang),
        rest=sentence(rest(counted, len(missing), lang), lang),
        money="" if is_blank or not money else sentences.say("{money}。", lang, money=money[0].upper() + money[1:]),
        basis=sentences.say("按{day}的规定、照所填情况核对", lang, day=figures.day(as_of, lang)),
        day=figures.day(as_of, lang),
        groups=tuple(_group(key, found, missing, lang) for key, found in sorted_out.items() if found),
        missing=missing,
        plots=overview(catalogue, drawn, as_of, lang),
    )


def _most_awaited_first(stated: Sequence[DecisionRecord]) -> tuple[str, ...]:
    """The open facts by how many open schemes wait for them; among equals first what settles one alone."""
    awaited: Counter[str] = Counter()
    settling: Counter[str] = Counter()
    for decision in stated:
        missing = decision["missing"]
        awaited.update(missing)
        settling.update(missing if len(missing) == 1 else ())
    return tuple(sorted(awaited, key=lambda fact: (-awaited[fact], -settling[fact])))


def _group_of(catalogue: Catalogue, found: Card) -> str:
    is_firms = (found.recipient or "firm_").startswith("firm_")
    if found.status == "needs_decision" and not is_firms:
        return "others_decision"
    if found.status == "needs_decision" and not found.is_carried:
        return "listed"
    if found.status == "not_eligible" and (found.near_misses or found.far_misses):
        return "almost" if found.near_misses else "far"
    if found.is_unasked:
        return "unasked"
    if found.status != "eligible":
        return found.status
    if catalogue.scheme(found.slug).kind == "service":
        return "service"
    return "eligible" if is_firms else "others"


def _group(key: str, cards: list[Card], missing: Sequence[str], lang: str) -> Group:
    """First what needs fewest answers, then what ends first, and of what is not confirmed what it gave; else the catalogue's order."""
    ordered = sorted(cards, key=lambda each: (len(each.missing), each.ends or _FAR, not each.last_gave))
    mark, tone = _GROUPS[key]
    lead = sentences.say(site_labels.RESULT_LEAD[key], lang) if key in site_labels.RESULT_LEAD else None
    is_folded = key in _FOLDED or (key == "needs_information" and len(cards) > _MOST_OPEN)
    noun, words = _NOUNS.get(key, "scheme"), next((words for name, words in STATUS.items() if name == key), None)
    heading = sentences.say(site_labels.RESULT_GROUP[key], lang) if words is None else words.heading.get(lang)
    waits = _waits(ordered, missing, lang) if key == "needs_information" and all(one.missing for one in ordered) else ()
    how = (is_folded, key in _SHORT, key in _ROWS, key in _IN_FULL_ON_PAPER)
    return Group(key, heading, lead, noun, mark, tone, *how, tuple(ordered), tuple(waits))


def _waits(cards: list[Card], missing: Sequence[str], lang: str) -> list[Wait]:
    """Each open scheme once, under the fact of its own that the most open schemes wait for."""
    rank = {fact: place for place, fact in enumerate(missing)}
    by_fact: dict[str, list[Card]] = {}
    facts: dict[str, Missing] = {}
    for one in cards:
        first = min(one.missing, key=lambda each: rank[each.fact])
        facts[first.fact] = first
        by_fact.setdefault(first.fact, []).append(one)
    return [
        Wait(facts[fact], _wait(by_fact[fact], lang), tuple(by_fact[fact]))
        for fact in sorted(by_fact, key=rank.__getitem__)
    ]


def _wait(cards: list[Card], lang: str) -> str:
    """How many of these schemes one answer settles, and how many it only brings nearer."""
    alone = sum(len(one.missing) == 1 for one in cards)
    counted = (
        (sentences.Sentence("答了就能定{count}"), alone),
        (sentences.Sentence("{count}答了还差别的答案"), len(cards) - alone),
    )
    return sentence([clause(key, number, "scheme", lang) for key, number in counted if number], lang)
