"""Uploads are scanned where a scanner is set: at every place that takes a file, and never let through unscanned."""

import ast
import io
import logging
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from matcher.batches.models import Run
from matcher.cases.models import CaseAttachment
from matcher.db.database import session
from matcher.web import scanning
from matcher.web.database import engine
from tests.fixtures.clamav import EICAR, LARGEST, Scanner
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import open_case

SignedIn = Callable[[str], Visitor]


@pytest.fixture(params=["file", "port"])
def at(request: pytest.FixtureRequest, scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scanner is set, by its socket file or by its port."""
    monkeypatch.setenv("MATCHER_CLAMAV", getattr(scanner, request.param))


@pytest.mark.usefixtures("at")
def test_a_find_is_refused_and_all_else_is_taken(caplog: pytest.LogCaptureFixture) -> None:
    """Wherever in a large file it stands; what was found is said and logged, with what to do."""
    scanning.scan(b"a list" * 1_000_000)
    scanning.scan(b"")
    padded = b"\0" * 200_000 + EICAR + b"\0" * 100
    for content in (EICAR, padded):
        with (
            caplog.at_level(logging.WARNING, "matcher.scanning"),
            pytest.raises(scanning.UploadRefusedError) as refused,
        ):
            scanning.scan(content)
        assert refused.value.is_found
        assert "Eicar" in refused.value.text.zh
        assert "send a clean file" in refused.value.text.en
    assert "refused, found" in caplog.text
    assert (scanning.scanner_version() or "").startswith("ClamAV ")


@pytest.mark.usefixtures("at")
def test_what_the_scanner_does_not_take_is_refused() -> None:
    """A file beyond its limit of size is not taken for clean."""
    with pytest.raises(scanning.UploadRefusedError, match="StreamMaxLength") as refused:
        scanning.scan(b"x" * (LARGEST + 1024 * 1024))
    assert not refused.value.is_found


def test_without_an_answer_nothing_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody there, one that says nothing in its time, one that says something else: refused, and the log says why."""
    monkeypatch.setattr(scanning, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent, caplog.at_level(logging.WARNING, "matcher.scanning"):
        for address in (str(tmp_path / "none.ctl"), "127.0.0.1:1", f"127.0.0.1:{silent.getsockname()[1]}"):
            monkeypatch.setenv("MATCHER_CLAMAV", address)
            with pytest.raises(scanning.UploadRefusedError, match="does not answer") as refused:
                scanning.scan(b"a list")
            assert not refused.value.is_found
            with pytest.raises(scanning.ScannerError):
                scanning.scanner_version()
    assert [record.message.partition("not scanned: ")[2][:11] for record in caplog.records] == [
        "No such fil",
        "Connection ",
        "timed out",
    ]
    monkeypatch.delenv("MATCHER_CLAMAV")
    scanning.scan(EICAR)
    assert scanning.scanner_version() is None


@pytest.mark.usefixtures("firm")
def test_every_place_that_takes_a_file_scans_it(
    scanner: Scanner, signed_in: SignedIn, desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case's file, a list, saved answers, a letter to verify on the page and over the interface: refused in words, nothing kept."""
    monkeypatch.setenv("MATCHER_CLAMAV", scanner.file)
    clerk = signed_in("clerk")
    case_id = open_case(clerk)
    client = clerk.client
    bad = EICAR + b"\n"

    def sent(path: str, form_at: str, name: str) -> TestResponse:
        form = {"csrf_token": clerk.get(form_at).value("csrf_token"), "file": (io.BytesIO(bad), name)}
        more = {"as_of": "2026-11-24", "language": "zh", "letters": "none"} if path == "/desk/runs" else {}
        return client.post(path, data={**form, **more}, follow_redirects=True)

    case = f"/desk/cases/{case_id}"
    pages = [
        sent(f"{case}/files", case, "a.txt"),
        sent("/desk/runs", "/desk/runs", "名单.csv"),
        sent("/open", "/save", "answers.json"),
        sent("/verify", "/verify", "letter.pdf"),
    ]
    assert ["病毒扫描在这个文件里发现了" in page.text for page in pages] == [True] * 4
    program = desk_app.test_client(use_cookies=False)
    answer = program.post("/api/v1/verify", data=bad, content_type="application/pdf")
    assert (answer.status_code, "virus scanner" in answer.json["text"]["en"]) == (422, True)
    monkeypatch.setenv("MATCHER_CLAMAV", "127.0.0.1:1")
    assert program.post("/api/v1/verify", data=bad, content_type="application/pdf").status_code == 503
    assert "病毒扫描没有答复" in sent("/desk/runs", "/desk/runs", "名单.csv").text
    with desk_app.app_context(), session(engine()) as register:
        assert [register.exec(select(one)).all() for one in (CaseAttachment, Run)] == [[], []]


def test_no_page_reads_a_file_without_scanning_it(repo_root: Path) -> None:
    """Whatever module takes files out of a request, or the body of a PDF, calls the scanner."""
    takes, scans = set(), set()
    for path in (repo_root / "matcher").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "files" and ast.unparse(node.value) == "request":
                takes.add(path.name)
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "scan":
                scans.add(path.name)
    # A form that comes too late is told that its file must be chosen again: it is looked at for that alone.
    assert takes - {"late_forms.py"} <= scans
    assert "verify_views.py" in scans
