"""Keeps the faces between letters and packs what goes into a file once, where WeasyPrint reads and packs all anew."""

from __future__ import annotations

import copy
import zlib
from functools import lru_cache, partial
from typing import Any

from weasyprint.text.fonts import get_hb_object_data

KEPT: dict[Any, Any] = {}  # key of a face in WeasyPrint → the face as it was first read, with nothing of a letter in it
LEVEL = 6  # one step of zlib's nine more or less is 1 % of the file; the last three take three times as long

# Face, glyphs and whether some are missing → the subset. Headings and labels use the same few glyphs in letter after letter.
SUBSETS: dict[tuple[Any, tuple[int, ...], bool], bytes] = {}
SUBSETS_KEPT = 32


class Faces(dict[Any, Any]):
    """The faces of one letter, as WeasyPrint asks for them and fills them in; one met in an earlier letter is there already.

    Reading a face copies the whole font file, seven megabytes of it; which glyphs a letter uses is noted afresh.
    """

    def __contains__(self, key: object) -> bool:
        if not super().__contains__(key) and key in KEPT:
            super().__setitem__(key, _fresh(key))
        return super().__contains__(key)

    def __setitem__(self, key: Any, face: Any) -> None:
        if _plain(face):
            face.file_content = b""
            KEPT[key] = face
            face = _fresh(key)
        super().__setitem__(key, face)


def _plain(face: Any) -> bool:
    """Whether the face is outlines and nothing else: pictures and variable faces are WeasyPrint's own business."""
    return not (face.bitmap or face.png or face.svg or face.colr or "fvar" in face.tables)


def _fresh(key: Any) -> Any:
    face = copy.copy(KEPT[key])
    face.widths, face.to_unicode, face.missing = {}, {}, {}
    face.clean = partial(_clean, key, face)
    return face


def _clean(key: Any, face: Any, to_unicode: dict[int, str], hinting: bool) -> None:
    """Cut the face down to the glyphs of this letter, or take what another letter with the same glyphs left.

    Where HarfBuzz cannot, as with thousands of glyphs of some faces, the whole face goes in, as WeasyPrint would do it.
    """
    wanted = (key, tuple(sorted(to_unicode)), bool(face.missing))
    if wanted not in SUBSETS:
        face.subset(to_unicode, hinting)
        if not face.file_content:
            face.file_content = get_hb_object_data(face.hb_face)
            return
        if len(SUBSETS) >= SUBSETS_KEPT:
            del SUBSETS[next(iter(SUBSETS))]
    else:
        face.file_content = SUBSETS.pop(wanted)
    SUBSETS[wanted] = face.file_content  # the last one used goes last


def pack(pdf: Any) -> None:
    """Compress every stream of `pdf` now: it is asked for its bytes twice, and would be compressed each time."""
    for one in pdf.objects:
        if getattr(one, "compress", False):
            one.stream, one.compress = [_packed(one)], False
            one.extra["Filter"] = "/FlateDecode"


def _packed(stream: Any) -> bytes:
    """The bytes of a stream, compressed; subsets and profiles, which come again, are kept."""
    if stream.extra.get("Subtype") == "/OpenType" or "N" in stream.extra:
        return _kept(stream.stream[0])
    stream.compress = False
    return zlib.compress(_content(stream), LEVEL)


@lru_cache(maxsize=SUBSETS_KEPT)
def _kept(content: bytes) -> bytes:
    return zlib.compress(content, LEVEL)


def _content(stream: Any) -> bytes:
    """What pydyf would write between the words stream and endstream."""
    data: bytes = stream.data
    return data[data.index(b"stream\n") + 7 : -10]
