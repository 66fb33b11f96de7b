"""Tests of the static files."""

from tests.fixtures.pages import Visitor


def stylesheet(visitor: Visitor) -> str:
    """The address of the style sheet, as the page names it."""
    return next(link.get("href", "") for link in visitor.get().root.iter("link") if link.get("rel") == "stylesheet")


def test_static_files_may_be_kept_for_ever(visitor: Visitor) -> None:
    """The style sheet's address holds a hash of its content, so it may be kept for ever."""
    response = visitor.client.get(stylesheet(visitor))
    assert response.status_code == 200
    assert response.mimetype == "text/css"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers


def test_another_hash_is_not_found(visitor: Visitor) -> None:
    """An address with an old hash is not answered with new content."""
    assert visitor.client.get("/static/0123456789abcdef/matcher.css").status_code == 404


def test_only_listed_files_are_served(visitor: Visitor) -> None:
    """There is no way from the static address to other files."""
    digest = stylesheet(visitor).split("/")[2]
    for name in ("../setup.cfg", "..%2fsetup.cfg", "__init__.py", "letters"):
        assert visitor.client.get(f"/static/{digest}/{name}").status_code == 404


def test_the_first_page_is_light(visitor: Visitor) -> None:
    """What the page fetches besides itself stays under 30 KB, before any compression."""
    page = visitor.get()
    links = [link.get("href", "") for link in page.root.iter("link") if link.get("rel") != "alternate"]
    assert links
    assert sum(len(visitor.client.get(link).data) for link in links) < 30_000
