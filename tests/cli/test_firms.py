"""`matcher firms`: a list goes in as a whole or not at all, and firms are found by what people type."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from matcher.db.database import open_engine, session
from matcher.firms.models import FirmName

Run = Callable[..., Result]
LIST = """id,name,uscc,district_code,employees,former_names
T1,天津市优荣商务信息咨询合伙企业（有限合伙）,911201047061033945,120104,3,
T2,天津市红桥区何大哥烟酒店,92120106779791263T,120106,5,
T3,天津市豪腾投资管理有限公司,91120222153479227M,120114,5,天津海河机械有限公司
"""


@pytest.fixture(autouse=True)
def _own_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/matcher.db")


@pytest.fixture
def listed(run: Run, write: Callable[[str, str], Path]) -> Path:
    """A list that was imported."""
    path = write("firms.csv", LIST)
    result = run("firms", "import", path, "--as-of", "2026-01-01")
    assert (result.exit_code, result.stdout) == (0, "已导入：新增 3 家，已有 0 家\n")
    return path


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    ("typed", "firm", "why"),
    [
        ("天津市豪腾投资管理有限公司", "T3", "same name"),
        ("豪腾投资管理", "T3", "same name but for region or legal form"),
        ("天津市豪", "T3", "name begins so"),
        ("豪腾投", "T3", "name begins so"),
        ("投资管理", "T3", "part of the name"),
        ("haotengtou", "T3", "pinyin"),
        ("haotengt", "T3", "pinyin"),
        ("豪藤投资管理", "T3", "sounds the same"),
        ("濠腾投资管里有限公司", "T3", "sounds the same"),
        ("豪投资管理", "T3", "similar name"),
        ("天津市優榮商務信息諮詢", "T1", "same name but for region or legal form"),
        ("haotengtouziguanli", "T3", "pinyin"),
        ("haoteng投资", "T3", "pinyin"),
        ("htyjd", "", ""),
        ("hdgyjd", "T2", "first letters"),
        ("tjhhjx", "T3", "former name “天津海河机械有限公司”: first letters"),
        ("海河机械", "T3", "former name “天津海河机械有限公司”: same name but for region or legal form"),
        ("227m", "T3", "last 4 characters of the credit code"),
        ("77979126-3", "T2", "organisation code (credit code from the ninth character)"),
        ("91120222", "T3", "first 8 characters of the credit code"),
        ("9112O1047061033945", "T1", "credit code"),
        ("911201047061038945", "T1", "credit code, one slip mended"),
        ("名称：豪腾投资 统一社会信用代码：92120106779791263T", "T2", "credit code"),
    ],
)
def test_a_firm_is_found_and_why_is_said(run: Run, typed: str, firm: str, why: str) -> None:
    """By names with slips, former names, pinyin, first letters, codes and pieces of them; nothing where nothing is."""
    result = run("firms", "find", typed, "--json")
    answer = json.loads(result.stdout)
    assert answer.keys() == {"query", "hits", "ms"}
    assert [(hit["id"], hit["why"]["en"]) for hit in answer["hits"][:1]] == ([(firm, why)] if firm else [])
    assert result.exit_code == (0 if firm else 2)


@pytest.mark.usefixtures("listed")
def test_every_line_is_a_query(run: Run) -> None:
    """Answered in its order, also an empty line; status 1 where one found nothing; -n says how many at most."""
    result = run("firms", "find", "-", "--json", "-n", "1", stdin="豪腾投资\n\n天津市\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["query"] for answer in answers] == ["豪腾投资", "", "天津市"]
    assert answers[0]["hits"][0].keys() == {"id", "name", "credit_code", "score", "why"}
    assert all(len(answer["hits"]) <= 1 for answer in answers)
    assert result.exit_code == 1


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_for_people(run: Run, lang: str) -> None:
    """Name, code, id and why; where nothing is near, how to ask."""
    found = run("firms", "find", "豪腾投资管理", "--lang", lang, "-n", "1").stdout
    assert "91120222153479227M" in found
    assert ("名称相同" if lang == "zh" else "same name") in " ".join(found.split())
    missing = run("firms", "find", "没有这个", "--lang", lang)
    assert missing.exit_code == 2
    assert ("首字母" if lang == "zh" else "first letters") in " ".join(missing.stdout.split())


def test_nothing_is_half_imported(run: Run, listed: Path) -> None:
    """One bad row, or an id of another firm, and no row goes in; the faults are named with their lines."""
    good = "T4,天津新来商贸有限公司,91120106117507882L,120104,1,\n"
    listed.write_text(LIST + good + "T5,天津重复商贸有限公司,91120106117507882L,120104,x,\n", encoding="utf-8")
    result = run("firms", "import", listed, "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nothing was imported" in result.stderr
    assert "line 6" in result.stderr
    listed.write_text(LIST.replace("T2", "T9").replace("T3", "T2") + good, encoding="utf-8")
    assert json.loads(run("firms", "find", "新来商贸", "--json").stdout)["hits"] == []


def test_a_known_firm_gets_its_new_name(run: Run, listed: Path) -> None:
    """It is found by both; the old one is shown as a former name."""
    listed.write_text(LIST.replace("豪腾投资", "金岳资本"), encoding="utf-8")
    assert run("firms", "import", listed, "--lang", "en").stdout == "imported: 0 new firms, 3 known\n"
    answer = json.loads(run("firms", "find", "豪腾投资管理", "--json").stdout)
    assert answer["hits"][0]["name"] == "天津市金岳资本管理有限公司"
    assert answer["hits"][0]["why"]["zh"].startswith("曾用名“天津市豪腾投资管理有限公司”")


def test_a_long_import_is_entered_part_by_part(run: Run, write: Callable[[str, str], Path], monkeypatch: Any) -> None:
    """All of it; standard output holds the summary alone, and nothing is said of progress where nobody looks on."""
    monkeypatch.setattr("matcher.firms.AT_ONCE", 2)
    result = run("firms", "import", write("firms.csv", LIST), "--lang", "en")
    assert (result.stderr, result.stdout) == ("", "imported: 3 new firms, 0 known\n")


@pytest.mark.usefixtures("listed")
def test_a_firm_is_found_while_a_list_goes_in(run: Run) -> None:
    """The search waits for nobody who writes."""
    with session(open_engine()) as writing:
        writing.add(FirmName(number=99, firm_id="T3", name="x", former=True, initials="x", core_initials="x"))
        writing.flush()
        assert run("firms", "find", "豪腾投资").exit_code == 0


def test_an_empty_register_has_no_firms(run: Run) -> None:
    """Before anything was imported nothing is found, and nothing fails."""
    assert run("firms", "find", "豪腾投资", "--json").exit_code == 2
    assert run("firms", "find", "-", stdin="豪腾投资").exit_code == 1


@pytest.mark.parametrize(("words", "said"), [(("--as-of", "1.1.2026"), "year-month-day"), ((), "cannot be opened")])
def test_what_cannot_be_imported_is_said(run: Run, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """A wrong date and a missing file, with status 2."""
    result = run("firms", "import", tmp_path / "none.csv", *words, "--lang", "en")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_an_import_says_that_the_register_has_more_loans(run: Run, write: Callable[[str, str], Path]) -> None:
    """Of a list that left some out without saying that it has all; of one that says so nothing is left to say."""
    head, firm = (
        "企业名称,统一社会信用代码,贷款1本金（元）,贷款2本金（元）",
        "天津津澜科技有限公司,91120101MA05TX9C3R,100",
    )
    more = f"{head},贷款3本金（元）\n{firm},200,300\n"
    run("firms", "import", write("more.csv", more), "--as-of", "2026-01-01")
    fewer = run("firms", "import", write("fewer.csv", f"{head}\n{firm},200\n"), "--as-of", "2026-02-01")
    assert "有1家在登记簿里的贷款、项目等比这份名单多" in fewer.stdout
    whole = write("all.csv", f"{head},贷款是否已列全\n{firm},200,是\n")
    assert run("firms", "import", whole, "--as-of", "2026-03-01").stdout == "已导入：新增 0 家，已有 1 家\n"
