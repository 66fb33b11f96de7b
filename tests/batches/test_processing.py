"""A run over a list, from its rows to its files, without a process of its own."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from matcher.accounts.models import Account, CentreSetting
from matcher.audit.models import AuditEntry
from matcher.batches.checking import outcome
from matcher.batches.letters import archive, reader
from matcher.batches.models import Run, RunRow
from matcher.batches.processing import MOST_STARTS, perform
from matcher.batches.rows import kept_run_file, letter_counts, letters_of, list_files, size_of_letters
from matcher.batches.service import ask_cancel, go_on
from matcher.cases.money import money_of
from matcher.db.database import reading, session
from matcher.db.queue import claimed
from matcher.engine.check import check
from matcher.engine.decision import POSITIVE
from matcher.engine.record import ReasonRecord
from matcher.firms.item_keys import read_told
from matcher.firms.profile import read_facts
from matcher.firms.register import FirmEntry, Told, enter_firms
from matcher.firms.spreadsheets.lists import read_rows
from matcher.firms.spreadsheets.tables import open_table
from matcher.firms.workbook.results import grounds
from matcher.firms.workbook.words import certain_of
from matcher.letters.issue import Office
from matcher.letters.numbers import last_number
from matcher.letters.proof.keys import KeyFolder, SigningKey
from matcher.letters.proof.signed_file import SignedFile, open_signed
from matcher.letters.register import list_issued
from matcher.outreach.models import FirmTold
from matcher.rulebook.rulebook import Rulebook
from tests.conftest import count
from tests.fixtures.runs import DRAWN, NOON, LineUp, Row, as_csv, entitled, run_of
from tests.tools.list_columns import firms, told


def do(office: Office, run_id: int, stopping: Callable[[], bool] = lambda: False) -> Run:
    """Do a run, and give it as it is then."""
    perform(office, run_id, lambda: NOON, stopping)
    return run_of(office, run_id)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2022, 9, 1)])
def test_a_run_decides_as_the_check_does(rulebook: Rulebook, drawn: list[Row], day: date) -> None:
    """And names the first articles of the reasons as they are worked out for the firm alone."""
    table = open_table(rulebook, as_csv(drawn[: count(600)]), "firms.csv")
    mapping = {at: rulebook_column(heading) for at, heading in enumerate(table.headings)}
    for row in read_rows(rulebook, table, mapping):
        facts, _ = read_facts(rulebook, row.facts)
        decisions = {one.scheme: one for one in check(rulebook, facts, day)}
        for stored in outcome(rulebook, facts, day):
            decision = decisions[stored["scheme"]]
            assert stored.items() >= {name: decision.essence()[name] for name in STORED}.items(), row.name
            assert ("reasons" in stored) == (decision.status in POSITIVE)
            if "reasons" in stored:
                assert grounds(stored) == holding(decision.reasons)[: len(grounds(stored))]


STORED = ("status", "recipient", "amount", "missing", "version")


def holding(node: ReasonRecord | None) -> list[str]:
    """The articles of a tree of reasons that hold or may hold, each once."""
    if node is None:
        return []
    source = node["source"]
    named = (
        [f"{source['instrument']} {source['article'] or ''}".strip()] if source and node["outcome"] is not False else []
    )
    return list(dict.fromkeys([*named, *(text for child in node["children"] for text in holding(child))]))


def test_the_certain_sums_of_a_row_are_those_of_every_page(rulebook: Rulebook) -> None:
    """Of what excludes each other the best set, a year of what comes each quarter; what is only possible is no part of them."""
    day = date(2026, 12, 1)
    found = 0
    for firm in firms(3, 12):
        facts = {fact: told(fact, firm) for fact in firm if fact in rulebook.facts}
        read = read_told(rulebook, {**facts, "period_sales": "90000", "tax_filing_cycle": "quarterly"})
        money = money_of(rulebook, read, check(rulebook, read.firm, day, items=read.items), day)
        decided = outcome(rulebook, read.firm, day, read.items)
        assert (certain_of(decided, "cash"), certain_of(decided, "less")) == (money.cash, money.less)
        found += money.cash + money.less > 0
    assert found > 6


def rulebook_column(heading: str) -> str | None:
    """The fact of a column of the drawn firms."""
    known = {"uscc": "credit_code", "district_code": "district", "industry_code": "industry", "name": "name"}
    more = {"legal_form": "legal_form", "established": "established_on", "employees": "employees"}
    money = {"revenue_yuan": "annual_revenue", "assets_yuan": "total_assets"}
    return (known | more | money).get(heading)


def test_bad_rows_are_kept_apart(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """They are counted, marked in a copy, and never decided."""
    rows = [{**row, "employees": "许多"} if at == 2 else row for at, row in enumerate(drawn[:5])]
    run = do(office, lined_up(as_csv(rows)))
    assert (run.state, run.rows, run.bad_rows, run.done_rows) == ("done", 5, 1, 4)
    with reading(office.engine) as opened:
        bad = opened.get_one(RunRow, (run.id, 4))
        assert set(list_files(opened, run.id or 0)) == {"upload", "marked", "results"}
    assert (bad.outcome, bad.facts) == (None, None)
    assert bad.faults


def test_a_run_stopped_between_chunks_goes_on_where_it_was(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """A clerk stops it: what was decided stays, and continuing gives the files of a run that was never stopped."""
    disturbed, undisturbed = (lined_up(as_csv(drawn[:80])) for _ in range(2))

    def stop_once() -> bool:
        if 0 < run_of(office, disturbed).done_rows < 60:
            with session(office.engine) as writing:
                run = writing.get_one(Run, disturbed)
                if run.state == "running" and run.done_rows == 25:
                    ask_cancel(writing, disturbed, NOON)
        return False

    stopped = do(office, disturbed, stop_once)
    assert (stopped.state, stopped.done_rows) == ("cancelled", 25)
    with session(office.engine) as writing:
        go_on(writing, disturbed)
    assert do(office, disturbed).state == "done"
    do(office, undisturbed)
    with reading(office.engine) as opened:
        books = [kept_run_file(opened, run_id, "results") for run_id in (disturbed, undisturbed)]
    assert books[0] is not None
    assert books[1] is not None
    assert books[0].content == books[1].content


@pytest.mark.both_databases
def test_a_run_that_another_worker_has_is_left_alone(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """The claim lets one in, and ends with its block."""
    run_id = lined_up(as_csv(drawn[:3]))
    with claimed(office.engine, "run", run_id) as is_ours:
        assert is_ours
        assert do(office, run_id).state == "waiting"
    assert do(office, run_id).state == "done"


@pytest.mark.both_databases
def test_letters_are_signed_and_in_the_order_of_the_file(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """The archive holds each signed file as the register has it; nothing of it is kept a second time."""
    run = do(office, lined_up(as_csv(entitled(drawn[:3])), letters="merged"))
    with reading(office.engine) as opened:
        letters = letters_of(opened, run.id or 0)
        kept, size = list_files(opened, run.id or 0), size_of_letters(opened, run.id or 0)
        told = opened.exec(select(AuditEntry).where(AuditEntry.action == "letter.issued")).all()
    packed = b"".join(archive(letters, reader(office.engine)))
    with zipfile.ZipFile(io.BytesIO(packed)) as opened_zip:
        contents = [opened_zip.read(name) for name in opened_zip.namelist()]
        assert [name.split("号-")[1] for name in opened_zip.namelist()] == [f"{row['name']}.pdf" for row in drawn[:3]]
    assert all(isinstance(open_signed(content), SignedFile) for content in contents)
    assert (kept.keys(), size) == ({"upload", "results"}, sum(map(len, contents)))
    assert [entry.detail["line"] for entry in told] == [2, 3, 4]


def test_letters_of_a_list_count_as_told(office: Office, clerk: Account, drawn: list[Row], lined_up: LineUp) -> None:
    """A firm of the register is told of every scheme that its letter speaks of; the note is the letter's number."""
    first = drawn[0]
    entry = FirmEntry("F-1", first["name"], first["uscc"], (), None, {}, 2)
    with session(office.engine) as writing:
        enter_firms(writing, [entry], Told("imported", NOON.date(), NOON), lambda name: ((name,), name, name))
    do(office, lined_up(as_csv(entitled(drawn[:2])), letters="zip"))
    with reading(office.engine) as opened:
        (issued,) = (one for one in list_issued(opened) if one.credit_code == first["uscc"])
        told = opened.exec(select(FirmTold)).all()
        assert issued.schemes
        assert {(one.firm_id, one.scheme) for one in told} == {("F-1", scheme) for scheme in issued.schemes}
        assert {(one.note, one.account_id) for one in told} == {(issued.number, clerk.id)}


@pytest.mark.both_databases
def test_a_letter_in_the_making_is_not_issued_once_a_clerk_stops(
    office: Office, drawn: list[Row], lined_up: LineUp
) -> None:
    """Stopped while the second letter is set: it takes no number, and the run ends at once."""
    run_id = lined_up(as_csv(entitled(drawn[:3])), letters="zip")

    class Keys(KeyFolder):
        """Keys of a centre whose clerk stops the run as soon as its first letter is out."""

        def signing(self, centre: str) -> SigningKey:
            with session(office.engine) as writing:
                if letter_counts(writing, run_id).issued == 1:
                    ask_cancel(writing, run_id, NOON)
            return super().signing(centre)

    run = do(replace(office, keys=Keys(office.keys.folder)), run_id)
    assert run.state == "cancelled"
    with session(office.engine) as writing:
        assert letter_counts(writing, run_id).issued == 1
        assert last_number(writing, "heping", 2026) == 1
        go_on(writing, run_id)
    assert do(office, run_id).state == "done"
    with reading(office.engine) as opened:
        assert last_number(opened, "heping", 2026) == 3


@pytest.mark.parametrize("change", ["deactivated", "moved", "countersign"])
def test_letters_end_where_the_right_to_them_ends(
    office: Office, drawn: list[Row], lined_up: LineUp, change: str
) -> None:
    """What is changed while the first letter is set holds for the second: it is not issued, and the run says why."""
    run_id = lined_up(as_csv(entitled(drawn[:3])), letters="zip")

    class Keys(KeyFolder):
        """Keys that are asked for at each letter, while somebody changes who may issue it."""

        def signing(self, centre: str) -> SigningKey:
            with session(office.engine) as writing:
                account = writing.get_one(Account, run_of(office, run_id).account_id)
                if change == "countersign":
                    writing.merge(CentreSetting(centre="heping", needs_countersign=True))
                elif change == "moved":
                    account.centre = "hedong"
                else:
                    account.is_active = False
            return super().signing(centre)

    run = do(replace(office, keys=Keys(office.keys.folder)), run_id)
    assert (run.state, run.starts) == ("done", 0)
    assert run.fault_en
    with reading(office.engine) as opened:
        assert last_number(opened, "heping", 2026) == 1


def test_rows_that_are_entitled_to_nothing_get_no_letter(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """On a day before every scheme nobody is entitled, and no number is used."""
    run = do(office, lined_up(as_csv(entitled(drawn[:2])), letters="zip", as_of=date(2000, 1, 1)))
    with reading(office.engine) as opened:
        assert letter_counts(opened, run.id or 0).due == 0
        assert letters_of(opened, run.id or 0) == []
    assert run.state == "done"


def test_a_second_signature_wanted_meanwhile_stops_the_letters_alone(
    office: Office, drawn: list[Row], lined_up: LineUp
) -> None:
    """The results come; why there are no letters is said."""
    run_id = lined_up(as_csv(entitled(drawn[:2])), letters="zip")
    with session(office.engine) as writing:
        writing.add(CentreSetting(centre="heping", needs_countersign=True))
    run = do(office, run_id)
    assert run.state == "done"
    assert "第二人签发" in (run.fault_zh or "")
    with reading(office.engine) as opened:
        assert letter_counts(opened, run_id).issued == 0


def test_an_account_that_was_closed_issues_nothing(
    office: Office, clerk: Account, drawn: list[Row], lined_up: LineUp
) -> None:
    """Who asked may no longer be there when the letters come round."""
    run_id = lined_up(as_csv(entitled(drawn[:2])), letters="zip")
    with session(office.engine) as writing:
        writing.get_one(Account, clerk.id).is_active = False
    run = do(office, run_id)
    assert "停用" in (run.fault_zh or "")
    with reading(office.engine) as opened:
        assert letter_counts(opened, run_id).issued == 0


def test_a_centre_without_a_key_is_told_so_and_can_go_on(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """The run fails with the reason; once there is a key it goes on without deciding anything again."""
    run_id = lined_up(as_csv(entitled(drawn[:2])), letters="zip")
    without = replace(office, keys=type(office.keys)(office.instance / "no-keys"))
    failed = do(without, run_id)
    assert failed.state == "failed"
    assert failed.fault_zh
    with session(office.engine) as writing:
        go_on(writing, run_id)
    assert do(office, run_id).state == "done"


def test_other_rules_halfway_end_the_run_with_what_to_do(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """Rows decided by one rulebook are never joined with rows decided by another."""
    run_id = lined_up(as_csv(drawn[:60]))
    do(office, run_id, lambda: run_of(office, run_id).done_rows > 0)
    with session(office.engine) as writing:
        writing.get_one(Run, run_id).rulebook_hash = "0" * 64
    run = do(office, run_id)
    assert run.state == "failed"
    assert "重新核对" in (run.fault_zh or "")


def test_a_run_that_brings_down_its_workers_is_given_up(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """Taken up again and again without getting on, it is ended, so that others get their turn."""
    run_id = lined_up(as_csv(drawn[:2]))
    with session(office.engine) as writing:
        writing.get_one(Run, run_id).starts = MOST_STARTS
    run = do(office, run_id)
    assert run.state == "failed"
    assert "多次" in (run.fault_zh or "")


def test_what_goes_wrong_unexpectedly_ends_the_run_and_tells_no_fact(
    office: Office, drawn: list[Row], lined_up: LineUp, caplog: pytest.LogCaptureFixture
) -> None:
    """An outcome that cannot be read back: the run fails in words, the log names the place alone."""
    run_id = lined_up(as_csv(drawn[:2]))
    do(office, run_id, lambda: run_of(office, run_id).done_rows == 2)
    with session(office.engine) as writing:
        writing.get_one(RunRow, (run_id, 2)).outcome = [{"status": drawn[0]["name"]}]
    run = do(office, run_id)
    assert run.state == "failed"
    assert "意外" in (run.fault_zh or "")
    assert caplog.text
    assert drawn[0]["name"] not in caplog.text


def test_the_whole_list_in_the_drawn_order(office: Office, drawn: list[Row], lined_up: LineUp) -> None:
    """Every drawn firm has its row and its outcome, in the order of the file."""
    wanted = drawn[: count(DRAWN) // 4]
    run = do(office, lined_up(as_csv(wanted, "gb18030")))
    with reading(office.engine) as opened:
        rows = opened.exec(select(RunRow).where(RunRow.run_id == run.id).order_by(RunRow.line)).all()  # type: ignore[arg-type]
    assert [row.name for row in rows] == [firm["name"] for firm in wanted]
    assert all(row.outcome for row in rows)
