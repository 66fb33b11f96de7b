"""Programs of a centre at its desk: what a scope opens, whose data is seen, and that what is created is created once."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from matcher.accounts.models import Account, CentreSetting
from matcher.accounts.service import list_accounts
from matcher.api import access, idempotency
from matcher.api.models import ApiCreation
from matcher.api.operations import DESK_SCOPES, operation_of
from matcher.api.service import add_client, new_key
from matcher.audit.models import AuditEntry
from matcher.cases.letters import settle_letter
from matcher.cases.models import Case
from matcher.outreach.models import Entitlement, Screening
from tests.fixtures.desk import Visitor
from tests.fixtures.desk_cases import CODE, NAME, SCHEME

Store = Callable[[], AbstractContextManager[Session]]

pytestmark = pytest.mark.usefixtures("firm")

AT = datetime(2026, 11, 24, 4, tzinfo=UTC)
FIRM = {"name": NAME, "credit_code": CODE, "vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}


@pytest.fixture(autouse=True)
def _nothing_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests asked counts against nobody here."""
    monkeypatch.setattr(access, "_ALLOWANCE", access.Allowance())


@dataclass
class Program:
    """A program with its key."""

    app: Flask
    key: str

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """One request; a creation has the key that `once` names."""
        sent = {"Authorization": f"Bearer {self.key}"}
        if "once" in headers:
            sent["Idempotency-Key"] = headers["once"]
        told: dict[str, Any] = {} if body is None else {"json": body}
        return self.app.test_client(use_cookies=False).open(f"/api/v1{path}", method=method, headers=sent, **told)


@pytest.fixture
def admitted(desk_app: Flask, store: Store) -> Callable[..., Program]:
    """Admits a program at a centre, with scopes (all of the desk without any)."""

    def admit(centre: str = "heping", *scopes: str, per_minute: int = 1000) -> Program:
        with store() as register:
            client = add_client(register, f"{centre}的门户", centre, scopes or sorted(DESK_SCOPES), per_minute, AT)
            return Program(desk_app, new_key(register, client, datetime.now(UTC)))

    return admit


@pytest.fixture
def program(admitted: Callable[..., Program]) -> Program:
    """Heping's program, with every scope of the desk."""
    return admitted()


def opened(program: Program, once: str = "one", **more: object) -> dict[str, Any]:
    """A case of the firm."""
    answer = program.ask("POST", "/cases", {"facts": FIRM, **more}, once=once)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_firm_has_its_case_and_its_letter_by_one_program(
    program: Program, store: Store, signed_in: Callable[[str], Visitor]
) -> None:
    """Found, opened, changed, lettered; the desk's own pages show it, and the trail names the program at each step."""
    hits = program.ask("GET", "/firms?q=喆堃镕").json["firms"]
    assert [(one["credit_code"], one["name"]) for one in hits] == [(CODE, NAME)]
    before = program.ask("GET", f"/firms/{CODE}").json
    assert "annual_revenue" not in before["facts"]  # told to the centre, which has no case yet
    case = opened(program)
    firm = program.ask("GET", f"/firms/{CODE}").json
    assert (firm["facts"]["annual_revenue"]["source"], firm["cases"]) == ("declared", [case["id"]])
    read = program.ask("GET", f"/cases/{case['id']}").json
    assert read["facts"]["six_taxes_two_fees_payable"]["value"] == "38642.57"
    assert read["facts"]["employees"] == {"value": 12, "source": "imported", "on": "2026-01-05"}
    assert (read["entitled"], read["firm_money"]) != ([], None)
    assert SCHEME in read["entitled"]
    change = {"version": read["version"], "facts": {"employees": 30, "established_on": None}}
    changed = program.ask("PATCH", f"/cases/{case['id']}", change)
    assert changed.json == {"id": case["id"], "version": read["version"] + 1}
    again = program.ask("GET", f"/cases/{case['id']}").json
    assert (again["facts"]["employees"]["value"], "established_on" in again["facts"]) == (30, False)
    assert program.ask("PATCH", f"/cases/{case['id']}", change).status_code == 409
    order = {"version": changed.json["version"], "schemes": [SCHEME]}
    made = program.ask("POST", f"/cases/{case['id']}/letters", order, once="letter")
    assert (made.status_code, made.json["state"]) == (201, "issued"), made.text
    letter = program.ask("GET", made.headers["Location"].removeprefix("/api/v1")).json
    assert (letter["state"], letter["schemes"], letter["credit_code"]) == ("valid", [SCHEME], CODE)
    file = program.ask("GET", f"/letters/{letter['code']}/file")
    assert (file.mimetype, file.data[:5]) == ("application/pdf", b"%PDF-")
    page = signed_in("clerk").get(f"/desk/cases/{case['id']}").text
    assert "38642.57" in page or "38,642.57" in page
    with store() as register:
        entries = register.exec(select(AuditEntry).where(col(AuditEntry.role) == "client")).all()
        assert {one.action for one in entries} == {
            *(
                "firm.seen",
                "case.opened",
                "case.seen",
                "case.changed",
                "letter.issued",
                "letter.seen",
                "letter.reprinted",
            )
        }
        assert {(one.actor, one.centre) for one in entries} == {("client:1", "heping")}
        assert "38642" not in json.dumps([one.detail for one in entries])


def test_one_current_letter_a_firm(program: Program) -> None:
    """A second letter is refused until the current one is named, and then takes its place."""
    case = opened(program)
    path, order = f"/cases/{case['id']}/letters", {"version": case["version"], "schemes": [SCHEME]}
    first = program.ask("POST", path, order, once="1").json
    refused = program.ask("POST", path, order, once="2")
    assert refused.status_code == 409
    assert first["number"] in refused.json["detail"]
    second = program.ask("POST", path, {**order, "supersedes": first["number"]}, once="2")
    assert second.status_code == 201
    listed = program.ask("GET", "/letters").json
    assert [(one["number"], one["state"]) for one in listed["letters"]] == [
        (second.json["number"], "valid"),
        (first["number"], "superseded"),
    ]


def test_a_second_signature_is_a_persons(program: Program, store: Store) -> None:
    """Where a centre countersigns, a program only puts a letter forward; it waits with the supervisor, and is signed there."""
    with store() as register:
        register.add(CentreSetting(centre="heping", needs_countersign=True))
    case = opened(program)
    order = {"version": case["version"]}
    made = program.ask("POST", f"/cases/{case['id']}/letters", order, once="1")
    assert (made.status_code, made.json["state"], made.json["number"]) == (201, "waiting", None)
    again = program.ask("POST", f"/cases/{case['id']}/letters", order, once="1")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (made.json, "true")
    read = program.ask("GET", f"/cases/{case['id']}").json
    assert [one["state"] for one in read["letters"]] == ["waiting"]
    with store() as register:
        supervisor = register.exec(select(Account).where(Account.name == "supervisor")).one()
        settle_letter(register, made.json["id"], supervisor.id or 0, AT, reason="缺证明")
    read = program.ask("GET", f"/cases/{case['id']}").json
    assert [(one["state"], one["reason"]) for one in read["letters"]] == [("refused", "缺证明")]


def test_what_is_created_is_created_once(program: Program, store: Store) -> None:
    """The same key and body have the same answer, another body is refused, without a key nothing is made; after a day it is free."""
    body = {"facts": FIRM}
    first = program.ask("POST", "/cases", body, once="a key")
    assert first.status_code == 400  # a blank is no visible character
    assert program.ask("POST", "/cases", body).status_code == 400
    first, again = (program.ask("POST", "/cases", body, once="key") for _ in range(2))
    assert (first.status_code, first.json, first.headers["Location"]) == (201, again.json, again.headers["Location"])
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    other = program.ask("POST", "/cases", {"facts": FIRM, "although_open": True}, once="key")
    assert (other.status_code, other.mimetype) == (422, "application/problem+json")
    assert program.ask("POST", "/cases", body, once="key-2").status_code == 409  # the firm has an open case
    with store() as register:
        entry = register.exec(select(ApiCreation)).one()
        assert NAME not in (entry.body or "")
        entry.created_at -= idempotency.KEPT
    later = program.ask("POST", "/cases", {"facts": FIRM, "although_open": True}, once="key")
    assert later.status_code == 201
    assert later.json["id"] != first.json["id"]


def test_a_refused_creation_leaves_its_key_free(program: Program) -> None:
    """What was wrong can be mended under the same key."""
    assert program.ask("POST", "/cases", {"facts": {"employees": -1}}, once="k").status_code == 422
    case = opened(program, once="first")
    order = {"version": case["version"] + 1}
    assert program.ask("POST", f"/cases/{case['id']}/letters", order, once="k").status_code == 409
    assert (
        program.ask("POST", f"/cases/{case['id']}/letters", {"version": case["version"]}, once="k").status_code == 201
    )


@pytest.mark.both_databases
def test_two_at_the_same_moment_create_one(program: Program, store: Store) -> None:
    """Eight requests with one key at once: one case, and whoever is not told of it is told to come again."""
    ready = threading.Barrier(8)

    def send(_number: int) -> TestResponse:
        ready.wait()
        return program.ask("POST", "/cases", {"facts": FIRM}, once="same")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(send, range(8)))
    assert {one.status_code for one in found} <= {201, 409}
    assert len({one.json["id"] for one in found if one.status_code == 201}) == 1
    with store() as register:
        assert len(register.exec(select(Case)).all()) == 1


def test_what_broke_off_is_gone_on_with(program: Program, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies after making and before answering made the only one: the next with the key is answered with it."""
    broken = RuntimeError("killed")

    def dies(*_: object, **__: object) -> None:
        raise broken

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "Created", dies, raising=False)
        patch.setattr("matcher.api.case_views.Created", dies)
        assert program.ask("POST", "/cases", {"facts": FIRM}, once="k").status_code == 500
    again = program.ask("POST", "/cases", {"facts": FIRM}, once="k")
    assert again.status_code == 201
    with store() as register:
        assert [case.id for case in register.exec(select(Case))] == [again.json["id"]]
        entry = register.exec(select(ApiCreation)).one()
        entry.status, entry.body, entry.begun_at = None, None, datetime.now(UTC)
    assert program.ask("POST", "/cases", {"facts": FIRM}, once="k").status_code == 409  # one is at it
    with store() as register:
        register.exec(select(ApiCreation)).one().begun_at -= idempotency.LEASE + timedelta(seconds=1)
    assert program.ask("POST", "/cases", {"facts": FIRM}, once="k").json == again.json


def test_a_clock_that_jumps_makes_nothing_twice(
    program: Program, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put back a day, a key has its answer still, and one that broke off before is gone on with; put on, it is free after its day."""
    first = program.ask("POST", "/cases", {"facts": FIRM}, once="k")
    real = idempotency.now
    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "now", lambda: real() - timedelta(days=1))
        assert program.ask("POST", "/cases", {"facts": FIRM}, once="k").json == first.json
        with store() as register:
            register.exec(select(ApiCreation)).one().status = None
        assert program.ask("POST", "/cases", {"facts": FIRM}, once="k").json == first.json
    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "now", lambda: real() + idempotency.KEPT)
        assert program.ask("POST", "/cases", {"facts": FIRM}, once="k").status_code == 409  # the firm has its open case
    with store() as register:
        assert len(register.exec(select(Case)).all()) == 1


@pytest.mark.both_databases
def test_another_centres_data_is_not_there(program: Program, admitted: Callable[..., Program], store: Store) -> None:
    """Neither read, changed nor lettered by its number or code, nor listed; and not by the city's program either."""
    case = opened(program)
    number = program.ask("POST", f"/cases/{case['id']}/letters", {"version": case["version"]}, once="1").json["code"]
    with store() as register:
        screening = Screening(state="done", as_of=AT.date(), rulebook_hash="0" * 64, created_at=AT)
        screening.found = {
            SCHEME: [["eligible", "firm_price", "heping", 1, 1932129], ["eligible", "firm_price", None, 1, 5]]
        }
        register.add(screening)
        register.flush()
        for firm, district in (("F-000001", "heping"), ("F-000002", None)):
            register.add(
                Entitlement(
                    screening_id=screening.id, scheme=SCHEME, firm_id=firm, district=district, status="eligible", fen=5
                )
            )
    for centre in ("hedong", "tianjin"):
        other = admitted(centre)
        for method, path, body in (
            ("GET", f"/cases/{case['id']}", None),
            ("PATCH", f"/cases/{case['id']}", {"version": 1, "state": "closed"}),
            ("POST", f"/cases/{case['id']}/letters", {"version": case["version"]}),
            ("GET", f"/letters/{number}", None),
            ("GET", f"/letters/{number}/file", None),
        ):
            answer = other.ask(method, path, body, once="x")
            assert (answer.status_code, NAME in answer.text) == (404, False), (centre, path)
        assert other.ask("GET", "/cases").json == {"total": 0, "cases": []}
        assert other.ask("GET", f"/cases?q={CODE}").json["total"] == 0
        assert other.ask("GET", "/letters").json["total"] == 0
        firm = other.ask("GET", f"/firms/{CODE}").json
        assert (firm["cases"], firm["letters"], "six_taxes_two_fees_payable" in firm["facts"]) == ([], [], False)
        assert {one["source"] for one in firm["facts"].values()} == {"imported"}
        found = other.ask("GET", "/screenings/1").json["found"]
        firms = other.ask("GET", f"/screenings/1/schemes/{SCHEME}").json
        assert (len(found), firms["total"], len(firms["firms"])) == ((1, 1, 1) if centre == "tianjin" else (0, 0, 0))
        assert NAME not in json.dumps(firms, ensure_ascii=False)
    ours = program.ask("GET", f"/screenings/1/schemes/{SCHEME}").json
    assert [one["name"] for one in ours["firms"]] == [NAME]


def test_each_scope_opens_its_own_addresses(desk_app: Flask, admitted: Callable[..., Program]) -> None:
    """A key with one scope is refused at every address of another; a key over opens none."""
    routes = [
        (rule, method, operation_of(desk_app, rule.endpoint))
        for rule in desk_app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    told = {"case_id": 1, "screening_id": 1, "slug": SCHEME, "code": "A", "credit_code": "A"}
    for scope in sorted(DESK_SCOPES):
        one = admitted("heping", scope)
        for rule, method, declared in routes:
            if declared is None or declared.scope not in DESK_SCOPES:
                continue
            values = {name: told[name] for name in rule.arguments}
            path = desk_app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
            status = one.ask(method, path.removeprefix("/api/v1")).status_code
            assert (status == 403) == (declared.scope != scope), (scope, method, path, status)
    dead = Program(desk_app, "mk_" + "x" * 43)
    assert dead.ask("GET", "/cases").status_code == 401


def test_each_program_has_its_limit_at_the_desk(admitted: Callable[..., Program]) -> None:
    """What is too much is refused with the time to come again, and is not done."""
    one = admitted(per_minute=2)
    assert [one.ask("GET", "/cases").status_code for _ in range(3)] == [200, 200, 429]
    refused = one.ask("POST", "/cases", {"facts": FIRM}, once="k")
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/facts"),
        ({"facts": {}, "factz": 1}, "/factz"),
        ({"facts": {"employees": -1}}, "/facts/employees"),
        ({"facts": {}, "although_open": "yes"}, "/although_open"),
        ({"facts": {}, "schemes": ["no-such"]}, "/schemes/0"),
        ({"facts": {}, "items": {"loan": [{"facts": {}}]}}, "/items"),
    ],
)
def test_what_cannot_be_a_case_is_named(program: Program, store: Store, body: object, pointer: str) -> None:
    """Every bad field with its path; nothing is opened."""
    answer = program.ask("POST", "/cases", body, once="k")
    assert (answer.status_code, pointer in {one["pointer"] for one in answer.json["errors"]}) == (422, True), (
        answer.text
    )
    with store() as register:
        assert register.exec(select(Case)).first() is None


def test_a_closed_case_is_opened_again_before_it_is_changed(program: Program) -> None:
    """A state alone may be set; facts of a closed case are refused in words."""
    case = opened(program)
    closed = program.ask("PATCH", f"/cases/{case['id']}", {"version": case["version"], "state": "closed"}).json
    refused = program.ask("PATCH", f"/cases/{case['id']}", {"version": closed["version"], "facts": {"employees": 1}})
    assert refused.status_code == 422
    assert program.ask("GET", "/cases").json["total"] == 0
    assert program.ask("GET", "/cases?state=closed").json["total"] == 1


def test_the_program_is_nobody_who_signs_in(
    program: Program, store: Store, signed_in: Callable[[str], Visitor]
) -> None:
    """Its account is in no list, opens no page and is no clerk that a case could be given to; what it did has its name."""
    opened(program)
    with store() as register:
        account = register.exec(select(Account).where(Account.name == "client:1")).one()
        assert (account.is_active, account.display_name) == (False, "heping的门户")
        assert "client:1" not in {one.name for one in list_accounts(register)}
        number = account.id
    administrator = signed_in("administrator")
    assert "client:1" not in administrator.get("/desk/accounts").text
    assert administrator.client.get(f"/desk/accounts/{number}").status_code == 404
    assert administrator.post({"act": "x"}, f"/desk/accounts/{number}/activate", at="/desk/accounts").status_code == 404


def test_a_screening_is_begun_and_seen(program: Program, store: Store) -> None:
    """One for a day while it waits, however many keys ask for it."""
    first, second = (program.ask("POST", "/screenings", {"as_of": "2026-12-01"}, once=key) for key in "ab")
    assert (first.status_code, first.json["state"], first.json["id"]) == (201, "waiting", second.json["id"])
    assert [one["id"] for one in program.ask("GET", "/screenings").json["screenings"]] == [first.json["id"]]
    assert program.ask("GET", f"/screenings/{first.json['id']}").json["found"] == []
    assert program.ask("GET", "/screenings/99").status_code == 404


def test_a_program_sees_and_sets_the_day_a_case_is_due(program: Program, store: Store) -> None:
    """It is read with the case and in lists, kept by the trail, and no day at all when a program takes it away."""
    made = opened(program)
    path = f"/cases/{made['id']}"
    assert "due_on" in program.ask("GET", path).json
    version = program.ask("PATCH", path, {"version": made["version"], "due_on": "2020-01-31"}).json["version"]
    assert version > made["version"]
    assert program.ask("GET", path).json["due_on"] == "2020-01-31"
    late = program.ask("GET", "/cases?due=overdue").json
    assert [(one["id"], one["due_on"]) for one in late["cases"]] == [(made["id"], "2020-01-31")]
    assert program.ask("GET", "/cases?due=week").json["total"] == 0
    assert program.ask("PATCH", path, {"version": version, "due_on": None}).status_code == 200
    assert program.ask("GET", path).json["due_on"] is None
    with store() as register:
        told = [one.detail for one in register.exec(select(AuditEntry).where(AuditEntry.action == "case.settled"))]
    assert [one["due"] for one in told] == ["2020-01-31", None]


@pytest.mark.parametrize("day", ["soon", "2026-02-30", 7, True, ["2026-12-15"]])
def test_what_is_no_day_sets_none(program: Program, day: object) -> None:
    """It is refused (422) and the case stays as it was."""
    made = opened(program)
    answer = program.ask("PATCH", f"/cases/{made['id']}", {"version": made["version"], "due_on": day})
    assert answer.status_code == 422
    assert program.ask("GET", f"/cases/{made['id']}").json["version"] == made["version"]
