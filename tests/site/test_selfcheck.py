"""Tests of the self-check page: what it asks, how faults and answers stand on it, and the letter."""

from collections.abc import Mapping
from io import BytesIO

import pytest
from pypdf import PdfReader

from matcher.rulebook.rulebook import Rulebook
from matcher.text import figures
from matcher.text.dates import today
from tests.fixtures.pages import ENTITLED, Page, Visitor, parsed, words

CARD = "scheme-six-taxes-two-fees"


def without(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """The form with some answers left out."""
    return {name: value for name, value in form.items() if name not in names}


def fault(page: Page, name: str) -> str:
    """The fault beside a field; AssertionError unless the field and the summary both point to it."""
    beside = page.by_id(f"{name}-fault")
    described = [e for e in page.root.iter() if f"{name}-fault" in (e.get("aria-describedby") or "").split()]
    assert described, f"nothing is described by the fault of {name}"
    assert page.by_id("results").find(f".//a[@href='#{name}']") is not None
    page.by_id(name)
    return words(beside)


def folds(page: Page) -> list[str]:
    """The folds of a long form whose content is not on the page."""
    found = [button.get("value") or "" for button in page.root.iterfind(".//button[@name='open']")]
    return [key for key in found if not key.startswith("fact_")]


def sent(visitor: Visitor, page: Page, form: Mapping[str, str]) -> Page:
    """The page's form sent with these changes, as a browser sends it."""
    hidden = {f.get("name"): f.get("value") or "" for f in page.root.iter("input") if f.get("type") == "hidden"}
    names = {f.get("name") for tag in ("input", "select") for f in page.root.iter(tag)}
    typed = {name: page.value(name) or "" for name in names if name and name.startswith(("fact_", "as_of"))}
    return visitor.followed(visitor.client.post("/all", data={**hidden, **typed, **form}))


# --- what is asked


def test_the_page_asks_what_the_schemes_need(visitor: Visitor, rulebook: Rulebook) -> None:
    """Every fact that a firm can tell and a scheme needs has a field, if need be behind a fold; a department's finding has none."""
    pages = [visitor.get("/all")]
    pages += [visitor.answer({"open": key}) for key in folds(pages[0])]
    fields = {field.get("name") for page in pages for field in page.root.iter() if field.tag in ("input", "select")}
    for fact_id in rulebook.facts_needed():
        assert (f"fact_{fact_id}" in fields) == (rulebook.facts[fact_id].stated_by == "firm"), fact_id


def test_the_long_form_starts_short(visitor: Visitor) -> None:
    """Of more than three hundred questions only those of many schemes are on the page at first."""
    page = visitor.get("/all")
    assert len({f.get("name") for f in page.root.iter("input") if f.get("name", "").startswith("fact_")}) < 60
    assert len(list(page.root.iter())) < 1000


def test_what_was_typed_behind_folds_travels_on(visitor: Visitor) -> None:
    """Another fold opened, and the results: what was told behind the first is on the page again, and counts."""
    opened = visitor.answer({"open": "identity"})
    first = sent(visitor, opened, {"open": "people", "here": opened.value("here"), "fact_name": "天津麦香阁面馆"})
    typed = {"fact_insured_employees": "12", "fact_name": "天津麦香阁面馆"}
    assert first.value("fact_name") == "天津麦香阁面馆"
    key = folds(first)[-1]
    second = sent(visitor, first, {**typed, "open": key})
    assert second.value("fact_insured_employees") == "12"
    third = sent(visitor, second, {**typed, "do": ""})
    assert third.by_id("answer") is not None
    fourth = sent(visitor, third, {"open": "people"})
    assert fourth.value("fact_insured_employees") == "12"
    assert words(fourth.by_id("fact_insured_employees-echo")) == "= 12人"


def test_a_question_among_the_first_brings_no_other_fold(visitor: Visitor) -> None:
    """Opening one fold opens that one alone, though questions of others stand among the first."""
    before = visitor.get("/all")
    page = sent(visitor, before, {"open": "identity", "fact_employees": "12", "fact_industry": ""})
    assert folds(page) == [key for key in folds(before) if key != "identity"]


def test_a_fault_loses_nothing_behind_folds(visitor: Visitor) -> None:
    """While something is to be put right, every field that was sent stays on the page as it was typed."""
    first = visitor.answer({"open": "people"})
    typed = {"fact_insured_employees": "12", "as_of": "x"}
    second = sent(visitor, first, typed)
    assert second.response.status_code == 422
    assert second.value("fact_insured_employees") == "12"
    third = sent(visitor, second, {**typed, "open": folds(second)[0]})
    assert third.response.status_code == 422
    assert third.value("fact_insured_employees") == "12"


def test_a_missing_fact_behind_a_fold_is_one_press_away(visitor: Visitor) -> None:
    """Where the field of a missing fact is not on the page, a button brings it, opened, and keeps the results."""
    page = visitor.answer({"fact_employees": "12"})
    button = next(b for b in page.root.iter("button") if (b.get("value") or "").startswith("fact_"))
    name = button.get("value") or ""
    assert page.root.find(f".//*[@name='{name}']") is None
    brought = sent(visitor, page, {"open": name})
    holding = [d for d in brought.root.iter("details") if d.find(f".//*[@name='{name}']") is not None]
    assert holding
    assert all(fold.get("open") is not None for fold in holding)
    assert brought.by_id("answer") is not None
    assert sent(visitor, brought, {"open": "first"}).value("fact_employees") == "12"


def test_the_schemes_ticked_stay_ticked_behind_their_fold(visitor: Visitor) -> None:
    """The list of schemes comes when asked for."""
    assert visitor.get("/all").root.find(".//input[@type='checkbox']") is None
    page = visitor.answer({"open": "schemes"})
    assert page.by_id("section-schemes").get("open") is not None
    assert page.root.find(".//input[@value='six-taxes-two-fees']") is not None


def test_every_field_has_a_label_and_an_own_id(visitor: Visitor) -> None:
    """Labels, legends and ids are whole: a screen reader can name each field."""
    page = visitor.answer(ENTITLED)
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labels = list(page.root.iter("label"))
    named = {label.get("for") for label in labels}
    inside = {field for label in labels for field in label.iter("input")}  # a chip's label goes around it
    fields = [f for tag in ("input", "select") for f in page.root.iter(tag) if f.get("type") != "hidden"]
    assert [field.get("name") for field in fields if field.get("id") not in named and field not in inside] == []
    for element in page.root.iter():
        for name in (element.get("aria-describedby") or "").split():
            page.by_id(name)


def test_not_sure_is_the_default_of_every_choice(visitor: Visitor) -> None:
    """A fresh form takes nothing for granted: each choice stands at 不清楚."""
    page = visitor.get("/all")
    radios = [field for field in page.root.iter("input") if field.get("type") == "radio"]
    assert {f.get("name") for f in radios if f.get("checked") is not None} == {f.get("name") for f in radios}
    assert {f.get("value") for f in radios if f.get("checked") is not None} == {""}


def test_choosing_schemes_narrows_the_questions_and_loses_none(visitor: Visitor) -> None:
    """Only the chosen schemes' questions stay, with whatever was answered before."""
    page = visitor.answer({**ENTITLED, "do": "narrow", "scheme": "illegal-fee-complaint"})
    assert page.response.status_code == 200
    assert page.value("fact_six_taxes_two_fees_payable") == "38642.57"
    assert page.root.find(".//*[@id='answer']") is None


def test_a_scheme_may_be_chosen_by_the_address(visitor: Visitor) -> None:
    """A link may pick schemes; one that does not exist picks nothing."""
    page = visitor.get("/all?scheme=six-taxes-two-fees&scheme=no-such-scheme")
    ticked = [f.get("value") for f in page.root.iterfind(".//input[@name='scheme']") if f.get("checked") is not None]
    assert ticked == ["six-taxes-two-fees"]


# --- what is answered


def test_an_entitled_firm_sees_the_answer_first(visitor: Visitor) -> None:
    """The first words are the answer; the card says amount, kind, who is paid, until when and why."""
    page = visitor.answer(ENTITLED)
    assert page.response.status_code == 200
    assert words(page.by_id("answer")) == "现在可享受1项。"
    card = words(page.by_id(CARD))
    for part in ("恰好 19,321.29 元", "所问期间少缴的税费", "贵单位少缴或少付，不另发钱", "2022年12月31日"):
        assert part in card


def test_the_reasons_stand_with_value_phrase_and_source(visitor: Visitor) -> None:
    """The unfolded reasons name each condition's outcome and the instrument it comes from."""
    card = words(visitor.answer(ENTITLED).root.find(f".//*[@id='{CARD}']//details"))  # type: ignore[arg-type]
    assert "满足" in card
    assert "2022年第3号" in card
    assert "38642.57" in card.replace(",", "")


def test_a_failing_firm_is_told_on_which_answer(visitor: Visitor) -> None:
    """Who does not qualify reads "on what was stated", and the condition that fails first."""
    large = {"fact_is_before_first_settlement": "true", "fact_employees_end_last_month": "301"}
    page = visitor.answer({**without(ENTITLED, "fact_small_low_profit_per_settlement"), **large})
    card = words(page.by_id(CARD))
    assert "按目前填写的情况" in page.text
    assert "不满足" in card
    assert "301" in card


def test_what_is_missing_is_linked_to_its_field(visitor: Visitor) -> None:
    """Each missing fact is a link to its field, and the field's section is open."""
    page = visitor.answer(without(ENTITLED, "fact_small_low_profit_per_settlement"))
    assert "还要再知道" in words(page.by_id("answer"))
    link = page.by_id(CARD).find(".//a[@href='#fact_small_low_profit_per_settlement']")
    assert link is not None
    page.by_id("fact_small_low_profit_per_settlement")
    holding = [
        d for d in page.root.iter("details") if d.find(".//*[@id='fact_small_low_profit_per_settlement']") is not None
    ]
    assert all(section.get("open") is not None for section in holding)


def test_a_day_out_of_force_says_so(visitor: Visitor) -> None:
    """Before its first day a scheme stands under "not in force", without a judgement on the firm."""
    page = visitor.answer({**ENTITLED, "as_of": "2018年12月31日"})
    assert "这一天还没有开始施行" in words(page.by_id(CARD))


def test_without_a_day_today_counts(visitor: Visitor) -> None:
    """An empty date means today in Tianjin, and the result says which day that was."""
    before = today()
    said = visitor.answer(without(ENTITLED, "as_of")).text
    assert any(figures.day(day, "zh") in said for day in (before, today()))


def test_the_empty_form_is_answered_too(visitor: Visitor) -> None:
    """Nothing stated is no fault: everything that needs a fact is open."""
    page = visitor.answer({"scheme": "six-taxes-two-fees"})
    assert words(page.by_id("answer")).startswith("还没有填写情况")


def test_what_was_typed_stays_and_is_said_back(visitor: Visitor) -> None:
    """All fields come back with what was understood, figures and days with their meaning in words."""
    page = visitor.answer({**ENTITLED, "fact_six_taxes_two_fees_payable": "３０万", "as_of": "2022.8.15"})
    assert page.value("fact_six_taxes_two_fees_payable") == "300000"
    assert words(page.by_id("fact_six_taxes_two_fees_payable-echo")) == "= 300,000元 = 30万元"
    assert words(page.by_id("as_of-echo")) == "= 2022年8月15日"
    assert page.value("fact_legal_form") == "company"
    assert "恰好 150,000 元" in words(page.by_id(CARD))


def test_results_are_announced(visitor: Visitor) -> None:
    """The answer is a live region; the results have a heading and may take the focus."""
    page = visitor.answer(ENTITLED)
    results = page.by_id("results")
    assert (page.by_id("answer").get("aria-live"), results.get("tabindex")) == ("polite", "-1")
    assert results.find("h1") is not None


# --- faults


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("as_of", "2022-02-31", "没有这一天"),
        ("as_of", "不知道", "没有这一天"),
        ("as_of", "1066-10-14", "1990年"),
        ("fact_six_taxes_two_fees_payable", "-5", "不能小于0"),
        ("fact_six_taxes_two_fees_payable", "0.005", "两位小数"),
        ("fact_six_taxes_two_fees_payable", "三十来万", "只写数字"),
        ("fact_six_taxes_two_fees_payable", "😀", "不是数"),
        ("fact_six_taxes_two_fees_payable", "9" * 300, "200个字"),
        ("fact_employees_end_last_month", "3.5", "整数"),
        ("fact_employees_end_last_month", "１２\x0034", "打不出来"),
        ("fact_legal_form", "empire", "只能是"),
        ("fact_is_before_first_settlement", "maybe", "只能是"),
        ("fact_credit_code", "91120101MA06UPJU00", ""),
        ("fact_name", "赵\x07钱", "打不出来"),
    ],
)
def test_a_fault_stands_beside_its_field(visitor: Visitor, name: str, typed: str, said: str) -> None:
    """A fault is named beside its field and in the summary, nothing is decided, and the rest is kept."""
    page = visitor.answer({**ENTITLED, "fact_vat_status": "small_scale", name: typed})
    assert page.response.status_code == 422
    assert said in fault(page, name).replace(" ", "")
    assert page.root.find(".//*[@id='answer']") is None
    kept = "fact_legal_form" if name != "fact_legal_form" else "fact_vat_status"
    assert page.value(kept) == {**ENTITLED, "fact_vat_status": "small_scale"}[kept]


def test_every_fault_is_named_at_once(visitor: Visitor) -> None:
    """Three faults are three lines in the summary, not one after the other."""
    page = visitor.answer({"as_of": "x", "fact_employees_end_last_month": "x", "fact_assets_end_last_month": "x"})
    assert "有3处要改" in page.text
    assert len(list(page.by_id("results").iter("li"))) == 3


def test_broken_bytes_are_a_fault(visitor: Visitor) -> None:
    """Half a surrogate pair or broken UTF-8 in a request is refused beside its field."""
    token = visitor.token().encode()
    for raw in (b"\xed\xa0\x80", b"\xff\xfe"):
        fields = ((b"csrf_token", token), (b"fact_name", raw))
        parts = [b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field for field in fields]
        body = b"".join(parts) + b"--x--\r\n"
        response = visitor.client.post("/all", data=body, content_type="multipart/form-data; boundary=x")
        assert response.status_code == 422
        assert "打不出来" in fault(parsed(response), "fact_name")


def test_two_answers_to_one_question_are_a_fault(visitor: Visitor) -> None:
    """A field that came twice with different answers is not guessed at."""
    page = visitor.answer({**ENTITLED, "fact_vat_status": ["general", "small_scale"]})
    assert "两个不同的答案" in fault(page, "fact_vat_status")
    assert visitor.post({**ENTITLED, "fact_vat_status": ["general", "general"]}).status_code == 303


def test_fields_that_nobody_asked_for_are_ignored(visitor: Visitor) -> None:
    """Foreign fields, a department's finding among them, change nothing."""
    page = visitor.answer({**ENTITLED, "fact_dept_social_deferral_area": "true", "x" * 500: "y", "fact_": "1"})
    assert words(page.by_id("answer")) == "现在可享受1项。"


# --- language


def test_the_language_switch_keeps_what_was_typed(visitor: Visitor) -> None:
    """Switching is a post of the same form; the choice is remembered."""
    page = visitor.answer({**ENTITLED, "switch": "en"})
    assert page.root.get("lang") == "en"
    assert words(page.by_id("answer")) == "Entitled now to 1 scheme."
    assert page.value("fact_six_taxes_two_fees_payable") == "38642.57"
    assert visitor.get().root.get("lang") == "en"


def test_switching_an_empty_form_gives_an_empty_form(visitor: Visitor) -> None:
    """Who only wants to read English is not shown results."""
    page = visitor.answer({"switch": "en"})
    assert page.root.find(".//*[@id='answer']") is None
    assert "Tell us about the firm" in page.text


def test_english_pages_hold_no_chinese_but_quotations(visitor: Visitor) -> None:
    """Every Chinese word of an English page stands in an element that says it is Chinese."""
    page = visitor.answer({**ENTITLED, "switch": "en"})
    for element in list(page.root.iter()):
        for child in list(element):
            if child.get("lang") == "zh-CN":
                element.remove(child)
    chinese = [c for c in page.text if "\u4e00" <= c <= "\u9fff"]
    # How a large amount may be written is shown in the characters that one types.
    assert set(chinese) <= set("万")


# --- the letter


def test_the_letter_is_a_download(visitor: Visitor) -> None:
    """The same form gives a PDF with the amount, named after firm and day, that no cache keeps."""
    response = visitor.post({**ENTITLED, "fact_name": "天津市麦香阁“面馆”/有限公司"}, "/letter")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)
    assert "19,321.29" in text
    assert "麦香阁" in text


def test_the_letter_speaks_english_too(visitor: Visitor) -> None:
    """In English the letter and its file name are English."""
    response = visitor.post({**ENTITLED, "lang": "en"}, "/letter")
    assert "support-schemes-letter-2022-08-15.pdf" in response.headers["Content-Disposition"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)
    assert "19,321.29" in text
    assert "entitled" in text


def test_no_letter_on_faulty_answers(visitor: Visitor) -> None:
    """With a fault in the form the letter's address shows the form and the fault."""
    page = visitor.answer({**ENTITLED, "as_of": "x"}, "/letter")
    assert page.response.status_code == 422
    assert "没有这一天" in fault(page, "as_of")


def test_the_letters_address_without_a_form_shows_the_form(visitor: Visitor) -> None:
    """Opening /letter by hand leads to the form."""
    response = visitor.client.get("/letter")
    assert (response.status_code, response.headers["Location"]) == (303, "/all")
