"""The signed file: the letter before it unchanged, still an archive file that a screen reader reads, with one attachment."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms, x509
from pyhanko.sign.general import check_ess_certid

from matcher.letters.proof.container import read_container
from matcher.letters.proof.paper import Issued, compose_letter, decide, draw
from matcher.letters.proof.signed_file import sign_pdf
from matcher.letters.proof.verify import verify
from tests.fixtures.signed_letters import AT, Office


def test_letter_before_it_unchanged(office: Office, letters: list[Issued]) -> None:
    """The signature is an addition: the file begins with the letter as it is made again, byte for byte."""
    for letter in letters:
        assert letter.pdf.startswith(_unsigned(office, letter))


def test_inside_a_loop(office: Office, letters: list[Issued]) -> None:
    """A caller that runs an event loop can have letters signed and verified all the same."""

    async def within() -> bool:
        return verify(sign_pdf(_unsigned(office, letters[0]), office.key, AT), office.against()).valid

    with ThreadPoolExecutor(1) as thread:  # a browser's test may have left a loop running in this one
        assert thread.submit(lambda: asyncio.run(within())).result()


def _unsigned(office: Office, letter: Issued) -> bytes:
    words = compose_letter(office.rulebook, letter.receipt, decide(office.rulebook, letter.receipt))
    return draw(words, letter.receipt)


def test_structure(letters: list[Issued]) -> None:
    """Signed, it is sound to qpdf, tagged, in its language, with one attachment and one signature over all of it."""
    for letter in letters:
        with pikepdf.open(BytesIO(letter.pdf)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang).startswith("zh")
            assert list(pdf.attachments) == ["receipt.json"]
            assert pdf.attachments["receipt.json"].get_file().read_bytes() == letter.receipt.to_bytes()
            assert {str(one.AFRelationship) for one in pdf.Root.AF} == {"/Data"}
            (field,) = pdf.Root.AcroForm.Fields
            start, first, second, rest = (int(at) for at in field.V.ByteRange)
            assert (start, second + rest) == (0, len(letter.pdf))
            assert letter.pdf[first:second].strip(b"<>0123456789abcdefABCDEF") == b""
            assert str(field.V.SubFilter) == "/ETSI.CAdES.detached"
            assert int(field.F) & 4, "PDF/A wants every annotation to print"
            with pdf.open_metadata() as metadata:
                assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
                assert metadata["pdfuaid:part"] == "1"


def test_states_whose_certificate_it_is(office: Office, letters: list[Issued]) -> None:
    """Signed with the digest is the certificate's own: by it a reader knows that the certificate was not exchanged (RFC 5035)."""
    certificate = x509.Certificate.load(office.key.public.certificate_der)
    for letter in letters:
        signed = cms.ContentInfo.load(read_container(letter.pdf).cms)["content"]
        attributes = {one["type"].native: one["values"][0] for one in signed["signer_infos"][0]["signed_attrs"]}
        assert sorted(attributes) == ["content_type", "message_digest", "signing_certificate_v2"]
        (stated,) = attributes["signing_certificate_v2"]["certs"]
        assert check_ess_certid(certificate, stated)
        assert stated["cert_hash"].native == hashlib.sha256(certificate.dump()).digest()


def test_fonts_and_pages(letters: list[Issued]) -> None:
    """Every font of the signed file is inside it."""
    rows = subprocess.run(["pdffonts", "-"], input=letters[0].pdf, capture_output=True, check=True, timeout=60).stdout
    fonts = [row.split() for row in rows.decode().splitlines()[2:]]
    assert fonts
    assert all(row[-5] == "yes" for row in fonts)


def test_other_checkers(letters: list[Issued], tmp_path: Path) -> None:
    """qpdf finds the signed file sound, and pdfua no fault against the part of PDF/UA-1 that it knows."""
    for number, letter in enumerate(letters):
        file = tmp_path / f"letter-{number}.pdf"
        file.write_bytes(letter.pdf)
        sound = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, timeout=60)
        assert sound.returncode == 0, sound.stdout + sound.stderr
        pdfua = [sys.executable, "-W", "ignore", "-m", "pdfua", "check", file]
        said = subprocess.run(pdfua, capture_output=True, text=True, timeout=60).stdout
        # WeasyPrint names the headers in each cell of a table; the checker looks for their scope in the headers alone.
        assert "errors=0" in said, said
        assert {line.split()[2] for line in said.splitlines() if line.lstrip().startswith("[WARN")} <= {"UA-15-003"}, (
            said
        )


def test_verapdf(letters: list[Issued], tmp_path: Path) -> None:
    """A validator, where the machine has one, finds the signed file to be PDF/A-3a."""
    if shutil.which("verapdf") is None:
        pytest.skip("veraPDF is not on the PATH: PDF/A was checked by our own structural tests only")
    file = tmp_path / "letter.pdf"
    file.write_bytes(letters[0].pdf)
    found = subprocess.run(
        ["verapdf", "--flavour", "3a", "--format", "text", str(file)], capture_output=True, timeout=120
    )
    assert found.stdout.startswith(b"PASS"), found.stdout
