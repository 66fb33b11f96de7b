"""Tests of what a case begins with and comes to, and of what goes back into the register."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from matcher.cases.content import content_of_firm, content_told, decisions_on, firm_of, found_in, known_of, write_back
from matcher.cases.models import Case
from matcher.cases.money import money_words
from matcher.db.database import session
from matcher.db.faults import EntryError
from matcher.engine.amounts import Amount
from matcher.engine.choose import UNTALLIED, Headline
from matcher.engine.decision import Decision
from matcher.engine.items import NO_ITEMS
from matcher.firms.items import ReadItems
from matcher.firms.models import Firm
from matcher.firms.register import Told, add_statement, facts_on
from matcher.rulebook.rulebook import Rulebook

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
DAY = date(2026, 11, 24)
SPRING = date(2026, 3, 1)
NAME, CODE = "天津市喆堃镕科技有限公司", "91120101MA05TX9C3R"


@pytest.fixture
def firm(engine: Engine) -> Firm:
    """A firm of which a list, the firm itself and a clerk told something."""
    with session(engine) as writing:
        made = Firm(id="F1", name=NAME, credit_code=CODE, organisation=CODE[8:], code_backwards=CODE[::-1])
        writing.add(made)
        writing.flush()
        told = {
            "imported": {"employees": 12, "district": "heping", "name": "旧名有限公司", "no_such_fact": "1"},
            "declared": {"employees": 30},
            "confirmed": {"vat_status": "general"},
        }
        for place, (source, facts) in enumerate(told.items()):
            centre = None if source == "imported" else "heping"
            add_statement(writing, "F1", facts, Told(source, date(2026, 3, 1 + place), AT, centre))  # type: ignore[arg-type]
    return made


def test_a_stranger_sees_what_is_public(engine: Engine, firm: Firm) -> None:
    """What a list told stays visible behind what the firm told later; what a clerk saw is not public either."""
    with session(engine) as reading:
        ours = known_of(reading, firm, DAY, "heping")
        theirs = known_of(reading, firm, DAY, None)
    assert (ours["employees"].value, ours["vat_status"].source) == (30, "confirmed")
    assert (theirs["employees"].value, "vat_status" in theirs) == (12, False)


def test_a_case_begins_with_the_names_of_today(engine: Engine, firm: Firm, rulebook: Rulebook) -> None:
    """The firm is called as the register calls it; what the vocabulary does not know stays behind."""
    with session(engine) as reading:
        content = content_of_firm(reading, rulebook, firm, DAY, "heping")
    assert (content.facts["name"], content.facts["credit_code"]) == (NAME, CODE)
    assert "no_such_fact" not in content.facts
    assert content.sources.keys() == content.facts.keys()
    assert content.sources["employees"] == {"source": "declared", "on": "2026-03-02"}


def test_what_a_firm_tells_goes_before_the_register(engine: Engine, firm: Firm, rulebook: Rulebook) -> None:
    """But for its name and code, which are the register's; a code is found however it is written."""
    with session(engine) as reading:
        found = firm_of(reading, f" {CODE.lower()} ")
        assert found is not None
        assert (firm_of(reading, "9112"), firm_of(reading, None)) == (None, None)
        told = {"name": "喆堃镕", "credit_code": CODE.lower(), "employees": "45"}
        content = content_told(reading, rulebook, found, told, DAY, DAY, "li.na", None)
        alone = content_told(reading, rulebook, None, told, None, DAY, "li.na", None)
    assert (content.facts["name"], content.facts["employees"], content.facts["district"]) == (NAME, "45", "heping")
    assert content.sources["employees"] == {"source": "declared", "on": "2026-11-24", "by": "li.na"}
    assert (alone.facts, alone.as_of) == (told, None)


def test_what_a_case_comes_to_is_counted(rulebook: Rulebook) -> None:
    """Statuses, the schemes a firm has, and exact money in whole fen; a scheme that is gone from the catalogue is left out."""
    facts = {"legal_form": "company", "vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
    read, decisions = decisions_on(rulebook, facts, SPRING, ["six-taxes-two-fees", "no-such-scheme"])
    found = found_in(rulebook, read, decisions, SPRING)
    assert found["counts"] == {"eligible": 1}
    assert found["schemes"] == ["six-taxes-two-fees"]
    assert found["firm_fen"] == 4 * decisions[0].amount.high  # type: ignore[union-attr]  # a quarter's, for the year
    assert isinstance(found["firm_fen"], int)
    assert (found["deferred_fen"], found["others_fen"]) == (0, 0)


def test_a_deduction_is_not_money_in_hand(rulebook: Rulebook) -> None:
    """What a firm takes off its taxable income is a scheme that it has, and no sum that comes to it."""
    told = {"legal_form": "company", "equipment_unit_price": "3000000", "equipment_is_building": False}
    facts = {**told, "equipment_min_depreciation_years": 10, "is_high_tech_enterprise": False}
    read, decisions = decisions_on(rulebook, facts, SPRING, ["equipment-deduction"])
    found = found_in(rulebook, read, decisions, SPRING)
    assert decisions[0].amount is not None
    assert decisions[0].amount.high > 0
    assert found["schemes"] == ["equipment-deduction"]
    assert (found["firm_fen"], found["deferred_fen"], found["others_fen"]) == (0, 0, 0)


def decided(
    scheme: str, yuan: int, recipient: str = "firm_cash", status: str = "eligible", kind: str = "exact"
) -> Decision:
    """A decision that grants so much."""
    return Decision(scheme, SPRING, status, recipient, Amount(kind, yuan * 100, yuan * 100))


def sums(rulebook: Rulebook, *decisions: Decision) -> tuple[int, int, int]:
    """What they come to in yuan, the firm's own in a year: the firm's own, deferred, others'."""
    found = found_in(rulebook, ReadItems(NO_ITEMS, {}), decisions, SPRING)
    assert found["schemes"] == [one.scheme for one in decisions]
    return found["firm_fen"] // 100, found["deferred_fen"] // 100, found["others_fen"] // 100


def test_what_excludes_each_other_counts_once(rulebook: Rulebook) -> None:
    """Of two interest subsidies for one loan the greater; both are schemes that the firm is entitled to all the same."""
    guarantee, small_firms = "startup-guarantee-loan", "sme-loan-interest-subsidy"
    beside = decided("six-taxes-two-fees", 100, "firm_price")
    assert sums(rulebook, decided(guarantee, 3000), decided(small_firms, 2000), beside) == (3400, 0, 0)
    assert sums(rulebook, decided(guarantee, 3000), decided(small_firms, 4000), beside) == (4400, 0, 0)


def test_a_ceiling_cuts_what_counts(rulebook: Rulebook) -> None:
    """Subsidised interest beyond the 1.5 million of a firm is not found for it."""
    assert sums(rulebook, decided("sme-loan-interest-subsidy", 2_000_000)) == (1_500_000, 0, 0)


def test_only_what_is_sure_counts(rulebook: Rulebook) -> None:
    """No ceiling, nothing that a department decides, and neither takes the place of what is sure; of a range its lower end."""
    sure, other = decided("startup-guarantee-loan", 3000), "sme-loan-interest-subsidy"
    assert sums(rulebook, sure, decided(other, 9000, status="needs_decision")) == (3000, 0, 0)
    assert sums(rulebook, sure, decided(other, 9000, kind="ceiling")) == (3000, 0, 0)
    assert sums(rulebook, sure, decided(other, 9000, kind="range")) == (9000, 0, 0)


def test_the_three_sums_stay_apart(rulebook: Rulebook) -> None:
    """What a firm pays later and what others get are beside its own money, never in it."""
    own, later = (
        decided("six-taxes-two-fees", 100, "firm_price"),
        decided("social-insurance-deferral", 20, "firm_deferral"),
    )
    assert sums(rulebook, own, later, decided("skills-upgrade-allowance", 3, "worker")) == (400, 20, 3)


def test_others_do_not_get_what_excludes_the_firms_own(rulebook: Rulebook) -> None:
    """One certificate brings the firm's training subsidy or the worker's allowance, not both."""
    own, workers = decided("skills-training-subsidy", 5000), decided("skills-upgrade-allowance", 1500, "worker")
    assert sums(rulebook, own, workers) == (5000, 0, 0)
    assert sums(rulebook, workers) == (0, 0, 1500)


def case(**changes: object) -> Case:
    """A case of the firm with one fact seen on paper and one stated."""
    told = {
        "id": 1,
        "centre": "heping",
        "firm_id": "F1",
        "origin": "search",
        "opened_by": 1,
        "opened_at": AT,
        "changed_at": AT,
        "facts": {"name": NAME, "employees": 40, "district": "hedong"},
        "sources": {"name": {"source": "confirmed"}, "employees": {"source": "confirmed"}},
    }
    return Case(**{**told, **changes})


def test_only_what_was_seen_goes_back(engine: Engine, firm: Firm) -> None:
    """Confirmed facts but for the name, which is the register's own; nothing else, and nothing for a firm it lacks."""
    with session(engine) as writing:
        assert write_back(writing, case(), DAY, AT) == ("employees",)
        known = facts_on(writing, "F1", DAY, "heping")
        assert facts_on(writing, "F1", DAY, "hedong")["employees"].value == 12
        for refused in (case(firm_id=None), case(sources={})):
            with pytest.raises(EntryError):
                write_back(writing, refused, DAY, AT)
    assert (known["employees"].value, known["employees"].source, known["district"].value) == (40, "confirmed", "heping")


@pytest.mark.parametrize(
    ("money", "zh", "en"),
    [
        (Headline(()), "现金0元，少缴0元，还可能0元", "cash 0 yuan, 0 yuan less to pay, 0 yuan still possible"),
        (
            Headline((), waiting=2),
            "现金0元，少缴0元，还可能多少还不清楚",
            "cash 0 yuan, 0 yuan less to pay, what is still possible: not known yet",
        ),
        (Headline((), waiting=2, is_bare=True), "金额还不清楚", "sums: not known yet"),
        (UNTALLIED, "金额还算不出", "sums: to be worked out"),
    ],
)
def test_the_line_of_a_case_has_words_where_there_is_no_figure(money: Headline, zh: str, en: str) -> None:
    """As every page has: not known while facts are missing, to be worked out where nobody can vouch for a sum."""
    assert money_words(money, "zh") == zh
    assert money_words(money, "en") == en
