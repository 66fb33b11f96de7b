"""Signing in through a sign-in service: a real provider on this machine, asked over HTTP, honest and lying."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from socket import create_server
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from matcher.accounts import identity
from matcher.accounts.models import Account, ExternalIdentity, SignedIn
from matcher.accounts.sign_in_tries import MOST_OF_ONE_CLIENT
from matcher.audit.models import AuditEntry
from matcher.web.models import Attempt
from tests.fixtures.browsing import PHONE, looked_at, next_page, visit
from tests.fixtures.desk import PASSWORD, Visitor
from tests.fixtures.identity_provider import CLIENT, SECRET, Claims, Provider
from tests.fixtures.pages import parsed

Store = Callable[[], AbstractContextManager[Session]]

START, BACK = "/desk/sign-in/identity", "/desk/sign-in/identity/answer"


def start(client: FlaskClient, provider: Provider, path: str = START) -> str:
    """Go to the service; where it sends the browser back to."""
    asked = client.get(path)
    assert asked.status_code == 303, asked.text
    assert asked.headers["Location"].startswith(f"{provider.address}/authorize?")
    provider.client.back.add(f"http://localhost{BACK}")
    answer = requests.get(asked.headers["Location"], allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    where = urlsplit(answer.headers["Location"])
    return f"{where.path}?{where.query}"


def sign_in(client: FlaskClient, provider: Provider, path: str = START) -> TestResponse:
    """All the way there and back."""
    return client.get(start(client, provider, path))


def accounts_in(store: Store) -> dict[str, Account]:
    """Every account by name."""
    with store() as register:
        return {one.name: one for one in register.exec(select(Account))}


def last_failure(store: Store) -> Any:
    """Why somebody did not get in, as the trail has it."""
    with store() as register:
        found = register.exec(select(AuditEntry).where(AuditEntry.action == "sign_in.failed")).all()
        return found[-1].detail["why"] if found else None


def test_somebody_new_with_a_group_gets_an_account_and_is_in(nobody: Visitor, provider: Provider, store: Store) -> None:
    """It has the group's role and centre and no password, and is found again by the subject, not by the name."""
    provider.person["groups"] = ["others", "hq-heping"]
    answer = sign_in(nobody.client, provider, f"{START}?next=/desk/cases")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/cases")
    made = accounts_in(store)["wang.fang"]
    assert (made.role, made.centre, made.display_name, made.has_password) == ("clerk", "heping", "王芳", False)
    assert nobody.client.get("/desk/cases").status_code == 200
    assert "您从统一登录进来" in nobody.get("/desk/me").text
    asked = parse_qs(provider.asked[0])
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    provider.person |= {"preferred_username": "clerk", "name": "王芳芳"}
    assert sign_in(nobody.client, provider).status_code == 303
    with store() as register:
        assert [one.account_id for one in register.exec(select(ExternalIdentity))] == [made.id]


def test_a_name_that_somebody_has_is_never_taken_over(nobody: Visitor, provider: Provider, store: Store) -> None:
    """Whoever is called like a local account at the service gets another one."""
    before = accounts_in(store)["clerk"].password_hash
    provider.person |= {"preferred_username": "Clerk@example.cn", "groups": "hq-heping"}
    assert sign_in(nobody.client, provider).status_code == 303
    after = accounts_in(store)
    assert after["clerk"].password_hash == before
    assert not after["clerk-2"].has_password


@pytest.mark.parametrize(
    "groups", [None, [], "", ["hq-hepin"], ["HQ-HEPING"], ["hq-nowhere"], ["hq-king"], {"hq-heping": 1}]
)
def test_without_a_mapped_group_nobody_is_in(nobody: Visitor, provider: Provider, store: Store, groups: Any) -> None:
    """No account is made, and the page says whom to ask; a group of an unknown centre or role is none."""
    provider.person["groups"] = groups
    before = accounts_in(store).keys()
    answer = sign_in(nobody.client, provider)
    assert answer.status_code == 403
    assert "没有分到工作台的权限" in answer.text
    assert accounts_in(store).keys() == before
    assert nobody.client.get("/desk/cases").status_code == 303
    assert last_failure(store) == "group"


def test_who_loses_the_group_loses_what_is_open(nobody: Visitor, provider: Provider, store: Store) -> None:
    """The next sign-in is refused and ends the sessions elsewhere; another group changes role and centre."""
    provider.person["groups"] = ["hq-heping"]
    sign_in(nobody.client, provider)
    elsewhere = nobody.app.test_client()
    provider.person["groups"] = []
    assert sign_in(elsewhere, provider).status_code == 403
    assert nobody.client.get("/desk/cases").status_code == 303
    provider.person["groups"] = ["hq-city", "hq-heping"]
    assert sign_in(elsewhere, provider).status_code == 303
    found = accounts_in(store)["wang.fang"]
    assert (found.role, found.centre) == ("administrator", "tianjin")


def test_the_last_administrator_of_the_city_is_not_lost_to_a_group(
    nobody: Visitor, provider: Provider, store: Store
) -> None:
    """The sign-in is refused in words; the account stays what it was."""
    with store() as register:
        held = register.exec(select(Account).where(Account.name == "tianjin.administrator")).one()
        register.add(
            ExternalIdentity(issuer=provider.address, subject="u-1", account_id=held.id, linked_at=held.created_at)
        )
    provider.person["groups"] = ["hq-heping"]
    assert "最后一个管理员" in sign_in(nobody.client, provider).text
    assert accounts_in(store)["tianjin.administrator"].role == "administrator"


def test_a_deactivated_account_stays_out(nobody: Visitor, provider: Provider, store: Store) -> None:
    """Whatever the service says."""
    provider.person["groups"] = ["hq-heping"]
    sign_in(nobody.client, provider)
    with store() as register:
        register.exec(select(Account).where(Account.name == "wang.fang")).one().is_active = False
    assert "已停用" in sign_in(nobody.app.test_client(), provider).text


def hs256(claims: Claims) -> str:
    """Signed with the secret that the desk knows, too."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])


def unsigned(claims: Claims) -> str:
    """Signed by nobody."""
    parts = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in ({"alg": "none"}, claims))
    return f"{'.'.join(parts)}."


def foreign(claims: Claims) -> str:
    """Signed with a key that says to be the service's."""
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048, {"kid": "one"}))


LIES: dict[str, Callable[[Claims], Claims]] = {
    "another issuer": lambda told: told | {"iss": "https://elsewhere.cn"},
    "no issuer": lambda told: {k: v for k, v in told.items() if k != "iss"},
    "another audience": lambda told: told | {"aud": ["other"]},
    "another audience for us": lambda told: told | {"aud": ["other"], "azp": CLIENT},
    "two audiences": lambda told: told | {"aud": [CLIENT, "other"], "azp": CLIENT},
    "no audience": lambda told: {k: v for k, v in told.items() if k != "aud"},
    "run out": lambda told: told | {"exp": told["iat"] - 120},
    "no end": lambda told: {k: v for k, v in told.items() if k != "exp"},
    "not yet": lambda told: told | {"nbf": told["iat"] + 3600},
    "made tomorrow": lambda told: told | {"iat": told["iat"] + 86400},
    "another nonce": lambda told: told | {"nonce": "x" * 20},
    "no nonce": lambda told: {k: v for k, v in told.items() if k != "nonce"},
    "no subject": lambda told: {k: v for k, v in told.items() if k != "sub"},
    "a subject that is none": lambda told: told | {"sub": ["u-1"]},
    "an empty subject": lambda told: told | {"sub": ""},
    "a long subject": lambda told: told | {"sub": "x" * 256},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_prove_it_is_refused(nobody: Visitor, provider: Provider, store: Store, lie: str) -> None:
    """Issuer, audience, times, nonce and subject are looked at; nobody is in, and the trail says that somebody tried."""
    provider.person["groups"], provider.forge = ["hq-heping"], LIES[lie]
    answer = sign_in(nobody.client, provider)
    assert answer.status_code == 422, lie
    assert nobody.client.get("/desk/cases").status_code == 303
    assert "wang.fang" not in accounts_in(store)
    assert last_failure(store) == "identity"


@pytest.mark.parametrize("sign", [hs256, unsigned, foreign, lambda _: "no.token.atall", lambda _: ""])
def test_a_signature_of_somebody_else_is_refused(
    nobody: Visitor, provider: Provider, sign: Callable[[Claims], str]
) -> None:
    """Also one by the client's own secret, and none at all, though the service names both as its own."""
    provider.person["groups"], provider.sign = ["hq-heping"], sign
    assert sign_in(nobody.client, provider).status_code == 422
    assert nobody.client.get("/desk/cases").status_code == 303


def test_the_way_back_holds_once_for_the_browser_that_went(nobody: Visitor, provider: Provider) -> None:
    """Another browser, another state, a second time, ten minutes later and without having gone: all are refused."""
    provider.person["groups"] = ["hq-heping"]
    back = start(nobody.client, provider)
    assert nobody.app.test_client().get(back).status_code == 422
    assert nobody.client.get(re.sub("state=[^&]+", "state=forged", back)).status_code == 422
    assert nobody.client.get(back).status_code == 422  # what was remembered went with the forged state
    back = start(nobody.client, provider)
    with nobody.client.session_transaction() as held:
        held["desk_identity"]["at"] -= 601
        held.modified = True
    assert nobody.client.get(back).status_code == 422
    back = start(nobody.client, provider)
    assert nobody.client.get(f"{back}&iss=https://elsewhere.cn").status_code == 422
    back = start(nobody.client, provider)
    assert nobody.client.get(back).status_code == 303
    assert nobody.client.get(back).status_code == 422


def test_a_code_is_worth_nothing_twice(nobody: Visitor, provider: Provider) -> None:
    """Not even with the cookie of before the first time, which whoever copied the browser has."""
    provider.person["groups"] = ["hq-heping"]
    back = start(nobody.client, provider)
    copied = nobody.client.get_cookie(nobody.app.config["SESSION_COOKIE_NAME"])
    assert copied is not None
    assert nobody.client.get(back).status_code == 303
    thief = nobody.app.test_client()
    thief.set_cookie(copied.key, copied.value)
    assert thief.get(back).status_code == 422
    assert thief.get("/desk/cases").status_code == 303


def test_the_code_goes_with_the_verifier_that_it_was_asked_with(nobody: Visitor, provider: Provider) -> None:
    """A code that somebody caught and slips into a browser of his own buys nothing: the service wants the verifier (PKCE)."""
    provider.person["groups"] = ["hq-heping"]
    caught, thief = parse_qs(urlsplit(start(nobody.client, provider)).query)["code"][0], nobody.app.test_client()
    assert thief.get(re.sub("code=[^&]+", f"code={caught}", start(thief, provider))).status_code == 422


def test_wrong_answers_are_counted_by_address(nobody: Visitor, provider: Provider, store: Store) -> None:
    """A stranger can neither fill the trail nor keep the service busy; a person who turns back is counted for nothing."""
    provider.refuses = True
    sign_in(nobody.client, provider)
    provider.refuses = False
    with store() as register:
        assert register.exec(select(Attempt)).all() == []
    provider.person["groups"] = ["hq-heping"]
    answers = []
    for _ in range(MOST_OF_ONE_CLIENT + 1):
        back = start(nobody.client, provider)
        answers.append(nobody.client.get(re.sub("state=[^&]+", "state=forged", back)).status_code)
    assert answers == [422] * MOST_OF_ONE_CLIENT + [429]
    assert sign_in(nobody.client, provider).status_code == 429
    with store() as register:
        found = register.exec(select(AuditEntry).where(AuditEntry.action == "sign_in.failed")).all()
        assert len(found) == MOST_OF_ONE_CLIENT


def test_the_service_may_change_its_keys(nobody: Visitor, provider: Provider) -> None:
    """The new ones are asked for when a token names one that is not known."""
    provider.person["groups"] = ["hq-heping"]
    assert sign_in(nobody.client, provider).status_code == 303
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert sign_in(nobody.app.test_client(), provider).status_code == 303


def test_a_service_that_is_down_is_said_and_the_password_goes_on(
    nobody: Visitor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the way there, on the way back and at signing out; nothing is counted against anybody."""
    provider.person["groups"] = ["hq-heping"]
    sign_in(nobody.client, provider)
    back = start(other := nobody.app.test_client(), provider)
    monkeypatch.setenv("MATCHER_OIDC_ISSUER", "http://localhost:1")
    for client, path in ((other, back), (nobody.app.test_client(), START)):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "统一登录现在连不上" in answer.text
    answer = nobody.post({}, "/desk/sign-out", at="/desk/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/sign-in")
    assert nobody.post({"name": "clerk", "password": PASSWORD}, "/desk/sign-in").status_code == 303


def test_a_silent_service_holds_up_nobody_for_long(
    nobody: Visitor, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for once; whoever comes after is told at once, without asking it again."""
    monkeypatch.setattr(identity, "TIMEOUT", 0.05)
    with create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("MATCHER_OIDC_ISSUER", f"http://127.0.0.1:{silent.getsockname()[1]}")
        answers = [nobody.client.get(START).status_code for _ in range(3)]
        assert answers == [503] * 3
        silent.settimeout(0)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_form_that_waited_goes_on_after_the_service(
    nobody: Visitor, provider: Provider, store: Store, signed_in: Callable[[str], Visitor]
) -> None:
    """The session ends while a form is filled in: one signs in in another window and goes on here."""
    visitor = signed_in("clerk")
    with store() as register:
        held = register.exec(select(Account).where(Account.name == "clerk")).one()
        register.add(
            ExternalIdentity(issuer=provider.address, subject="u-1", account_id=held.id, linked_at=held.created_at)
        )
        register.delete(register.exec(select(SignedIn)).one())
    provider.person["groups"] = ["hq-heping"]
    late = parsed(visitor.client.post("/desk/me/sessions", data={"csrf_token": "old", "note": "写了很久"}))
    carried = {"carried": late.value("carried"), "resume": "1"}
    early = visitor.client.post("/desk/sign-in", data={"csrf_token": late.value("csrf_token"), **carried})
    assert "还没有登录" in early.text
    assert sign_in(visitor.client, provider).status_code == 303
    again = visitor.client.post("/desk/sign-in", data={"csrf_token": late.value("csrf_token"), **carried})
    assert parsed(again).value("note") == "写了很久"


def test_a_person_who_turns_back_is_told_so(nobody: Visitor, provider: Provider) -> None:
    """The service's refusal leads to the sign-in page, whose words are ours."""
    provider.refuses = True
    answer = sign_in(nobody.client, provider)
    assert answer.status_code == 422
    assert "统一登录没有完成" in answer.text
    assert "access_denied" not in answer.text


@pytest.mark.parametrize(
    "metadata", [{"issuer": "https://elsewhere.cn"}, {"token_endpoint": "http://localhost:1/token"}, {"jwks_uri": None}]
)
def test_a_service_that_is_not_what_was_set_lets_nobody_in(
    nobody: Visitor, provider: Provider, metadata: Claims
) -> None:
    """Another issuer in its metadata, no answer, no keys."""
    provider.person["groups"], provider.metadata = ["hq-heping"], metadata
    asked = nobody.client.get(START)
    if asked.status_code == 303:
        asked = sign_in(nobody.client, provider)
    assert asked.status_code in (422, 503)
    assert nobody.client.get("/desk/cases").status_code == 303


@pytest.mark.parametrize(
    "next_", ["https://elsewhere.cn/", "//elsewhere.cn", "/answers", "/desk/../x", "/desk/sign-in"]
)
def test_one_is_sent_to_pages_of_the_desk_alone(nobody: Visitor, provider: Provider, next_: str) -> None:
    """Whatever the address says."""
    provider.person["groups"] = ["hq-heping"]
    assert sign_in(nobody.client, provider, f"{START}?next={next_}").headers["Location"] == "/desk"


def test_groups_are_asked_for_where_the_token_has_none(nobody: Visitor, provider: Provider) -> None:
    """At the userinfo endpoint; an answer about somebody else is refused."""
    provider.userinfo = {"sub": "u-2", "groups": ["hq-heping"]}
    assert sign_in(nobody.client, provider).status_code == 422
    provider.userinfo = {"sub": "u-1", "groups": ["hq-heping"]}
    assert sign_in(nobody.client, provider).status_code == 303


def test_the_session_is_new_and_signing_out_ends_it_there_too(
    nobody: Visitor, provider: Provider, store: Store
) -> None:
    """Nothing that the session held before stays; the service is told whose session ends and where to come back to."""
    provider.person["groups"] = ["hq-heping"]
    with nobody.client.session_transaction() as held:
        held["prepared"] = "by somebody"
    sign_in(nobody.client, provider)
    with nobody.client.session_transaction() as held:
        assert "prepared" not in held
        assert "desk_identity" not in held
    with store() as register:
        kept = register.exec(select(SignedIn)).one().id_token
        assert kept
        assert "eyJ" not in kept
    answer = nobody.post({}, "/desk/sign-out", at="/desk/me")
    address = answer.headers["Refresh"].removeprefix("0;url=")
    requests.get(address, allow_redirects=False, timeout=30)
    told = provider.logouts[0]
    assert told["post_logout_redirect_uri"] == "http://localhost/desk/sign-in"
    assert told["id_token_hint"].count(".") == 2
    with store() as register:
        assert register.exec(select(SignedIn)).all() == []


def test_a_local_account_is_linked_after_its_password(
    signed_in: Callable[[str], Visitor], provider: Provider, store: Store
) -> None:
    """From then on the service opens that account; a second link is refused, and unlinking ends it."""
    provider.person["groups"] = ["hq-heping"]
    visitor = signed_in("clerk")
    assert visitor.post({"present": "wrong"}, "/desk/me/identity", at="/desk/me").status_code == 422
    page = visitor.post({"present": PASSWORD}, "/desk/me/identity", at="/desk/me").text
    found = re.search(r'href="(/desk/sign-in/identity\?link=[^"]+)"', page)
    assert found
    stranger = signed_in("auditor")  # the way that one account asked for is no way for another
    assert sign_in(stranger.client, provider, found[1]).status_code == 422
    assert sign_in(visitor.client, provider, found[1]).headers["Location"] == "/desk/me"
    other = visitor.app.test_client()
    assert sign_in(other, provider).status_code == 303
    assert "wang.fang" not in accounts_in(store)
    assert "Clerk" in Visitor(visitor.app, other).get("/desk/me").text
    page = visitor.post({"present": PASSWORD}, "/desk/me/identity", at="/desk/me").text
    found = re.search(r'href="(/desk/sign-in/identity\?link=[^"]+)"', page)
    assert found
    assert sign_in(visitor.client, provider, found[1]).status_code == 422
    visitor.post({"present": PASSWORD}, "/desk/me/identity/off", at="/desk/me")
    with store() as register:
        assert register.exec(select(ExternalIdentity)).all() == []


def test_a_second_factor_is_asked_for_all_the_same(
    nobody: Visitor, provider: Provider, store: Store, signed_in: Callable[[str], Visitor]
) -> None:
    """An account that has one is not let in by the service alone."""
    with store() as register:
        held = register.exec(select(Account).where(Account.name == "clerk")).one()
        held.totp_secret = "sealed"
        register.add(
            ExternalIdentity(issuer=provider.address, subject="u-1", account_id=held.id, linked_at=held.created_at)
        )
    provider.person["groups"] = ["hq-heping"]
    answer = sign_in(nobody.client, provider)
    assert answer.status_code == 200
    assert 'name="code"' in answer.text
    assert nobody.client.get("/desk/cases").status_code == 303


def test_without_the_setting_there_is_no_such_way(nobody: Visitor) -> None:
    """Neither a button nor an address; the local door is as it was."""
    assert "identity" not in nobody.client.get("/desk/sign-in").text
    assert nobody.client.get(START).status_code == 404
    assert not identity.is_offered()


def test_no_password_opens_an_account_without_one(nobody: Visitor, provider: Provider, store: Store) -> None:
    """Neither an empty one nor what stands in its place."""
    provider.person["groups"] = ["hq-heping"]
    sign_in(nobody.app.test_client(), provider)
    for told in ("", "!", "wang.fang"):
        answer = nobody.post({"name": "wang.fang", "password": told}, "/desk/sign-in")
        assert answer.status_code == 422


def test_in_and_out_in_a_browser(
    browser: Browser, at_desk: Callable[..., Page], provider: Provider, desk_address: str
) -> None:
    """From the button through the service to the desk, and out of both; on a phone, with axe."""
    provider.person["groups"] = ["hq-heping"]
    provider.client.back.add(f"{desk_address.rstrip('/')}{BACK}")
    tab = at_desk(browser, None, PHONE)
    looked_at(visit(tab, "/desk/cases"))
    with next_page(tab):
        tab.get_by_role("link", name="用统一身份认证登录").click()
    assert tab.url == f"{desk_address}desk/cases"
    looked_at(visit(tab, "/desk/me"))
    tab.get_by_role("button", name="退出").first.click()
    expect(tab).to_have_url(re.compile(r"/desk/sign-in"))
    assert len(provider.logouts) == 1
    visit(tab, "/desk/cases")
    expect(tab.get_by_role("link", name="用统一身份认证登录")).to_be_visible()
