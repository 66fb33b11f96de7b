"""Cuts a face down to the glyphs of a letter, without the empty places that WeasyPrint leaves for all others."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

# What no PDF reads of a font, most of it for setting text downwards.
_UNREAD = (
    b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GDEF", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ", b"VORG", b"name",
    b"vhea", b"vmtx",
)  # fmt: skip


def compact(face: Any, glyphs: Collection[int]) -> bytes:
    """The font with these glyphs alone, one after the other; empty where HarfBuzz cannot make it.

    Of a face with 65,535 glyphs the empty places of those left out take 140 kB. It must be one whose characters have the numbers
    of their glyphs (`fonts.numbers_are_glyphs`): these numbers stay in the font, and by them the PDF finds the glyphs.
    """
    wanted = ffi.gc(harfbuzz_subset.hb_subset_input_create_or_fail(), harfbuzz_subset.hb_subset_input_destroy)
    _add(harfbuzz_subset.hb_subset_input_glyph_set(wanted), glyphs)
    flags = harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE
    if face.missing:
        flags |= harfbuzz_subset.HB_SUBSET_FLAGS_NOTDEF_OUTLINE
    harfbuzz_subset.hb_subset_input_set_flags(wanted, flags)
    dropped = harfbuzz_subset.hb_subset_input_set(wanted, harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG)
    _add(dropped, [harfbuzz.hb_tag_from_string(name, -1) for name in _UNREAD])
    made = ffi.gc(harfbuzz_subset.hb_subset_or_fail(face.hb_face, wanted), harfbuzz.hb_face_destroy)
    return bytes(get_hb_object_data(made) or b"") if made else b""


def outlines(font: bytes) -> bytes:
    """The outlines (CFF) of a font that `compact` made, as a PDF takes them by themselves; empty for any other font."""
    listed = range(12, 12 + 16 * int.from_bytes(font[4:6], "big"), 16)
    places = {
        font[at : at + 4]: tuple(int.from_bytes(font[at + n : at + n + 4], "big") for n in (8, 12)) for at in listed
    }
    if b"CFF " not in places or b"name" in places:
        return b""
    start, length = places[b"CFF "]
    return font[start : start + length]


def _add(found: Any, numbers: Collection[int]) -> None:
    harfbuzz.hb_set_add_sorted_array(found, ffi.new(f"hb_codepoint_t[{len(numbers)}]", sorted(numbers)), len(numbers))
