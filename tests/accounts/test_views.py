"""The accounts of a centre: made, changed, kept out, let in again; and what a centre settles."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from matcher.accounts import passwords
from matcher.accounts.models import Account, CentreSetting
from matcher.audit.models import AuditEntry
from matcher.web.limits import account_subject, add_attempt
from tests.fixtures.desk import Visitor
from tests.fixtures.pages import Page

Store = Callable[[], AbstractContextManager[Session]]
SignedInAs = Callable[[str], Visitor]
LIST, NEW, CENTRE = "/desk/accounts", "/desk/accounts/new", "/desk/accounts/centre"
LI_NA = {"name": "li.na", "display_name": "李娜", "role": "clerk", "centre": "heping"}


def account(store: Store, name: str) -> Account:
    """An account as it is now."""
    with store() as register:
        return register.exec(select(Account).where(Account.name == name)).one()


def acts(admin: Visitor, of: Account, act: str) -> Page:
    """The page after one of the buttons on an account's page."""
    return admin.answer({}, f"{LIST}/{of.id}/{act}", at=f"{LIST}/{of.id}")


def test_a_new_account_has_a_password_shown_once(signed_in: SignedInAs, store: Store) -> None:
    """It holds, it is in no cache, and it must be changed."""
    page = signed_in("administrator").answer({**LI_NA, "name": "Li.Na"}, NEW)
    told = page.by_id("first-password").text or ""
    made = account(store, "li.na")
    assert passwords.holds(made.password_hash, told)
    assert (made.must_change, made.display_name, made.role, made.centre) == (True, "李娜", "clerk", "heping")
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"name": "clerk"}, "name"),
        ({"name": "李娜"}, "name"),
        ({"display_name": " "}, "display_name"),
        ({"role": "king"}, "role"),
        ({"centre": "nowhere"}, "centre"),
    ],
)
def test_a_refusal_keeps_what_was_typed(signed_in: SignedInAs, told: dict[str, str], field: str) -> None:
    """Each fault at its field, the others as they were."""
    page = signed_in("administrator").answer({**LI_NA, **told}, NEW)
    assert page.response.status_code == 422
    assert page.by_id(f"{field}-fault") is not None
    kept = {**LI_NA, **told}
    assert page.value("name") == kept["name"]
    assert page.value("display_name") == kept["display_name"].strip()


@pytest.mark.parametrize("centre", ["hedong", "tianjin"])
def test_a_district_makes_its_own_accounts_only(signed_in: SignedInAs, centre: str) -> None:
    """Another centre in the form is refused."""
    assert signed_in("administrator").post({**LI_NA, "centre": centre}, NEW).status_code == 403


def test_the_city_makes_everybodys(signed_in: SignedInAs, store: Store) -> None:
    """And finds all in its list, or those of one centre."""
    city = signed_in("tianjin.administrator")
    assert city.post({**LI_NA, "centre": "hedong"}, NEW).status_code == 200
    assert account(store, "li.na").centre == "hedong"
    assert "李娜" in city.get(LIST).text
    assert "李娜" in city.get(f"{LIST}?centre=hedong").text
    assert "李娜" not in city.get(f"{LIST}?centre=heping").text


def test_a_district_lists_its_own(signed_in: SignedInAs) -> None:
    """Even where it asks for another's."""
    admin = signed_in("administrator")
    for path in (LIST, f"{LIST}?centre=hedong"):
        assert "Hedong.Clerk" not in admin.get(path).text


def test_a_change_is_saved_and_named(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """Another role ends the account's sessions; the trail names the fields."""
    clerk, admin, path = signed_in("clerk"), signed_in("administrator"), f"{LIST}/{accounts['clerk'].id}"
    told = {"display_name": "李娜", "role": "supervisor", "centre": "heping"}
    assert admin.post(told, path).status_code == 303
    assert clerk.get("/desk/me").response.status_code == 303
    with store() as register:
        entry = register.exec(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.subject) == ("administrator", "account.changed", "account clerk")
    assert entry.detail == {"fields": ["display_name", "role"]}


def test_saving_without_a_change_is_nothing(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """No session ends and nothing is in the trail."""
    clerk, admin = signed_in("clerk"), signed_in("administrator")
    admin.post({"display_name": "Clerk", "role": "clerk", "centre": "heping"}, f"{LIST}/{accounts['clerk'].id}")
    assert clerk.get("/desk/me").response.status_code == 200
    with store() as register:
        assert register.exec(select(AuditEntry)).all() == []


@pytest.mark.both_databases
def test_kept_out_and_let_in(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """An open session ends at once; afterwards the account is as it was."""
    clerk, admin = signed_in("clerk"), signed_in("administrator")
    acts(admin, accounts["clerk"], "deactivate")
    assert clerk.get("/desk/me").response.status_code == 303
    assert "已停用" in admin.get(LIST).text
    acts(admin, accounts["clerk"], "activate")
    assert account(store, "clerk").is_active


def test_unlocking(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """Wrong passwords of late are shown, from wherever they came, and forgotten after the button."""
    subject, now = account_subject(accounts["clerk"].id or 0), datetime.now(UTC)
    with store() as register:
        for client in ("1" * 64, "2" * 64):
            add_attempt(register, "sign_in", client, now, now - timedelta(hours=1), subject=subject)
    admin, page = signed_in("administrator"), f"{LIST}/{accounts['clerk'].id}"
    assert "输错2次" in admin.get(page).text
    assert "输错2次" in admin.get(LIST).text
    acts(admin, accounts["clerk"], "unlock")
    assert "输错" not in admin.get(page).text


def test_resetting_password_and_second_step(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """Another first password is shown once; the second step is off."""
    with store() as register:
        register.exec(select(Account).where(Account.name == "clerk")).one().totp_secret = "sealed"
    admin = signed_in("administrator")
    told = acts(admin, accounts["clerk"], "password").by_id("first-password").text or ""
    assert passwords.holds(account(store, "clerk").password_hash, told)
    assert account(store, "clerk").must_change
    acts(admin, accounts["clerk"], "factor")
    assert account(store, "clerk").totp_secret is None


@pytest.mark.both_databases
def test_what_is_done_is_in_the_trail(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """Every button, and nothing of the password."""
    admin = signed_in("administrator")
    for act in ("deactivate", "activate", "unlock", "password", "factor"):
        acts(admin, accounts["clerk"], act)
    with store() as register:
        entries = register.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
    verbs = ("deactivated", "activated", "unlocked", "password_reset", "factor_reset")
    assert [entry.action for entry in entries] == [f"account.{verb}" for verb in verbs]
    assert {(entry.subject, str(entry.detail)) for entry in entries} == {("account clerk", "{}")}


@pytest.mark.parametrize("act", ["deactivate", "password", "factor"])
def test_ones_own_account_is_for_another(
    signed_in: SignedInAs, accounts: dict[str, Account], store: Store, act: str
) -> None:
    """An administrator neither locks herself out nor goes around the password that her own page asks for."""
    admin = signed_in("administrator")
    page = acts(admin, accounts["administrator"], act)
    assert page.response.status_code == 422
    assert "我的账号" in page.text
    assert account(store, "administrator").epoch == 0


def test_the_last_administrator_of_the_city(signed_in: SignedInAs, accounts: dict[str, Account], store: Store) -> None:
    """She cannot give up her role, and is told what to do first."""
    city, of = signed_in("tianjin.administrator"), accounts["tianjin.administrator"]
    told = {"display_name": "Wang", "role": "clerk", "centre": "tianjin"}
    assert city.post(told, f"{LIST}/{of.id}").status_code == 422
    assert account(store, "tianjin.administrator").role == "administrator"


def test_an_account_that_does_not_exist(signed_in: SignedInAs) -> None:
    """Not found, whatever is asked of it."""
    admin = signed_in("administrator")
    assert admin.get(f"{LIST}/9999").response.status_code == 404
    assert admin.post({}, f"{LIST}/9999/unlock", at=LIST).status_code == 404
    assert admin.post({}, f"{LIST}/1/vanish", at=LIST).status_code == 404


def test_a_centre_settles(signed_in: SignedInAs, store: Store) -> None:
    """Second signature and days are kept and shown; the trail names what changed."""
    admin = signed_in("administrator")
    sent = {"centre": "heping", "needs_countersign": "1", "retention_days": "90"}
    assert admin.post(sent, CENTRE).status_code == 303
    with store() as register:
        kept = register.get(CentreSetting, "heping")
        entry = register.exec(select(AuditEntry)).one()
    assert kept is not None
    assert (kept.needs_countersign, kept.retention_days) == (True, 90)
    assert (entry.subject, entry.detail) == ("centre heping", {"fields": ["needs_countersign", "retention_days"]})
    assert admin.get(CENTRE).value("retention_days") == "90"


@pytest.mark.parametrize("days", ["", "0", "3651", "9" * 30, "-1", "1.5", "九十"])
def test_days_out_of_range(signed_in: SignedInAs, days: str) -> None:
    """Refused in words, with what was typed still there."""
    page = signed_in("administrator").answer({"centre": "heping", "retention_days": days}, CENTRE)
    assert page.response.status_code == 422
    assert page.value("retention_days") == days


@pytest.mark.parametrize("centre", ["hedong", "nowhere"])
def test_a_district_settles_for_itself(signed_in: SignedInAs, centre: str) -> None:
    """Another's settings are neither shown nor changed; the city's administrator does both."""
    admin = signed_in("administrator")
    assert admin.get(f"{CENTRE}?centre={centre}").response.status_code == 403
    assert admin.post({"centre": centre, "retention_days": "9"}, CENTRE).status_code == 403


def test_the_city_settles_for_a_district(signed_in: SignedInAs, store: Store) -> None:
    """Where a district's administrator is away."""
    city = signed_in("tianjin.administrator")
    assert city.post({"centre": "hedong", "retention_days": "9"}, CENTRE).status_code == 303
    with store() as register:
        assert register.get(CentreSetting, "hedong") is not None
