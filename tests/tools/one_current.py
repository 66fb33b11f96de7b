"""Issues, replaces and revokes letters at random, by hand and by spreadsheets: one process's part of a trial with several.

`python -m tests.tools.one_current DATABASE INSTANCE SEED STEPS` works on an office that stands; the accounts are there.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from matcher.accounts.models import Account
from matcher.batches.models import Run, RunCurrent
from matcher.batches.processing import perform
from matcher.batches.service import NewRun, line_up, new_run
from matcher.batches.sheets import look
from matcher.db.database import open_engine, reading, session
from matcher.db.faults import EntryError
from matcher.letters.current import current_letters
from matcher.letters.issue import Office, issue
from matcher.letters.order import Order, Refusal, centres
from matcher.letters.proof.keys import KeyFolder
from matcher.letters.register import revoke_letter
from matcher.places import rules_dir
from matcher.rulebook.load import load

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
CENTRES = ("heping", "hexi")
MACHINES, DAIRY = "天津市喆堃镕科技有限公司", "天津海河乳品有限公司"
Firm = dict[str, str]
FIRMS: tuple[Firm, ...] = (
    {"name": MACHINES, "credit_code": "91120101MA05TX9C3R"},
    {"name": DAIRY, "credit_code": "91120000103064074F"},
    {"name": "没有代码的企业"},
    {"name": MACHINES},  # the first once more, by somebody who does not know its code
)
FACTS = {"vat_status": "small_scale", "six_taxes_two_fees_payable": 3864257}
Key = tuple[str, str]
"""A centre and a firm's name."""


def current_of(office: Office, centre: str, firm: Firm, at: datetime = NOON) -> list[str]:
    """The numbers of a firm's current letters, the last first."""
    with reading(office.engine) as opened:
        found = current_letters(opened, centre, firm.get("credit_code"), firm["name"], at.date())
    return [one.number for one in found]


def all_current(office: Office) -> dict[Key, list[str]]:
    """The current letters of every firm at every centre, those with a code and those without together."""
    held: dict[Key, list[str]] = {}
    for centre in CENTRES:
        for firm in FIRMS:
            now = held.setdefault((centre, firm["name"]), [])
            now += [number for number in current_of(office, centre, firm) if number not in now]
    return held


def order_for(centre: str, firm: Firm, supersedes: str | None = None) -> Order:
    """A letter of the desk to a firm."""
    made = Order(centres()[centre], {**FACTS, **firm}, NOON.date(), ("six-taxes-two-fees",), origin="desk")
    return replace(made, supersedes=supersedes, is_only=True)


def run_list(office: Office, centre: str, firms: Sequence[Firm], on_current: RunCurrent) -> int:
    """A spreadsheet of these firms is uploaded and its letters are issued; gives the run's id."""
    text = io.StringIO(newline="")
    heads = ["name", "credit_code", "vat_status", "six_taxes_two_fees_payable"]
    writer = csv.DictWriter(text, heads, restval="")
    writer.writeheader()
    writer.writerows({**firm, "vat_status": "small_scale", "six_taxes_two_fees_payable": "1000"} for firm in firms)
    content = text.getvalue().encode("utf-8-sig")
    looked = look(office.rulebook, content, "firms.csv")
    with session(office.engine) as writing:
        account = writing.exec(select(Account).where(Account.centre == centre)).one()
        assert account.id is not None
        run = new_run(
            writing, NewRun(centre, account.id, "firms.csv", "zh", NOON.date(), "zip"), content, "text/csv", NOON
        )
        assert run.id is not None
        run_id = run.id
        line_up(writing, run_id, {one.column: one.fact for one in looked.guesses}, on_current=on_current)
    perform(office, run_id, lambda: NOON)
    with reading(office.engine) as opened:
        ended = opened.get_one(Run, run_id)
        assert ended.state == "done", ended.fault_en
    return run_id


def steps(office: Office, draw: random.Random, many: int) -> Iterator[tuple[Key, ...]]:
    """Do something at random, so many times; gives after each whose letters it may have touched."""
    for _ in range(many):
        centre, firm = draw.choice(CENTRES), draw.choice(FIRMS)
        now = current_of(office, centre, firm)
        doing = draw.choices(("issue", "replace", "revoke", "list"), (4, 4, 3, 1))[0]
        touched: tuple[Firm, ...] = (firm,)
        if doing == "list":
            touched = tuple(draw.sample(FIRMS, 2))
            run_list(office, centre, touched, draw.choice(("skip", "supersede")))
        elif doing == "revoke":
            if now:
                _unless_late(lambda: _revoke(office, now[0]))
        else:
            named = now[0] if now and doing == "replace" else None
            _unless_late(lambda: issue(office, order_for(centre, firm, named), NOON))
        yield tuple((centre, one["name"]) for one in touched)


def _revoke(office: Office, number: str) -> None:
    with session(office.engine) as writing:
        revoke_letter(writing, number, "写错了", NOON)


def _unless_late(do: Callable[[], object]) -> None:
    """What another did meanwhile, or the rule itself, may refuse it: that is an answer, not a failure."""
    try:
        do()
    except (Refusal, EntryError):
        return


def main() -> None:
    """One worker of a trial."""
    address, instance, seed, many = sys.argv[1:]
    rulebook = load(rules_dir())
    folder = Path(instance)
    office = Office(open_engine(address), KeyFolder(folder / "keys"), rulebook, rules_dir(), folder)
    for touched in steps(office, random.Random(int(seed)), int(many)):
        held = all_current(office)
        assert all(len(numbers) <= 1 for numbers in held.values()), (touched, held)


if __name__ == "__main__":
    main()
