"""Keys of programs: admitted at the desk, shown once, limited by scope and by number, changed and withdrawn."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.api import access, service
from matcher.api.access import SETTING
from tests.fixtures.desk import Visitor

CHECK = "/api/v1/check"
ONE = {"schemes": ["six-taxes-two-fees"], "facts": {}}
LINES = '{"schemes": ["six-taxes-two-fees"], "facts": {}}\n' * 3

SignedIn = Callable[[str], Visitor]


@pytest.fixture(autouse=True)
def _nothing_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests asked counts against nobody here."""
    monkeypatch.setattr(access, "_ALLOWANCE", access.Allowance())


@pytest.fixture
def administrator(signed_in: SignedIn) -> Visitor:
    """Heping's administrator at the desk."""
    return signed_in("administrator")


def admit(desk: Visitor, *scopes: str, per_minute: str = "5") -> str:
    """Admit a program and read its key."""
    form = {"name": "河东区政务网", "centre": "heping", "per_minute": per_minute, "scopes": list(scopes)}
    page = desk.answer(form, "/desk/clients")
    return (page.by_id("key").text or "").strip()


def ask(app: Flask, key: str | None, path: str = CHECK, **more: object) -> int:
    """The status of one request with a key."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    sent = more or {"json": ONE}
    return app.test_client(use_cookies=False).post(path, headers=headers, **sent).status_code  # type: ignore[arg-type]


def test_a_key_is_shown_once_and_kept_as_a_hash(desk_app: Flask, administrator: Visitor) -> None:
    """The list shows its beginning and when it was last used, never the key."""
    key = admit(administrator, "check")
    assert re.fullmatch(r"mk_[\w-]{43}", key)
    assert "还没有用过" in administrator.get("/desk/clients").text
    assert ask(desk_app, key) == 200
    page = administrator.get("/desk/clients").text
    assert key[:11] in page
    assert key not in page
    assert "最近用于" in page


def test_a_key_opens_only_its_scopes(desk_app: Flask, administrator: Visitor) -> None:
    """Another scope is refused, and so is a key that nobody gave out."""
    key = admit(administrator, "check")
    lines = {"data": LINES, "content_type": "application/x-ndjson"}
    assert ask(desk_app, key) == 200
    assert ask(desk_app, key, f"{CHECK}/batch", **lines) == 403
    assert ask(desk_app, key, "/api/v1/verify", json={"code": "x"}) == 403
    assert ask(desk_app, "mk_nobody") == 401
    assert ask(desk_app, key + "x") == 401
    assert ask(desk_app, "x" * 5000) == 401


def test_each_program_has_its_own_limit(desk_app: Flask, administrator: Visitor) -> None:
    """A batch counts by its lines; what is too much says when to come again; another program is not held up."""
    key, other = admit(administrator, "check", "batch"), admit(administrator, "batch", "check")
    lines = {"data": LINES, "content_type": "application/x-ndjson"}
    assert ask(desk_app, key, f"{CHECK}/batch", **lines) == 200
    assert ask(desk_app, key, f"{CHECK}/batch", **lines) == 429
    assert [ask(desk_app, key) for _ in range(3)] == [200, 200, 429]
    assert ask(desk_app, other) == 200
    headers = {"Authorization": f"Bearer {key}"}
    refused = desk_app.test_client().post(CHECK, json=ONE, headers=headers)
    assert 1 <= int(refused.headers["Retry-After"]) <= access.SECONDS


def test_each_item_counts_like_a_firm(desk_app: Flask, administrator: Visitor) -> None:
    """A hundred loans and projects are as much work as a hundred firms, in one request or as a line of a batch."""
    key = admit(administrator, "check", "batch")
    many = {**ONE, "items": {"loan": [{"facts": {}}] * 5}}
    assert ask(desk_app, key, json=many) == 429
    lines = {"data": json.dumps(many), "content_type": "application/x-ndjson"}
    assert ask(desk_app, key, f"{CHECK}/batch", **lines) == 429


def test_strangers_have_a_limit_of_their_address(desk_app: Flask) -> None:
    """Without a key an address may ask a little; a request that is refused counts as well."""
    desk_app.config[SETTING] = 2
    assert ask(desk_app, None, json={"factz": 1}) == 422
    assert [ask(desk_app, None) for _ in range(2)] == [200, 429]


def test_a_new_key_leaves_time_to_put_it_in(
    desk_app: Flask, administrator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change both keys open for some days; then the old one is over."""
    old = admit(administrator, "check", per_minute="100")
    page = administrator.answer({}, "/desk/clients/1/key", at="/desk/clients")
    new = (page.by_id("key").text or "").strip()
    assert (ask(desk_app, old), ask(desk_app, new)) == (200, 200)
    later = access.now
    monkeypatch.setattr(access, "now", lambda: later() + service.GRACE)
    assert (ask(desk_app, old), ask(desk_app, new)) == (401, 200)


def test_withdrawn_keys_open_nothing(desk_app: Flask, administrator: Visitor) -> None:
    """From that moment on."""
    key = admit(administrator, "check")
    assert administrator.post({}, "/desk/clients/1/withdraw", at="/desk/clients").status_code == 303
    assert ask(desk_app, key) == 401


@pytest.mark.parametrize("change", [{"name": ""}, {"per_minute": "0"}, {"per_minute": "x"}, {"scopes": []}])
def test_what_cannot_be_admitted_is_said(administrator: Visitor, change: dict[str, object]) -> None:
    """The form comes back with what is wrong; no key is made."""
    form = {"name": "x", "centre": "heping", "per_minute": "5", "scopes": ["check"], **change}
    assert administrator.post(form, "/desk/clients").status_code == 422
    assert "还没有程序" in administrator.get("/desk/clients").text


def test_another_centres_programs_are_out_of_reach(administrator: Visitor, signed_in: SignedIn) -> None:
    """A district's administrator neither admits for another centre nor sees what it admitted."""
    form = {"name": "x", "centre": "hedong", "per_minute": "5", "scopes": ["check"]}
    assert administrator.post(form, "/desk/clients").status_code == 403
    admit(signed_in("tianjin.administrator"), "check")
    assert signed_in("clerk").client.get("/desk/clients").status_code == 403
