"""Tests of the English pages: whatever is Chinese on them is marked as Chinese."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest

from tests.fixtures.pages import Page, parsed
from tests.site.interview.conftest import SHOP, Interview

HAN = re.compile("[\u3400-\u9fff]")
# A way to write an amount that an English reader may meet too.
SAID_IN_CHINESE = "30万"
READ_OUT = ("aria-label", "title", "placeholder", "alt")


def unmarked(element: Element, *, is_marked: bool = False) -> Iterator[str]:
    """Every text with Chinese in it that stands outside an element marked as Chinese, attributes that are read out too."""
    is_marked = element.get("lang", "zh" if is_marked else "en").startswith("zh")
    if not is_marked:
        texts = (element.text, *(element.get(name) for name in READ_OUT))
        yield from (text for text in texts if text and HAN.search(text.replace(SAID_IN_CHINESE, "")))
    for child in element:
        yield from unmarked(child, is_marked=is_marked)
        if not is_marked and HAN.search((child.tail or "").replace(SAID_IN_CHINESE, "")):
            yield child.tail or ""


@pytest.fixture
def shop(owner: Interview) -> Interview:
    """An owner with a Chinese name who told enough for every kind of answer."""
    owner.visitor.get("/?lang=en")
    owner.begin(fact_district="heping", who="天津市麦香阁面馆")
    owner.tell(owner.visitor.get("/ask?" + "&".join(f"fact={fact}" for fact in SHOP)), **SHOP)
    return owner


@pytest.mark.parametrize(
    "path",
    [
        *("/result", "/what-if", "/take/checklist", "/wrong/six-taxes-two-fees", "/wrong/xinyidai-credit-loan"),
        *("/scheme/six-taxes-two-fees", "/save"),
    ],
)
def test_what_is_chinese_is_marked(shop: Interview, path: str) -> None:
    """Quoted law, names and titles of forms are marked; everything around them is in English, folded or not."""
    page = shop.visitor.get(path)
    assert page.root.get("lang") == "en"
    assert list(unmarked(page.root)) == []


def test_the_quotations_are_explained_once(shop: Interview) -> None:
    """An English reader is told why the law is quoted in Chinese."""
    assert shop.visitor.get("/result").text.count("quoted in Chinese, the binding language") == 1


def test_moves_are_in_english(shop: Interview) -> None:
    """What moves on another day is said in English throughout."""
    page = shop.visitor.get("/what-if")
    facts = [field.get("value") or "" for field in page.root.iterfind(".//input[@name='fact']")]
    form = {f"fact_{fact}": page.value(f"fact_{fact}") or "" for fact in facts}
    moved: Page = parsed(shop.send("/what-if", {**form, "fact": facts, "as_of": "2022-08-15", "do": "look"}, page))
    assert list(unmarked(moved.by_id("moves"))) == []
