"""No file passes for a letter in which a reader would see something else, and every letter that was left alone passes."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.paper import Issued
from matcher.letters.proof.signed_file import trimmed
from matcher.letters.proof.verdict import Standing, beside_register
from matcher.letters.proof.verify import verify
from tests.conftest import count
from tests.fixtures.signed_letters import BEICHEN, FIRM, Office

from .forging.changes import CHANGES, drawn_over
from .forging.containers import WRAPS, in_the_gap
from .forging.edits import edits
from .forging.pieces import cut
from .forging.seen import differs, looks
from .forging.signatures import OTHER_HALF, signature_edits

pytestmark = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no poppler-utils: script/test installs them")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> KeyFolder:
    """Keys that bear the centre's name, and are in nobody's list."""
    folder = KeyFolder(tmp_path_factory.mktemp("stranger"))
    folder.new(BEICHEN, date(2026, 1, 5))
    return folder


def alterations(letters: list[Issued], stranger: KeyFolder) -> Iterator[tuple[int, str, Callable[[], bytes]]]:
    """Every alteration by name, with the letter it is made from; a file that is drawn anew is made when it is asked for."""
    key, rng = stranger.signing(BEICHEN.id), random.Random(3)
    genuine = [cut(letter.pdf) for letter in letters]
    for number, one in enumerate(genuine):
        of_bytes = edits(one, rng)
        of_signature = signature_edits(one, genuine[number - 1], key.public.certificate_der)
        for name, pdf in chain(of_bytes, of_signature):
            yield number, name, partial(bytes, pdf)
        if number != 2:  # it says in two languages what the first says in one
            for wrap in WRAPS:
                for change in CHANGES:
                    yield number, f"{wrap.__name__}: {change.__name__}", partial(wrap, one, change, key)


def test_altered(office: Office, letters: list[Issued], stranger: KeyFolder, tmp_path: Path) -> None:
    """Of a thousand alterations (a fiftieth under script/test), none that shows a reader something else is accepted, off line or
    beside the register."""
    against, found = office.against(), Counter[str]()
    letters = [*letters, office.issue(office.receipt(4, ("small-scale-vat", "guarantee-fee-rebate"), lang="en"))]
    before = [looks(letter.pdf, tmp_path) for letter in letters]
    step = 1 if count(10) == 10 else 50
    for at, (number, name, made) in enumerate(alterations(letters, stranger)):
        if at % step:
            continue
        letter, pdf = letters[number], made()
        assert pdf != letter.pdf, name
        verdict = verify(pdf, against)
        if trimmed(pdf) == letter.pdf:  # line ends that a mail left behind the file, and nothing else
            assert verdict.valid, name
            continue
        kept = Standing("valid", hashlib.sha256(letter.pdf).hexdigest(), letter.qr)
        on_line = beside_register(verdict, kept, hashlib.sha256(pdf).hexdigest())
        visible = differs(before[number], looks(pdf, tmp_path))
        found.update({"made": 1, "visible": visible, "accepted": verdict.valid})
        assert not (visible and verdict.valid), name
        assert not on_line.valid, name
        # Whoever has a signature can compute the other one that holds: the same letter, under another digest.
        assert verdict.valid == (name == OTHER_HALF), (name, verdict)
    print(dict(found))
    assert found["made"] >= 1_000 // step
    assert found["visible"] >= found["made"] // 4  # or else the two programs were not asked the right thing


def test_pages_in_the_gap(office: Office, letters: list[Issued], stranger: KeyFolder, tmp_path: Path) -> None:
    """A whole changed letter between the two signed ranges, which version 0.1.0 took for genuine, is found out."""
    genuine = cut(letters[0].pdf)
    forged = in_the_gap(genuine, drawn_over, stranger.signing(BEICHEN.id))
    assert forged.startswith(genuine.signed[:15])
    assert forged.endswith(genuine.signed[15:])
    assert differs(looks(letters[0].pdf, tmp_path), looks(forged, tmp_path))
    verdict = verify(forged, office.against())
    assert (verdict.valid, verdict.altered) == (False, True)


def test_left_alone(office: Office) -> None:
    """Letters of all kinds that nobody touched: not one is refused."""
    rng, against = random.Random(4), office.against()
    schemes = tuple(office.rulebook.schemes)
    for place in range(1, count(300, 50) + 1):
        several = rng.sample(schemes, rng.choice([1, 2, 5])) if place % 30 else list(schemes)
        chosen = ("six-taxes-two-fees",) if rng.random() < 0.3 else tuple(one for one in schemes if one in several)
        receipt = office.receipt(place, chosen, rng.choice(["zh", "zh", "en", "both"]), **_facts(rng))
        changes: list[dict[str, Any]] = [
            {}, {"kind": "missing", "total": None}, {"valid_until": None}, {"site": "https://hq.example.gov.cn"},
            {"supersedes": "津辰惠函〔2026〕1号"}, {"format": 1},
        ]  # fmt: skip
        change = rng.choice(changes)
        if receipt.page is not None:
            change = {
                name: value for name, value in change.items() if name not in ("kind", "format")
            }  # it has the page of its kind
        letter = office.issue(receipt.model_copy(update=change))
        verdict = verify(letter.pdf, against)
        # A page that holds no longer than the day it was asked for is of the past, and genuine.
        held = "valid" if change.get("valid_until", True) or receipt.page is None else "past"
        assert (verdict.state, verdict.faults) == (held, ()), (place, chosen, change, verdict)
        assert verdict.reproduced == ("conclusion", "page")
        kept = Standing("valid", hashlib.sha256(letter.pdf).hexdigest(), letter.qr)
        again = beside_register(verdict, kept, hashlib.sha256(letter.pdf).hexdigest())
        assert (again.state, again.faults) == (held, ())


def _facts(rng: random.Random) -> dict[str, Any]:
    """A firm with a name of any length, or with a strange one."""
    names = [FIRM["name"], "天津喆堃镕源和兴科贸有限公司", "A/B (Tianjin) Co., Ltd. /ByteRange [0 1 2 3]", "恒" * 60]
    return {"name": rng.choice(names), "six_taxes_two_fees_payable": rng.randrange(10**9)}
