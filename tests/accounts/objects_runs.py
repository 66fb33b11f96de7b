"""Runs over spreadsheets, for the matrix of rights."""

from datetime import date

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
