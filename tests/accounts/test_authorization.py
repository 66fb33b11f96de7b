"""The matrix of rights: every route of the site for nobody, every role, at the own centre and for another's things.

`ROUTES` says of each endpoint what it does (`public`: for everybody; `open`: the door of the desk; `key`: for programs
with a key, whoever is signed in), and `MAY` who may.
Both are written by hand and compared with what the site does when it is really asked; what stands in addresses is made
by `objects`.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import get_args

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlmodel import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from matcher.accounts import sessions
from matcher.accounts.models import Account
from matcher.accounts.rights import Action
from matcher.db.database import session
from matcher.desk.palette import ACTIONS
from matcher.text import desk_labels
from matcher.web.database import engine
from tests.accounts.objects import Making, arguments
from tests.fixtures.desk import EVERYONE

ROUTES = {
    "public": """
        embed.script embed.check embed.tell embed.whole from_document.form from_document.show
        alerts.asked alerts.confirm alerts.confirmed alerts.form alerts.stopped alerts.stopping
        prefill.ask prefill.find prefill.use
        items.items items.save result.of_scheme saving.undo schemes.listing schemes.one verification.here
        api.batch api.bundle api.check api.decision_shape api.docs api.facts api.industries api.next_question api.openapi
        api.profile_shape api.scheme api.schemes api.verify feeds.feed feeds.linked_data feeds.sitemap feeds.table readyz metrics
        answers.answers ask.ask ask.tell asset document.document document.scheme document.scheme_pdf handover.form
        handover.hand_over handover.withdraw healthz links.ask links.form links.make links.open_link links.withdraw result.result
        saving.ask_to_delete saving.delete saving.hub saving.open_file saving.open_form saving.save saving.take
        selfcheck.answer selfcheck.letter selfcheck.letter_without_form selfcheck.start start.begin start.start
        take.dates_ics take.papers take.result_pdf take.tick verification.form verification.of_code
        verification.offline verification.posted what_if.look what_if.what_if wrong.blank wrong.filled
        """,
    "key": """
        api.firms api.firm api.cases api.case api.open_for_firm api.change api.letters api.letter api.letter_file
        api.ask_for_letter api.every_screening api.begin_screening api.one_screening api.firms_found
        """,
    "open": """
        desk_sign_in.form desk_sign_in.enter desk_sign_in.enter_code desk_sign_in.enter_passkey desk_sign_in.leave
        desk_identity.ask desk_identity.answer
        """,
    "self.change": """
        desk_mine.show desk_mine.password desk_mine.change_password desk_mine.end_others
        desk_mine.new_factor desk_mine.turn_on desk_mine.turn_off
        desk_identity.begin_link desk_identity.unlink desk_passkeys.new desk_passkeys.add desk_passkeys.change
        """,
    "desk.see": "desk_home.home desk_palette.palette",
    "firm.see": "desk_home.firms desk_home.firm",
    "case.see": """
        desk_cases.cases desk_cases.case desk_cases.attachment desk_cases.presence desk_cases.save_view
        desk_cases.outlook desk_referrals.show desk_contacts.contacts desk_contacts.texts
        """,
    "case.write": """
        desk_cases.save_case desk_cases.drop_draft desk_cases.attach desk_cases.write_back desk_cases.blank
        desk_cases.new desk_cases.do_to_selected desk_cases.overrule desk_cases.record_overruling desk_cases.enter_closure
        desk_referrals.refer desk_referrals.send desk_referrals.answer desk_cases.put_aside desk_counter.counter desk_home.note
        desk_contacts.keep_firm_contact desk_contacts.keep_contact desk_contacts.write_text desk_messages.message
        desk_messages.send
        """,
    "case.forget": "desk_cases.ask_to_forget desk_cases.forget",
    "handover.open": """
        desk_handovers.form desk_handovers.show desk_handovers.open_from desk_handovers.download
        desk_reports.listing desk_reports.done
        """,
    "letter.see": """
        desk_case_letters.register desk_case_letters.letter desk_case_letters.letter_file
        desk_case_letters.asked_letter desk_case_letters.asked_preview desk_runs.sample
        """,
    "letter.issue": """
        desk_case_letters.letters desk_case_letters.ask desk_case_letters.preview desk_counter.answer
        desk_counter.preview desk_cases.letters_of_selected
        """,
    "letter.countersign": "desk_case_letters.sign desk_case_letters.sign_selected desk_case_letters.refuse desk_runs.sign",
    "letter.revoke": "desk_case_letters.revoke",
    "run.see": "desk_runs.index desk_runs.show desk_runs.file desk_runs.progress desk_runs.empty",
    "run.write": "desk_runs.upload desk_runs.again desk_runs.cancel desk_runs.proceed desk_runs.start",
    "outreach.see": """
        desk_outreach.index desk_outreach.firms desk_outreach.export desk_outreach.compare desk_outreach.movers
        """,
    "outreach.mark": "desk_outreach.screen desk_outreach.mark desk_delivery.index desk_delivery.export desk_delivery.mark",
    "impact.see": "desk_outreach.impact desk_outreach.ask_impact desk_outreach.impact_study desk_outreach.impact_firms",
    "dashboard.see": "desk_dashboard.index",
    "audit.see": "desk_audit.index desk_audit.walk desk_audit.export",
    "rules.see": "desk_rules.queue",
    "account.manage": """
        desk_accounts.every desk_accounts.new desk_accounts.add desk_accounts.show desk_accounts.change
        desk_accounts.act
        """,
    "centre.set": "desk_centre.centre desk_centre.settle",
    "client.manage": "desk_clients.every desk_clients.add desk_clients.change_key desk_clients.withdraw"
    " desk_webhooks.every desk_webhooks.add desk_webhooks.show desk_webhooks.send_test desk_webhooks.change_secret"
    " desk_webhooks.remove",
}
WHAT = {endpoint: action for action, endpoints in ROUTES.items() for endpoint in endpoints.split()}

# Who may (c clerk, s supervisor, m administrator, u auditor), and how far: at the own centre, the city also reading the
# districts' (city), or everywhere (all).
MAY = {
    "self.change": ("csmu", "all"),
    "desk.see": ("csmu", "all"),
    "firm.see": ("csu", "all"),
    "case.see": ("csu", "city"),
    "case.write": ("cs", "own"),
    "case.forget": ("s", "own"),
    "handover.open": ("cs", "own"),
    "letter.see": ("csu", "city"),
    "letter.issue": ("cs", "own"),
    "letter.countersign": ("s", "own"),
    "letter.revoke": ("cs", "own"),
    "run.see": ("csu", "city"),
    "run.write": ("cs", "own"),
    "outreach.see": ("csu", "city"),
    "outreach.mark": ("cs", "own"),
    "impact.see": ("s", "own"),
    "dashboard.see": ("csu", "city"),
    "audit.see": ("su", "city"),
    "rules.see": ("smu", "own"),
    "account.manage": ("m", "city"),
    "centre.set": ("m", "city"),
    "client.manage": ("m", "city"),
}
LETTERS = {"clerk": "c", "supervisor": "s", "administrator": "m", "auditor": "u"}
# Their address names a channel and a form of file, nobody's thing: whoever asks gets the list of the own centre.
OWN_ALONE = {"desk_delivery.export", "desk_delivery.mark"}
RAW = "0123456789abcdef0123456789abcdef01234567"
REFUSED = 403
# An answer to a request without the fields that it wants: a page, a refusal of what was told, a way on.
ANSWERS = {200, 204, 302, 303, 400, 409, 410, 413, 415, 422, 429}

Ask = Callable[[Rule, str, str | None, str], TestResponse]


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with every method that its view answers."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


@pytest.fixture
def ask(desk_app: Flask) -> Ask:
    """Sends a request with a good token: a route, a method, who asks (None: nobody), and whose things stand in the address."""
    hosts = count(1)
    token = URLSafeTimedSerializer(desk_app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(RAW)

    def answer(rule: Rule, method: str, name: str | None, centre: str) -> TestResponse:
        client, now = desk_app.test_client(), datetime.now(UTC)
        with desk_app.test_request_context(), session(engine()) as register:
            accounts = {account.name: account for account in register.exec(select(Account))}
            clerk = next(a for a in accounts.values() if a.centre == centre and a.role == "supervisor")
            told = arguments(rule, Making(desk_app, register, centre, clerk))
            path = desk_app.url_map.bind("localhost").build(rule.endpoint, told, method=method)
            with client.session_transaction() as held:
                held["csrf_token"] = RAW
                if name is not None:
                    sessions.stamp(held, register, accounts[name], now)
        data = {"csrf_token": token} if method != "GET" else None
        found = client.open(
            path, method=method, data=data, environ_overrides={"REMOTE_ADDR": f"192.0.2.{next(hosts) % 250}"}
        )
        found.get_data()
        return found

    return answer


def may(action: str, name: str, of: str) -> bool:
    """Whether the table lets an account do this to what belongs to a centre."""
    role, centre = EVERYONE[name]
    roles, reach = MAY[action]
    return LETTERS[role] in roles and (reach == "all" or centre == of or (reach == "city" and centre == "tianjin"))


def outcome(answer: TestResponse) -> str:
    """What an answer comes to: let in, refused, sent to the door, sent to change the first password, or something else."""
    where = answer.headers.get("Location", "")
    if answer.status_code == 303 and where.startswith("/desk/sign-in"):
        return "door"
    if answer.status_code == 303 and where == "/desk/me/password":
        return "first password"
    if answer.status_code == REFUSED:
        return "door" if 'type="password"' in answer.text else "refused"
    return "let in" if answer.status_code in ANSWERS else f"{answer.status_code}"


def test_the_table_names_every_route(desk_app: Flask) -> None:
    """None is missing, and none stands there that the site does not have."""
    assert {rule.endpoint for rule, _ in routes(desk_app)} == set(WHAT)
    assert set(MAY) == set(get_args(Action)) == set(ROUTES) - {"public", "open", "key"}


def test_actions_of_the_palette_take_the_rights_of_their_pages() -> None:
    """Nobody is led to a page that then refuses them, and whoever may open one is led to it."""
    assert {endpoint: action for endpoint, _, action in ACTIONS} == {
        endpoint: WHAT[endpoint] for endpoint, *_ in ACTIONS
    }
    assert {key for _, key, _ in ACTIONS} == set(desk_labels.PALETTE_ACTION)


@pytest.mark.parametrize("endpoint", sorted(e for e, action in WHAT.items() if action in MAY))
def test_a_page_of_the_desk(desk_app: Flask, ask: Ask, endpoint: str) -> None:
    """Nobody is sent to the door; each role is let in or refused as the table says, here and at another centre."""
    action, found, expected = WHAT[endpoint], {}, {}
    for rule, method in routes(desk_app):
        if rule.endpoint != endpoint:
            continue
        found[method, None, ""] = outcome(ask(rule, method, None, "heping"))
        expected[method, None, ""] = "door"
        for name, (_, centre) in EVERYONE.items():
            for of in ("heping", "hedong", "tianjin") if rule.arguments and endpoint not in OWN_ALONE else (centre,):
                found[method, name, of] = outcome(ask(rule, method, name, of))
                expected[method, name, of] = "let in" if may(action, name, of) else "refused"
    assert {k: v for k, v in found.items() if v != expected[k]} == {}
    assert found


@pytest.mark.parametrize("endpoint", sorted(e for e, action in WHAT.items() if action in MAY))
def test_a_first_password_opens_nothing_else(desk_app: Flask, ask: Ask, endpoint: str) -> None:
    """Whoever has not changed it yet is sent to change it, from every page but their own account's."""
    name = next(name for name in ("supervisor", "administrator") if may(WHAT[endpoint], name, "heping"))
    with desk_app.app_context(), session(engine()) as register:
        register.exec(select(Account).where(Account.name == name)).one().must_change = True
    found = {
        outcome(ask(rule, method, name, "heping")) for rule, method in routes(desk_app) if rule.endpoint == endpoint
    }
    if WHAT[endpoint] == "self.change":
        assert "first password" not in found or endpoint == "desk_mine.end_others"
    else:
        assert found == {"first password"}


@pytest.mark.parametrize("endpoint", sorted(e for e, action in WHAT.items() if action in ("public", "open")))
def test_a_page_for_everybody(desk_app: Flask, ask: Ask, endpoint: str) -> None:
    """It answers nobody, and each role; it asks for no account and refuses none."""
    for rule, method in routes(desk_app):
        if rule.endpoint == endpoint:
            for name in (None, "clerk", "supervisor", "administrator", "auditor"):
                answer = ask(rule, method, name, "heping")
                assert outcome(answer) in ("let in", "404") or endpoint.startswith("desk_sign_in"), (method, name)
                assert answer.status_code < 500


def test_an_address_for_programs_knows_no_session(desk_app: Flask, ask: Ask) -> None:
    """What a centre keeps is given to a key alone: whoever is signed in at the desk is as much a stranger there as nobody."""
    found = {
        (rule.endpoint, method, name): ask(rule, method, name, "heping").status_code
        for rule, method in routes(desk_app)
        if WHAT[rule.endpoint] == "key"
        for name in (None, "supervisor", "administrator")
    }
    assert set(found.values()) == {401}
