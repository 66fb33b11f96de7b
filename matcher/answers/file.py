"""Writes answers into a file that `matcher check` reads too, and reads them back from a file of any vocabulary."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args

from matcher.firms import (
    LONGEST_TEXT,
    MOST_ENTRIES,
    Envelope,
    Fault,
    open_envelope,
    read_document,
    read_facts,
    read_items,
    refuse,
    shown,
    too_many,
)
from matcher.rulebook import Fact, Rulebook

from .answers import Answers, BandTold, GateTold, OtherItem, Plain
from .wire import refit, vocabulary_of

_MADE_WITH = "天津惠企政策自查 / Tianjin enterprise support: self-check"


_WHOLE = re.compile(r"-?\d{1,17}", re.ASCII)

_BAND = ("low", "high", "low_open", "high_open")


@dataclass(frozen=True)
class Found:
    """What a file holds: the answers that today's vocabulary knows (the rest `aside`), and why it does not know the rest.

    `strange` are the faults of facts, `faults` those of the file around them; `labels` name facts as the file does.
    """

    answers: Answers
    strange: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def write(rulebook: Rulebook, answers: Answers) -> bytes:
    """The answers as a JSON file, for people too: every fact stands in it with its label."""
    told = sorted(answers.answered & rulebook.facts.keys())
    labels = {fact: f"{rulebook.facts[fact].label.zh} / {rulebook.facts[fact].label.en}" for fact in told}
    stated: dict[str, object] = {
        "made_with": _MADE_WITH,
        "vocabulary": answers.vocabulary or vocabulary_of(rulebook),
        "as_of": answers.as_of,
        "schemes": list(answers.schemes) or None,
        "facts": dict(answers.facts),
        "bands": {fact: dict(zip(_BAND, band, strict=True)) for fact, band in answers.bands.items()},
        "unsure": sorted(answers.unsure),
        "gates": dict(answers.gates),
        "ticked": sorted(answers.ticked),
        "aside": dict(answers.aside),
        "told_at": dict(answers.told_at),
        "items": _items(rulebook, answers),
        "items_complete": dict.fromkeys(sorted(answers.complete), True),
        "labels": labels,
    }
    if answers.listed:  # the first of several stands among them, as any profile has it
        kinds = set(answers.listed)
        of = {fact: set(rulebook.facts[fact].of) for fact in answers.facts if fact in rulebook.facts}
        flat = (fact for fact in answers.facts if not of.get(fact) or not of[fact] <= kinds)
        stated["facts"] = {fact: answers.facts[fact] for fact in flat}
    kept = {key: value for key, value in stated.items() if value or key == "facts"}
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode()


def _items(rulebook: Rulebook, answers: Answers) -> dict[str, list[dict[str, object]]]:
    """The items of the kinds that are told one by one, as a profile has them, the first among them."""
    found: dict[str, list[dict[str, object]]] = {}
    for kind in answers.listed:
        own = {f: value for f, value in answers.facts.items() if f in rulebook.facts and kind in rulebook.facts[f].of}
        first = OtherItem(kind, f"{kind}-1", answers.names.get(kind, ""), own, answers.owners.get(kind, ""))
        found[kind] = [_written(one) for one in (first, *answers.others_of(kind))]
    return found


def _written(one: OtherItem) -> dict[str, object]:
    told = {"name": one.name, "for": one.owner}
    return {"id": one.id, **{key: value for key, value in told.items() if value}, "facts": dict(one.facts)}


def _several(rulebook: Rulebook, envelope: Envelope, answers: Answers) -> tuple[Answers, list[Fault]]:
    """The answers with the items of the file, the first of each kind among the facts, and what is wrong with the items; then none
    is taken."""
    firm, _ = read_facts(rulebook, envelope.facts)
    found = read_items(rulebook, envelope.items, envelope.items_complete, firm, envelope.line_of)
    if found.faults:
        return answers, found.faults
    answers = replace(answers, complete=frozenset(found.items.complete))
    if not isinstance(envelope.items, dict):
        return answers, []
    kinds = tuple(dict.fromkeys(one.kind for one in found.items.all))
    firsts = {found.items.of(kind)[0].id: f"{kind}-1" for kind in kinds}
    told, others = dict(answers.facts), list[OtherItem]()
    names, owners = dict[str, str](), dict[str, str]()
    for kind in kinds:
        several = zip(found.items.of(kind), envelope.items.get(kind, ()), strict=False)
        for place, (item, written) in enumerate(several):
            own = {f: _typed(rulebook.facts.get(f), value) for f, value in _facts(written.get("facts")).items()}
            owner = firsts.get(item.owner or "", item.owner or "")
            if place:
                others.append(OtherItem(kind, item.id, item.name or "", own, owner))
            else:
                told |= own
                names |= {kind: item.name} if item.name else {}
                owners |= {kind: owner} if owner else {}
    return replace(answers, facts=told, others=tuple(others), names=names, owners=owners), []


def read(rulebook: Rulebook, data: bytes, now: int) -> Found:
    """The answers in a file: one of ours, or any profile in JSON or YAML.

    :param now: seconds since 1970; nothing is taken to have been told later.
    :raises Unreadable: (of matcher.firms.faults) with the reason, if it is no profile at all.
    """
    document = read_document(data, "")
    envelope = open_envelope(rulebook, document)
    raw = document.data
    if not isinstance(raw, dict):
        raise refuse(None, envelope.faults[0].text.zh, envelope.faults[0].text.en)
    beside: Mapping[str, object] = raw if raw.keys() & {"facts", "items"} else {}
    for told_of_firm in (beside.get("facts", {} if beside else raw), beside.get("aside")):
        if isinstance(told_of_firm, Mapping) and len(told_of_firm) > MOST_ENTRIES:
            text = too_many(len(told_of_firm))
            raise refuse(None, text.zh, text.en)
    told = {**_facts(beside.get("aside")), **_facts(envelope.facts)}
    with_items, item_faults = _several(rulebook, envelope, Answers(facts=told))
    facts = {name: _typed(rulebook.facts.get(name), value) for name, value in with_items.facts.items()}
    answers = replace(
        with_items,
        facts=facts,
        bands=_bands(beside.get("bands"), facts),
        unsure=frozenset(_texts(beside.get("unsure"))) - facts.keys(),
        as_of=envelope.as_of.isoformat() if envelope.as_of else None,
        schemes=envelope.schemes or (),
        ticked=frozenset(_texts(beside.get("ticked"))),
        told_at=_times(beside.get("told_at"), now),
        gates=_gates(rulebook, beside.get("gates")),
    )
    fitted, strange = refit(rulebook, answers, vocabulary_of(rulebook))
    times = {fact: at for fact, at in fitted.told_at.items() if fact in fitted.answered | fitted.gates.keys()}
    faults = (*document.faults, *envelope.faults, *item_faults)
    return Found(replace(fitted, told_at=times), strange, faults, _labels(beside.get("labels")))


def _facts(told: object) -> dict[str, Plain]:
    if not isinstance(told, Mapping):
        return {}
    return {str(name)[:LONGEST_TEXT]: _plain(value) for name, value in told.items() if value is not None}


def _plain(value: object) -> Plain:
    if isinstance(value, bool | int):
        return value if abs(value) < 10**18 else shown(value)
    return str(value)[: LONGEST_TEXT + 1] if isinstance(value, str) else shown(value)


def _typed(fact: Fact | None, value: Plain) -> Plain:
    """The value as the pages keep it: whole numbers as such where the fact is one, other figures as decimal text."""
    if fact is None or isinstance(value, bool):
        return value
    if fact.type == "integer" and _WHOLE.fullmatch(str(value)):
        return int(value)
    return str(value) if fact.type in ("money", "number", "rate") else value


def _bands(told: object, facts: Mapping[str, Plain]) -> dict[str, BandTold]:
    entries = list(told.items())[:MOST_ENTRIES] if isinstance(told, Mapping) else []
    return {str(fact): _band(band) for fact, band in entries if isinstance(band, Mapping) and fact not in facts}


def _gates(rulebook: Rulebook, told: object) -> dict[str, GateTold]:
    """The gate questions answered, of those that are still asked."""
    entries = told if isinstance(told, Mapping) else {}
    return {gate: entries[gate] for gate in rulebook.gates if entries.get(gate) in get_args(GateTold)}


def _band(told: Mapping[object, object]) -> BandTold:
    low, high = (None if told.get(end) is None else str(_plain(told[end])) for end in _BAND[:2])
    return low, high, told.get("low_open") is True, told.get("high_open") is True


def _texts(told: object) -> list[str]:
    every = told[:MOST_ENTRIES] if isinstance(told, list) else []
    return [str(text) for text in every if isinstance(text, str) and len(text) <= LONGEST_TEXT]


def _times(told: object, now: int) -> dict[str, int]:
    every = list(told.items())[:MOST_ENTRIES] if isinstance(told, Mapping) else []
    return {str(fact): min(int(at), now) for fact, at in every if str(at).isdecimal() and len(str(at)) < 12}


def _labels(told: object) -> dict[str, str]:
    every = list(told.items())[:MOST_ENTRIES] if isinstance(told, Mapping) else []
    return {str(fact): label[:LONGEST_TEXT] for fact, label in every if isinstance(label, str)}
