"""Edits the bytes of a letter's file itself: here and there, in the gap, the ranges, the tables, at its ends."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from .changes import figure
from .pieces import Genuine, literal

Edit = tuple[str, bytes]


def edits(genuine: Genuine, rng: random.Random) -> Iterator[Edit]:
    """Every edit by name, some of them at random places."""
    yield from _flips(genuine, rng)
    yield from _gaps(genuine)
    yield from _ranges(genuine)
    yield from _tables(genuine)
    yield from _ends(genuine, rng)
    yield from _revisions(genuine)


def _flips(genuine: Genuine, rng: random.Random) -> Iterator[Edit]:
    for _ in range(40):
        pdf, at = bytearray(genuine.pdf), rng.randrange(len(genuine.pdf))
        pdf[at] ^= 1 << rng.randrange(8)
        yield f"bit of byte {at}", bytes(pdf)


def _gaps(genuine: Genuine) -> Iterator[Edit]:
    size = len(genuine.pdf) - len(genuine.signed)
    cms, room = genuine.cms, (size - 2) // 2
    digits = cms.hex().upper().encode()
    zeros = b"0" * (size - 2 - len(digits))
    page = b"7 0 obj\n<< /Type /Page /Rotate 180 >>\nendobj\n"
    string = literal(cms + bytes(8))
    gaps = {
        "small letters": b"<" + digits.lower() + zeros + b">",
        "mixed letters": b"<" + digits[:99] + digits[99:].lower() + zeros + b">",
        "blanks": b"<" + digits + zeros[:-99] + b" " * 99 + b">",
        "line ends": b"<" + digits + b"\n" * len(zeros) + b">",
        "other padding": b"<" + digits + b"1" * len(zeros) + b">",
        "last digit": b"<" + digits + zeros[:-1] + b"1>",
        "zeros first": b"<" + b"00" + digits + zeros[2:] + b">",
        "comment": b"<" + digits + b">%" + b"x" * (len(zeros) - 1),
        "ended early": (b"<" + digits + b"00>\n" + page).ljust(size),
        "ended early and ended again": (b"<" + digits + b"00>\n" + page).ljust(size - 1) + b">",
        "literal": string.ljust(size),
        "literal with a page": (string + b" >>\nendobj\n" + page).ljust(size),
        "literal of all": literal(cms + bytes(room - len(cms)))[: size - 1].ljust(size - 1) + b")",
        "no sign": b"<" + digits[:-2] + b"zz" + zeros + b">",
        "nothing": b"<" + b"0" * (size - 2) + b">",
        "shorter": b"<" + digits + zeros[:-2] + b">",
        "longer": b"<" + digits + zeros + b"00>",
        "two strings": b"<" + digits + zeros[: len(zeros) // 2] + b"><" + zeros[len(zeros) // 2 + 2 :] + b">",
        "other keys": (b"<" + digits + b"00> /Reference [<< /Data 7 0 R >>]").ljust(size),
        "doubled": b"<" + (digits * 9)[: size - 2] + b">",
    }
    for name, gap in gaps.items():
        yield f"gap: {name}", genuine.before + gap + genuine.behind


def _ranges(genuine: Genuine) -> Iterator[Edit]:
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\] *", genuine.pdf)
    assert found is not None
    start, stop, rest = (int(one) for one in found.groups())
    for text in (
        b"[1 %d %d %d]" % (start, stop, rest), b"[0 %d %d %d]" % (start + 1, stop, rest),
        b"[0 %d %d %d]" % (start, stop - 1, rest), b"[0 %d %d %d]" % (start, stop, rest - 1),
        b"[0 %d %d %d]" % (start, stop, rest + 1), b"[0 %d %d %d]" % (start, stop - 1, rest + 1),
        b"[0 %d %d %d]" % (start - 1, stop, rest), b"[0 %d %d %d]" % (stop, stop, rest),
        b"[0 %d %d %d 0 0]" % (start, stop, rest), b"[0 %d]" % len(genuine.pdf),
        b"[0 0 0 %d]" % len(genuine.pdf), b"[0 %d %d -%d]" % (start, stop, rest),
        b"[0 0%d %d %d]" % (start, stop, rest), b"[0 %d.0 %d %d]" % (start, stop, rest),
        b"[0  %d %d %d]" % (start, stop, rest), b"[00 %d %d %d]" % (start, stop, rest), b"7 0 R",
        b"[0 %d %d %d]/X[0]" % (start, stop, rest), b"[0 %d %d %d" % (start, stop, rest),
    ):  # fmt: skip
        yield f"range: {text.decode()}", _put(genuine.pdf, found.start(), found.end(), b"/ByteRange " + text)
    for name in (b"/Byte#52ange", b"/byteRange"):
        yield f"range: {name.decode()}", _put(genuine.pdf, found.start(), found.start() + 10, name)
    twice = found[0].strip() + found[0].strip()
    yield "range: twice", genuine.pdf.replace(found[0], twice)


def _tables(genuine: Genuine) -> Iterator[Edit]:
    pdf = genuine.pdf
    first = pdf.index(b"startxref\n") + 10
    last = pdf.rindex(b"startxref\n") + 10
    for name, at in (("first", first), ("last", last)):
        value = int(pdf[at:].split()[0])
        for other in (value + 1, value - 1, 0, value // 2, len(pdf)):
            stop = at + len(str(value))
            yield f"table: {name} at {other}", pdf[:at] + str(other).encode() + pdf[stop:]
    yield "table: the older one", pdf[:last] + pdf[first:].split()[0] + b"\n%%EOF\n"
    for old, new in (
        (b"/Prev ", b"/Prex "), (b"/Size ", b"/Sizx "), (b"/W [ 1 8 2 ]", b"/W [ 1 8 3 ]"), (b"/Root 2", b"/Root 7"),
        (b"/Index [ 0 1 2 1 ", b"/Index [ 0 1 7 1 "),
    ):  # fmt: skip
        at = pdf.rindex(old)
        yield f"table: {new.decode()}", pdf[:at] + new + pdf[at + len(old) :]


def _ends(genuine: Genuine, rng: random.Random) -> Iterator[Edit]:
    pdf = genuine.pdf
    for count in (1, 2, 7, 100, 5000):
        yield f"{count} bytes cut off", pdf[:-count]
        yield f"{count} bytes cut off in front", pdf[count:]
        yield f"{count} bytes added", pdf + rng.randbytes(count)
        yield f"{count} line ends added", pdf + b"\n" * count
        yield f"{count} bytes in front", rng.randbytes(count) + pdf
    yield "itself behind it", pdf + pdf
    yield "a picture in front", b"\x89PNG\r\n\x1a\n" + pdf
    yield "only as it was before it was signed", pdf[: pdf.index(b"%%EOF\n") + 6]


def _revisions(genuine: Genuine) -> Iterator[Edit]:
    """Another revision of the first page at the end, as an editor adds it, with and without a range that covers it."""
    pdf, drawing = genuine.pdf, figure("91932129", 200, 400)
    found = re.search(
        rb"\n(\d+) 0 obj\n(<<\n/Type /Page\n.*?/Contents )(\d+ 0 R)(.*?/Annots \[ )(.*?)>>\nendobj", pdf, re.DOTALL
    )
    assert found is not None
    number, head, contents, middle, rest = found.groups()
    look = b"/Annots [ << /Type /Annot /Subtype /Stamp /F 4 /Rect [ 0 0 300 60 ] /AP << /N 9999 0 R >> >> "
    for name, page in {
        "figure": head + b"[ %s 9999 0 R ]" % contents + middle + rest,
        "nothing but a figure": head + b"9999 0 R" + middle + rest,
        "turned": head + contents + b" /Rotate 180" + middle + rest,
        "cropped": head + contents + b" /CropBox [ 0 421 595 842 ]" + middle + rest,
        "stamp": head + contents + middle.replace(b"/Annots [ ", look) + rest,
    }.items():
        form = b" /Type /XObject /Subtype /Form /BBox [ 0 0 300 60 ]" if name == "stamp" else b""
        drawn = figure("91932129", 4, 8) if name == "stamp" else drawing
        stream = b"9999 0 obj\n<<%s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (form, len(drawn), drawn)
        added = b"%s 0 obj\n%s>>\nendobj\n" % (number, page)
        places = len(pdf), len(pdf) + len(added)
        table = b"xref\n%s 1\n%010d 00000 n \n9999 1\n%010d 00000 n \n" % (number, *places)
        table += b"trailer\n<< /Size 10000 /Root 2 0 R /Prev %d >>\n" % genuine.table_at
        whole = pdf + added + stream + table + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + len(added + stream))
        yield f"revision: {name}", whole
        ranges = re.search(rb"(/ByteRange \[0 \d+ (\d+) )\d+\] *", whole)
        assert ranges is not None
        text = ranges[1] + b"%d]" % (len(whole) - int(ranges[2]))
        yield f"revision: {name}, covered", _put(whole, ranges.start(), ranges.end(), text)


def _put(pdf: bytes, start: int, stop: int, text: bytes) -> bytes:
    """Text in the place of other text, filled up with blanks where it is shorter."""
    return pdf[:start] + text.ljust(stop - start) + pdf[stop:]
