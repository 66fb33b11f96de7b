"""One current letter a firm: whatever is issued, replaced and revoked, and by however many at once."""

import multiprocessing
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from matcher.accounts.models import Account
from matcher.batches import letters
from matcher.batches.models import RunRow
from matcher.db.database import reading, session
from matcher.db.faults import EntryError
from matcher.letters.current import schemes_to_write
from matcher.letters.issue import Office, issue
from matcher.letters.models import IssuedLetter
from matcher.letters.numbers import last_number, voided
from matcher.letters.order import Refusal, centres
from matcher.letters.register import RegisterEntry, revoke_letter
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.tools.one_current import CENTRES, FIRMS, NOON, all_current, current_of, order_for, run_list, steps, work

pytestmark = pytest.mark.both_databases
NAMED = FIRMS[3]


def test_a_second_letter_is_refused_until_it_names_the_first(office: Office) -> None:
    """The refusal names the letter and takes no number; then the old one is superseded by the new one alone."""
    first = issue(office, order_for("heping", FIRMS[0]), NOON)
    with pytest.raises(Refusal) as refused:
        issue(office, order_for("heping", FIRMS[0]), NOON)
    assert first.number in refused.value.text.zh
    second = issue(office, order_for("heping", FIRMS[0], first.number), NOON)
    assert current_of(office, "heping", FIRMS[0]) == [second.number]
    assert second.place == 2


def test_letters_from_before_the_rule_are_all_superseded(office: Office) -> None:
    """Three of one firm hold from before: the next replaces them all."""
    old = [issue(office, replace(order_for("heping", FIRMS[0]), is_only=False), NOON) for _ in range(3)]
    assert len(current_of(office, "heping", FIRMS[0])) == 3
    new = issue(office, order_for("heping", FIRMS[0], old[0].number), NOON)
    assert current_of(office, "heping", FIRMS[0]) == [new.number]


def test_a_letter_past_its_last_day_is_not_current(office: Office) -> None:
    """Nothing need be said of it when the next is issued."""
    issue(office, order_for("heping", FIRMS[0]), NOON)
    later = NOON + timedelta(days=400)
    issue(office, order_for("heping", FIRMS[0]), later)
    assert len(current_of(office, "heping", FIRMS[0], later)) == 1


def test_a_letter_without_a_code_and_one_with_it_are_of_one_firm(office: Office) -> None:
    """By the name, where one of them lacks the code; two firms of one name that both have codes are two firms."""
    first = issue(office, order_for("heping", NAMED), NOON)
    with pytest.raises(Refusal) as refused:
        issue(office, order_for("heping", FIRMS[0]), NOON)
    assert first.number in refused.value.text.zh
    second = issue(office, order_for("heping", FIRMS[0], first.number), NOON)
    assert current_of(office, "heping", NAMED) == [second.number]
    namesake = {**FIRMS[1], "name": NAMED["name"]}
    third = issue(office, order_for("heping", namesake), NOON)
    assert current_of(office, "heping", FIRMS[0]) == [second.number]
    assert current_of(office, "heping", namesake) == [third.number]
    assert current_of(office, "heping", NAMED) == []  # which of the two is meant nobody knows


@pytest.fixture
def two_centres(office: Office) -> Office:
    """An office at which two centres issue, each with an account that uploads lists."""
    office.keys.new(centres()["hexi"], NOON.date())
    with session(office.engine) as writing:
        for centre in CENTRES:
            writing.add(
                Account(
                    name=f"clerk.{centre}",
                    display_name="李娜",
                    role="clerk",
                    centre=centre,
                    password_hash="-",
                    created_at=NOON,
                    password_changed_at=NOON,
                )
            )
    return office


def test_whatever_is_done_a_firm_has_one_current_letter_at_most(two_centres: Office) -> None:
    """Issued, replaced and revoked at random, by hand and by spreadsheets, at two centres: one letter a firm and centre, and
    those of firms that were not concerned stay as they were."""
    before = all_current(two_centres)
    for touched in steps(two_centres, random.Random(17), count(300, 25)):
        now = all_current(two_centres)
        assert all(len(numbers) <= 1 for numbers in now.values())
        assert {key for key in now if now[key] != before[key]} <= set(touched)
        before = now


def test_a_list_goes_on_where_the_letter_it_would_replace_is_revoked_meanwhile(
    two_centres: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revoked after the list looked what the firm has, before its own letter is kept: it looks again and ends well."""
    old = issue(two_centres, order_for("heping", FIRMS[0]), NOON)
    look = letters.current_of
    looks: list[int] = []

    def revoked_after(*args: Any) -> Sequence[RegisterEntry]:
        found = look(*args)
        looks.append(len(found))
        return found

    issue_letter = letters.issue

    def issue_late(*args: Any) -> RegisterEntry:
        if len(looks) == 1:
            with session(two_centres.engine) as writing:
                revoke_letter(writing, old.number, "写错了", NOON)
        return issue_letter(*args)

    monkeypatch.setattr(letters, "current_of", revoked_after)
    monkeypatch.setattr(letters, "issue", issue_late)
    run_list(two_centres, "heping", FIRMS[:1], "supersede")
    assert looks == [1, 0]
    (new,) = current_of(two_centres, "heping", FIRMS[0])
    assert new != old.number


def test_what_is_refused_for_another_reason_is_not_taken_for_a_withdrawn_letter(
    two_centres: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row's letter is tried once, and the reason stands in its row as it is."""
    tries: list[int] = []

    def refused(*_: Any) -> RegisterEntry:
        tries.append(1)
        raise EntryError(("schemes",), "没有这项政策", "no such scheme")

    monkeypatch.setattr(letters, "issue", refused)
    run_id = run_list(two_centres, "heping", FIRMS[:1], "supersede")
    assert tries == [1]
    with reading(two_centres.engine) as opened:
        (row,) = opened.exec(select(RunRow).where(RunRow.run_id == run_id))
    assert "no such scheme" in (row.letter_fault or "")


def test_of_eight_processes_none_makes_a_second_current_letter(two_centres: Office) -> None:
    """Eight work at random on the same four firms; whatever each sees is one letter a firm, and every number is explained."""
    address = two_centres.engine.url.render_as_string(hide_password=False)
    two_centres.engine.dispose()  # no connection is shared with a process
    forked = multiprocessing.get_context("fork")
    workers = [forked.Process(target=work, args=(address, two_centres, seed, count(60, 20))) for seed in range(8)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [one.exitcode for one in workers] == [0] * 8
    assert all(len(numbers) <= 1 for numbers in all_current(two_centres).values())
    with reading(two_centres.engine) as opened:
        for centre in CENTRES:
            last = last_number(opened, centre, NOON.year)
            given = set(opened.exec(select(IssuedLetter.place).where(IssuedLetter.centre == centre)))
            assert last > 0
            assert given | {one.place for one in voided(opened, centre)} == set(range(1, last + 1))


def test_a_letter_says_by_default_what_the_firm_has_by_itself(rulebook: Rulebook) -> None:
    """No service that anyone may ask for, nothing that a department has still to decide, no restriction."""
    services = [slug for slug, scheme in rulebook.schemes.items() if scheme.kind != "support"]
    outcomes = [("six-taxes-two-fees", "eligible"), ("guarantee-fee-rebate", "needs_decision")]
    assert schemes_to_write(rulebook, [*outcomes, *((slug, "eligible") for slug in services)]) == (
        "six-taxes-two-fees",
    )
