"""One current letter a firm: whatever is issued, replaced and revoked, and by however many at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matcher.db.database import reading, session
from matcher.letters.current import current_letters, schemes_to_write
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order, Refusal, centres
from matcher.letters.register import revoke_letter
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count

pytestmark = pytest.mark.both_databases
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
FIRMS = (
    {"name": "天津市喆堃镕科技有限公司", "credit_code": "91120101MA05TX9C3R"},
    {"name": "天津海河乳品有限公司", "credit_code": "91120000103064074F"},
    {"name": "没有代码的企业"},
)
FACTS = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 3864257}
CENTRES = ("heping", "hexi")


def held(office: Office, centre: str, firm: dict[str, str], at: datetime = NOON) -> list[str]:
    """The numbers of a firm's current letters."""
    with reading(office.engine) as opened:
        found = current_letters(opened, centre, firm.get("credit_code"), firm["name"], at.date())
    return [one.number for one in found]


def order_for(centre: str, firm: dict[str, str], supersedes: str | None = None) -> Order:
    """A letter of the desk to a firm."""
    made = Order(centres()[centre], {**FACTS, **firm}, NOON.date(), ("six-taxes-two-fees",), origin="desk")
    return replace(made, supersedes=supersedes, is_only=True)


def test_a_second_letter_is_refused_until_it_names_the_first(office: Office) -> None:
    """The refusal names the letter and takes no number; then the old one is superseded by the new one alone."""
    first = issue(office, order_for("heping", FIRMS[0]), NOON)
    with pytest.raises(Refusal) as refused:
        issue(office, order_for("heping", FIRMS[0]), NOON)
    assert first.number in refused.value.text.zh
    second = issue(office, order_for("heping", FIRMS[0], first.number), NOON)
    assert held(office, "heping", FIRMS[0]) == [second.number]
    assert second.place == 2


def test_letters_from_before_the_rule_are_all_superseded(office: Office) -> None:
    """Three of one firm hold from before: the next replaces them all."""
    old = [issue(office, replace(order_for("heping", FIRMS[0]), is_only=False), NOON) for _ in range(3)]
    assert len(held(office, "heping", FIRMS[0])) == 3
    new = issue(office, order_for("heping", FIRMS[0], old[0].number), NOON)
    assert held(office, "heping", FIRMS[0]) == [new.number]


def test_a_letter_past_its_last_day_is_not_current(office: Office) -> None:
    """Nothing need be said of it when the next is issued."""
    issue(office, order_for("heping", FIRMS[0]), NOON)
    later = NOON + timedelta(days=400)
    issue(office, order_for("heping", FIRMS[0]), later)
    assert len(held(office, "heping", FIRMS[0], later)) == 1


def test_whatever_is_done_a_firm_has_one_current_letter_at_most(office: Office) -> None:
    """Issued, replaced and revoked at random at two centres, one letter a centre: another centre's is not touched."""
    draw = random.Random(17)
    office.keys.new(centres()["hexi"], NOON.date())
    for _ in range(count(300)):
        centre, firm = draw.choice(CENTRES), draw.choice(FIRMS)
        before = {(c, f["name"]): held(office, c, f) for c in CENTRES for f in FIRMS}
        now, doing = before[centre, firm["name"]], draw.choice(["issue", "replace", "revoke"])
        if doing == "revoke" and now:
            with session(office.engine) as writing:
                revoke_letter(writing, now[0], "写错了", NOON)
        elif doing == "issue" and now:
            with pytest.raises(Refusal):
                issue(office, order_for(centre, firm), NOON)
        elif doing != "revoke":
            issue(office, order_for(centre, firm, now[0] if now else None), NOON)
        for key, numbers in before.items():
            found = held(office, key[0], next(one for one in FIRMS if one["name"] == key[1]))
            assert len(found) <= 1
            if key != (centre, firm["name"]):
                assert found == numbers


def test_of_eight_at_once_one_letter_is_current(office: Office) -> None:
    """Each looks at what holds and replaces it; who comes too late is refused, and no number is lost."""

    def press(_: int) -> bool:
        now = held(office, "heping", FIRMS[0])
        try:
            issue(office, order_for("heping", FIRMS[0], now[0] if now else None), NOON)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        issued = sum(threads.map(press, range(count(80))))
    assert len(held(office, "heping", FIRMS[0])) == 1
    assert issued >= 1


def test_a_letter_says_by_default_what_the_firm_has_by_itself(rulebook: Rulebook) -> None:
    """No service that anyone may ask for, nothing that a department has still to decide, no restriction."""
    services = [slug for slug, scheme in rulebook.schemes.items() if scheme.kind != "support"]
    outcomes = [("six-taxes-two-fees", "eligible"), ("guarantee-fee-rebate", "needs_decision")]
    assert schemes_to_write(rulebook, [*outcomes, *((slug, "eligible") for slug in services)]) == (
        "six-taxes-two-fees",
    )
