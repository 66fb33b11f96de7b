"""Tests of what is typed into a case and not saved: it waits for the one who typed it, and for nobody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as Tab
from sqlmodel import select

from matcher.cases.files import LARGEST_DRAFT
from matcher.cases.models import CaseDraft
from tests.fixtures.browsing import DESKTOP, PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import case_now, client, fields, open_case, save, store_of, trail
from tests.fixtures.pages import Page, parsed, words

SignedIn = Callable[[str], Visitor]
pytestmark = pytest.mark.usefixtures("firm")
TYPED = {"fact_employees": "30", "source_employees": "confirmed", "note": "等社保缴费单", "state": "waiting"}


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """The one who types."""
    return signed_in("clerk")


@pytest.fixture
def colleague(signed_in: SignedIn) -> Visitor:
    """Another of the same centre."""
    return signed_in("supervisor")


def look(visitor: Visitor, case_id: int, page: Page | None = None, **typed: object) -> Page:
    """Type this into the case and save nothing; the page that comes back."""
    return parsed(save(visitor, case_id, page, do="look", **typed))


def shown(visitor: Visitor, case_id: int) -> Page:
    """The case opened anew."""
    return visitor.get(f"/desk/cases/{case_id}")


def drafts(app: Flask) -> int:
    """How many drafts there are."""
    with store_of(app) as register:
        return len(register.exec(select(CaseDraft)).all())


def is_drafted(page: Page) -> bool:
    """Whether the page says that something unsaved waits."""
    return page.root.find(".//section[@class='notice drafted']") is not None


def is_kept(page: Page) -> bool:
    """Whether the form says that what it has is kept."""
    form = page.by_id("selfcheck")
    assert (form.get("data-kept") is not None) == (words(page.by_id("unsaved")) == "未保存，已留底稿")
    return form.get("data-kept") is not None


def test_what_was_typed_is_there_again(signed_in: SignedIn, clerk: Visitor, desk_app: Flask) -> None:
    """On another machine too: facts, sources, settings and the note, with what they are and when they were typed."""
    case_id = open_case(clerk)
    assert is_kept(look(clerk, case_id, **TYPED))
    page = shown(signed_in("clerk"), case_id)
    assert {name: told[0] for name, told in fields(page.root).items() if name in TYPED} == TYPED
    assert is_kept(page)
    (notice,) = page.root.findall(".//section[@class='notice drafted']")
    assert "上年末从业人员数、状态、备注" in words(notice)
    case = case_now(desk_app, case_id)
    assert (case.facts["employees"], case.state, case.version) == (12, "open", 1)


def test_nobody_else_sees_it(clerk: Visitor, colleague: Visitor) -> None:
    """A colleague at the same case has the case as it is."""
    case_id = open_case(clerk)
    look(clerk, case_id, **TYPED)
    page = shown(colleague, case_id)
    assert not is_drafted(page)
    assert page.value("fact_employees") == "12"


def test_it_leaves_no_trace_in_the_trail(clerk: Visitor, desk_app: Flask) -> None:
    """A draft changes nothing: that it was kept, shown and dropped is not recorded."""
    case_id = open_case(clerk)
    page = shown(clerk, case_id)
    before = trail(desk_app)
    look(clerk, case_id, page, **TYPED)
    clerk.post({}, f"/desk/cases/{case_id}/draft", at="/desk/me")
    assert trail(desk_app) == before


@pytest.mark.parametrize("typed", [{"fact_employees": "十几个吧"}, {"fact_industry": "汽车零件"}, {"as_of": "上个月"}])
def test_what_cannot_be_read_yet_is_kept_too(clerk: Visitor, typed: dict[str, str]) -> None:
    """Letter by letter, with what is wrong beside it."""
    case_id = open_case(clerk)
    look(clerk, case_id, clerk.get(f"/desk/cases/{case_id}?open=fact_industry"), **typed)
    page = shown(clerk, case_id)
    ((name, told),) = typed.items()
    assert is_drafted(page)
    assert page.value(name) == told
    assert page.by_id(name).get("aria-invalid") == "true"


def test_what_was_taken_out_stays_out(clerk: Visitor, desk_app: Flask) -> None:
    """A field that was emptied is on the page, empty, also when another group is brought; saved, the fact is gone."""
    case_id = open_case(clerk)
    look(clerk, case_id, fact_vat_status="")
    page = parsed(save(clerk, case_id, shown(clerk, case_id), do=None, open="land"))
    assert page.root.find(".//*[@name='fact_vat_status']") is not None
    assert save(clerk, case_id, page).status_code == 303
    assert "vat_status" not in case_now(desk_app, case_id).facts


def test_bringing_a_group_keeps_it(clerk: Visitor) -> None:
    """Without scripts, pressing one of the buttons keeps what was typed until then, and the group comes back with it."""
    case_id = open_case(clerk)
    save(clerk, case_id, do=None, open="tax", **TYPED)
    page = shown(clerk, case_id)
    assert page.value("fact_employees") == "30"
    assert page.by_id("section-tax") is not None


def test_saving_takes_it_away(clerk: Visitor, desk_app: Flask) -> None:
    """Saved as it stands, all of it is in the case, and nothing waits."""
    case_id = open_case(clerk)
    look(clerk, case_id, **TYPED)
    assert save(clerk, case_id).status_code == 303
    case = case_now(desk_app, case_id)
    assert (int(case.facts["employees"]), case.sources["employees"]["source"]) == (30, "confirmed")
    assert case.state == "waiting"
    assert not is_drafted(shown(clerk, case_id))
    assert drafts(desk_app) == 0


def test_dropping_it_takes_it_away(clerk: Visitor, desk_app: Flask) -> None:
    """The button in the notice; the case is as it was."""
    case_id = open_case(clerk)
    look(clerk, case_id, **TYPED)
    clerk.post({}, f"/desk/cases/{case_id}/draft", at=f"/desk/cases/{case_id}")
    page = shown(clerk, case_id)
    assert not is_drafted(page)
    assert "已放弃未保存的内容" in page.text
    assert page.value("fact_employees") == "12"
    assert drafts(desk_app) == 0


def test_typed_back_nothing_is_unsaved(clerk: Visitor, desk_app: Flask) -> None:
    """Where the form says what the case says, in whichever way it is written, no draft is kept."""
    case_id = open_case(clerk)
    look(clerk, case_id, **TYPED)
    changes = {"fact_employees": "１２", "source_employees": "imported", "note": " ", "state": "open"}
    page = look(clerk, case_id, **changes)
    assert page.by_id("selfcheck").get("data-unsaved") is None
    assert drafts(desk_app) == 0


def test_a_save_that_is_refused_keeps_all(clerk: Visitor, desk_app: Flask) -> None:
    """What is wrong is said, and what was typed waits even if the page is lost."""
    case_id = open_case(clerk)
    refused = save(clerk, case_id, **{**TYPED, "fact_employees": "十几个吧"})
    assert refused.status_code == 422
    assert is_kept(parsed(refused))
    assert shown(clerk, case_id).value("fact_employees") == "十几个吧"


def test_what_is_too_large_is_not_kept(clerk: Visitor, desk_app: Flask) -> None:
    """The page says so: leaving it asks first."""
    case_id = open_case(clerk)
    page = look(clerk, case_id, note="a" * LARGEST_DRAFT)
    assert page.by_id("selfcheck").get("data-unsaved") is not None
    assert not is_kept(page)
    assert drafts(desk_app) == 0


# --- beside what others save


@pytest.mark.both_databases
def test_what_a_colleague_saved_meanwhile_is_joined(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """The draft keeps the version that it was typed on, and says that there is a later one."""
    case_id = open_case(clerk)
    look(clerk, case_id, fact_employees="30")
    save(colleague, case_id, fact_district="beichen", state="waiting")
    page = shown(clerk, case_id)
    assert "您填写以后有人改过本件" in page.text
    assert (page.value("version"), page.value("state")) == ("1", "waiting")
    assert save(clerk, case_id, page).status_code == 303
    case = case_now(desk_app, case_id)
    assert (int(case.facts["employees"]), case.facts["district"], case.state) == (30, "beichen", "waiting")


def test_what_both_changed_is_still_to_be_chosen(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """Looked at, left and opened again, both sides are there until one is chosen."""
    case_id = open_case(clerk)
    look(clerk, case_id, fact_employees="40")
    save(colleague, case_id, fact_employees="30")
    clash = parsed(save(clerk, case_id))
    assert clash.response.status_code == 409
    assert is_kept(clash)
    for page in (look(clerk, case_id, clash, note="请核对"), shown(clerk, case_id)):
        assert "我填的：40人" in page.text
        assert "现在的：30人" in page.text
        assert parsed(save(clerk, case_id, page)).response.status_code == 409
    assert int(case_now(desk_app, case_id).facts["employees"]) == 30
    assert save(clerk, case_id, shown(clerk, case_id), pick_employees="mine").status_code == 303
    assert int(case_now(desk_app, case_id).facts["employees"]) == 40
    assert drafts(desk_app) == 0


def test_an_old_tab_takes_nothing_away(clerk: Visitor) -> None:
    """A form of an earlier version is not kept in place of a later one's draft, and its saving leaves that."""
    case_id = open_case(clerk)
    old = shown(clerk, case_id)
    save(clerk, case_id, fact_district="beichen")
    look(clerk, case_id, fact_employees="30")
    assert not is_kept(look(clerk, case_id, old, fact_employees="99"))
    save(clerk, case_id, old, fact_vat_status="general")
    assert shown(clerk, case_id).value("fact_employees") == "30"


def test_a_case_that_is_closed_keeps_it_for_later(clerk: Visitor, colleague: Visitor) -> None:
    """A colleague closes the case: its page says that something waits; opened again, it is there."""
    case_id = open_case(clerk)
    page = shown(clerk, case_id)
    look(clerk, case_id, page, fact_employees="30")
    save(colleague, case_id, state="closed")
    refused = parsed(save(clerk, case_id, page, fact_employees="31"))
    assert refused.response.status_code == 422
    closed = shown(clerk, case_id)
    assert "重新打开后可以接着填" in closed.text
    assert closed.root.find(".//*[@name='fact_employees']") is None
    save(clerk, case_id, closed, state="open", note="企业补来材料")
    page = shown(clerk, case_id)
    assert is_drafted(page)
    assert page.value("fact_employees") == "31"


@pytest.mark.both_databases
def test_a_forgotten_case_keeps_nothing(clerk: Visitor, colleague: Visitor, desk_app: Flask) -> None:
    """Neither what was typed before nor what an open tab still sends."""
    case_id = open_case(clerk)
    page = shown(clerk, case_id)
    look(clerk, case_id, page, fact_employees="30")
    colleague.post({}, f"/desk/cases/{case_id}/forget")
    assert drafts(desk_app) == 0
    look(clerk, case_id, page, fact_employees="31")
    assert drafts(desk_app) == 0
    assert not is_drafted(shown(clerk, case_id))


def test_who_may_no_longer_write_keeps_nothing(clerk: Visitor, signed_in: SignedIn, desk_app: Flask) -> None:
    """Another centre's clerk and the city's auditor can neither keep nor drop."""
    case_id = open_case(clerk)
    look(clerk, case_id, **TYPED)
    form = fields(shown(clerk, case_id).root) | {"do": ["look"]}
    for name in ("hedong.clerk", "tianjin.auditor"):
        stranger = signed_in(name)
        form["csrf_token"] = [stranger.get("/desk/me").value("csrf_token") or ""]
        assert client(stranger).post(f"/desk/cases/{case_id}", data=form).status_code == 403
        assert stranger.post({}, f"/desk/cases/{case_id}/draft", at="/desk/me").status_code == 403
    assert drafts(desk_app) == 1


# --- in the browser


@pytest.mark.parametrize(("viewport", "lang"), [(DESKTOP, "zh"), (PHONE, "en")])
def test_leaving_needs_no_question_and_loses_nothing(
    at_desk: Callable[..., Tab], browser: Browser, clerk: Visitor, viewport: dict[str, int], lang: str
) -> None:
    """What is typed is kept by itself and the bar says so; left and opened again it is there, and can be dropped."""
    case_id = open_case(clerk)
    tab = at_desk(browser, "clerk", viewport, lang)
    visit(tab, f"/desk/cases/{case_id}")
    tab.locator("#note").fill("等社保缴费单")
    expect(tab.locator("#unsaved")).to_have_text({"zh": "未保存，已留底稿", "en": "Not saved; a draft is kept"}[lang])
    with next_page(tab):
        tab.locator(".site").click()
    visit(tab, f"/desk/cases/{case_id}")
    expect(tab.locator("#note")).to_have_value("等社保缴费单")
    looked_at(tab)
    with next_page(tab):
        tab.locator(".drafted button").click()
    expect(tab.locator("#note")).to_have_value("")


def test_without_a_connection_leaving_asks_first(at_desk: Callable[..., Tab], browser: Browser, clerk: Visitor) -> None:
    """What could not be kept is not left unasked."""
    case_id = open_case(clerk)
    tab = at_desk(browser, "clerk")
    visit(tab, f"/desk/cases/{case_id}")
    tab.route(f"**/desk/cases/{case_id}", lambda route: route.abort())
    with tab.expect_event("requestfailed"):
        tab.locator("#note").fill("等社保缴费单")
    expect(tab.locator("#unsaved")).to_have_text("有未保存的修改")
    tab.once("dialog", lambda dialog: dialog.dismiss())
    with tab.expect_event("dialog") as asked:
        tab.locator(".site").click()
    assert asked.value.type == "beforeunload"


def test_a_look_on_its_way_comes_before_the_saving(
    at_desk: Callable[..., Tab], browser: Browser, clerk: Visitor, desk_app: Flask
) -> None:
    """Saved while what was typed is still being kept, nothing is left as a draft."""
    case_id = open_case(clerk)
    tab = at_desk(browser, "clerk")
    visit(tab, f"/desk/cases/{case_id}")
    held: list[Route] = []
    tab.route(f"**/desk/cases/{case_id}", lambda route: held.append(route) if not held else route.continue_())
    with tab.expect_request(f"**/desk/cases/{case_id}"):
        tab.locator("#fact_employees").fill("30")
    with next_page(tab):
        tab.keyboard.press("Control+s")
        held[0].continue_()
    expect(tab.locator(".notice:not(.presence)").first).to_contain_text("已保存")
    assert int(case_now(desk_app, case_id).facts["employees"]) == 30
    assert drafts(desk_app) == 0
