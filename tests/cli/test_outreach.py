"""`matcher outreach`: the register gone over, the passes listed, two of them compared."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
HEAD = "id,name,credit_code,district,vat_status,six_taxes_two_fees_payable\n"
CODES = ("91120101MA05TX9C3R", "91120101MA06UPJU0G")


@pytest.fixture
def roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Writes a list of one small firm, its VAT status as told, for an installation of its own."""
    for name in ("DATABASE_URL", "MATCHER_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "instance"))

    def write(vat: str, day: str) -> Path:
        file = tmp_path / f"{day}.csv"
        file.write_text(f"{HEAD}f1,天津市喆堃镕科技有限公司,{CODES[0]},heping,{vat},38642.57\n", encoding="utf-8")
        return file

    return write


def test_two_passes_tell_who_loses(run: Run, roster: Callable[[str, str], Path]) -> None:
    """A firm that became a general taxpayer loses the halving; both passes stand in the list."""
    assert run("firms", "import", roster("small_scale", "1"), "--as-of", "2026-03-01").exit_code == 0
    first = run("outreach", "screen", "--as-of", "2026-03-31", "--lang", "en")
    assert (first.exit_code, first.output.startswith("screening 1: 1 firms as of 2026-03-31")) == (0, True)
    assert run("firms", "import", roster("general", "2"), "--as-of", "2026-04-01").exit_code == 0
    assert run("outreach", "screen", "--as-of", "2026-04-30").exit_code == 0
    assert [
        (one["id"], one["state"], one["firms"]) for one in json.loads(run("outreach", "list", "--json").output)
    ] == [
        (2, "done", 1),
        (1, "done", 1),
    ]
    found = {one["scheme"]: one for one in json.loads(run("outreach", "compare", "1", "2", "--json").output)}
    assert found["six-taxes-two-fees"] == {"scheme": "six-taxes-two-fees", "gained": 0, "lost": 1}
    assert "六税两费" in run("outreach", "compare", "1", "2").output


def test_what_cannot_be_compared_is_refused(run: Run, roster: Callable[[str, str], Path]) -> None:
    """A pass that does not exist, and a day that is none: exit status 2 with the reason."""
    assert run("outreach", "compare", "1", "2").exit_code == 2
    assert run("outreach", "screen", "--as-of", "yesterday").exit_code == 2


def test_a_screening_weighs_the_queue_of_the_rules(run: Run, roster: Callable[[str, str], Path]) -> None:
    """Without one it is refused with what to run; then a scheme that ends, and one past its end by its last terms, carry the
    register's money, and the firm that is entitled is told of neither while nothing is confirmed."""
    refused = run("rules", "queue", "--register", "--as-of", "2028-01-01", "--lang", "en")
    assert (refused.exit_code, "matcher outreach screen" in refused.stderr) == (2, True)
    assert run("firms", "import", roster("small_scale", "1"), "--as-of", "2026-03-01").exit_code == 0
    for day, state in (("2027-12-31", "ends"), ("2028-01-01", "unconfirmed")):
        assert run("outreach", "screen", "--as-of", day).exit_code == 0
        told = json.loads(run("rules", "queue", "--register", "--as-of", day, "--json").stdout)["queue"]
        assert (told[0]["scheme"], told[0]["state"]) == ("six-taxes-two-fees", state)
        assert told[0]["reach"] == {"firms": 1, "yuan": "19321.29"}
