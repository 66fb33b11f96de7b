"""Scans, photographs and prints: the code is found in them, and what is printed otherwise than it says is seen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter

from matcher.letters.compose.letter import Letter
from matcher.letters.pdf.render import render_pdf
from matcher.letters.proof.container import read_container
from matcher.letters.proof.page_statement import ALPHABET_43, PREFIX_3, address
from matcher.letters.proof.paper import Issued, compose_letter, decide, printed_text
from matcher.letters.proof.picture import codes_of, differences, verify_picture
from matcher.letters.proof.verify import verify
from tests.conftest import count
from tests.fixtures.signed_letters import AS_OF, Office

SCHEMES = ("six-taxes-two-fees", "small-scale-vat", "guarantee-fee-rebate", "disability-employment-fund-relief")


@pytest.fixture(scope="module")
def certificate(office: Office) -> Issued:
    """A letter on several schemes with money in them."""
    facts = {
        "period_sales": 15_500_000, "employees": 4, "tax_filing_cycle": "quarterly", "period_real_estate_sales": 0,
        "district": "beichen",
    }  # fmt: skip
    return office.issue(office.receipt(7, SCHEMES, **facts))


@pytest.fixture(scope="module")
def words(office: Office, certificate: Issued) -> Letter:
    """Its words, to be printed again otherwise."""
    return compose_letter(office.rulebook, certificate.receipt, decide(office.rulebook, certificate.receipt))


def picture(pdf: bytes, dots: int = 150, page: int = 0) -> Image.Image:
    """The first page, or another, as a scanner sees it."""
    with pypdfium2.PdfDocument(pdf) as opened:
        shown: Image.Image = opened[range(len(opened))[page]].render(scale=dots / 72, grayscale=True).to_pil()
    return shown


def stored(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The file of a picture."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_scan_and_a_photograph_are_read(office: Office, certificate: Issued) -> None:
    """At 150 dots an inch, turned by two degrees, in grey and badly packed: valid, by the code alone."""
    page = picture(certificate.pdf)
    scan = page.rotate(2, Image.Resampling.BICUBIC, fillcolor=255)
    photograph = page.convert("RGB").resize((page.width * 2, page.height * 2)).filter(ImageFilter.GaussianBlur(1.5))
    for seen in (stored(scan, quality=40), stored(photograph, quality=70), stored(page, "PNG"), stored(page, "TIFF")):
        verdict = verify_picture(seen, office.against(), office.rulebook)
        assert (verdict.exit_code, verdict.proved, verdict.faults) == (0, "code", ())
        assert verdict.number == certificate.receipt.number


def test_a_scan_of_many_sheets_is_read(office: Office, certificate: Issued, letters: list[Issued]) -> None:
    """A letter's sheets are one letter, with the code on whichever; two letters in one scan are told apart however far behind."""
    other = next(one for one in letters if one.receipt.number != certificate.receipt.number)
    sheets = [picture(certificate.pdf)]
    empty = Image.new("L", sheets[0].size, 255)
    behind = [*[empty] * 7, picture(other.pdf, page=-1)]
    blurred = (sheets[0].filter(ImageFilter.GaussianBlur(tenths / 10)) for tenths in range(18, 0, -2))
    poor = next(one for one in blurred if codes_of(picture(stored(one, "PDF", resolution=150), 220)))
    for scan, said in (
        ([*sheets, *[empty] * 8], (0, [])),
        ([empty, *sheets], (0, [])),
        ([empty, poor], (0, [])),
        ([*sheets, *behind], (7, ["codes_several"])),
    ):
        copies = [one.copy() for one in scan]  # Pillow keeps in a picture how it was saved before
        pdf = stored(copies[0], "PDF", save_all=True, append_images=copies[1:], resolution=150)
        verdict = verify_picture(pdf, office.against(), office.rulebook)
        assert (verdict.exit_code, [one.word for one in verdict.faults]) == said


def test_a_print_to_a_file_is_compared(office: Office, certificate: Issued, words: Letter) -> None:
    """A file without the signature, as printing to one leaves it, holds by its code while its text is the letter's."""
    printed = render_pdf(words)
    verdict = verify_picture(printed, office.against(), office.rulebook)
    assert (verdict.exit_code, verdict.integrity, verdict.proved) == (0, "intact", "code")


def test_what_is_no_picture_is_unreadable(office: Office) -> None:
    """A page without a code, and a file that is nothing at all, are unreadable and not altered."""
    for seen in (stored(Image.new("L", (800, 1100), 255)), b"nothing", b"%PDF-1.7\nnothing"):
        verdict = verify_picture(seen, office.against(), office.rulebook)
        assert (verdict.exit_code, verdict.integrity) == (7, "unreadable")


def changes(words: Letter) -> list[Callable[[random.Random], Letter]]:
    """Ways to alter the print of a letter: a digit of a sum, two schemes swapped, a day, the name."""
    page = words.certificate
    assert page is not None

    def row_of(chance: random.Random) -> tuple[int, int]:
        group = chance.randrange(len(page.groups))
        return group, chance.randrange(len(page.groups[group].rows))

    def with_row(place: tuple[int, int], **values: str) -> Letter:
        group = page.groups[place[0]]
        rows = tuple(replace(row, **values) if at == place[1] else row for at, row in enumerate(group.rows))
        groups = tuple(replace(one, rows=rows) if one is group else one for one in page.groups)
        return replace(words, certificate=replace(page, groups=groups))

    def digit(text: str, chance: random.Random) -> str:
        at = chance.choice([at for at, sign in enumerate(text) if sign.isdecimal()])
        return text[:at] + chance.choice("0123456789".replace(text[at], "")) + text[at + 1 :]

    def a_sum(chance: random.Random) -> Letter:
        places = [
            (g, r)
            for g, group in enumerate(page.groups)
            for r, row in enumerate(group.rows)
            if row.amount[0].isdecimal()
        ]
        place = chance.choice(places)
        return with_row(place, amount=digit(page.groups[place[0]].rows[place[1]].amount, chance))

    def a_day(chance: random.Random) -> Letter:
        place = row_of(chance)
        closes = page.groups[place[0]].rows[place[1]].closes
        return with_row(place, closes=digit(closes, chance) if any(map(str.isdecimal, closes)) else "2030年1月1日x")

    def a_scheme(chance: random.Random) -> Letter:
        return with_row(row_of(chance), name=chance.choice(["中小微企业贷款贴息", "研发费用加计扣除"]))

    def the_name(chance: random.Random) -> Letter:
        at = chance.randrange(2, len(page.firm) - 4)
        return replace(words, certificate=replace(page, firm=page.firm[:at] + "丙" + page.firm[at + 1 :]))

    def a_number(chance: random.Random) -> Letter:
        at = chance.choice([at for at, one in enumerate(page.numbers) if one.capitals not in ("", "零元整")])
        number = replace(page.numbers[at], capitals="玖" + page.numbers[at].capitals[1:] + "整")
        return replace(words, certificate=replace(page, numbers=(*page.numbers[:at], number, *page.numbers[at + 1 :])))

    return [a_sum, a_day, a_scheme, the_name, a_number]


def test_alterations_of_the_print_are_found(office: Office, certificate: Issued, words: Letter) -> None:
    """1,000 alterations of the print (ten outside the bench): a digit, a scheme, a day, the name; each is seen."""
    chance = random.Random(16)
    verdict = verify_picture(render_pdf(words), office.against(), office.rulebook)
    assert verdict.statement is not None
    kinds = changes(words)
    missed = []
    for number in range(count(1000, 100)):
        altered = kinds[number % len(kinds)](chance)
        if altered == words:
            continue
        text = printed_text(render_pdf(altered))
        if not list(differences(verdict.statement, text, office.rulebook)):
            missed.append(kinds[number % len(kinds)].__name__)
    assert missed == []


def coded(words: Letter, characters: int) -> bytes:
    """The letter with a code of as many characters, as good as random and always the same."""
    head = address("hq.example.gov.cn") + PREFIX_3
    signs = random.Random(characters).choices(ALPHABET_43, k=characters - len(head))
    return render_pdf(replace(words, qr=head + "".join(signs)))


def test_degraded_codes_are_read(words: Letter) -> None:
    """360 scans (a tenth outside the bench) of a short, a middling and the fullest given letter: grey, packed, turned, blurred,
    noisy, stained over a twentieth or an eighth of the code. Of those at 150 and 200 dots an inch 97 of 100 are read."""
    letters = [coded(words, characters) for characters in (350, 450, 554)]
    tried, read, unread = count(120), {}, Counter[str]()
    for dots in (100, 150, 200):
        pages, chance = [picture(one, dots) for one in letters], random.Random(16)
        found = []
        for number in range(tried):
            kind = DEGRADED[number % len(DEGRADED)]
            found.append(bool(codes_of(kind(pages[number // len(DEGRADED) % len(pages)], chance))))
            unread[f"{kind.__name__} at {dots}"] += not found[-1]
        read[dots] = sum(found)
    print({dots: f"{found} of {tried}" for dots, found in read.items()}, +unread)
    assert min(read[150], read[200]) >= 0.97 * tried


def grey(page: Image.Image, _: random.Random) -> Image.Image:
    """With a third of the contrast, as worn toner has it."""
    return page.point(lambda value: 70 + value * 110 // 255)


def packed(page: Image.Image, _: random.Random) -> Image.Image:
    """As JPEG of quality 40."""
    return Image.open(BytesIO(stored(page, quality=40)))


def turned(page: Image.Image, chance: random.Random) -> Image.Image:
    """By up to two degrees."""
    return page.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=255)


def blurred(page: Image.Image, chance: random.Random) -> Image.Image:
    """Over a third to half of a module."""
    return page.filter(ImageFilter.GaussianBlur(page.width / 1654 * chance.uniform(1.0, 1.4)))


def copied(page: Image.Image, chance: random.Random) -> Image.Image:
    """With the noise of a copier."""
    noise = Image.frombytes("L", page.size, chance.randbytes(page.width * page.height))
    return Image.blend(page, noise, 0.25)


def stained(page: Image.Image, chance: random.Random, share: float = 0.05) -> Image.Image:
    """With spots over a share of the code, which is 40 mm wide in the lower left corner of the page."""
    spotted, side = page.copy(), 40 / 210 * page.width
    left, top = 24.5 / 210 * page.width, 223.5 / 297 * page.height
    drawn, size = ImageDraw.Draw(spotted), side * (share / 4 * 4 / 3.14159) ** 0.5
    for _ in range(4):
        x, y = left + chance.uniform(0.3, 0.75) * side, top + chance.uniform(0.3, 0.75) * side
        drawn.ellipse((x, y, x + size, y + size), fill=chance.choice((40, 255)))
    return spotted


def badly_stained(page: Image.Image, chance: random.Random) -> Image.Image:
    """The same over an eighth of it."""
    return stained(page, chance, 0.12)


DEGRADED = (grey, packed, turned, blurred, copied, stained, badly_stained)


@pytest.mark.parametrize("behind", [b"\n", b"\r\n", b"\0\0", b" \n\n"])
def test_blanks_behind_the_end_change_nothing(office: Office, certificate: Issued, behind: bytes) -> None:
    """A line end that a mail left behind the file is nobody's word; anything else is."""
    assert verify(certificate.pdf + behind, office.against()).exit_code == 0
    assert verify(certificate.pdf + behind + b"%", office.against()).exit_code == 3


def test_verdicts_have_each_a_word_of_their_own(office: Office, new_office: Office, certificate: Issued) -> None:
    """Altered, of an unknown issuer, revoked, expired and unreadable end in different ways; only the first one in 0."""
    number = certificate.receipt.number
    withdrawn = office.trust(**{number: {"state": "revoked", "on": AS_OF.isoformat()}})
    at = read_container(certificate.pdf).start - 5000
    altered = certificate.pdf[:at] + bytes([certificate.pdf[at] ^ 1]) + certificate.pdf[at + 1 :]
    after = office.against(as_of=AS_OF.replace(year=2028))
    found = [
        verify(certificate.pdf, office.against()),
        verify(altered, office.against()),
        verify(certificate.pdf, new_office.against()),
        verify(certificate.pdf, office.against(withdrawn)),
        verify(certificate.pdf, after),
        verify(b"%PDF-1.7 nothing", office.against()),
    ]
    assert [one.exit_code for one in found] == [0, 3, 4, 5, 6, 7]
    told = found[0].to_json()
    assert (told["integrity"], told["issuer"], told["standing"]) == ("intact", "known", "valid")
    assert told["firm"] == {"name": certificate.receipt.name, "credit_code": "91120113MA06ABCD1X"}
    assert {one["scheme"] for one in told["schemes"]} <= set(SCHEMES)
    assert told["as_of"] == AS_OF.isoformat()
    assert set(told["totals"]) == {"cash", "less", "possible"}
