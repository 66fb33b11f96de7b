"""Packs answers into few bytes and reads them back, fitted to the vocabulary of today."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from matcher.firms import Fault, read_facts
from matcher.rulebook import Rulebook

from .answers import Answers, BandTold, OtherItem, Plain

# ---------------------------------------------------------------------------------------------------------------------
# Fits answers to the vocabulary of today: what it no longer knows is set aside, what it knows again comes back.
# ---------------------------------------------------------------------------------------------------------------------


_FACTS_HELD = 4


def vocabulary_of(rulebook: Rulebook) -> str:
    """A name for what a firm can be asked: 12 hex digits that change with any fact, type, choice or bound."""
    return _named(tuple((f.id, f.type, *f.values, f.min, f.max) for f in rulebook.facts.values()))


@lru_cache(maxsize=_FACTS_HELD)
def _named(vocabulary: tuple[tuple[object, ...], ...]) -> str:
    return hashlib.sha256(json.dumps(vocabulary, default=str).encode()).hexdigest()[:12]


def fitted(rulebook: Rulebook, answers: Answers) -> Answers:
    """The answers under the vocabulary of today. Nothing is lost: what does not fit stands in `aside`."""
    today = vocabulary_of(rulebook)
    return answers if answers.vocabulary == today else refit(rulebook, answers, today)[0]


def refit(rulebook: Rulebook, answers: Answers, vocabulary: str) -> tuple[Answers, tuple[Fault, ...]]:
    """The same whatever vocabulary they were told under, with every reason why something was set aside."""
    told = {**answers.aside, **answers.facts}
    facts, faults = read_facts(rulebook, told)
    band_faults = {fact: _band_faults(rulebook, fact, band) for fact, band in answers.bands.items()}
    dropped = [fact for fact, found in band_faults.items() if found]
    stray = [fact for fact in answers.unsure if fact not in rulebook.facts]
    result = answers.without(*(set(answers.facts) - set(facts)), *dropped, *stray)
    for fact in facts:
        if fact not in result.answered:
            result = result.with_answer(fact, told[fact], answers.told_at.get(fact, 0))
    aside: dict[str, Plain] = {fact: value for fact, value in told.items() if fact not in facts}
    aside |= {fact: _spelled(answers.bands[fact]) for fact in dropped}
    known = tuple(slug for slug in answers.schemes if slug in rulebook.schemes)
    return replace(result, aside=aside, schemes=known, vocabulary=vocabulary), (
        *faults,
        *(band_faults[fact][0] for fact in dropped),
    )


def _band_faults(rulebook: Rulebook, fact: str, band: BandTold) -> list[Fault]:
    """Why a fact cannot be told as this band; empty if it can."""
    ends: list[str | None] = [end for end in band[:2] if end is not None] or [None]
    faults = [fault for end in ends for fault in read_facts(rulebook, {fact: end})[1]]
    return [replace(fault, value=_spelled(band)) for fault in faults]


def _spelled(band: BandTold) -> str:
    low, high, *_ = band
    return f"{low or ''} … {high or ''}".strip()


# ---------------------------------------------------------------------------------------------------------------------
# Packs answers into few bytes and reads them back: columns of one JSON text, since like beside like packs best.
# ---------------------------------------------------------------------------------------------------------------------


_VERSION = 1

# What unpacks to more was not packed here, or is no firm's answers.
_MOST_BYTES = 1_000_000


def pack(answers: Answers) -> bytes:
    """The answers as compressed bytes."""
    order = [*answers.facts, *answers.bands, *sorted(answers.unsure), *answers.gates]
    columns = [
        _VERSION,
        " ".join(order),
        list(answers.facts.values()),
        list(answers.bands.values()),
        _times(order, answers.told_at),
        answers.as_of,
        answers.schemes,
        sorted(answers.ticked),
        answers.vocabulary,
        answers.aside,
        list(answers.gates.values()),
    ]
    belongs = bool(answers.owners or answers.complete)
    if answers.others or answers.names or belongs:
        columns.append([[*_bare(one), *([one.owner] if one.owner else [])] for one in answers.others])
    if answers.names or belongs:
        columns.append(answers.names)
    if belongs:
        columns += [answers.owners, sorted(answers.complete)]
    return zlib.compress(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def unpack(packed: bytes) -> Answers:
    """The answers that :func:`pack` packed. Raises ValueError for anything else, and for a later version's."""
    unpacking = zlib.decompressobj()
    try:
        columns = json.loads(unpacking.decompress(packed, _MOST_BYTES))
        version, order, facts, bands, times, as_of, schemes, ticked, vocabulary, aside, *more = columns
    except (zlib.error, UnicodeDecodeError, ValueError, TypeError) as error:
        raise ValueError(f"these are no packed answers: {type(error).__name__}") from None
    if version != _VERSION:
        raise ValueError(f"answers of form {version} are not known here")
    ids = order.split()
    gates = more[0] if more else []  # answers kept before there were gate questions have none
    banded, asked = len(facts) + len(bands), len(ids) - len(gates)
    return Answers(
        facts=dict(zip(ids, facts, strict=False)),
        bands={fact: _band(band) for fact, band in zip(ids[len(facts) : banded], bands, strict=True)},
        unsure=frozenset(ids[banded:asked]),
        as_of=as_of,
        schemes=tuple(schemes),
        ticked=frozenset(ticked),
        told_at=_told_at(ids, times),
        vocabulary=vocabulary,
        aside=aside,
        gates=dict(zip(ids[asked:], gates, strict=True)),
        others=tuple(OtherItem(*one) for one in (more[1] if len(more) > 1 else ())),
        names=more[2] if len(more) > 2 else {},
        owners=more[3] if len(more) > 3 else {},
        complete=frozenset(more[4] if len(more) > 4 else ()),
    )


def _bare(one: OtherItem) -> tuple[str, str, str, Mapping[str, Plain]]:
    return one.kind, one.id, one.name, one.facts


def _band(stated: list[Any]) -> tuple[str | None, str | None, bool, bool]:
    low, high, low_open, high_open = stated
    return low, high, low_open, high_open


def _times(order: list[str], told_at: Mapping[str, int]) -> list[int | None]:
    """The oldest time, then each fact's seconds after it, in the order of the facts; None where it is not known."""
    oldest = min((told_at[fact] for fact in order if fact in told_at), default=0)
    return [oldest, *(told_at[fact] - oldest if fact in told_at else None for fact in order)]


def _told_at(ids: Iterable[str], times: list[int | None]) -> dict[str, int]:
    oldest, *after = times
    return {fact: (oldest or 0) + seconds for fact, seconds in zip(ids, after, strict=True) if seconds is not None}
