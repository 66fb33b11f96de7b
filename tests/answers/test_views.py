"""Tests of keeping answers in a file, taking them back, and deleting them."""

import json
import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import TestResponse

from matcher.answers.answers import Answers
from matcher.cli import main
from tests.answers.conftest import NAME, Tell
from tests.fixtures.pages import Page, Visitor, parsed

Held = Callable[[Visitor], Answers]


def told(answers: Answers) -> tuple[object, ...]:
    """The answers but for the vocabulary, which saving notes."""
    return answers.facts, answers.bands, answers.unsure, answers.told_at, answers.as_of, answers.ticked


def upload(visitor: Visitor, content: bytes | str | dict[str, Any], name: str = "answers.json") -> TestResponse:
    """Open a file of this content."""
    data = json.dumps(content) if isinstance(content, dict) else content
    file = (BytesIO(data.encode() if isinstance(data, str) else data), name)
    return visitor.client.post("/open", data={"csrf_token": visitor.get("/save").value("csrf_token"), "file": file})


def take(visitor: Visitor, offered: Page, how: str) -> TestResponse:
    """Press the button of the page that offers a file's answers."""
    form = {"csrf_token": offered.value("csrf_token"), "found": offered.value("found"), "how": how}
    return visitor.client.post("/open/take", data=form)


# --- the file


def test_a_file_saved_here_opens_on_another_device(
    owner: Visitor, visitor: Visitor, answers: Answers, held: Held
) -> None:
    """Everything that was told comes along: facts, band, 不清楚, ticks, day and times."""
    saved = owner.post({}, "/save")
    assert (saved.mimetype, saved.headers["Cache-Control"]) == ("application/json", "no-store")
    assert "attachment" in saved.headers["Content-Disposition"]
    opened = upload(visitor, saved.data)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/answers")
    assert told(held(visitor)) == told(answers)


def test_matcher_check_reads_the_file(owner: Visitor, tmp_path: Path) -> None:
    """The file is a profile: the command line decides on it, as of the day asked about."""
    path = tmp_path / "firm.json"
    path.write_bytes(owner.post({}, "/save").data)
    result = CliRunner().invoke(main, ["check", str(path), "--json", "--scheme", "six-taxes-two-fees"])
    assert result.exit_code == 0, result.output
    assert '"as_of": "2026-03-01"' in result.output


def test_the_file_names_its_facts(owner: Visitor) -> None:
    """Whoever opens the file in an editor finds each fact's label in it."""
    saved = json.loads(owner.post({}, "/save").data)
    assert saved["labels"]["name"].startswith("企业名称 / ")
    assert set(saved["labels"]) == {*saved["facts"], *saved["bands"], *saved["unsure"]}


def test_an_older_file_opens_and_says_what_is_no_longer_known(visitor: Visitor, held: Held) -> None:
    """An unknown fact by the label it had, a value out of range with the reason; both stand in the next file saved."""
    old = {
        "vocabulary": "000000000000",
        "facts": {"employees": 3, "floor_space": "70", "annual_revenue": "-1"},
        "bands": {"floor_height": {"low": "2", "high": "3"}},
        "labels": {"floor_space": "厂房面积 / floor space"},
    }
    page = parsed(upload(visitor, old))
    assert page.response.status_code == 200
    for words in (
        "厂房面积 / floor space",
        "70",
        "现在的问卷没有这一项",
        "上年度营业收入",
        "-1",
        "不能小于 0",
        "floor_height",
        "2 … 3",
    ):
        assert words in page.text
    assert take(visitor, page, "both").status_code == 303
    now = held(visitor)
    assert now.facts == {"employees": 3}
    assert now.aside == {"floor_space": "70", "annual_revenue": "-1", "floor_height": "2 … 3"}
    assert json.loads(visitor.post({}, "/save").data)["aside"] == now.aside


def test_a_profile_in_yaml_opens_too(visitor: Visitor, held: Held) -> None:
    """What the command line reads, the page reads: facts by themselves, in YAML."""
    assert upload(visitor, "employees: 3\nannual_revenue: 10.10\nis_tech_sme: true\n", "x.yaml").status_code == 303
    assert held(visitor).facts == {"employees": 3, "annual_revenue": "10.10", "is_tech_sme": True}


def test_other_answers_here_are_never_overwritten_unasked(owner: Visitor, held: Held, answers: Answers) -> None:
    """Where file and browser differ the page says in what, and puts together or replaces as told."""
    file = {"facts": {"employees": 9, "is_tech_sme": True}, "told_at": {"employees": 1_790_000_100}}
    page = parsed(upload(owner, file))
    assert "从业人员数" in page.text
    assert told(held(owner)) == told(answers)
    take(owner, page, "both")
    assert held(owner).facts == {**answers.facts, "employees": 9, "is_tech_sme": True}
    take(owner, parsed(upload(owner, file | {"facts": {"employees": 10}})), "only")
    assert held(owner).facts == {"employees": 10}


def test_put_together_the_later_answer_counts(owner: Visitor, held: Held) -> None:
    """A file that was saved before the answer was changed here does not bring the old answer back."""
    file = {"facts": {"employees": 9}, "told_at": {"employees": 1_789_000_000}}
    take(owner, parsed(upload(owner, file)), "both")
    assert held(owner).facts["employees"] == 212


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "没有收到文件"),
        (b"\xff\xfe\x00", "UTF-16"),
        ("自查".encode("gbk"), "不是 UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00", "PDF、图片、Word和Excel文件里没有答案"),
        (b"%PDF-1.7\n%\xb5\xb5", "以前在“保存”页存下的答案文件"),
        (b"[1, 2]", "应是一家企业的资料"),
        (b'{"facts":', "这个文件打不开"),
        (b"[" * 5000, "嵌套超过"),
        ("只是一句话".encode(), "应是一家企业的资料"),
        (json.dumps({"facts": {f"f{n}": n for n in range(2000)}}).encode(), "2000 项"),
    ],
)
def test_what_is_no_profile_is_refused_in_words(owner: Visitor, held: Held, content: bytes, says: str) -> None:
    """Empty, binary, of another kind or endless: the page says why, and the answers here stay."""
    response = upload(owner, content)
    assert response.status_code == 422
    assert says in parsed(response).text
    assert held(owner).facts["employees"] == 212


def test_ten_megabytes_are_refused(owner: Visitor, held: Held) -> None:
    """A huge upload is turned away with the limit named, and the answers here stay."""
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.json"\r\n\r\n%b\r\n--x--' % (
        b" " * 10_000_000
    )
    response = owner.client.post("/open", data=body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert "256 KB" in response.text
    assert held(owner).facts["employees"] == 212


@pytest.mark.parametrize(
    "odd",
    [
        {"facts": {"name": "<script>alert(1)</script>", "employees": [1], "total_assets": {"a": 1}}},
        {"facts": {"employees": "9" * 5000, "name": "😀" * 5000}, "labels": {"employees": 7}},
        {"facts": {}, "bands": {"employees": 5}, "unsure": "all", "ticked": {"a": 1}, "told_at": [1], "aside": 7},
        {"facts": {}, "bands": {"employees": {"low": "x"}, "name": {"low": None}}, "unsure": ["nobody", 5, None]},
        {"facts": {"employees": 3}, "told_at": {"employees": 10**30, "name": "soon"}, "schemes": ["no-such"]},
    ],
)
def test_a_crooked_file_breaks_nothing(visitor: Visitor, odd: dict[str, Any]) -> None:
    """Wrong shapes beside the facts are left out, wrong facts set aside; what they hold is shown as text."""
    response = upload(visitor, odd)
    assert response.status_code in (200, 303)
    assert "<script>alert" not in response.text
    if response.status_code == 200:
        assert take(visitor, parsed(response), "both").status_code == 303
    assert visitor.client.get("/save").status_code == 200


def test_a_forged_offer_is_refused(owner: Visitor, held: Held) -> None:
    """Only what this site sealed is taken."""
    assert owner.post({"found": "junk", "how": "only"}, "/open/take").status_code == 400
    assert held(owner).facts["employees"] == 212


# --- the page


def test_the_page_says_what_is_kept(owner: Visitor, visitor: Visitor) -> None:
    """It counts the answers; without any it offers to open a file and nothing else."""
    assert "已答6个答案" in owner.get("/save").text
    page = visitor.get("/save")
    assert page.root.find(".//form[@action='/open']") is not None
    assert page.root.find(".//form[@action='/link']") is None


def test_a_damaged_cookie_is_said(owner: Visitor) -> None:
    """The page says that the answers cannot be opened, and what to do."""
    owner.client.set_cookie("answers", "damaged")
    assert "打不开" in owner.get("/save").text


def test_deleting_deletes(owner: Visitor, held: Held) -> None:
    """After the button nothing is left in the browser; before it nothing is deleted."""
    assert owner.client.get("/delete").status_code == 303
    assert not held(owner).is_empty
    assert "已删除" in parsed(owner.post({}, "/delete")).text
    assert owner.client.get_cookie("answers") is None


def test_a_deletion_can_be_undone_on_its_own_page(owner: Visitor, held: Held) -> None:
    """The page that says so brings everything back; a field of another use does not, and the address alone does nothing."""
    before = held(owner)
    page = parsed(owner.post({}, "/delete"))
    sealed = page.value("found")
    assert not held(owner).answered
    assert NAME not in page.text
    owner.post({"found": sealed}, "/delete/undo")
    assert held(owner) == before
    assert owner.post({"found": sealed}, "/open/take").status_code == 400
    assert owner.client.get("/delete/undo").status_code == 405


@pytest.mark.parametrize("path", ["/save", "/open", "/open/take", "/link", "/link/open", "/link/withdraw", "/delete"])
def test_every_post_needs_a_token(owner: Visitor, held: Held, path: str) -> None:
    """Without the page's token nothing happens, and the page says what to do."""
    response = owner.client.post(path)
    assert response.status_code == 400
    assert "再点一次" in response.text
    assert held(owner).facts["employees"] == 212


def test_both_languages(owner: Visitor) -> None:
    """The pages are whole in English too."""
    assert "Save and return" in owner.get("/save?lang=en").text
    assert "No file arrived" in parsed(upload(owner, b"")).text


# --- nothing leaks


def test_no_fact_comes_into_the_log_or_an_address(
    app: Flask, tell: Tell, answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    """Saving, opening, linking, handing over: neither log nor redirect shows a name or a figure."""
    with caplog.at_level(logging.DEBUG):
        owner = tell(answers)
        saved = owner.post({}, "/save").data
        places = [upload(tell(Answers()), saved).headers["Location"]]
        upload(owner, {"facts": {"name": NAME + "二", "floor_space": "386427"}})
        key = owner.get("/save").value("key")
        owner.post({"key": key, "days": "7"}, "/link")
        owner.client.get(f"/link/{key}")
        page = owner.get("/hand-over")
        owner.post({"code": page.value("code"), "consent": "1"}, "/hand-over")
    assert places == ["/answers"]
    for secret in (NAME, "喆堃镕", "38642", "386427", key):
        assert str(secret) not in caplog.text


def test_a_failure_names_no_key(app: Flask, tell: Tell, answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    """When the store fails under a private link, the visitor gets words and a way back, and the log no key."""
    from matcher.site.app import create_app

    settings = {"SECRET_KEY": app.config["SECRET_KEY"], "RULEBOOK": app.extensions["catalogue"].rulebook}
    broken = create_app(settings | {"DATABASE_URL": "sqlite:////proc/no/such/folder/matcher.db"})
    with caplog.at_level(logging.DEBUG):
        response = broken.test_client().get(f"/link/{'k' * 24}")
    assert response.status_code == 503
    assert "再试" in response.text
    assert "k" * 24 not in caplog.text
