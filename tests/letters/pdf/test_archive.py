"""The file as an archive and a screen reader need it: PDF/A-3a and PDF/UA marks, tags, attachments, the same bytes always."""

from __future__ import annotations

import dataclasses
import io
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pikepdf
import pytest

from matcher.letters.compose.letter import Attachment, Letter
from matcher.letters.pdf.render import render_pdf

RECEIPT = Attachment("receipt.json", b'{"number": 1}', "application/json", description="核对回执")
TEXT = "HC1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:" * 5


@pytest.fixture(scope="module")
def letter(write: Callable[..., Letter], decide: Callable[..., Any]) -> Letter:
    """An issued letter with its code."""
    return dataclasses.replace(write(decide("eligible"), kind="eligibility"), code="7K3MQX9TBH2P", qr=TEXT)


@pytest.fixture(scope="module")
def pdf(letter: Letter) -> bytes:
    """Its file, with the receipt inside."""
    return render_pdf(letter, attachments=[RECEIPT])


@pytest.fixture
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """The file taken apart."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        yield document


def elements(node: Any) -> Iterator[Any]:
    """Every structure element below `node`, in reading order."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            yield child
            yield from elements(child)


def test_marks(opened: pikepdf.Pdf) -> None:
    """The metadata say PDF/A-3a and PDF/UA-1, in one description with the schema PDF/A wants for the second."""
    packet = opened.Root.Metadata.read_bytes()
    assert packet.count(b"<rdf:RDF") == packet.count(b"</rdf:RDF>") == 1
    with opened.open_metadata() as marks:
        assert marks["pdfaid:part"] == "3"
        assert marks["pdfaid:conformance"] == "A"
        assert marks["pdfuaid:part"] == "1"
        assert marks["dc:title"] == str(opened.docinfo.Title)
    assert b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in packet
    assert opened.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert opened.trailer.ID


def test_structure(opened: pikepdf.Pdf) -> None:
    """Tagged, in Chinese, titled; one heading of the first level, headings below it, and the code has words."""
    root = opened.Root
    assert str(root.Lang) == "zh-CN"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    kinds = [str(one.S) for one in elements(root.StructTreeRoot) if "/S" in one]
    assert kinds.count("/H1") == 1
    assert "/H2" in kinds
    assert kinds.index("/H1") < kinds.index("/H2")
    (figure,) = [one for one in elements(root.StructTreeRoot) if one.get("/S") == "/Figure"]
    assert "7K3M-QX9T-BH2P" in str(figure.Alt)
    assert all(page.Tabs == "/S" for page in opened.pages)


def test_attachment(opened: pikepdf.Pdf) -> None:
    """What is attached comes out byte for byte, with its name, type, relation, words and the letter's own date."""
    (name,) = opened.attachments
    found = opened.attachments[name]
    assert (name, found.get_file().read_bytes(), found.get_file().mime_type) == (
        RECEIPT.name,
        RECEIPT.data,
        "application/json",
    )
    (listed,) = opened.Root.AF
    assert listed.AFRelationship == "/Data"
    assert str(listed.Desc) == "核对回执"
    assert str(listed.EF.F.Params.ModDate).startswith("D:20261124")


def test_two_attachments_in_two_letters(letter: Letter) -> None:
    """The same attachment serves any number of letters, and a letter may have several."""
    more = dataclasses.replace(RECEIPT, name="rules.txt", mime="text/plain", relationship="Source")
    for _ in range(2):
        with pikepdf.open(io.BytesIO(render_pdf(letter, attachments=[RECEIPT, more]))) as document:
            assert set(document.attachments) == {"receipt.json", "rules.txt"}


def test_same_bytes(letter: Letter, pdf: bytes) -> None:
    """The same letter gives the same bytes again; another receipt gives others."""
    assert render_pdf(letter, attachments=[RECEIPT]) == pdf
    assert render_pdf(letter, attachments=[dataclasses.replace(RECEIPT, data=b"{}")]) != pdf


SCRIPT = """
import hashlib, pathlib, pickle, sys
from matcher.letters.pdf.render import render_pdf
letter, attachments = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())
print(hashlib.sha256(render_pdf(letter, attachments=attachments)).hexdigest())
"""


def test_same_bytes_in_another_process(letter: Letter, pdf: bytes, tmp_path: Any) -> None:
    """Another process with another hash seed makes the same file."""
    (tmp_path / "letter").write_bytes(pickle.dumps((letter, [RECEIPT])))
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "letter")]
    out = subprocess.run(command, capture_output=True, check=True, timeout=120, env=environment).stdout
    assert out.decode().strip() == sha256(pdf).hexdigest()


def test_qr_is_drawn_as_vectors(opened: pikepdf.Pdf) -> None:
    """The code is drawn by rectangles, one for each run of dark modules, and not as a picture."""
    drawn = [page.Contents.read_bytes().count(b" 1 re") for page in opened.pages]
    assert max(drawn) > 300
    assert not any(page.get_images() for page in opened.pages)


def test_a_code_too_long_is_refused(letter: Letter) -> None:
    """A text that no code holds is an error, not a letter without its code."""
    with pytest.raises(ValueError, match="too large"):
        render_pdf(dataclasses.replace(letter, qr="A" * 9000))


def test_validator(pdf: bytes, tmp_path: Any) -> None:
    """veraPDF finds nothing to object to, where it is installed."""
    validator = shutil.which("verapdf")
    if validator is None:
        pytest.skip("SKIPPED: veraPDF is not on the PATH")
    (tmp_path / "letter.pdf").write_bytes(pdf)
    for flavour in ("3a", "ua1"):
        subprocess.run([validator, "-f", flavour, str(tmp_path / "letter.pdf")], check=True, timeout=120)
