"""Holds the verifier against PDFs of other people: the samples of PDF libraries, broken ones among them.

They are nobody's to commit. Put source packages with samples into a folder (`pip download --no-deps --no-binary :all: pyhanko`,
`apt-get source --download-only qpdf pypdf pikepdf pdfminer libpdfbox-java libpdfbox2-java`) and name it in MATCHER_FOREIGN_FILES.
"""

from __future__ import annotations

import io
import os
import re
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from matcher.db import migrate
from matcher.letters.proof.keys import KeyFolder
from matcher.letters.proof.verify import Against, verify
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from tests.fixtures.signed_letters import BEICHEN, Office

FOLDER = os.environ.get("MATCHER_FOREIGN_FILES", "")
SECONDS = 10

pytestmark = pytest.mark.skipif(not FOLDER, reason="MATCHER_FOREIGN_FILES names no folder of other people's PDFs")


def samples() -> Iterator[tuple[str, bytes]]:
    """Every PDF in the folder and in the archives that lie there."""
    for path in sorted(Path(FOLDER).iterdir()):
        if path.suffix == ".pdf":
            yield path.name, path.read_bytes()
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    if name.lower().endswith(".pdf"):
                        yield f"{path.name}:{name}", packed.read(name)
        elif path.is_file() and tarfile.is_tarfile(path):
            with tarfile.open(path) as archive:
                for member in archive:
                    file = archive.extractfile(member) if member.name.lower().endswith(".pdf") else None
                    if file is not None:
                        yield f"{path.name}:{member.name}", file.read()


def test_nothing_accepted(rulebook: Rulebook, tmp_path: Path) -> None:
    """Of other people's files none is accepted, none raises an error, and none takes long, with a list and without one."""
    folder = KeyFolder(tmp_path / "keys")
    folder.new(BEICHEN, date(2026, 1, 5))
    office, found = Office(rulebook, folder), Counter[str]()
    slowest = (0.0, "")
    for name, pdf in samples():
        for against in (office.against(), Against(None, date(2026, 4, 1))):
            start = time.process_time()
            verdict = verify(pdf, against)
            slowest = max(slowest, (time.process_time() - start, name))
            assert not verdict.valid, name
            assert verdict.faults, name
            found.update(one.word for one in verdict.faults)
        found["files"] += 1
    print(f"{dict(found)}; slowest {slowest[0]:.3f} s: {slowest[1]}")
    assert found["files"]
    assert slowest[0] < SECONDS


def test_the_site_answers_each_and_accepts_none(rulebook: Rulebook, tmp_path: Path) -> None:
    """Sent to the page that verifies, each from an address of its own: an answer in words, never an error of the program."""
    address = f"sqlite:///{tmp_path}/matcher.db"
    migrate(address)
    settings = {"SECRET_KEY": "s" * 40, "RULEBOOK": rulebook, "DATABASE_URL": address, "INSTANCE": str(tmp_path)}
    client = create_app(settings).test_client()
    page = client.get("/verify").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    found: Counter[int] = Counter()
    slowest = (0.0, "")
    for number, (name, pdf) in enumerate(samples()):
        client_address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        form = {"csrf_token": token[1], "file": (io.BytesIO(pdf), "letter.pdf")}
        start = time.monotonic()
        answer = client.post("/verify", data=form, environ_base={"REMOTE_ADDR": client_address})
        slowest = max(slowest, (time.monotonic() - start, name))
        found[answer.status_code] += 1
        assert answer.status_code < 500 or answer.headers.get("Retry-After"), (name, answer.status_code)
        assert 'class="answer held"' not in answer.text, name
    print(f"{dict(found)}; slowest {slowest[0]:.1f} s by the clock: {slowest[1]}")
    assert found
