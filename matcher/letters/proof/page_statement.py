"""Writes a statement of version 3, which says all of a letter's first page, and reads it back.

The lines of the page stand in one string of bytes, each in as few as it needs: three bytes for the scheme, two for status, kind of
sum, recipient, group and note, then the sum, and the days until its last day. Whole numbers stand there seven bits a byte, the
lowest first.

A scheme is named by the first bytes of the hash of its slug: a slug takes five times as many. Which slugs there are, whoever reads
knows from the rules; of a scheme that it does not know it says so. Where a firm has several loans, projects …, their names stand behind
it all, one for each line, cut where the code has no room.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

from matcher.letters.compose import GROUPS, NOTES
from matcher.rulebook import RECIPIENTS, Status

from .statement import AMOUNTS, KINDS, STATUSES, Page, PageStated, Statement

PREFIX_3 = "TJ3:"

# As base45, but without the blank and the per cent sign: the text stands behind the # of an address, and is read by phones.
ALPHABET_43 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-./:"

_BASE, _PAIR = 43, 3

MARK_BYTES = 3

MOST_CHARACTERS = 600  # of a code of version 19 at level Q, which the first page prints with modules of 0.4 mm

_SEGMENTS = 8  # characters that the change of mode at the # takes, twice

_HOST = re.compile(r"[A-Za-z0-9.-]{1,60}(:\d{1,5})?")

_NAMES = "gb18030"

_FIRST_DAY = date(2020, 1, 1)

_BITS, _MORE = 7, 0x80


def mark_of(slug: str) -> bytes:
    """The bytes by which a statement names a scheme."""
    return hashlib.sha256(b"scheme\0" + slug.encode()).digest()[:MARK_BYTES]


_KNOWN: dict[bytes, str] = {}  # of the rulebooks that were met


def know(slugs: Iterable[str]) -> None:
    """Learn which schemes there are, so that their names can be told when a statement is read."""
    _KNOWN.update((mark_of(slug), slug) for slug in slugs)


def slug_of(mark: bytes) -> str:
    """The scheme that these bytes name; the bytes themselves, as hexadecimal digits, where none is known."""
    return _KNOWN.get(mark, mark.hex())


# ---------------------------------------------------------------------------------------------------------------------
# The characters, and the address in front of them.
# ---------------------------------------------------------------------------------------------------------------------


def encode_43(data: bytes) -> str:
    """Two bytes as three characters, a last single byte as two."""
    signs = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, _BASE)
            signs.append(ALPHABET_43[digit])
    return "".join(signs)


def decode_43(text: str) -> bytes:
    """The bytes that ``text`` stands for. Raises ValueError for what `encode_43` never writes."""
    if len(text) % _PAIR == 1:
        raise ValueError("one character is left over")
    found = bytearray()
    for at in range(0, len(text), _PAIR):
        signs = text[at : at + _PAIR]
        number = 0
        for sign in reversed(signs):
            number = number * _BASE + ALPHABET_43.index(sign)
        found += number.to_bytes(len(signs) - 1, "big")  # an OverflowError is no text of ours either
    return bytes(found)


def address(site: str | None) -> str:
    """What stands in front of the statement in a letter's code, so that a phone opens it: `HTTPS://HOST/V#`.

    Empty without a site, and for one whose address has a path or other letters than a code packs well.
    """
    return f"HTTPS://{site.upper()}/V#" if site and _HOST.fullmatch(site) else ""


def bare(text: str) -> str:
    """The statement in what a phone read, without the address in front of it and with what its browser escaped."""
    told = text.strip("\r\n\t ") if text[:4].upper() == "HTTP" else text
    return unquote(told.partition("#")[2]) if told[:4].upper() == "HTTP" else told


def most_bytes(site: str | None) -> int:
    """As many bytes as a code holds behind the address, the signature included."""
    head = address(site)
    left = MOST_CHARACTERS - len(PREFIX_3) - (len(head) + _SEGMENTS if head else 0)
    return left // _PAIR * 2


# ---------------------------------------------------------------------------------------------------------------------
# The row of CBOR and the bytes of the lines.
# ---------------------------------------------------------------------------------------------------------------------


def row_of(statement: Statement, packed_code: Callable[[str], bytes | str]) -> list[Any]:
    """What follows version and key in a statement of version 3."""
    page, until, as_of = statement.matter, statement.valid_until, statement.as_of
    assert isinstance(page, Page)
    assert as_of is not None
    named = [one.item or "" for one in page.lines]
    return [
        statement.number.encode(_NAMES),
        KINDS.index(statement.kind or KINDS[0]),
        None if statement.name is None else statement.name.encode(_NAMES),
        None if statement.credit_code is None else packed_code(statement.credit_code),
        (statement.written_on - _FIRST_DAY).days,
        None if until is None else (until - statement.written_on).days,
        (statement.written_on - as_of).days,
        None if page.numbers is None else list(page.numbers),
        b"".join(_line(one, as_of) for one in page.lines),
        b"".join(_varint(one) for one in (page.more, page.free, *page.counts)),
        statement.evidence,
        *(["\n".join(named).encode(_NAMES)] if any(named) else ()),
    ]


def read_row(row: list[Any], unpacked_code: Callable[[bytes | str], str]) -> Statement:
    """The statement of version 3 in this row. Raises an error of any kind where there is none."""
    number, kind, name, code, written_on, term, back, numbers, lines, counted, evidence, *named = row
    day = _FIRST_DAY + timedelta(days=written_on)
    as_of = day - timedelta(days=back)
    more, free, *counts = _varints(counted)
    if len(counts) != len(STATUSES) or (numbers is not None and len(numbers) != 3):
        raise ValueError("a part of the statement is missing")
    return Statement(
        number=number.decode(_NAMES),
        credit_code=None if code is None else unpacked_code(code),
        written_on=day,
        valid_until=None if term is None else day + timedelta(days=term),
        matter=Page(
            tuple(_with_items(_lines(lines, as_of), *named)),
            None if numbers is None else tuple(numbers),
            more,
            free,
            tuple(counts),
        ),
        evidence=evidence,
        kind=KINDS[kind],
        name=None if name is None else name.decode(_NAMES),
        version=3,
        as_of=as_of,
    )


def _with_items(lines: Iterable[PageStated], named: bytes = b"") -> Iterator[PageStated]:
    """The lines with the items that they are about; of a letter without items there are no names."""
    if not named:
        yield from lines
        return
    for one, name in zip(lines, named.decode(_NAMES).split("\n"), strict=True):
        yield replace(one, item=name or None)


def _line(one: PageStated, as_of: date) -> bytes:
    recipient = 0 if one.recipient is None else RECIPIENTS.index(one.recipient) + 1
    code = STATUSES.index(one.status) << 5 | AMOUNTS.index(one.amount) << 3 | recipient
    place = GROUPS.index(one.group) << 5 | NOTES.index(one.note)
    sums = [] if one.amount == "none" else [one.fen or 0]
    closes = 0 if one.closes is None else (one.closes - as_of).days + 1
    return one.mark + bytes([code, place]) + b"".join(_varint(number) for number in (*sums, closes))


def _lines(data: bytes, as_of: date) -> Iterator[PageStated]:
    at = 0
    while at < len(data):
        mark, code, place = data[at : at + MARK_BYTES], data[at + MARK_BYTES], data[at + MARK_BYTES + 1]
        amount, recipient = AMOUNTS[code >> 3 & 3], code & 7
        at += MARK_BYTES + 2
        fen = None
        if amount != "none":
            fen, at = _next(data, at)
        closes, at = _next(data, at)
        yield PageStated(
            mark=mark,
            group=GROUPS[place >> 5],
            status=STATUSES[code >> 5],
            recipient=RECIPIENTS[recipient - 1] if recipient else None,
            amount=amount,
            fen=fen,
            closes=as_of + timedelta(days=closes - 1) if closes else None,
            note=NOTES[place & 31],
        )


def _varint(number: int) -> bytes:
    found = bytearray()
    while True:
        number, low = number >> _BITS, number & (_MORE - 1)
        found.append(low | (_MORE if number else 0))
        if not number:
            return bytes(found)


def _next(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & (_MORE - 1)) << shift
        at, shift = at + 1, shift + _BITS
        if not byte & _MORE:
            return number, at


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        number, at = _next(data, at)
        yield number


def status_counts(counts: Mapping[Status, int]) -> tuple[int, ...]:
    """The tally by status, in the order of `STATUSES`."""
    return tuple(counts.get(one, 0) for one in STATUSES)
