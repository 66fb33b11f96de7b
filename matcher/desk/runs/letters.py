"""Issues the letters of a run, row by row in the order of the file."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from matcher.desk.rights import reaches
from matcher.firms.profile import read_facts
from matcher.issuing import Office, Order, centres, issue
from matcher.issuing.archives import keep_rulebook
from matcher.letters.render import warm_up
from matcher.store import RegisterEntry
from matcher.store.desk import Account, CentreSetting, Run, RunRow
from matcher.store.desk.audit import Event, append
from matcher.store.desk.run_rows import give_letter
from matcher.store.desk.runs import Fault, find_run

ENTITLED = ("eligible", "needs_decision")
"""What a letter is written for: a restriction that applies is no entitlement."""


class Interrupted(Exception):
    """The run was stopped, or another worker was quicker: the letter is not issued and no number is used."""


def hindrance(session: Session, run: Run) -> Fault | None:
    """Why this run may issue no letters, as things stand now; None where it may."""
    setting = session.get(CentreSetting, run.centre)
    if setting is not None and setting.needs_countersign:
        return (
            "本中心的函件须第二人签发，批量核对不签发函件；请在办件中逐份办理。",
            "This centre's letters need a second signature, so a run issues none: issue them from cases.",
        )
    account = session.get(Account, run.account_id)
    if account is None or not _may_issue(account, run.centre):
        return (
            "发起人的账号已停用或不再可以签发函件，因此没有签发。",
            "Who started this run may not issue letters any more, so none were issued.",
        )
    return None


def _may_issue(account: Account, centre: str) -> bool:
    return account.is_active and reaches(account.role, account.centre, "letter.issue", centre)


def make_ready(office: Office) -> None:
    """Keep the rulebook and warm the setting of letters, once for the whole run. Raises Refusal."""
    keep_rulebook(office.rulebook.hash, office.rules, office.instance / "rulebooks")
    warm_up()


def issue_for(office: Office, run: Run, row: RunRow, actor: Account, at: datetime) -> RegisterEntry:
    """Issue the letter of a row on all that it is entitled to; its number stands in the row in the same transaction.

    :raises Interrupted: where the run was stopped or the row has its letter; Refusal, RenderError, StoreError, KeyFolderError.
    """
    assert run.id is not None
    run_id, line = run.id, row.line
    facts, _ = read_facts(office.rulebook, row.facts or {})
    granted = tuple(one["scheme"] for one in row.outcome or () if one["status"] in ENTITLED)

    def beside(writing: Session, entry: RegisterEntry) -> None:
        now = find_run(writing, run_id, for_change=True)
        if now is None or now.state != "running" or now.is_cancel_asked:
            raise Interrupted
        if not give_letter(writing, run_id, line, entry.number):
            raise Interrupted
        now.starts = 0  # a letter is a step forward: a worker that ends now and then gives nothing up
        detail = {"run": run_id, "line": line, "schemes": list(granted)}
        append(
            writing,
            Event(at, actor.name, actor.role, run.centre, "letter.issued", f"letter {entry.number}", "run", detail),
        )

    lang: Literal["zh", "en"] = "en" if run.language == "en" else "zh"
    order = Order(centres()[run.centre], facts, run.as_of, granted, lang=lang, origin="desk")
    return issue(office, order, at, beside)
