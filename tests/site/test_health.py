"""What machines ask about the site: alive, ready, and its figures."""

from pathlib import Path

import pytest
from flask import Flask

from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from tests.fixtures.pages import SECRET

TOKEN = "a-token-for-prometheus-alone"


def test_a_site_that_can_work_is_ready(desk_app: Flask, rulebook: Rulebook) -> None:
    """/readyz names database, rules and queue."""
    answer = desk_app.test_client().get("/readyz")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.json == {"ready": True, "database": "ok", "rulebook": rulebook.hash, "queue": "ok"}


def test_a_site_without_its_database_is_not_ready(rulebook: Rulebook, tmp_path: Path) -> None:
    """It says which part is down, and goes on answering that it lives no longer."""
    nowhere = {"DATABASE_URL": f"sqlite:///{tmp_path}/none/matcher.db", "INSTANCE": str(tmp_path)}
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, **nowhere})
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["ready"], answer.json["database"]) == (503, False, "down")
    assert app.test_client().get("/healthz").status_code == 503


def test_a_site_without_its_queue_is_not_ready(desk_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis that is not there is told; the work itself stays in the database."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    answer = desk_app.test_client().get("/readyz")
    assert (answer.status_code, answer.json["queue"], answer.json["database"]) == (503, "down", "ok")


def test_figures_are_read_with_the_token_alone(
    rulebook: Rulebook, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, or where none is set, there is no such page; what it says names no address, only its pattern."""
    monkeypatch.setenv("MATCHER_METRICS_TOKEN", TOKEN)
    app = create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook, "DATABASE_URL": database})
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    client.get("/v/ACDE-FGHJ-KMNP")
    found = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.status_code == 200
    assert 'route="/v/<code>"' in found.text
    assert "ACDE" not in found.text
    monkeypatch.delenv("MATCHER_METRICS_TOKEN")
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 404
