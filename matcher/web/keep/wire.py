"""Packs answers into few bytes and reads them back: columns of one JSON text, since like beside like packs best."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from matcher.web.keep.answers import Answers

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
    )


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
