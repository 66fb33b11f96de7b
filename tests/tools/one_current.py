"""Issues, replaces and revokes letters at random, by hand and by spreadsheets: one process's part of a trial with several."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from sqlmodel import col, select

from matcher.accounts.models import Account
from matcher.batches.models import Run, RunCurrent
from matcher.batches.processing import perform
from matcher.batches.rows import Read, enter_rows
from matcher.batches.service import NewRun, line_up, new_run
from matcher.db.database import open_engine, reading, session
from matcher.db.faults import EntryError
from matcher.letters.current import current_letters
from matcher.letters.issue import Office, issue
from matcher.letters.models import IssuedLetter
from matcher.letters.order import Order, Refusal, centres
from matcher.letters.register import revoke_letter

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
    """The letters of every firm at every centre that hold, as the register has them at one moment."""
    wanted = select(IssuedLetter.centre, IssuedLetter.addressee, IssuedLetter.number)
    with reading(office.engine) as opened:
        rows = opened.exec(wanted.where(col(IssuedLetter.withdrawal).is_(None))).all()
    held: dict[Key, list[str]] = {(centre, firm["name"]): [] for centre in CENTRES for firm in FIRMS}
    for centre, name, number in rows:
        held[centre, name or ""].append(number)
    return held


def order_for(centre: str, firm: Firm, supersedes: str | None = None) -> Order:
    """A letter of the desk to a firm."""
    made = Order(centres()[centre], {**FACTS, **firm}, NOON.date(), ("six-taxes-two-fees",), origin="desk")
    return replace(made, supersedes=supersedes, is_only=True)


def run_list(office: Office, centre: str, firms: Sequence[Firm], on_current: RunCurrent) -> int:
    """A list of these firms is worked through and its letters are issued; gives the run's id. Its file counts as read: files are
    read by a server of processes that a forked one has not."""
    with session(office.engine) as writing:
        account = writing.exec(select(Account).where(Account.centre == centre)).one()
        assert account.id is not None
        asked = NewRun(centre, account.id, "firms.csv", "zh", NOON.date(), "zip")
        run = new_run(writing, asked, b"", "text/csv", NOON)
        assert run.id is not None
        run_id = run.id
        facts = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "1000"}
        read = [
            Read(line, firm["name"], firm.get("credit_code"), {**firm, **facts}, None)
            for line, firm in enumerate(firms, 2)
        ]
        enter_rows(writing, line_up(writing, run_id, {}, on_current=on_current), read)
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
        else:
            # What another did meanwhile, or the rule itself, may refuse it: that is an answer, not a failure.
            with suppress(Refusal, EntryError):
                if doing != "revoke":
                    named = now[0] if now and doing == "replace" else None
                    issue(office, order_for(centre, firm, named), NOON)
                elif now:
                    with session(office.engine) as writing:
                        revoke_letter(writing, now[0], "写错了", NOON)
        yield tuple((centre, one["name"]) for one in touched)


def work(address: str, office: Office, seed: int, many: int) -> None:
    """What one process does, by itself: its own connections, the same rules, keys and folder; fails at a second current letter."""
    own = replace(office, engine=open_engine(address))
    for touched in steps(own, random.Random(seed), many):
        held = all_current(own)
        assert all(len(numbers) <= 1 for numbers in held.values()), (touched, held)
