"""Tests of files to be saved: the name of a file is whole for every program that saves it."""

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from matcher.web.downloads import download


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("惠企政策日期.ics", "tianjin-support.ics"),
        ("惠企政策自查结果单-2026-11-29.pdf", "tianjin-support-2026-11-29.pdf"),
        ("惠企政策核对函-ABC公司-2026-11-29.pdf", "ABC-2026-11-29.pdf"),
        ("support-schemes-dates.ics", "support-schemes-dates.ics"),
    ],
)
def test_a_name_is_whole_in_ascii_too(app: Flask, name: str, plain: str) -> None:
    """A program that reads only ASCII names saves the file under one that says what it is, with its ending."""
    with app.test_request_context():
        whole = download(b"x", "text/plain", name).headers["Content-Disposition"]
        piecemeal = download(iter(["x"]), "text/plain", name).headers["Content-Disposition"]
    assert f"filename={plain}" in whole.replace('"', "")
    assert whole == piecemeal
    assert parse_options_header(whole)[1]["filename"] in (name, plain)


def test_the_true_name_is_kept(app: Flask) -> None:
    """What reads more than ASCII saves the Chinese name."""
    with app.test_request_context():
        sent = download(b"x", "text/plain", "惠企政策日期.ics").headers["Content-Disposition"]
    assert "filename*=UTF-8''%E6%83%A0%E4%BC%81" in sent
