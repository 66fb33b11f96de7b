"""What happens to letters on their way: saved again, printed, scanned, photographed; and files that somebody made to deceive or to harm."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from matcher.letters.pdf.render import render_pdf
from matcher.letters.proof.isolated import LIMITS, _verify, verify_apart
from matcher.letters.proof.paper import Issued, compose_letter, decide, draw
from matcher.letters.proof.picture import codes_of
from matcher.letters.proof.rulebook_archive import Shelf
from matcher.letters.proof.signed_file import sign_pdf
from matcher.letters.proof.verdict import Verdict
from matcher.letters.proof.verdict_text import rows, state_word
from tests.conftest import count
from tests.fixtures.hostile import pdf_of
from tests.fixtures.signed_letters import AT, WRITTEN_ON, Office
from tests.letters.proof.test_picture import picture, stored

Handled = Callable[[bytes, random.Random], bytes]


@pytest.fixture(scope="module")
def sent(office: Office) -> list[Issued]:
    """Letters on several schemes and on one, in Chinese and English."""
    several = ("six-taxes-two-fees", "small-scale-vat", "guarantee-fee-rebate")
    facts = {"period_sales": 15_500_000, "employees": 4, "tax_filing_cycle": "quarterly", "district": "beichen"}
    return [
        office.issue(office.receipt(11, several, **facts)),
        office.issue(office.receipt(12)),
        office.issue(office.receipt(13, several, lang="en", **facts)),
        office.issue(office.receipt(14, lang="both")),
    ]


@pytest.fixture
def verdict_on(office: Office) -> Callable[[bytes], Verdict]:
    """The verdict on a file or picture, as `matcher verify` and the site give it."""
    trust = office.trust()
    return lambda data: _verify(data, trust, WRITTEN_ON, Shelf())


def untouched(pdf: bytes, _: random.Random) -> bytes:
    """As it came."""
    return pdf


def by_qpdf(pdf: bytes, _: random.Random) -> bytes:
    """Saved again by qpdf."""
    return _through(["qpdf", "--linearize"], pdf)


def by_pikepdf(pdf: bytes, _: random.Random) -> bytes:
    """Saved again by pikepdf."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out)
    return out.getvalue()


def by_ghostscript(pdf: bytes, _: random.Random) -> bytes:
    """Written anew by Ghostscript, which leaves the signature out."""
    with TemporaryDirectory() as folder:
        out = Path(folder, "after.pdf")
        command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", f"-sOutputFile={out}", "-"]
        subprocess.run(command, input=pdf, check=True, timeout=120, capture_output=True)
        return out.read_bytes()


def printed(pdf: bytes, _: random.Random) -> bytes:
    """Printed to a file."""
    return _through(["pdftocairo", "-pdf"], pdf)


def scanned(pdf: bytes, chance: random.Random) -> bytes:
    """Printed and scanned at 150 dots an inch, a little askew, with a scanner's grain."""
    page = coded_page(pdf, 150).rotate(chance.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, fillcolor=255)
    return stored(_grainy(page, chance, 8), quality=chance.choice((60, 75, 85)))


def scanned_as_pdf(pdf: bytes, chance: random.Random) -> bytes:
    """The same as scanners send it: a picture of the page in a PDF."""
    out = BytesIO()
    Image.open(BytesIO(scanned(pdf, chance))).save(out, "PDF", resolution=150)
    return out.getvalue()


def photographed(pdf: bytes, chance: random.Random) -> bytes:
    """By a phone held askew, in poor light: perspective, a shade across the page, a soft picture, grain."""
    page = coded_page(pdf, 230)
    width, height = page.size
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    seen = [(x + chance.uniform(-0.06, 0.06) * width, y + chance.uniform(-0.06, 0.06) * height) for x, y in corners]
    bent = page.transform(
        page.size, Image.Transform.PERSPECTIVE, _perspective(corners, seen), Image.Resampling.BICUBIC, fillcolor=200
    )
    shade = np.linspace(chance.uniform(0.55, 0.8), chance.uniform(0.85, 1), width)
    lit = Image.fromarray((np.asarray(bent, dtype=float) * shade).astype(np.uint8))
    return stored(_grainy(lit.filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 1.2))), chance, 12), quality=70)


def coded_page(pdf: bytes, dots: int) -> Image.Image:
    """The page with the code, as a scanner sees it: of a letter on one scheme it may be the second."""
    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [one.render(scale=dots / 72, grayscale=True).to_pil() for one in opened]
    return next(one for one in pages if codes_of(one))


def _grainy(page: Image.Image, chance: random.Random, strength: float) -> Image.Image:
    grain = np.random.default_rng(chance.randrange(2**32)).normal(0, strength, (page.height, page.width))
    return Image.fromarray(np.clip(np.asarray(page, dtype=float) + grain, 0, 255).astype(np.uint8))


def _perspective(target: list[tuple[int, int]], source: list[tuple[float, float]]) -> list[float]:
    """The eight coefficients that Pillow takes: where each point of the target comes from."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(one) for one in np.linalg.solve(np.array(rows, dtype=float), np.array(wanted, dtype=float))]


def _through(command: list[str], pdf: bytes) -> bytes:
    """What a program makes of a file: its last two arguments are the file's places before and after."""
    with TemporaryDirectory() as folder:
        before, after = Path(folder, "before.pdf"), Path(folder, "after.pdf")
        before.write_bytes(pdf)
        subprocess.run([*command, str(before), str(after)], check=True, timeout=120, capture_output=True)
        return after.read_bytes()


# How each comes, and what is right: the exit code, and by what it is proved or the only fault. Whoever saves a signed file again breaks
# its signature; what is no such file any more is read by its code.
HANDLED: dict[Handled, tuple[int, str | None]] = {
    untouched: (0, "file"),
    by_qpdf: (3, "resaved"),
    by_pikepdf: (3, "resaved"),
    printed: (0, "code"),
    scanned: (0, "code"),
    scanned_as_pdf: (0, "code"),
    photographed: (0, "code"),
    **({by_ghostscript: (0, "code")} if shutil.which("gs") else {}),
}


def test_letters_that_nobody_altered(sent: list[Issued], verdict_on: Callable[[bytes], Verdict]) -> None:
    """200 letters untouched, saved again, printed, scanned, photographed (one of each outside the bench): each gets the right verdict."""
    chance, wrong, seen = random.Random(16), [], Counter[str]()
    kinds = list(HANDLED)
    for number in range(max(len(kinds), count(200, 200))):
        kind, letter = kinds[number % len(kinds)], sent[number // len(kinds) % len(sent)]
        verdict = verdict_on(kind(letter.pdf, chance))
        only = verdict.faults[0].word if len(verdict.faults) == 1 else None
        found = (verdict.exit_code, verdict.proved if verdict.valid else only)
        seen[f"{kind.__name__}: {found}"] += 1
        if found != HANDLED[kind] or verdict.number != letter.receipt.number:
            wrong.append((kind.__name__, number, found, verdict.faults))
    print(dict(seen))
    assert wrong == []


def test_a_file_saved_anew_with_other_words_is_altered(
    office: Office, sent: list[Issued], verdict_on: Callable[[bytes], Verdict]
) -> None:
    """That a program wrote it anew is said only where its first page still says what the code says; of both there is nothing to go by."""
    honest = verdict_on(by_pikepdf(sent[0].pdf, random.Random(0)))
    assert state_word(honest, "zh") == "文件被另存过，签名已失效"
    assert "索取原文件" in honest.faults[0].what.zh
    assert rows(honest, office.rulebook, "zh") == []
    letter = compose_letter(office.rulebook, sent[0].receipt, decide(office.rulebook, sent[0].receipt))
    page = letter.certificate
    assert page is not None
    other = replace(letter, certificate=replace(page, firm="天津市别家有限公司"))
    forged = by_pikepdf(sign_pdf(draw(other, sent[0].receipt), office.key, AT), random.Random(0))
    verdict = verdict_on(forged)
    assert [one.word for one in verdict.faults] == ["changed"]
    assert state_word(verdict, "zh") == "已被改动，不可采信"


def with_other_code(office: Office, letter: Issued, other: Issued) -> bytes:
    """A print of a letter that bears the code of another valid one."""
    words = compose_letter(office.rulebook, letter.receipt, decide(office.rulebook, letter.receipt))
    return render_pdf(replace(words, qr=other.qr))


def test_the_code_of_another_letter_does_not_vouch_for_a_print(
    office: Office, sent: list[Issued], verdict_on: Callable[[bytes], Verdict]
) -> None:
    """The code itself is good, and it is seen that what is printed is not what it says; of a picture the verdict names the other."""
    print_out = with_other_code(office, sent[0], sent[2])
    assert verdict_on(print_out).exit_code == 3
    verdict = verdict_on(stored(picture(print_out, 150)))
    assert (verdict.exit_code, verdict.number) == (0, sent[2].receipt.number)


def locked(pdf: bytes) -> bytes:
    """Encrypted, with an empty password that every reader tries."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
    return out.getvalue()


def archive_behind(pdf: bytes) -> bytes:
    """A PDF and a ZIP archive at once."""
    return pdf + b"PK\x05\x06" + bytes(18)


def page_before(pdf: bytes) -> bytes:
    """A web page and a PDF at once."""
    return b"<html><script>1</script><!--\n" + pdf + b"\n-->"


def comment_before(pdf: bytes) -> bytes:
    """A script and a PDF at once: readers look for the head within the first kilobyte."""
    return b"#!/bin/sh\n" + pdf


@pytest.mark.parametrize(("made", "code"), [(locked, 3), (archive_behind, 3), (page_before, 7), (comment_before, 7)])
def test_a_file_that_is_two_things_is_no_letter(
    sent: list[Issued], verdict_on: Callable[[bytes], Verdict], made: Callable[[bytes], bytes], code: int
) -> None:
    """Locked, or another kind of file as well: never accepted by its signature."""
    verdict = verdict_on(made(sent[0].pdf))
    assert not verdict.valid
    assert verdict.exit_code == code


def drawing_bomb(levels: int = 10) -> bytes:
    """Three kilobytes that draw a square ten thousand million times: each form draws the next one ten times."""
    forms = []
    for at in range(levels):
        content = f"/F {'Do /F ' * 9}Do" if at < levels - 1 else "0 0 9 9 re f"
        inner = f"/Resources<</XObject<</F {at + 5} 0 R>>>>" if at < levels - 1 else ""
        forms.append(
            f"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]{inner}/Length {len(content)}>>\nstream\n{content}\nendstream"
        )
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 99 0 R/Resources<</XObject<</F 5 0 R>>>>>>"
    draw = "<</Length 5>>\nstream\n/F Do\nendstream"
    return pdf_of(
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", page.replace("99", "4"), draw, *forms]
    )


def test_a_small_file_that_draws_without_end_is_refused_in_time(office: Office) -> None:
    """The process that opens it has its seconds, and the verdict says that the file is too heavy."""
    bomb = drawing_bomb()
    assert len(bomb) < 4096
    assert LIMITS.seconds is not None
    verdict = verify_apart(bomb, office.trust(), WRITTEN_ON, Shelf(), seconds=600)
    assert [one.word for one in verdict.faults] == ["too_heavy"]
    assert verdict.exit_code == 7
