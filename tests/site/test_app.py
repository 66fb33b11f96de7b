"""Tests of how the application is put together."""

import logging

import pytest
from flask import Flask

from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import MissingSecretError, create_app
from tests.fixtures.pages import SECRET


def test_it_does_not_start_without_a_secret(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> None:
    """Without SECRET_KEY the application refuses to start and says how to make one."""
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(MissingSecretError, match=r"SECRET_KEY=[0-9a-f]{32}"):
        create_app({"RULEBOOK": rulebook})


def test_it_does_not_start_with_a_short_secret(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> None:
    """A secret that can be guessed is as bad as none."""
    monkeypatch.setenv("SECRET_KEY", "short")
    with pytest.raises(MissingSecretError, match="at least 32"):
        create_app({"RULEBOOK": rulebook})


def test_the_environment_gives_the_settings(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> None:
    """SECRET_KEY and TRUSTED_HOSTS are read from the environment."""
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setenv("TRUSTED_HOSTS", "example.org, .example.net")
    config = create_app({"RULEBOOK": rulebook}).config
    assert (config["SECRET_KEY"], config["TRUSTED_HOSTS"]) == (SECRET, ["example.org", ".example.net"])


def test_health_is_answered_in_plain_text(app: Flask) -> None:
    """/healthz says ok without a session."""
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.text, response.mimetype) == (200, "ok\n", "text/plain")
    assert "Set-Cookie" not in response.headers


def test_a_failure_is_logged_without_what_was_typed(rulebook: Rulebook, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the kind and place of a failure under the number on the page, never its message."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "PROPAGATE_EXCEPTIONS": False})

    @app.get("/fails")
    def fails() -> str:
        raise ValueError("赵钱孙 13800000000")

    with caplog.at_level(logging.DEBUG):
        response = app.test_client().get("/fails")
    assert response.status_code == 500
    assert "ValueError" in caplog.text
    assert "赵钱孙" not in caplog.text
    incident = next(one for one in caplog.records if one.levelno == logging.ERROR).getMessage().split()[1].rstrip(":")
    assert incident in response.text


def test_answers_are_not_logged(rulebook: Rulebook, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing a firm states comes into the log, faults included."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook})
    with caplog.at_level(logging.DEBUG):
        app.test_client().post("/", data={"fact_name": "赵钱孙公司", "fact_six_taxes_two_fees_payable": "九千九"})
    assert "赵钱孙" not in caplog.text
    assert "九千九" not in caplog.text


def test_behind_a_proxy_the_browsers_address_counts(rulebook: Rulebook) -> None:
    """With PROXIES set, https as told by the proxy makes the cookies Secure."""
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "PROXIES": 1})
    response = app.test_client().get("/", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in response.headers["Set-Cookie"]
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
