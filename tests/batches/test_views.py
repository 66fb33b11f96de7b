"""Runs at the desk: uploading, matching columns, watching, what comes back, and who may."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlmodel import col, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from matcher.accounts.models import CentreSetting
from matcher.audit.models import AuditEntry
from matcher.batches import letters as packing
from matcher.batches.models import Run
from matcher.batches.processing import perform
from matcher.batches.service import forget_run, list_runs
from matcher.db.database import reading, session
from matcher.firms.workbook.template import facts_asked, template
from matcher.presentation.catalogue import office
from matcher.rulebook.rulebook import Rulebook
from matcher.web.database import engine
from tests.fixtures.desk import Visitor
from tests.fixtures.pages import Page, parsed

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HEAD = "企业名称,统一社会信用代码,所属区,员工人数（人）,营业收入(万元),联系人"
GOOD = (
    "天津市喆堃镕科技有限公司,91120101MA05TX9C3R,和平区,12,300,张三",
    "天津市优荣商务信息咨询合伙企业（有限合伙）,911201047061033945,南开区,3,21.4,李四",
)
ENTITLED_HEAD = f"{HEAD},纳税人类型,六税两费"
ENTITLED = tuple(f"{row},小规模纳税人,{sum_}" for row, sum_ in zip(GOOD, ("38642.57", "1200"), strict=True))
BAD = "天津市红桥区何大哥烟酒店,92120106779791263T,红桥区,很多,61,王五"

SignedIn = Callable[[str], Visitor]


def listed(*rows: str, head: str = HEAD) -> bytes:
    """A list as a .csv in UTF-8."""
    return "\r\n".join((head, *rows)).encode()


def send(visitor: Visitor, content: bytes, name: str = "名单.csv", **chosen: str) -> TestResponse:
    """Upload a list."""
    token = visitor.get("/desk/runs").value("csrf_token")
    form = {"csrf_token": token, "as_of": "2026-11-24", "language": "zh", "letters": "none", **chosen}
    boundary, body = encode_multipart({**form, "file": FileStorage(io.BytesIO(content), name)})
    sort = f"multipart/form-data; boundary={boundary}"
    return visitor.client.post("/desk/runs", data=body, content_type=sort)  # type: ignore[attr-defined]


def uploaded(visitor: Visitor, content: bytes, name: str = "名单.csv", **chosen: str) -> str:
    """Upload a list that can be used; the path of its run."""
    answer = send(visitor, content, name, **chosen)
    assert answer.status_code == 303, parsed(answer).text
    return answer.location


def mapping_of(page: Page) -> dict[str, str]:
    """The mapping that a page proposes, as its form would send it."""
    chosen: dict[str, str] = {}
    for field in (*page.root.iter("select"), *page.root.iter("input")):
        name = field.get("name") or ""
        if name.startswith("c") and name[1:].isdigit():
            told = (
                page.value(name)
                if field.tag == "select"
                else field.get("value")
                if field.get("checked") is not None or field.get("type") != "checkbox"
                else ""
            )
            chosen[name] = told or ""
    return chosen


def started(visitor: Visitor, path: str, **changed: str) -> TestResponse:
    """Begin with the mapping that is proposed, changed where told."""
    return visitor.post({**mapping_of(visitor.get(path)), **changed}, f"{path}/start", at=path)


def worked(app: Flask, path: str) -> None:
    """Let a worker do the run."""
    with app.app_context():
        perform(office(), number(path), lambda: NOON)


def number(path: str) -> int:
    """The number of the run at a path."""
    return int(path.rsplit("/", 1)[1])


def runs_of(app: Flask) -> list[Run]:
    """All runs there are."""
    with app.app_context(), reading(engine()) as opened:
        return list(list_runs(opened))


@pytest.fixture
def clerk(signed_in: SignedIn) -> Visitor:
    """A clerk of Heping."""
    return signed_in("clerk")


@pytest.mark.both_databases
def test_a_list_goes_through_from_upload_to_workbook(clerk: Visitor, desk_app: Flask) -> None:
    """Good rows are checked, the bad one is listed with row, column and reason, and the files can be taken."""
    path = uploaded(clerk, listed(*GOOD, BAD))
    page = clerk.get(path)
    assert "3家企业" in page.text
    assert mapping_of(page)["c1"] == "credit_code"

    assert started(clerk, path).status_code == 303
    assert "排队中" in clerk.get(path).text
    worked(desk_app, path)

    page = clerk.get(path)
    assert "共3行：2行可核对，1行有误" in page.text
    assert "4D 员工人数（人）很多" in page.text
    book = clerk.client.get(f"{path}/files/results")  # type: ignore[attr-defined]
    assert book.headers["Content-Disposition"].startswith("attachment")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_name("企业×政策").to_python()
    assert [row[1] for row in rows[1:]] == [row.split(",")[0] for row in GOOD]
    marked = clerk.client.get(f"{path}/files/marked")  # type: ignore[attr-defined]
    assert CalamineWorkbook.from_filelike(io.BytesIO(marked.data)).get_sheet_by_index(0).to_python()[1:] == [
        BAD.split(",")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_in_gbk_is_read_like_one_in_utf_8(clerk: Visitor, encoding: str) -> None:
    """The encoding is found out."""
    page = clerk.get(uploaded(clerk, listed(*GOOD).decode().encode(encoding)))
    assert "天津市喆堃镕科技有限公司" in page.text


def test_the_template_comes_back_with_every_column_known(clerk: Visitor, rulebook: Rulebook) -> None:
    """The template that is handed out is one that the upload takes, once a firm stands in it."""
    answer = clerk.client.get("/desk/runs/template?in=zh")  # type: ignore[attr-defined]
    assert answer.data == template(rulebook, "zh")
    refused = send(clerk, answer.data, "template.xlsx")
    assert refused.status_code == 422
    assert "没有企业" in parsed(refused).text


def test_columns_that_nobody_knows_are_said_and_not_read(clerk: Visitor, desk_app: Flask) -> None:
    """An unknown column is named; one that a clerk assigns is read."""
    path = uploaded(clerk, listed(*GOOD))
    assert "不读取的列：联系人" in clerk.get(path).text
    started(clerk, path, c3="", c4="")
    worked(desk_app, path)
    assert runs_of(desk_app)[0].mapping == {
        "0": "name", "1": "credit_code", "2": "district", "3": None, "4": None, "5": None,
    }  # fmt: skip


def test_a_mapping_that_cannot_be_read_is_refused_and_kept(clerk: Visitor, desk_app: Flask) -> None:
    """Without the column of credit codes, or with one fact twice, nothing begins and the choices stay."""
    path = uploaded(clerk, listed(*GOOD))
    answer = started(clerk, path, c1="", c5="name")
    page = parsed(answer)
    assert answer.status_code == 422
    assert "要指明哪一列是“统一社会信用代码”" in page.text
    assert "有两列对应同一项" in page.text
    assert page.value("c5") == "企业名称"
    assert runs_of(desk_app)[0].state == "mapping"


@pytest.mark.both_databases
def test_letters_are_issued_and_packed(clerk: Visitor, desk_app: Flask) -> None:
    """Each entitled firm gets a signed letter, called by number and firm, and one file to print has them all."""
    path = uploaded(clerk, listed(*ENTITLED, head=ENTITLED_HEAD), letters="merged")
    started(clerk, path)
    worked(desk_app, path)
    page = clerk.get(path)
    assert "2份，另有0份未能签发" in page.text
    assert "不带电子签名" in page.text
    packed = clerk.client.get(f"{path}/files/letters")  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(packed.data)) as letters:
        assert [name.partition("-")[2] for name in letters.namelist()] == [f"{row.split(',')[0]}.pdf" for row in GOOD]
    assert packed.headers["Cache-Control"] == "no-store"
    assert clerk.client.get(f"{path}/files/merged").data.startswith(b"%PDF")  # type: ignore[attr-defined]


def test_many_letters_are_printed_in_parts(clerk: Visitor, desk_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part is offered by its letters, no page stands in two, and there is none beyond the last."""
    monkeypatch.setattr(packing, "PRINTED", 1)
    path = uploaded(clerk, listed(*ENTITLED, head=ENTITLED_HEAD), letters="merged")
    started(clerk, path)
    worked(desk_app, path)
    links = [link.get("href") for link in clerk.get(path).root.iterfind(".//ul[@class='parts']//a")]
    assert links == [f"{path}/files/merged?part=1", f"{path}/files/merged?part=2"]
    texts = ["".join(page.extract_text() for page in PdfReader(io.BytesIO(taken(clerk, link))).pages) for link in links]
    for text, mine, other in zip(texts, ("喆堃镕", "优荣商务"), ("优荣商务", "喆堃镕"), strict=True):
        assert mine in text
        assert other not in text
    for part in ("0", "3", "x", "", "9" * 5000):
        assert clerk.client.get(f"{path}/files/merged?part={part}").status_code == 404  # type: ignore[attr-defined]


def test_letters_that_were_not_wanted_or_are_forgotten_cannot_be_fetched(clerk: Visitor, desk_app: Flask) -> None:
    """No file to print where none was asked for; none of both once what the firms told is deleted, or without a letter."""
    path = uploaded(clerk, listed(*ENTITLED[:1], head=ENTITLED_HEAD), letters="zip")
    started(clerk, path)
    worked(desk_app, path)
    assert statuses(clerk, path) == [200, 404]
    with desk_app.app_context(), session(engine()) as writing:
        forget_run(writing, runs_of(desk_app)[0].id or 0, NOON)
    assert statuses(clerk, path) == [404, 404]
    other = uploaded(clerk, listed(*GOOD[:1]))
    started(clerk, other)
    worked(desk_app, other)
    assert statuses(clerk, other) == [404, 404]


def taken(visitor: Visitor, path: str | None) -> bytes:
    """A file as it is fetched."""
    answer = visitor.client.get(path)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return bytes(answer.data)


def statuses(visitor: Visitor, path: str) -> list[int]:
    """Whether the archive and the file to print can be fetched."""
    return [visitor.client.get(f"{path}/files/{kind}").status_code for kind in ("letters", "merged")]  # type: ignore[attr-defined]


def test_where_letters_need_a_second_signature_the_columns_page_says_so(clerk: Visitor, desk_app: Flask) -> None:
    """The list is taken with its letters; that a supervisor signs for them is said before it begins."""
    with desk_app.app_context(), session(engine()) as writing:
        writing.merge(CentreSetting(centre="heping", needs_countersign=True))
    path = uploaded(clerk, listed(*ENTITLED, head=ENTITLED_HEAD), letters="zip")
    assert "第二人签发" in clerk.get(path).text
    started(clerk, path)
    assert (runs_of(desk_app)[0].state, runs_of(desk_app)[0].letters) == ("waiting", "zip")


def test_the_letters_of_a_list_wait_for_somebody_elses_signature(
    clerk: Visitor, signed_in: SignedIn, desk_app: Flask
) -> None:
    """They do not vanish: the list waits on the supervisor's first page with samples, and goes on once it is signed; never by who asked."""
    with desk_app.app_context(), session(engine()) as writing:
        writing.merge(CentreSetting(centre="heping", needs_countersign=True))
    supervisor = signed_in("supervisor")
    paths = [uploaded(who, listed(*ENTITLED, head=ENTITLED_HEAD), letters="zip") for who in (clerk, supervisor)]
    for who, path in zip((clerk, supervisor), paths, strict=True):
        started(who, path)
        worked(desk_app, path)
    waiting = supervisor.get("/desk").root.find(".//section[@aria-labelledby='inbox-sign']")
    assert waiting is not None
    links = [link.get("href") for link in waiting.iter("a")]
    assert (paths[0] in links, paths[1] in links) == (True, False)
    page = supervisor.get(paths[0])
    samples = [link.get("href") or "" for link in page.root.iter("a") if "/sample/" in (link.get("href") or "")]
    assert taken(supervisor, samples[0]).startswith(b"%PDF")
    assert clerk.post({}, f"{paths[0]}/sign", at=paths[0]).status_code == 403
    supervisor.post({}, f"{paths[1]}/sign", at=paths[1])
    assert "复核签发要由另一人办理" in supervisor.get(paths[1]).text
    supervisor.post({}, f"{paths[0]}/sign", at=paths[0])
    worked(desk_app, paths[0])
    assert "2份，另有0份未能签发" in clerk.get(paths[0]).text
    assert "inbox-sign" not in supervisor.client.get("/desk").get_data(as_text=True)  # type: ignore[attr-defined]


def test_a_centre_without_a_key_is_told_the_command(signed_in: SignedIn) -> None:
    """Hedong has no key: the page names the command that makes one."""
    answer = send(signed_in("hedong.clerk"), listed(*ENTITLED, head=ENTITLED_HEAD), letters="zip")
    assert answer.status_code == 422
    assert "matcher keys new hedong" in parsed(answer).text


def test_a_run_is_stopped_and_goes_on(clerk: Visitor, desk_app: Flask) -> None:
    """What was stopped keeps its place; it is continued to its end."""
    path = uploaded(clerk, listed(*GOOD))
    started(clerk, path)
    clerk.post({}, f"{path}/cancel", at=path)
    worked(desk_app, path)
    assert "已停止" in clerk.get(path).text
    clerk.post({}, f"{path}/continue", at=path)
    worked(desk_app, path)
    assert runs_of(desk_app)[0].state == "done"


def test_starting_over_makes_a_new_run_of_the_same_file(clerk: Visitor, desk_app: Flask) -> None:
    """The old run stays, and the new one issues no second letters."""
    path = uploaded(clerk, listed(*ENTITLED, head=ENTITLED_HEAD), letters="zip")
    started(clerk, path)
    worked(desk_app, path)
    again = clerk.post({}, f"{path}/again", at=path).location
    newest, oldest = runs_of(desk_app)
    assert number(again) == newest.id
    assert (newest.state, newest.letters, oldest.state) == ("mapping", "none", "done")


@pytest.mark.both_databases
def test_a_double_click_begins_once(clerk: Visitor, desk_app: Flask) -> None:
    """Begun twice, the second finds it begun and opens its page."""
    path = uploaded(clerk, listed(*GOOD))
    chosen = mapping_of(clerk.get(path))
    token = clerk.get(path).value("csrf_token")
    answers = [
        clerk.client.post(f"{path}/start", data={"csrf_token": token, **chosen})  # type: ignore[attr-defined]
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert runs_of(desk_app)[0].state == "waiting"


def test_every_act_is_in_the_audit_trail_without_a_fact(clerk: Visitor, desk_app: Flask) -> None:
    """Uploading, looking, beginning, each letter, the end and each file taken; no name, no code, no figure."""
    path = uploaded(clerk, listed(*ENTITLED, head=ENTITLED_HEAD), letters="zip")
    started(clerk, path)
    worked(desk_app, path)
    clerk.client.get(f"{path}/files/results")  # type: ignore[attr-defined]
    with desk_app.app_context(), reading(engine()) as opened:
        entries = opened.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
    done = [entry.action for entry in entries]
    assert "run.seen" in done
    assert [action for action in done if action != "run.seen"][-6:] == [
        "run.uploaded", "run.started", "letter.issued", "letter.issued", "run.done", "run.file_taken",
    ]  # fmt: skip
    assert not any("喆堃镕" in str(entry.detail) or "91120101" in str(entry.detail) for entry in entries)


@pytest.mark.parametrize("name", ["hedong.clerk", "hedong.supervisor"])
def test_other_centres_runs_are_not_seen(clerk: Visitor, signed_in: SignedIn, name: str) -> None:
    """Neither in the list nor by their address."""
    path = uploaded(clerk, listed(*GOOD))
    other = signed_in(name)
    assert "名单.csv" not in other.get("/desk/runs").text
    assert other.client.get(path).status_code == 403  # type: ignore[attr-defined]


def test_the_city_reads_and_does_not_write(clerk: Visitor, signed_in: SignedIn) -> None:
    """Every centre's runs are listed for the city's supervisor, who cannot begin one of Heping's."""
    path = uploaded(clerk, listed(*GOOD))
    city = signed_in("tianjin.supervisor")
    assert "名单.csv" in city.get("/desk/runs").text
    assert city.get(path).response.status_code == 200
    assert city.post({}, f"{path}/start", at="/desk/me").status_code == 403


def test_the_uploaded_file_is_never_opened_by_a_browser(clerk: Visitor, desk_app: Flask) -> None:
    """Whatever a file says it is, it is handed out as bytes to be saved."""
    path = uploaded(clerk, listed(*GOOD))
    answer = clerk.client.get(f"{path}/files/upload")  # type: ignore[attr-defined]
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_every_column_can_be_matched_anew(clerk: Visitor, desk_app: Flask) -> None:
    """Asked for, recognised columns get a list of all facts too, and a refused mapping keeps it."""
    path = uploaded(clerk, listed(*GOOD))
    page = clerk.get(f"{path}?all=1")
    assert {field.get("name") for field in page.root.iter("input") if field.get("list")} == {
        f"c{at}" for at in range(6)
    }
    chosen = mapping_of(page) | {"c1": "", "all": "1"}
    refused = parsed(clerk.post(chosen, f"{path}/start", at=path))
    assert refused.value("c0") == "企业名称"
    assert refused.by_id("c0").get("list") == "contents"
    clerk.post({**chosen, "c1": "credit_code", "c3": ""}, f"{path}/start", at=path)
    assert (runs_of(desk_app)[0].mapping or {})["3"] is None


def test_a_letter_wish_that_fits_no_more_is_said_before_the_run_begins(clerk: Visitor, desk_app: Flask) -> None:
    """The centre's keys went after the upload: beginning is refused with the reason."""
    path = uploaded(clerk, listed(*ENTITLED, head=ENTITLED_HEAD), letters="zip")
    keys = Path(desk_app.config["INSTANCE"]) / "keys"
    keys.rename(keys.with_name("gone"))
    answer = started(clerk, path)
    assert answer.status_code == 422
    assert "matcher keys new heping" in parsed(answer).text
    assert parsed(answer).value("letters") == "zip"
    assert runs_of(desk_app)[0].state == "mapping"
    started(clerk, path, letters="none")
    assert (runs_of(desk_app)[0].state, runs_of(desk_app)[0].letters) == ("waiting", "none")


def test_progress_counts_rows_then_letters(clerk: Visitor, desk_app: Flask) -> None:
    """The part that the script fetches says what is being done and how far it is."""
    path = uploaded(clerk, listed(*GOOD, BAD))
    started(clerk, path)
    assert "排队中" in clerk.get(f"{path}/progress").text
    with desk_app.app_context():
        perform(office(), number(path), lambda: NOON, lambda: runs_of(desk_app)[0].rows > 0)
    page = clerk.get(f"{path}/progress")
    assert "正在逐家核对 0 / 2" in page.text
    assert page.by_id("bar").get("max") == "2"


def test_a_column_is_chosen_by_what_it_is_called(clerk: Visitor, desk_app: Flask) -> None:
    """The field suggests all that can be read; what it does not know is refused and stays as it was typed."""
    path = uploaded(clerk, listed(*GOOD))
    page = clerk.get(f"{path}?all=1")
    labels = [option.get("value") for option in page.root.iterfind(".//datalist[@id='contents']/option")]
    assert labels[:2] == ["企业名称", "统一社会信用代码"]
    assert len(labels) == len(set(labels)) > 300
    chosen = mapping_of(page) | {"all": "1"}
    refused = clerk.answer({**chosen, "c3": "天气"}, f"{path}/start", at=path)
    assert "“天气”不是能读的内容" in refused.text
    assert refused.value("c3") == "天气"
    clerk.post({**chosen, "c3": ""}, f"{path}/start", at=path)
    assert (runs_of(desk_app)[0].mapping or {})["0"] == "name"


def test_a_short_template_has_the_columns_of_its_schemes_alone(clerk: Visitor, rulebook: Rulebook) -> None:
    """By scheme, or by family; it is taken back as the long one is."""
    answer = clerk.client.get("/desk/runs/template?in=zh&scheme=six-taxes-two-fees")  # type: ignore[attr-defined]
    assert answer.data == template(rulebook, "zh", ("six-taxes-two-fees",))
    assert len(facts_asked(rulebook, ("six-taxes-two-fees",))) < 20 < len(facts_asked(rulebook))
    assert "没有企业" in parsed(send(clerk, answer.data, "template.xlsx")).text
    family = rulebook.schemes["six-taxes-two-fees"].family
    members = tuple(slug for slug, scheme in rulebook.schemes.items() if scheme.family == family)
    whole = clerk.client.get(f"/desk/runs/template?in=zh&family={family}")  # type: ignore[attr-defined]
    assert whole.data == template(rulebook, "zh", members)
