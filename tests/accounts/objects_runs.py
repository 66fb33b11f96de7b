"""Runs over spreadsheets, for the matrix of rights."""

from datetime import date

from matcher.batches.models import RunRow
from matcher.batches.service import NewRun, new_run
from tests.accounts.objects import AT, Making, builds

LIST = "企业名称,统一社会信用代码\n天津市喆堃镕科技有限公司,91120101MA05TX9C3R\n".encode()


@builds("desk_runs", "run_id")
def run(making: Making) -> object:
    """A run whose columns are still to be matched."""
    assert making.account.id is not None
    asked = NewRun(making.centre, making.account.id, "名单.csv", "zh", date(2026, 11, 24), "none")
    return new_run(making.register, asked, LIST, "text/csv", AT).id


@builds("desk_runs", "kind")
def kind(_making: Making) -> object:
    """The file that every run has."""
    return "upload"


@builds("desk_runs.sample", "line")
def line(making: Making) -> object:
    """A row that is to have a letter."""
    facts = {"name": "天津市喆堃镕科技有限公司", "vat_status": "small_scale", "six_taxes_two_fees_payable": "1200"}
    outcome = [{"scheme": "six-taxes-two-fees", "status": "eligible"}]
    row = RunRow(run_id=int(str(making.made["run_id"])), line=2, facts=facts, outcome=outcome, entitled=1)
    making.register.add(row)
    making.register.flush()
    return 2
