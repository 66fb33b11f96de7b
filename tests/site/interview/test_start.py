"""Tests of the start page: what it asks, what it takes, and how one comes back to it."""

import pytest

from tests.fixtures.pages import Visitor, parsed, words
from tests.site.interview.conftest import SHOP, Interview, asked_by


def test_it_says_what_it_is_and_weighs_little(visitor: Visitor) -> None:
    """Two sentences, one button, three honest facts, in 20 kB with everything that it loads; the feed is only named."""
    page = visitor.get("/")
    assert words(page.by_id("begin").find(".//div[@class='bar']")) == "先看一个数"  # type: ignore[arg-type]
    assert len(page.root.findall(".//ul[@class='honest']/li")) == 3
    named = [e for tag in ("script", "link") for e in page.root.iter(tag) if e.get("rel") != "alternate"]
    loaded = [e.get("src") or e.get("href") or "" for e in named]
    sizes = [len(visitor.client.get(path, headers={"Accept-Encoding": "gzip"}).data) for path in ["/", *loaded]]
    assert len(loaded) >= 3
    assert sum(sizes) <= 20_000


def test_nothing_need_be_told_to_start(owner: Interview) -> None:
    """The button alone leads to the first question."""
    assert asked_by(owner.begin())


def test_an_industry_is_picked_from_what_the_words_mean(owner: Interview) -> None:
    """Plain words give industries to pick from, each with what is in it; the picked one is kept and not asked again."""
    page = parsed(owner.begin(words="开面馆", fact_district="heping"))
    picks = [pick.get("value") for pick in page.by_id("picks").iter("input")]
    assert "621" in picks
    holds = [words(hint) for hint in page.root.findall(".//*[@id='picks']//label/span[@class='hint']")]
    assert len(set(holds)) == len(picks) - 1
    assert "煎饼" in words(page.by_id("picks"))
    assert (page.value("words"), page.value("fact_district")) == ("开面馆", "heping")
    owner.begin(words="开面馆", fact_industry="621")
    assert "621" in owner.visitor.get("/answers").text


def test_who_goes_on_without_picking_is_told_so(owner: Interview) -> None:
    """Pressing the button with words alone is refused beside the choices, and the focus goes to the first of them."""
    response = owner.begin(words="开面馆")
    page = parsed(response)
    assert response.status_code == 422
    assert "请先选一个最接近的行业" in words(page.by_id("picks"))
    focused = [field.get("name") for field in page.root.iter("input") if "autofocus" in field.attrib]
    assert focused == ["fact_industry"]


@pytest.mark.parametrize("said", ["开面馆", "😀😀"])
def test_an_industry_may_be_skipped(owner: Interview, said: str) -> None:
    """Where none fits, found or not, one may go on all the same; the industry counts as 不清楚."""
    page = parsed(owner.begin(words=said))
    assert "都不像，先跳过" in words(page.by_id("picks"))
    to = owner.begin(words=said, fact_industry="?")
    assert to.status_code == 303
    assert "industry" not in asked_by(to)


@pytest.mark.parametrize(("told", "is_asked"), [("none", False), ("some", True), ("", True)])
def test_a_founder_is_not_asked_for_the_past(owner: Interview, told: str, is_asked: bool) -> None:
    """Who says that the firm is not registered yet is asked for no figure of last year or of the quarters."""
    screens = owner.play(owner.begin("small-low-profit-income-tax", gate_registered=told), {})
    facts = {fact for screen in screens for fact in screen}
    assert ("gate:over_small_size" in facts) is is_asked
    assert ("annual_taxable_income" in facts) is is_asked


def test_a_founder_sees_and_changes_that_answer(owner: Interview) -> None:
    """It stands among the answers in its own words, and can be changed there."""
    owner.begin(gate_registered="none")
    page = owner.visitor.get("/answers")
    assert "还没登记" in page.text
    again = owner.visitor.get("/ask?fact=gate:registered&back=answers")
    assert again.value("gate_registered") == "none"
    form = {"fact": "gate:registered", "back": "answers", "gate_registered": "some", "do": "next"}
    assert owner.send("/ask", form, again).headers["Location"] == "/answers"
    assert "已登记" in owner.visitor.get("/answers").text


def test_words_that_mean_nothing_are_kept_with_a_hint(owner: Interview) -> None:
    """Where nothing is found the page says what to try, and the words stay."""
    page = parsed(owner.begin(words="😀😀"))
    assert "没有找到" in words(page.by_id("picks"))
    assert page.value("words") == "😀😀"


def test_a_code_needs_no_picking(owner: Interview) -> None:
    """Who knows the code of the industry types it, in wide digits too."""
    assert asked_by(owner.begin(words="6220"))
    assert "6220" in owner.visitor.get("/answers").text


@pytest.mark.parametrize(
    ("typed", "label"), [("天津市麦香阁面馆", "企业名称"), ("９2120101ma06upju0y", "统一社会信用代码")]
)
def test_one_field_takes_a_name_or_a_code(owner: Interview, typed: str, label: str) -> None:
    """What looks like a credit code is one, anything else is a name."""
    owner.begin(who=typed)
    assert label in owner.visitor.get("/answers").text


def test_a_mistyped_code_is_said_beside_its_field(owner: Interview) -> None:
    """A credit code whose check fails is refused there, and the rest is kept."""
    response = owner.begin(who="92120101MA06UPJU0X", fact_district="heping")
    page = parsed(response)
    assert response.status_code == 422
    assert words(page.by_id("who-fault"))
    assert (page.value("who"), page.value("fact_district")) == ("92120101MA06UPJU0X", "heping")


def test_a_firm_not_registered_yet_can_ask(owner: Interview) -> None:
    """A founder goes on without name or code, and nothing later insists on them."""
    assert "还没有登记的，不问去年的数字" in words(owner.visitor.get("/").by_id("begin"))
    screens = owner.play(owner.begin("startup-guarantee-loan"), SHOP)
    assert not {"name", "credit_code", "established_on"} & {fact for screen in screens for fact in screen}


def test_only_the_schemes_of_the_address_are_asked_about(owner: Interview) -> None:
    """A link from a scheme's sheet asks about that scheme alone."""
    assert "六税两费" in owner.visitor.get("/?scheme=six-taxes-two-fees&scheme=no-such").text
    owner.begin("six-taxes-two-fees")
    assert numbers_of(owner) == 1


def numbers_of(owner: Interview) -> int:
    """How many schemes the progress bar counts."""
    page = owner.visitor.get(owner.visitor.client.get("/ask").headers["Location"])
    return int(page.by_id("settled").get("max") or 0)


def test_who_comes_back_goes_on(owner: Interview) -> None:
    """With answers kept the start page offers to go on, and a button that deletes them."""
    assert owner.visitor.get("/").root.find(".//*[@id='resume']") is None
    owner.begin(fact_district="heping")
    page = owner.visitor.get("/")
    assert "1个答案" in page.text
    assert page.root.find(".//form[@action='/delete']") is not None
