"""Screening the register: it says what a check says of each firm, goes on where it stopped, and is compared with another."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine
from sqlmodel import col, select

from matcher.accounts.models import Account
from matcher.db.database import reading, session
from matcher.db.faults import StoreError
from matcher.engine.check import check
from matcher.engine.firm_side import speaks_for_the_firm
from matcher.firms.models import Firm
from matcher.firms.profile import read_facts
from matcher.firms.register import Told, add_statement, facts_on
from matcher.letters.issue import Office
from matcher.letters.proof.keys import KeyFolder
from matcher.outreach.columns import ColumnScreener
from matcher.outreach.listing import Whom, all_listed, listed, tallies
from matcher.outreach.models import Entitlement, Screening
from matcher.outreach.passes import unfinished
from matcher.outreach.screener import Screener
from matcher.outreach.screening import new_screening, perform, screen
from matcher.outreach.service import current_screening, firms_after, mark_told, moved, shifts, told_on, unmark_told
from matcher.places import rules_dir
from matcher.rulebook.rulebook import Rulebook
from matcher.text.figures import fen_of
from tests.conftest import count

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
TAXES = "six-taxes-two-fees"
SMALL = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
FIRMS: Mapping[str, Mapping[str, Any]] = {
    "f1": {**SMALL, "district": "heping"},
    "f2": {**SMALL, "district": "hedong", "six_taxes_two_fees_payable": "1000"},
    "f3": {"district": "heping"},
    "f4": dict(SMALL),
    "f5": {**SMALL, "district": "heping", "six_taxes_two_fees_payable": "not a sum"},
}


def clock() -> datetime:
    """The moment of these tests."""
    return NOW


def enter(engine: Engine, firms: Mapping[str, Mapping[str, Any]]) -> None:
    """Enter firms with what was told of them two days before."""
    with session(engine) as writing:
        for number, (firm_id, facts) in enumerate(firms.items()):
            code = f"91120101MA05T{number:05}"
            writing.add(
                Firm(
                    id=firm_id, name=f"天津{firm_id}_100%公司", credit_code=code, organisation=code, code_backwards=code
                )
            )
            writing.flush()
            told = Told("imported", DAY - timedelta(days=2), NOW)
            if facts:
                add_statement(writing, firm_id, facts, told)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A register of five firms, and a clerk."""
    enter(engine, FIRMS)
    with session(engine) as writing:
        writing.add(
            Account(
                id=1, name="li.na", display_name="李娜", role="clerk", centre="heping",
                password_hash="x", created_at=NOW, password_changed_at=NOW,
            )
        )  # fmt: skip
    return engine


@pytest.fixture
def screened(rulebook: Rulebook) -> Callable[..., int]:
    """Screens a register for a day; gives the number."""

    def run(engine: Engine, day: date = DAY, chunk: int = 3) -> int:
        with session(engine) as writing:
            number = int(new_screening(writing, rulebook, day, NOW, None).id or 0)
        assert screen(engine, rulebook, number, clock, chunk=chunk).state == "done"
        return number

    return run


def drawn(rulebook: Rulebook, given_cases: Path) -> Iterator[dict[str, Any]]:
    """Firms like the worked cases', each with every sum its own and some facts untold."""
    whole = yaml.safe_load((given_cases / "firms" / "firms.yaml").read_text(encoding="utf-8"))
    chance = random.Random(106)
    for _ in range(count(1000, share=25)):
        told = chance.choice(whole)["facts"]
        kept = chance.choice((1, 0.95, 0.8))
        yield {
            name: str(Decimal(str(value)) * chance.randrange(50, 200) / 100)
            if rulebook.facts[name].type == "money"
            else value
            for name, value in told.items()
            if chance.random() < kept
        }


def test_a_firm_is_found_entitled_to_what_a_check_says(rulebook: Rulebook, given_cases: Path) -> None:
    """Of a thousand drawn firms status, recipient and exact sum of every scheme are those of a full check, and of an unconfirmed
    scheme those of its last terms."""
    screener = Screener(rulebook, DAY)
    seen = 0
    for told in drawn(rulebook, given_cases):
        facts, _ = read_facts(rulebook, told)
        checked = check(rulebook, facts, DAY)
        wanted = {
            one.scheme: (
                one.status,
                one.recipient,
                one.amount.low if one.amount is not None and one.amount.kind == "exact" else None,
            )
            for one in checked
            if one.status in ("eligible", "needs_decision")
        }
        every = {one.scheme: (one.status, one.recipient, one.fen) for one in screener.found("f", told)}
        found = {slug: one for slug, one in every.items() if one[0] != "unconfirmed"}
        assert found == wanted
        last_terms = {
            one.scheme: known["amount"]["value"] if known["amount"]["kind"] == "exact" else None
            for one in checked
            # Of the others this would only work out their reasons.
            if one.status in ("unconfirmed", "not_open")
            and (known := one.last_known)
            and known["status"] in ("eligible", "needs_decision")
        }
        by_last_terms = {slug: fen for slug, (status, _, fen) in every.items() if status == "unconfirmed"}
        assert by_last_terms == {slug: yuan and fen_of(yuan) for slug, yuan in last_terms.items()}
        seen += len(found)
    assert seen > count(1000, share=25)


def test_over_columns_firms_are_found_what_each_is_found_alone(rulebook: Rulebook, given_cases: Path) -> None:
    """Over columns a thousand drawn firms, one of them with two loans and one that told nothing, are found exactly what the reading of
    one after another finds, last terms included."""
    screener = Screener(rulebook, DAY)
    told = {f"f{number}": facts for number, facts in enumerate(drawn(rulebook, given_cases))}
    told |= {
        "two loans": {"贷款1本金": "3000000", "贷款2本金": "1000000", "district": "heping"},
        "silent": {},
        "odd": FIRMS["f5"],
    }
    alone = {
        (one.scheme, one.firm_id): one for firm_id, facts in told.items() for one in screener.found(firm_id, facts)
    }
    together = list(ColumnScreener(screener).found(told))
    assert {(one.scheme, one.firm_id): one for one in together} == alone
    assert len(together) == len(alone) > count(1000, share=25)
    assert {one.counted_as for one in together} == {"eligible", "needs_decision", "unconfirmed", "common"}
    for one in together:  # what is true of everybody has no money in it, and nothing that the firm told speaks for it
        if one.counted_as == "common":
            decision = check(rulebook, screener.read(told[one.firm_id]), DAY, [one.scheme])[0]
            assert decision.amount is None or decision.amount.kind == "none"
            assert not speaks_for_the_firm(rulebook, decision)


def test_a_worker_that_ends_leaves_it_where_it_is(filled: Engine, rulebook: Rulebook) -> None:
    """Told to stop, it stops between two chunks; the job then finds it unfinished and ends it."""
    with session(filled) as writing:
        number = int(new_screening(writing, rulebook, DAY, NOW, None).id or 0)
    answers = iter([False, True])
    assert screen(filled, rulebook, number, clock, lambda: next(answers), chunk=2).firms == 2
    office = Office(filled, KeyFolder(Path("keys")), rulebook, rules_dir(), Path("instance"))
    with reading(filled) as opened:
        assert unfinished(opened, Screening) == [number]
    perform(office, number, clock, lambda: False)
    with reading(filled) as opened:
        assert opened.get_one(Screening, number).firms == 5
        assert unfinished(opened, Screening) == []


def test_a_job_for_old_rules_ends_quietly(filled: Engine, rulebook: Rulebook) -> None:
    """A screening that cannot be done any more is marked as failed, and the worker goes on."""
    with session(filled) as writing:
        asked = new_screening(writing, rulebook, DAY, NOW, None)
        asked.rulebook_hash = "0" * 64
    office = Office(filled, KeyFolder(Path("keys")), rulebook, rules_dir(), Path("instance"))
    perform(office, int(asked.id or 0), clock, lambda: False)
    with reading(filled) as opened:
        assert opened.get_one(Screening, asked.id).state == "failed"


def test_a_job_that_breaks_off_is_given_up(
    filled: Engine, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours is logged without what a firm told, and the screening is not tried for ever."""

    def breaks(self: ColumnScreener, facts: Mapping[str, object]) -> Any:
        raise RuntimeError(facts)

    monkeypatch.setattr(ColumnScreener, "found", breaks)
    with session(filled) as writing:
        number = int(new_screening(writing, rulebook, DAY, NOW, None).id or 0)
    perform(
        Office(filled, KeyFolder(Path("keys")), rulebook, rules_dir(), Path("instance")), number, clock, lambda: False
    )
    with reading(filled) as opened:
        assert opened.get_one(Screening, number).state == "failed"
    assert "RuntimeError" in caplog.text
    assert "38642" not in caplog.text


def test_facts_that_cannot_be_read_are_not_known(rulebook: Rulebook) -> None:
    """A list, an object, a fact that nobody knows, a sum that is none: the others still count."""
    strange = {"district": ["heping"], "employees": {"a": 1}, "no_such_fact": "x", "total_assets": "much"}
    found = {one.scheme: one.fen for one in Screener(rulebook, DAY).found("f", {**SMALL, **strange})}
    assert found[TAXES] == 1932129


@pytest.mark.both_databases
def test_facts_of_many_are_the_facts_of_each(filled: Engine) -> None:
    """Read for many firms at once, what was known on a day is what is read of one: latest wins, withdrawn is gone."""
    with session(filled) as writing:
        add_statement(writing, "f1", {"district": "hexi"}, Told("imported", DAY, NOW))
        add_statement(writing, "f2", {"district": None, "vat_status": "general"}, Told("imported", DAY, NOW))
        add_statement(writing, "f2", {"employees": 9}, Told("confirmed", DAY, NOW, "tianjin"))
        add_statement(writing, "f3", {"district": "hebei"}, Told("imported", DAY + timedelta(days=1), NOW))
    with reading(filled) as opened:
        every = told_on(opened, list(FIRMS), DAY)
        for firm_id in FIRMS:
            centre = every[firm_id].get("district", "tianjin")
            assert every[firm_id] == {k: v.value for k, v in facts_on(opened, firm_id, DAY, str(centre)).items()}
    assert every["f2"]["employees"] == 9


@pytest.mark.both_databases
def test_a_list_shows_a_centre_nothing_of_anothers(filled: Engine) -> None:
    """A firm's list is made of what its district's centre may see, whatever other centres have seen of it."""
    with session(filled) as writing:
        for firm_id, district in (("f1", "heping"), ("f2", "heping"), ("f3", "heping")):
            add_statement(writing, firm_id, {"district": district}, Told("imported", DAY - timedelta(days=1), NOW))
        add_statement(writing, "f1", {"employees": 77}, Told("confirmed", DAY, NOW, "hedong"))
        add_statement(writing, "f2", {"employees": 78}, Told("confirmed", DAY, NOW, "heping"))
        # Heping has seen that it moved to Hexi, and more; Hexi's list must not say so.
        add_statement(writing, "f3", {"district": "hexi", "employees": 79}, Told("confirmed", DAY, NOW, "heping"))
    with reading(filled) as opened:
        told = told_on(opened, ["f1", "f2", "f3"], DAY)
    assert [told[firm_id].get("employees") for firm_id in ("f1", "f2", "f3")] == [
        FIRMS["f1"].get("employees"),
        78,
        FIRMS["f3"].get("employees"),
    ]
    assert told["f3"]["district"] == "heping"


def test_a_screening_keeps_what_it_found(filled: Engine, screened: Callable[..., int]) -> None:
    """Every firm is gone over; the entitled ones are kept with district and sum, the others not at all."""
    number = screened(filled)
    with reading(filled) as opened:
        done = opened.get_one(Screening, number)
        rows = opened.exec(select(Entitlement).where(Entitlement.scheme == TAXES).order_by(col(Entitlement.firm_id)))
        found = [(row.firm_id, row.district, row.status, row.recipient, row.fen) for row in rows]
    assert (done.firms, done.last_firm_id, done.finished_at) == (5, "f5", NOW)
    assert found == [
        ("f1", "heping", "eligible", "firm_price", 1932129),
        ("f2", "hedong", "eligible", "firm_price", 50000),
        ("f4", None, "eligible", "firm_price", 1932129),
        ("f5", "heping", "eligible", "firm_price", None),
    ]


@pytest.mark.both_databases
def test_a_stopped_screening_goes_on(
    filled: Engine, rulebook: Rulebook, screened: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies between two chunks loses nothing: another ends it, and finds what one alone finds."""
    whole = screened(filled)
    with session(filled) as writing:
        number = int(new_screening(writing, rulebook, DAY, NOW, None).id or 0)
    found = ColumnScreener.found

    def dies(self: ColumnScreener, told: Mapping[str, Mapping[str, object]]) -> Any:
        if "f3" in told:
            raise KeyboardInterrupt
        return found(self, told)

    monkeypatch.setattr(ColumnScreener, "found", dies)
    with pytest.raises(KeyboardInterrupt):
        screen(filled, rulebook, number, clock, chunk=2)
    with reading(filled) as opened:
        halfway = opened.get_one(Screening, number)
    assert (halfway.state, halfway.firms, halfway.last_firm_id) == ("running", 2, "f2")
    monkeypatch.undo()
    assert screen(filled, rulebook, number, clock, chunk=2).state == "done"
    with reading(filled) as opened:
        assert shifts(opened, whole, number, None) == []
        assert opened.get_one(Screening, number).firms == 5


def test_a_finished_screening_is_not_done_again(
    filled: Engine, rulebook: Rulebook, screened: Callable[..., int]
) -> None:
    """Asked for twice, it stays as it is; and one that waits already is not begun beside."""
    number = screened(filled)
    assert screen(filled, rulebook, number, clock).id == number
    with session(filled) as writing:
        first = new_screening(writing, rulebook, DAY, NOW, None)
        assert new_screening(writing, rulebook, DAY, NOW, None).id == first.id != number


def test_a_screening_under_other_rules_is_given_up(filled: Engine, rulebook: Rulebook) -> None:
    """Rules that changed since it was asked for make it fail, with what to do."""
    with session(filled) as writing:
        asked = new_screening(writing, rulebook, DAY, NOW, None)
        asked.rulebook_hash = "0" * 64
    with pytest.raises(StoreError, match="begin another"):
        screen(filled, rulebook, int(asked.id or 0), clock)
    with reading(filled) as opened:
        assert opened.get_one(Screening, asked.id).state == "failed"


def test_no_screening_is_told(filled: Engine, rulebook: Rulebook) -> None:
    """A number that does not exist is refused."""
    with pytest.raises(StoreError, match="no screening 99"):
        screen(filled, rulebook, 99, clock)


@pytest.mark.both_databases
def test_schemes_are_counted_by_district(filled: Engine, screened: Callable[..., int]) -> None:
    """A centre counts the firms of its district; the city counts all, also those without one."""
    number = screened(filled)
    with session(filled) as writing:
        mark_told(writing, TAXES, {"f1": "heping"}, 1, None, NOW)
    with reading(filled) as opened:
        of = {
            name: next(
                one for one in tallies(opened, opened.get_one(Screening, number), districts) if one.scheme == TAXES
            )
            for name, districts in (("heping", ["heping"]), ("city", None))
        }
    assert (of["heping"].firms, of["heping"].untold, of["heping"].fen) == (2, 1, 1932129)
    assert (of["city"].firms, of["city"].untold, of["city"].fen) == (4, 3, 2 * 1932129 + 50000)


FILTERS: tuple[tuple[dict[str, Any], list[str]], ...] = (
    ({}, ["f1", "f2", "f4", "f5"]),
    ({"districts": ["heping"]}, ["f1", "f5"]),
    ({"told": True}, ["f2"]),
    ({"told": False, "districts": ["heping", "hedong"]}, ["f1", "f5"]),
    ({"status": "needs_decision"}, []),
    ({"text": "f4_1"}, ["f4"]),
    ({"text": "100%公"}, ["f1", "f2", "f4", "f5"]),
    ({"text": "1_0%"}, []),
    ({"text": "91120101ma05t00001"}, ["f2"]),
)


@pytest.mark.both_databases
def test_firms_are_listed_as_asked(filled: Engine, screened: Callable[..., int]) -> None:
    """Every filter leaves what fits it, the same in the list and in what is exported."""
    number = screened(filled)
    with session(filled) as writing:
        mark_told(writing, TAXES, {"f2": "hedong"}, 1, "电话", NOW)
    with reading(filled) as opened:
        for changes, ids in FILTERS:
            whom = Whom(TAXES, **changes)
            rows, total = listed(opened, opened.get_one(Screening, number), whom, 0, 3)
            assert ([row.firm_id for row in rows], total) == (ids[:3], len(ids)), changes
            assert [row.firm_id for row in all_listed(opened, number, whom)] == ids, changes


@pytest.mark.both_databases
def test_a_mark_is_made_once_and_taken_off(filled: Engine, screened: Callable[..., int]) -> None:
    """Who is marked stays as the first marked it; taken off, the firm is untold again."""
    number = screened(filled)
    with session(filled) as writing:
        assert mark_told(writing, TAXES, {"f1": "heping"}, 1, "电话", NOW) == ["f1"]
        assert mark_told(writing, TAXES, {"f1": "heping", "f5": "heping"}, 1, "来访", NOW) == ["f5"]
    with reading(filled) as opened:
        rows, _ = listed(opened, opened.get_one(Screening, number), Whom(TAXES, told=True), 0, 10)
        assert [(row.firm_id, row.told and row.told.note) for row in rows] == [("f1", "电话"), ("f5", "来访")]
    with session(filled) as writing:
        assert unmark_told(writing, TAXES, ["f1", "f2"]) == ["f1"]
    with reading(filled) as opened:
        assert listed(opened, opened.get_one(Screening, number), Whom(TAXES, told=True), 0, 10)[1] == 1


@pytest.mark.both_databases
def test_two_screenings_tell_who_gains_and_who_loses(filled: Engine, screened: Callable[..., int]) -> None:
    """What was told in between moves firms in and out of a scheme; each side is listed with its firms."""
    before = screened(filled)
    with session(filled) as writing:
        add_statement(writing, "f1", {"vat_status": "general"}, Told("imported", DAY, NOW))
        add_statement(writing, "f3", SMALL, Told("imported", DAY, NOW))
    after = screened(filled)
    with reading(filled) as opened:
        found = {one.scheme: (one.gained, one.lost) for one in shifts(opened, before, after, None)}
        gained, lost = (
            [one.firm_id for one in moved(opened, before, after, TAXES, side, None, 0, 10)]
            for side in ("gained", "lost")
        )
        elsewhere = [one.scheme for one in shifts(opened, before, after, ["hedong"])]
    assert (found[TAXES], gained, lost, elsewhere) == ((1, 1), ["f3"], ["f1"], [])


def test_the_current_screening_is_of_a_day_that_has_come(
    filled: Engine, rulebook: Rulebook, screened: Callable[..., int]
) -> None:
    """A look ahead never takes the place of today's, and the site's own rules come before others'."""
    today, _ = screened(filled), screened(filled, DAY + timedelta(days=90))
    with reading(filled) as opened:
        found = current_screening(opened, rulebook.hash, DAY)
        assert found is not None
        assert found.id == today
        assert current_screening(opened, rulebook.hash, DAY - timedelta(days=1)) is None
        assert current_screening(opened, "0" * 64, DAY) is not None


def test_the_register_is_gone_over_in_order(filled: Engine) -> None:
    """Chunk by chunk every firm comes once."""
    with reading(filled) as opened:
        first = firms_after(opened, None, 3)
        assert [*first, *firms_after(opened, first[-1], 3)] == list(FIRMS)


def test_a_firm_with_several_machines_is_found_for_all_of_them(rulebook: Rulebook) -> None:
    """One entry a scheme, with the sum over the cars; as for one where there is one."""
    car = {"nev_in_purchase_tax_catalogue": True, "nev_purchase_kind": "other_vehicle", "nev_vehicles_bought": 1}
    first = {**car, "nev_taxable_price": "200000"}
    second = {f"equipment-2.{name}": value for name, value in {**first, "nev_taxable_price": "100000"}.items()}
    one, both = (
        {found.scheme: found for found in Screener(rulebook, DAY).found("f", told)}
        for told in (first, {**first, **second})
    )
    slug = "vehicle-purchase-tax-nev"
    assert (one[slug].status, both[slug].status) == ("eligible", "eligible")
    assert both[slug].fen * 2 == one[slug].fen * 3 > 0
