"""The PDF itself: pages, fonts, reading order, geometry, the same bytes twice, and hostile text."""

from __future__ import annotations

import dataclasses
import io
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pypdf
import pytest

from matcher.letters.compose.letter import Letter
from matcher.letters.pdf import render as renderer
from matcher.letters.pdf.render import RenderError, render_pdf

STATUSES = (
    "eligible",
    "needs_decision",
    "needs_information",
    "not_eligible",
    "not_open",
    "unconfirmed",
    "applies",
    "does_not_apply",
)
MM = 72 / 25.4
LONG_NAME = (
    "天津市滨海新区（中新天津生态城）国际合作绿色低碳循环经济产业"
    "技术创新与知识产权运营服务示范推广中心有限责任公司北辰分公司"
)  # 60 characters


def fonts_of(pdf: bytes) -> list[list[str]]:
    """The rows of poppler's pdffonts: name, …, emb, sub, uni, object, id."""
    out = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True, timeout=60).stdout.decode()
    return [row.split() for row in out.splitlines()[2:]]


def squeezed(text: str) -> str:
    """The text without line ends and blanks, for words that may be broken over lines."""
    return re.sub(r"\s", "", text)


def test_a_letter_leaves_nothing_behind_in_the_layout(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """Chinese letters ask for no font feature: each layout that does stays in memory, some 20 kB a letter."""
    script = (
        "import sys, pickle\n"
        "from matcher.letters.pdf import render\n"
        "render.render_pdf(pickle.load(sys.stdin.buffer))\n"
        "print(len(render.font_configuration().font_features))\n"
    )
    letter = pickle.dumps(write(decide("eligible")))
    # In a process of its own: letters in English, which do ask for one, may have been set in this one.
    done = subprocess.run([sys.executable, "-c", script], input=letter, capture_output=True, check=True, timeout=60)
    assert done.stdout.split() == [b"0"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("status", STATUSES)
def test_one_page(write: Callable[..., Letter], decide: Callable[..., Any], status: str, lang: str) -> None:
    """An ordinary result, one scheme with its decision, is one A4 page whatever the status and the language."""
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(write(decide(status), lang=lang))))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(float(box.width) / MM), round(float(box.height) / MM)) == (210, 297)


@pytest.mark.parametrize("name", [LONG_NAME, "Tianjin Bohai Precision Machinery & Automation (Group) Co., Ltd."])
def test_long_names(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]], name: str
) -> None:
    """A name of sixty characters, or an English one, is printed whole and stays on one page."""
    (page,) = pages(render_pdf(write(decide("eligible"), addressee=name)))
    assert squeezed(name) + "：" in squeezed(page)


def test_reading_order(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]]
) -> None:
    """Copied text comes out as it is read: head, addressee, the sum in figures and capitals, grounds, date, foot."""
    (page,) = pages(render_pdf(write(decide("eligible"))))
    text = squeezed(page)
    parts = (
        "天津市惠企政策匹配服务",
        "自助核对结果，未编号，不是签发的函件",
        "自助核对单",
        "天津市北辰区恒通精密机械有限公司：",
        "19,321.29元（人民币壹万玖仟叁佰贰拾壹元贰角玖分）",
        "计算过程：38,642.57×50%=19,321.285，四舍五入为19,321.29",
        "所据情况：是否新设立且尚未办理首次汇算清缴：是；",
        "政策依据：财政部税务总局公告2023年第12号第二条、第四条、第五条",
        "施行期限：2023年1月1日至2027年12月31日",
        "以主管部门的决定为准。天津市惠企政策匹配服务2026年11月24日（本单不加盖印章）",
        "规则库版本3f2a9c7d41e8b605",
    )
    found = [text.find(part) for part in parts]
    assert -1 not in found
    assert found == sorted(found)


def test_every_font_embedded(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """All fonts travel inside the file as subsets with their Unicode map; none is a Japanese or a stray sans face."""
    rows = fonts_of(render_pdf(write(decide("eligible"), addressee="天津喆堃镕商贸行")))
    assert rows
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    names = " ".join(row[0] for row in rows)
    assert "JP" not in names
    assert "Noto-Sans" not in names
    assert all(face in names for face in ("FandolFang", "FandolSong-Bold", "FandolHei", "LXGW-WenKai"))


def test_rare_characters_in_a_chinese_face(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]]
) -> None:
    """An owner called 喆, 堃 or 镕 is printed, from LXGW WenKai and from nothing fontconfig picks by itself."""
    pdf = render_pdf(write(decide("eligible"), addressee="天津喆堃镕犇商贸行"))
    assert "天津喆堃镕犇商贸行：" in pages(pdf)[0]
    assert any("LXGW-WenKai-Light" in row[0] for row in fonts_of(pdf))


def test_metadata(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The file says its title, author and language, and no time of making."""
    reader = pypdf.PdfReader(io.BytesIO(render_pdf(write(decide("eligible")))))
    assert reader.metadata is not None
    assert reader.metadata.title == "小微企业“六税两费”减免自助核对单"
    assert reader.metadata.author == "天津市惠企政策匹配服务"
    assert reader.metadata.creation_date is None
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_same_bytes_twice(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The same letter gives the same bytes, whatever was printed in between."""
    letter = write(decide("eligible"))
    first = render_pdf(letter)
    render_pdf(write(decide("not_eligible"), lang="en", addressee="喆堃"))
    assert render_pdf(letter) == first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_rest_of_very_many_is_named(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]], lang: str
) -> None:
    """A letter on very many schemes names those that give nothing, by status, instead of a section for each."""
    letter = write(*(decide(status) for status in STATUSES * 2), lang=lang)
    assert {section.status for section in letter.sections} == {"eligible", "needs_decision", "applies"}
    named = {row.key: row.label for row in letter.rest}
    assert list(named) == ["needs_information", "not_eligible", "does_not_apply", "unconfirmed", "not_open"]
    text = squeezed("".join(pages(render_pdf(letter))))
    assert all(squeezed(label) in text for label in named.values())
    assert squeezed(letter.rest_heading) in text


def test_many_schemes_flow(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]]
) -> None:
    """Forty schemes flow over pages: none is cut, later pages are numbered, the edition is in every foot."""
    printed = pages(render_pdf(write(*(decide("eligible") for _ in range(40)))))
    text = squeezed("".join(printed))
    assert len(printed) > 5
    headings = [text.find(f"{number}、小微企业") for number in ("一", "十", "十一", "二十", "三十九", "四十")]
    assert -1 not in headings
    assert headings == sorted(headings)
    assert all("3f2a 9c7d 41e8 b605" in page for page in printed)
    assert not re.search(r"—\s*1\s*—", printed[0])
    assert all(re.search(rf"—\s*{number}\s*—", page) for number, page in enumerate(printed[1:], 2))
    assert "主管部门的决定为准。" in squeezed(printed[-1])


def test_no_scheme(write: Callable[..., Letter], pages: Callable[[bytes], list[str]]) -> None:
    """A letter without a scheme is still a whole letter."""
    (page,) = pages(render_pdf(write()))
    assert "本次没有核对任何政策。" in page


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    "</p><style>@import url(http://127.0.0.1:9/x.css);body{background:url(file:///etc/passwd)}</style>",
    "{{ 7*7 }}{% include 'x' %}&lt;&amp;&#65;",
    "]]><!--<svg><use href='file:///etc/passwd'/></svg>-->",
    "url(data:text/css,*{display:none})",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_name_is_printed(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]], text: str
) -> None:
    """Markup, style, template and address in a name are printed to the character and not obeyed."""
    pdf = render_pdf(write(decide("eligible"), addressee=text))
    (page,) = pages(pdf)
    assert squeezed(text) in squeezed(page)
    assert "root:" not in page
    assert "主管部门的决定为准" in squeezed(page)


@pytest.mark.parametrize("where", ["heading", "conclusion", "paid"])
def test_markup_is_escaped_everywhere(
    write: Callable[..., Letter],
    decide: Callable[..., Any],
    pages: Callable[[bytes], list[str]],
    where: str,
) -> None:
    """Whichever field of a letter markup gets into, it is printed."""
    letter = write(decide("eligible"), decide("not_open"))
    section = dataclasses.replace(letter.sections[0], **{where: "<b>甲</b><img src=file:///etc/passwd>"})
    letter = dataclasses.replace(letter, sections=(section, letter.sections[1]))
    assert "<b>甲</b><imgsrc=file:///etc/passwd>" in squeezed("".join(pages(render_pdf(letter))))


def test_ten_thousand_characters(
    write: Callable[..., Letter], decide: Callable[..., Any], pages: Callable[[bytes], list[str]]
) -> None:
    """A name of 10,000 characters without a blank is printed whole over as many pages as it takes."""
    name = "<b>" + "天津A" * 3_333
    text = "".join(pages(render_pdf(write(decide("eligible"), addressee=name))))
    assert text.count("天") >= 3_333
    assert squeezed(text).count("A") >= 3_333


def test_nothing_is_fetched(
    monkeypatch: pytest.MonkeyPatch, write: Callable[..., Letter], decide: Callable[..., Any]
) -> None:
    """Should a template ever point outside, the letter is refused by name and no worker dies of a BaseException."""
    template = renderer._template()
    reaching = template.environment.from_string(
        '<html lang="zh"><img src="file:///etc/passwd"/><p>{{ parts[0].frame.date }}</p></html>'
    )
    monkeypatch.setattr(renderer, "_template", lambda: reaching)
    with pytest.raises(RenderError, match="outside"):
        render_pdf(write(decide("eligible")))


def lines_of(pdf: bytes) -> list[tuple[float, float, float, float, str]]:
    """Every line of the first page as (left, top, right, bottom, text), in points from the top left corner."""
    out = subprocess.run(
        ["pdftotext", "-bbox-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    found = re.findall(
        r'<line xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)</line>', out.stdout.decode(), re.S
    )
    return [(*map(float, box), re.sub(r"<.*?>|\s", "", words)) for *box, words in found]  # type: ignore[misc]


def test_grid(write: Callable[..., Letter], decide: Callable[..., Any]) -> None:
    """The body stands on the grid: left edge 28 mm, indent two characters, 28 to the line, lines 28.95 pt apart."""
    opening = ("贵单位" * 40,)
    letter = dataclasses.replace(write(decide("not_open")), opening=opening)
    body = [line for line in lines_of(render_pdf(letter)) if set(line[4]) <= set("贵单位")]
    assert body[0][0] == pytest.approx(28 * MM + 2 * 15.75, abs=0.85)
    assert [line[0] for line in body[1:]] == pytest.approx([28 * MM] * (len(body) - 1), abs=0.85)
    assert [below[1] - above[1] for above, below in pairwise(body)] == pytest.approx([28.95] * (len(body) - 1), abs=0.1)
    assert max(line[2] for line in body) <= (210 - 26) * MM + 0.85
    assert len(body[1][4]) == 28
