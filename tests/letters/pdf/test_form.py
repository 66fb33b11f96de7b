"""The letter form of GB/T 9704, measured from the file: grid, edges, rules, head, pages and the place of the signature."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import pytest

from matcher.letters.compose.letter import Attachment, Letter
from matcher.letters.pdf.render import render_pdf
from matcher.rulebook.shapes import Text

MM = 72 / 25.4
PITCH = 28.95
CENTRE = Text(zh="天津市北辰区企业服务中心", en="Beichen Enterprise Service Centre, Tianjin")
RECEIPT = Attachment("receipt.json", b"{}", "application/json", description="核对回执（随电子文件）")
SIGNED = "HC1:" + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./:" * 5


class Word(NamedTuple):
    """A run of text on a page, in millimetres from its top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def words_of(pdf: bytes) -> list[Word]:
    """Every line of text of the file; what poppler parts at a wide gap is put together again."""
    command = ["pdftotext", "-bbox-layout", "-", "-"]
    out = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60).stdout.decode()
    line = re.compile(r'<line xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</line>', re.S)
    parts = [
        Word(number, *(float(side) / MM for side in box), re.sub(r"<.*?>|\s", "", text))
        for number, page in enumerate(out.split("<page ")[1:], 1)
        for *box, text in line.findall(page)
    ]
    parts.sort(key=lambda part: (part.page, round(part.top), part.left))
    whole: list[Word] = []
    for part in parts:
        before = whole[-1] if whole else None
        if before and before.page == part.page and abs(before.top - part.top) < 0.5 and part.left - before.right < 8:
            whole[-1] = before._replace(right=part.right, text=before.text + part.text)
        else:
            whole.append(part)
    return whole


@pytest.fixture(scope="module")
def issue(write: Callable[..., Letter]) -> Callable[..., Letter]:
    """A letter on decisions as an office issues it: `issue(*decisions, kind=…, lang=…)`."""

    def issued(*decisions: dict[str, Any], kind: Any = "eligibility", **more: Any) -> Letter:
        letter = write(*decisions, kind=kind, **more)
        return dataclasses.replace(
            letter,
            number="津辰企服函〔2026〕128号",
            centre=CENTRE,
            valid_until=date(2027, 5, 23),
            code="7K3MQX9TBH2P",
            qr=SIGNED,
        )

    return issued


def test_grid_of_22_by_28(issue: Callable[..., Letter]) -> None:
    """A page of plain characters has 22 lines of 28, 28.95 pt apart, from edge to edge of the type area."""
    plain = dataclasses.replace(issue(), opening=("函" * 2000,))
    page = [word for word in words_of(render_pdf(plain)) if word.page == 2 and set(word.text) == {"函"}]
    assert [len(word.text) for word in page] == [28] * 22
    assert [below.top - above.top for above, below in pairwise(page)] == pytest.approx([PITCH / MM] * 21, abs=0.02)
    assert {round(word.left, 1) for word in page} == {28.0}
    assert [word.right for word in page] == pytest.approx([184.0] * 22, abs=0.2)
    leading = (PITCH - 15.75) / 2 / MM
    assert page[0].top - leading == pytest.approx(37, abs=0.3)
    assert page[-1].bottom + leading == pytest.approx(297 - 35, abs=0.3)


def test_full_lines_end_at_the_edge(issue: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """Whatever stands in it, figures, marks, rare names or Latin, a line that goes on ends at 184 mm, none beyond."""
    name = "天津喆堃镕（Bohai Machinery）精密机械有限公司"
    letter = issue(*(decide(status) for status in ("eligible", "needs_information", "not_eligible")), addressee=name)
    mixed = "少缴38,642.57元，依据“财税〔2023〕12号”第（一）项；电子税务局etax.tianjin.chinatax.gov.cn办理。" * 6
    body = [
        word
        for word in words_of(render_pdf(dataclasses.replace(letter, opening=(mixed, mixed[7:]))))
        if word.left < 28.6 and 50 < word.top < 262
    ]
    goes_on = [word for word, below in pairwise(body) if below.page == word.page and below.top - word.top < 10.3]
    assert len(goes_on) > 10
    # Only a line that a long address would tear apart stays short: spaced out so far, a search takes it for words apart.
    assert sum(word.right < 183.8 for word in goes_on) <= max(1, len(goes_on) // 20)
    assert max(word.right for word in body) < 184.2


def test_head(issue: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The mark begins 30 mm below the paper's edge; both red rules are 170 mm long, centred, at their distances."""
    dots = 200 / 25.4
    command = ["pdftoppm", "-r", "200", "-f", "1", "-l", "1", "-"]
    out = subprocess.run(
        command, input=render_pdf(issue(decide("eligible"))), capture_output=True, check=True, timeout=60
    )
    header = re.match(rb"P6\s(\d+)\s(\d+)\s255\s", out.stdout)
    assert header is not None
    width, pixels = int(header[1]), out.stdout[header.end() :]
    rows = {}
    for top in range(int(header[2])):
        row = pixels[top * width * 3 : (top + 1) * width * 3]
        red = [at for at in range(width) if row[3 * at] > 150 and row[3 * at + 1] < 120 and row[3 * at + 2] < 120]
        if red:
            rows[top / dots] = (red[0] / dots, red[-1] / dots)
    assert min(rows) == pytest.approx(30, abs=0.3)
    ruled = {top: span for top, span in rows.items() if span[1] - span[0] > 169}
    assert {(round(left), round(right)) for left, right in ruled.values()} == {(20, 190)}
    mark_ends = max(top for top in rows if top < min(ruled))
    assert min(ruled) - mark_ends == pytest.approx(4, abs=0.5)
    assert 297 - max(ruled) == pytest.approx(20, abs=0.3)


def test_number_and_title(issue: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The number ends at the right edge 7/8 of a character below the rule; the title is centred, two lines further down."""
    found = words_of(render_pdf(issue(decide("eligible"))))
    (number,) = [word for word in found if word.text.startswith("津辰企服函") and word.top < 100]
    (title,) = [word for word in found if word.text.startswith("关于小微企业")]
    assert number.right == pytest.approx(184, abs=0.3)
    assert (title.left + title.right) / 2 == pytest.approx((28 + 184) / 2, abs=0.3)
    assert (title.top + title.bottom - number.top - number.bottom) / 2 == pytest.approx(3 * PITCH / MM, abs=2.5)


@pytest.mark.parametrize("count", range(1, 9))
def test_the_signature_never_stands_alone(issue: Callable[..., Letter], decide: Callable[..., Any], count: int) -> None:
    """However the pages fall, at least two lines of the text go with the signature."""
    letter = dataclasses.replace(issue(decide("not_open")), opening=("贵单位" * 25 * count,))
    found = words_of(render_pdf(letter, attachments=[RECEIPT]))
    (signed,) = [word for word in found if word.text == CENTRE.zh and word.top > 60]
    before = [word for word in found if word.page == signed.page and 40 < word.top < signed.top - 1 and word.left < 100]
    assert len([word for word in before if "附件" not in word.text]) >= 2


def test_signature_block(issue: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The office's name ends two characters from the edge, the date begins two after it, and the seal has its place."""
    found = words_of(render_pdf(issue(decide("eligible")), attachments=[RECEIPT]))
    (name,) = [word for word in found if word.text == CENTRE.zh and word.top > 60]
    (dated,) = [word for word in found if word.text == "2026年11月24日" and word.page == name.page]
    assert 184 - name.right == pytest.approx(2 * 15.75 / MM, abs=0.3)
    assert dated.left - name.left == pytest.approx(2 * 15.75 / MM, abs=0.3)
    centre = (name.left + name.right) / 2
    near = [w for w in found if w.page == name.page and abs(w.top - name.top) < 15 and w.right > centre - 21]
    assert {word.text for word in near if not word.text.startswith("（本函不加盖印章")} <= {name.text, dated.text}


def test_page_numbers(issue: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """No number on the first page; then even pages have it left, odd ones right, a character from the edge."""
    found = words_of(render_pdf(issue(*(decide("eligible") for _ in range(3)))))
    numbers = {word.page: word for word in found if re.fullmatch("—[0-9]+—", word.text)}
    assert 1 not in numbers
    assert set(numbers) == set(range(2, max(word.page for word in found) + 1))
    for page, word in numbers.items():
        assert word.text == f"—{page}—"
        gap = 184 - word.right if page % 2 else word.left - 28
        assert gap == pytest.approx(14 / MM, abs=0.5)
        dash = (
            word.top + (1.151 - 0.293) * 14 / MM
        )  # Noto Serif CJK: the box begins 1.151 above the base line, the dash .293
        assert dash - 262 == pytest.approx(7, abs=0.3)


def test_no_forbidden_line_start_or_end(issue: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """In the letter as printed no line begins with a closing mark or ends with an opening one."""
    letter = issue(*(decide(status) for status in ("eligible", "needs_decision", "needs_information", "not_eligible")))
    for word in words_of(render_pdf(letter)):
        assert word.text[0] not in "，。；：、？！）》”’〕"
        assert word.text[-1] not in "（《“‘〔"


def test_a_sheet_is_not_red(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """A self-check has no red head, so that nobody takes it for an issued letter; a draft says in its head what it is."""
    command = ["pdftoppm", "-r", "50", "-"]
    out = subprocess.run(
        command, input=render_pdf(write(decide("eligible"))), capture_output=True, check=True, timeout=60
    )
    pixels = out.stdout[15:]
    assert not any(pixels[at] > pixels[at + 1] + 40 for at in range(0, len(pixels) - 3, 3))
    draft = words_of(render_pdf(write(decide("eligible"), kind="eligibility")))
    assert any(word.text == "草稿，未编号，不是签发的函件" for word in draft)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_foot_line(issue: Callable[..., Letter], decide: Callable[..., Any], lang: str) -> None:
    """The line in the foot of every page keeps within the margins, and says how many pages there are, so that none is lost."""
    letter = dataclasses.replace(
        issue(*(decide("eligible") for _ in range(3)), lang=lang), number="津滨惠函〔2026〕12345号"
    )
    found = words_of(render_pdf(letter, attachments=[RECEIPT]))
    pages = max(word.page for word in found)
    feet = [word for word in found if word.top > 265 and "12345号" in word.text]
    assert [foot.page for foot in feet] == list(range(1, pages + 1))
    assert all(f"共{pages}页" in foot.text or f"pages:{pages}" in foot.text for foot in feet)
    assert min(foot.left for foot in feet) > 27.9
    assert max(foot.right for foot in feet) < 184.1
    numbers = [word for word in found if re.fullmatch("—[0-9]+—", word.text)]
    assert all(foot.top - number.bottom > 1 for number in numbers for foot in feet if foot.page == number.page)


@pytest.mark.parametrize(("lang", "enclosed"), [("zh", "附件"), ("en", "Enclosed")])
def test_the_code_covers_no_words(
    issue: Callable[..., Letter], decide: Callable[..., Any], lang: str, enclosed: str
) -> None:
    """The QR code, 30 mm high, stands between the enclosures and the words that say how it is verified."""
    found = words_of(render_pdf(issue(decide("eligible"), lang=lang), attachments=[RECEIPT]))
    (above,) = [word for word in found if word.text.startswith(enclosed)]
    (below,) = [
        word for word in found if word.text.lstrip("（(").startswith(("本函不加盖印章", "Thisletterbearsnoseal"))
    ]
    assert below.top - above.bottom > 30
