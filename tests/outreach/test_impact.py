"""Other figures of the rules over the register: an estimate with its error, all firms behind it, and the firms by name."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sqlalchemy import Engine
from sqlmodel import Session, select

from matcher.accounts.models import Account
from matcher.audit.models import AuditEntry
from matcher.db.database import reading, session
from matcher.engine.check import check
from matcher.firms.models import Firm
from matcher.firms.profile import read_facts
from matcher.firms.register import Told, add_statement
from matcher.outreach.impact_study import concerned, estimate, new_study, study
from matcher.outreach.models import ImpactStudy
from matcher.outreach.passes import unfinished
from matcher.outreach.screener import Screener
from matcher.outreach.service import told_on
from matcher.population.impact import Impact, with_figures
from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import engine as site_engine
from tests.fixtures.browsing import PHONE, looked_at, next_page, visit
from tests.fixtures.desk import Visitor

SignedIn = Callable[[str], Visitor]
Store = Callable[[], AbstractContextManager[Session]]
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = date(2026, 11, 24)
CARS = "vehicle-purchase-tax-nev"
TAXES, SHARE = "six-taxes-two-fees", "six_taxes.share"
FIRMS = 40


def enter(writing: Session) -> None:
    """Small firms, three in four of Heping, each with its sum; one tells nothing of its taxes."""
    chance = random.Random(7)
    for number in range(FIRMS):
        code = f"91120101MA05T{number:05}"
        writing.add(
            Firm(
                id=f"f{number:02}", name=f"天津第{number:02}商行", credit_code=code, organisation=code,
                code_backwards=code[::-1],
            )
        )  # fmt: skip
        writing.flush()
        facts: dict[str, object] = {"district": "hedong" if number % 4 == 3 else "heping", "vat_status": "small_scale"}
        if number:
            facts["six_taxes_two_fees_payable"] = f"{chance.randrange(10_000_000) / 100:.2f}"
        add_statement(writing, f"f{number:02}", facts, Told("imported", date(2026, 1, 1), NOW))


@pytest.mark.both_databases
def test_all_firms_come_to_the_sums_of_each(engine: Engine, rulebook: Rulebook, asker: Callable[[Engine], int]) -> None:
    """Chunk by chunk, stopped in between, a study comes to what checks of the centre's firms one by one come to, to the fen; the estimate
    over all of them says the same without an error; asked for again, the study is the same one."""
    figures = {SHARE: "0.4"}
    with session(engine) as writing:
        enter(writing)
    account = asker(engine)
    with session(engine) as writing:
        number = int(new_study(writing, rulebook, DAY, figures, "heping", account, NOW).id or 0)
        assert new_study(writing, rulebook, DAY, figures, "heping", account, NOW).id == number
    stops = iter([False, False, True])
    assert study(engine, rulebook, number, lambda: NOW, lambda: next(stops), chunk=7).state == "running"
    done = study(engine, rulebook, number, lambda: NOW, chunk=7)
    assert done.state == "done"
    with reading(engine) as opened:
        assert unfinished(opened, ImpactStudy) == []
        told = {
            one.id: {"district": "heping", **read_facts(rulebook, facts)[0]}
            for one in opened.exec(select(Firm))
            if (facts := _told(opened, one.id))["district"] == "heping"
        }
        rows = concerned(opened, number, TAXES, "changed", 0, FIRMS)
    sums = [sum(_fen(rules, facts) for facts in told.values()) for rules in (rulebook, with_figures(rulebook, figures))]
    found = Impact.from_json((done.found or {})["impact"])
    one = found.schemes[TAXES]
    assert [one.before, one.after] == sums
    assert (one.gained, one.lost, one.changed) == (0, 0, len(told) - 1)
    assert found.firms == len(told) == 30
    assert sum((line.after or 0) - (line.before or 0) for _, line in rows) == sums[1] - sums[0]
    gaps = [(line.before or 0) - (line.after or 0) for _, line in rows]
    assert gaps == sorted(gaps, reverse=True)
    whole = estimate(engine, rulebook, DAY, figures, "heping")
    assert (whole.sample.schemes[TAXES], whole.fen_off(TAXES, one.after - one.before)) == (one, 0)
    part = estimate(engine, rulebook, DAY, figures, "heping", size=20)
    seen = part.sample.schemes[TAXES]
    off = part.fen_off(TAXES, seen.after - seen.before)
    assert off > 0
    assert abs(part.scaled(seen.after - seen.before) - (one.after - one.before)) <= off
    low, high = part.firms(seen.changed)
    assert low <= one.changed <= high


def test_a_firm_with_two_cars_counts_with_both(engine: Engine, rulebook: Rulebook) -> None:
    """What other figures change for a firm with several machines is what the screening finds for all of them, before and after."""
    car = {"nev_in_purchase_tax_catalogue": True, "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": 1}
    told: dict[str, object] = {"district": "heping", **car, "nev_taxable_price": "200000"}
    told |= {f"equipment-2.{name}": value for name, value in {**car, "nev_taxable_price": "100000"}.items()}
    figures = {"vehicle_purchase_tax.relief": "0.25"}
    with session(engine) as writing:
        writing.add(Firm(id="f", name="天津车行", credit_code="9", organisation="9", code_backwards="9"))
        writing.flush()
        add_statement(writing, "f", told, Told("imported", date(2026, 1, 1), NOW))
    found = estimate(engine, rulebook, DAY, figures, "heping").sample
    sums = [
        next(one.fen for one in Screener(rules, DAY).found("f", told) if one.scheme == CARS)
        for rules in (rulebook, with_figures(rulebook, figures))
    ]
    assert [found.schemes[CARS].before, found.schemes[CARS].after] == [found.total.before, found.total.after] == sums
    assert (found.schemes[CARS].changed, found.total.lost) == (1, 1)
    assert sums[0] == 2 * (sums[1] or 0) == 1_500_000  # half of a tenth of 300,000 yuan


def _told(opened: Session, firm_id: str) -> dict[str, object]:
    return told_on(opened, [firm_id], DAY)[firm_id]


def _fen(rules: Rulebook, facts: dict[str, object]) -> int:
    amount = check(rules, facts, DAY, [TAXES])[0].amount  # type: ignore[arg-type]
    return 0 if amount is None else amount.high or 0


@pytest.fixture
def asker() -> Callable[[Engine], int]:
    """Makes an account to ask with."""

    def make(engine: Engine) -> int:
        with session(engine) as writing:
            made = Account(
                id=1, name="zhang", display_name="张", role="supervisor", centre="heping", password_hash="x",
                created_at=NOW, password_changed_at=NOW,
            )  # fmt: skip
            writing.add(made)
        return 1

    return make


def test_a_supervisor_tries_other_figures(
    desk_app: Flask, rulebook: Rulebook, signed_in: SignedIn, store: Store
) -> None:
    """The figures of a scheme with what they are now; an estimate; all firms behind it, kept; the firms by name, of the own centre alone,
    written into the trail. What is no number is refused beside its field; a clerk and another centre's supervisor see nothing."""
    with store() as writing:
        enter(writing)
    supervisor, at = signed_in("supervisor"), f"/desk/impact?scheme={TAXES}"
    page = supervisor.get(at)
    assert (page.value(f"set.{SHARE}"), page.value("set.small_low_profit.assets")) == ("50", "50000000")
    assert "现为300 人" in page.text
    assert "没有改任何数字" in supervisor.get(f"{at}&set.{SHARE}=50").text
    refused = supervisor.client.get(f"{at}&set.{SHARE}=140&set.small_low_profit.employees=1.5")
    assert refused.status_code == 422
    assert [words in refused.text for words in ("不超过100", "填整数")] == [True, True]
    tried = supervisor.get(f"{at}&set.{SHARE}=40")
    assert "现为50%，改为40%" in tried.text
    assert "企业库的40家全看了" in tried.text
    answer = supervisor.post({"scheme": TAXES, f"set.{SHARE}": "40"}, "/desk/impact", at=f"{at}&set.{SHARE}=40")
    address = answer.headers["Location"]
    assert "正在逐家核对" in supervisor.get(address).text
    with store() as opened:
        number = opened.exec(select(ImpactStudy)).one().id
    with desk_app.app_context():
        assert study(site_engine(), rulebook, int(number or 0), lambda: NOW).state == "done"
    assert "本中心30家企业逐家核对" in supervisor.get(address).text
    firms = supervisor.get(f"{address}/firms?scheme={TAXES}&side=changed").text
    assert "天津第01商行" in firms
    assert "天津第03商行" not in firms  # of Hedong
    with store() as opened:
        acts = [one.action for one in opened.exec(select(AuditEntry)) if one.action.startswith("impact")]
    assert acts == ["impact.asked", "impact.firms_seen"]
    assert "改数字试算" in supervisor.get("/desk/outreach").text
    clerk = signed_in("clerk")
    assert clerk.client.get("/desk/impact").status_code == 403
    assert "改数字试算" not in clerk.get("/desk/outreach").text
    assert signed_in("tianjin.supervisor").client.get(address).status_code == 403


def test_a_figure_is_set_with_a_slider(
    desk_app: Flask, browser: Browser, at_desk: Callable[..., Tab], store: Store
) -> None:
    """On a phone, by keyboard: the slider moves the number and the number the slider; axe finds nothing before or after."""
    with store() as writing:
        enter(writing)
    tab = at_desk(browser, "supervisor", PHONE)
    looked_at(visit(tab, f"/desk/impact?scheme={TAXES}"))
    slider, number = (tab.locator(f"input[type={kind}]").first for kind in ("range", "text"))
    slider.press("ArrowLeft")
    assert number.input_value() == "49"
    number.fill("40")
    assert slider.input_value() == "40"
    with next_page(tab):
        number.press("Enter")
    looked_at(tab)
    assert "现为50%，改为40%" in tab.content()
