"""Keeps the files of letters without the outlines of common characters, which are four fifths of them, and gives them back.

A file is compressed by zstd with these outlines as its dictionary, which the register holds once. Whatever letters are set with by
then, each comes back byte for byte: unpacking needs nothing but the dictionary. In the file itself fonts are not compressed, or no
outline would be found in it.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Lock

import zstandard
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.db import ConstraintError, reading, session
from matcher.letters.pdf import common_outlines, common_outlines_id

from .models import CommonOutlines

# An outline comes whole or not at all: the fastest search finds it, where it remembers every place of the dictionary.
_WINDOW = 24

_SEARCH = zstandard.ZstdCompressionParameters(
    window_log=_WINDOW, hash_log=22, chain_log=22, search_log=1, min_match=6, strategy=zstandard.STRATEGY_FAST
)

_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """A file as the register keeps it: packed with the dictionary of this id; ``size`` is the file's own in bytes."""

    content: bytes
    outlines: str
    size: int


def pack(engine: Engine, pdf: bytes) -> Packed:
    """The file packed. Its dictionary is put into the register where it is not there yet, which takes seconds. Raises StoreError."""
    outlines = _current(engine)
    with _one_at_a_time:
        content = _packing[outlines].compress(pdf)
    return Packed(content, outlines, len(pdf))


def unpack(register: Session, content: bytes, outlines: str | None) -> bytes:
    """The file, byte for byte as it was packed; ``content`` itself where it was kept whole (``outlines`` is None)."""
    if outlines is None:
        return content
    if outlines not in _dictionaries:
        _dictionaries[outlines] = _dictionary(register, outlines)
    unpacking = zstandard.ZstdDecompressor(dict_data=_dictionaries[outlines], max_window_size=2**_WINDOW)
    return unpacking.decompress(content, max_output_size=_LARGEST)


# By the ids of dictionaries, which are the hashes of what they hold: what unpacks, and what packs.
_dictionaries: dict[str, zstandard.ZstdCompressionDict] = {}

_packing: dict[str, zstandard.ZstdCompressor] = {}

# A compressor serves one thread at a time; the site answers in several, and packing takes a millisecond.
_one_at_a_time = Lock()


def _current(engine: Engine) -> str:
    """The id of the dictionary for what letters are set with now, once the register holds it and this process can pack with it."""
    made_from = common_outlines_id()
    wanted = select(CommonOutlines.id).where(CommonOutlines.made_from == made_from)
    with reading(engine) as register:
        found = register.exec(wanted).first()
    if found is None:
        content = common_outlines()
        found = hashlib.sha256(content).hexdigest()
        with suppress(ConstraintError), session(engine) as writing:  # refused where another worker was quicker
            writing.add(CommonOutlines(id=found, made_from=made_from, content=_stored(content)))
    if found not in _packing:
        with reading(engine) as register:
            dictionary = _dictionary(register, found)
        dictionary.precompute_compress(compression_params=_SEARCH)
        _packing[found] = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=_SEARCH)
        _dictionaries.setdefault(found, dictionary)
    return found


@cache
def _stored(content: bytes) -> bytes:
    return zstandard.compress(content)


def _dictionary(register: Session, outlines: str) -> zstandard.ZstdCompressionDict:
    content = zstandard.decompress(register.get_one(CommonOutlines, outlines).content, max_output_size=_LARGEST)
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
