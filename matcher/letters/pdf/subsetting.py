"""Cuts a face down to the glyphs of a letter, without the empty places that WeasyPrint leaves for all others."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

# What no PDF reads of a font, most of it for setting text downwards.
_UNREAD = (
    b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GDEF", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ", b"VORG", b"name",
    b"vhea", b"vmtx",
)  # fmt: skip


# In a font's dictionary the lists of its characters and of its outlines are found by offsets, always written with five bytes.
_CHARACTERS, _OUTLINES = re.compile(rb"\x1d(....)\x0f", re.S), re.compile(rb"\x1d(....)\x11", re.S)


def compact(face: Any, glyphs: Collection[int], numbers_are_glyphs: bool) -> bytes:
    """The outlines of these glyphs alone, one after the other; empty where HarfBuzz cannot make it.

    Of a face with 65,535 glyphs the empty places of those left out take 140 kB, of one with 10,000 some 10. It must be one whose
    characters are numbered. Each gets the number of the glyph that it was in the face, by which the PDF finds it.

    :param numbers_are_glyphs: of the face's own numbers, as `fonts.numbers_are_glyphs` has it: then they stay.
    """
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE | harfbuzz_subset.HB_SUBSET_FLAGS_NO_HINTING
    if face.missing:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    _add(dropped, [harfbuzz.hb_tag_from_string(name, -1) for name in _UNREAD])
    made = ffi.gc(harfbuzz_subset.hb_subset_or_fail(face.hb_face, wanted), harfbuzz.hb_face_destroy)
    font = bytes(get_hb_object_data(made) or b"") if made else b""
    bare = _table(font, b"CFF ")
    if bare and not numbers_are_glyphs:
        bare = _renumbered(bare, sorted({0, *glyphs}))
    if not bare:
        return b""
    # A font of this table alone, so that it is still known as one until it is written.
    return (
        b"OTTO"
        + bytes([0, 1])
        + bytes(6)
        + b"CFF "
        + bytes(4)
        + _START.to_bytes(4, "big")
        + len(bare).to_bytes(4, "big")
        + bare
    )


_START = 28  # of the only table


def _renumbered(bare: bytes, numbers: list[int]) -> bytes:
    """The outlines with these numbers for their glyphs, in order: a list of two bytes each goes to the end, and the old one is not
    read any more. Empty where there are other glyphs than these."""
    start = _index_end(bare, bare[2])
    top = bare[start : _index_end(bare, start)]
    listed, drawn = _CHARACTERS.search(top), _OUTLINES.search(top)
    if listed is None or drawn is None:
        return b""
    count = int.from_bytes(drawn[1], "big")
    if int.from_bytes(bare[count : count + 2], "big") != len(numbers):
        return b""
    at = start + listed.start(1)
    own = b"\0" + b"".join(number.to_bytes(2, "big") for number in numbers[1:])
    return bare[:at] + len(bare).to_bytes(4, "big") + bare[at + 4 :] + own


def _index_end(bare: bytes, at: int) -> int:
    """Where an index (CFF, 5) that begins here ends."""
    count, size = int.from_bytes(bare[at : at + 2], "big"), bare[at + 2]
    if not count:
        return at + 2
    last = at + 3 + count * size
    return last + size - 1 + int.from_bytes(bare[last : last + size], "big")


def outlines(font: bytes) -> bytes:
    """The outlines (CFF) of a font that `compact` made, as a PDF takes them by themselves; empty for any other font."""
    return font[_START:] if font[4:6] == bytes([0, 1]) and font[12:16] == b"CFF " else b""


def _table(font: bytes, name: bytes) -> bytes:
    """A table of a font; empty where it has none of this name."""
    listed = range(12, 12 + 16 * int.from_bytes(font[4:6], "big"), 16)
    for at in listed:
        if font[at : at + 4] == name:
            start, length = (int.from_bytes(font[at + n : at + n + 4], "big") for n in (8, 12))
            return font[start : start + length]
    return b""


def _add(found: Any, numbers: Collection[int]) -> None:
    harfbuzz.hb_set_add_sorted_array(found, ffi.new(f"hb_codepoint_t[{len(numbers)}]", sorted(numbers)), len(numbers))
