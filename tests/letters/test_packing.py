"""Files of letters are kept without the outlines that all of them have, and come back byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text
from sqlmodel import func, select

from matcher.db.database import reading, session
from matcher.letters import packing
from matcher.letters.issue import Office, issue
from matcher.letters.models import CommonOutlines, IssuedLetter, LetterRecord
from matcher.letters.order import Order
from matcher.letters.register import kept_file
from tests.conftest import count
from tests.fixtures.issuing import NOON

FIRMS = Path(__file__).parents[1] / "worked_cases/given/firms/firms.yaml"

MOST = 120_000  # bytes of the database a letter


def orders(order: Callable[..., Order]) -> list[Order]:
    """Letters to given firms on all schemes, in Chinese and English; among them the fullest."""
    told = {one["id"]: one for one in yaml.safe_load(FIRMS.read_text(encoding="utf-8"))}
    names = list(told) if count(10) == 10 else ["training-machine-works", "noodle-shop"]
    return [
        order(told[name]["facts"], as_of=told[name]["as_of"], schemes=None, lang=lang)
        for name in names
        for lang in ("zh", "en")
    ]


def digests(office: Office) -> dict[str, tuple[Any, ...]]:
    """Of every letter the SHA-256 of the file as it is given back, and as it went out; then its length, both ways."""
    with reading(office.engine) as register:
        files = {one.number: kept_file(register, one.number) for one in register.exec(select(IssuedLetter))}
        rows = register.exec(
            select(LetterRecord.number, LetterRecord.sha256, IssuedLetter.size).join(
                IssuedLetter, LetterRecord.number == IssuedLetter.number
            )
        )
        return {
            number: (hashlib.sha256(files[number]).hexdigest(), digest, len(files[number]), size)
            for number, digest, size in rows
        }


def test_threads_of_one_worker_pack_beside_each_other(office: Office) -> None:
    """Each file comes back as it was, however many are packed at once."""
    files = [bytes([one]) * 3_000_000 for one in range(16)]
    packing.pack(office.engine, files[0])  # with it comes the dictionary
    with ThreadPoolExecutor(8) as threads:
        packed = list(threads.map(partial(packing.pack, office.engine), files))
    with reading(office.engine) as register:
        assert [packing.unpack(register, one.content, one.outlines) for one in packed] == files


def test_files_come_back_and_take_little_room(
    office: Office, order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters of given firms (all of them under the bench) take 120 kB of the database each; to give them back it needs no face."""
    issue(office, order(), NOON)  # with it comes the dictionary
    before = _bytes(office)
    wanted = orders(order)
    for one in wanted:
        issue(office, one, NOON)
    each = (_bytes(office) - before) / len(wanted)
    print(f"{each / 1000:.0f} kB of the database a letter")
    assert each <= MOST
    monkeypatch.setattr(packing, "_dictionaries", {})
    monkeypatch.setattr(packing, "_packing", {})
    monkeypatch.delattr(packing, "common_outlines")
    found = digests(office)
    assert len(found) == len(wanted) + 1
    assert all(digest == went_out and length == size for digest, went_out, length, size in found.values())
    with reading(office.engine) as register:
        assert register.exec(select(func.count()).select_from(CommonOutlines)).one() == 1


@pytest.mark.both_databases
def test_a_file_that_was_kept_whole_is_given_back(office: Office, order: Callable[..., Order]) -> None:
    """As those of letters from before files were packed."""
    number = issue(office, order(), NOON).number
    with session(office.engine) as writing:
        letter = writing.get_one(IssuedLetter, number)
        pdf = kept_file(writing, number)
        letter.pdf, letter.outlines, letter.size = pdf, None, None
    with reading(office.engine) as register:
        assert kept_file(register, number) == pdf


def _bytes(office: Office) -> int:
    with office.engine.connect() as connection:
        pages, free, size = (
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)
