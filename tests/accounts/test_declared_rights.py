"""A page of the desk declares its right where its route is; without one the site does not start."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint

from matcher.accounts.authorization import UndeclaredRightError, require
from matcher.ops.serve import serve
from matcher.rulebook.rulebook import Rulebook
from matcher.site import blueprints
from matcher.site.app import create_app
from tests.fixtures.pages import SECRET

Start = Callable[[], Any]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> Callable[[Blueprint], Start]:
    """Builds the site with one more blueprint among those of the desk."""

    def with_pages(pages: Blueprint) -> Start:
        monkeypatch.setattr(blueprints, "DESK", (*blueprints.DESK, pages))
        return lambda: create_app({"SECRET_KEY": SECRET, "RULEBOOK": rulebook})

    return with_pages


def new_page(path: str) -> Blueprint:
    """A newcomer's page, without a right."""
    pages = Blueprint("desk_newcomer", __name__)

    @pages.get(path)
    def calendar() -> str:
        return "who works when"

    return pages


@pytest.mark.parametrize("path", ["/desk/calendar", "/desk"])
def test_a_page_of_the_desk_without_a_right_stops_the_start(start: Callable[[Blueprint], Start], path: str) -> None:
    """The error names the endpoint, the address, the file with the line of the view, and what to write."""
    with pytest.raises(UndeclaredRightError) as refused:
        start(new_page(path))()
    told = str(refused.value)
    line = Path(__file__).read_text("utf-8").splitlines().index("    @pages.get(path)") + 1
    assert f"{__file__}:{line}:" in told
    assert f"desk_newcomer.calendar ({path}) declares no right" in told
    assert "没有声明权限" in told
    assert '@require("…")' in told
    assert "case.write" in told


def test_a_right_that_nobody_has_stops_the_start(start: Callable[[Blueprint], Start]) -> None:
    """A misspelt action would let nobody in, or, compared carelessly, everybody."""
    pages = Blueprint("desk_newcomer", __name__)
    pages.get("/desk/calendar")(require("calendar.sea")(lambda: ""))  # type: ignore[arg-type]
    with pytest.raises(UndeclaredRightError, match=r"desk_newcomer\.<lambda>|calendar"):
        start(pages)()


@pytest.mark.parametrize("path", ["/calendar", "/deskwork"])
def test_a_page_for_everybody_needs_none(start: Callable[[Blueprint], Start], path: str) -> None:
    """Only addresses from /desk on are the desk's."""
    assert start(new_page(path))().test_client().get(path).text == "who works when"


@pytest.mark.parametrize("path", ["/desk/calendar", "/calendar"])
def test_a_declared_right_is_asked_for(start: Callable[[Blueprint], Start], path: str) -> None:
    """Nothing else is needed for it: no call at the blueprint, and not the address of the desk."""
    pages = Blueprint("desk_newcomer", __name__)

    @pages.get(path)
    @require("desk.see")
    def calendar() -> str:
        return "who works when"

    answer = start(pages)().test_client().get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/desk/sign-in")


def test_matcher_serve_says_so_without_a_traceback(
    start: Callable[[Blueprint], Start], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Whoever starts the site reads the sentence."""
    start(new_page("/desk/calendar"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/matcher.db")
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path))
    with pytest.raises(SystemExit):
        serve("127.0.0.1", 0)
    told = capsys.readouterr().err
    assert "网站无法启动" in told
    assert "desk_newcomer.calendar" in told
