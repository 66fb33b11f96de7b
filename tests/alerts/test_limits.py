"""How much mail strangers may ask for: of a network, and to a mailbox, whichever process of the site answers."""

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from matcher.alerts.service import mailbox_of, read_address
from matcher.db.database import open_engine, session
from matcher.db.faults import EntryError
from matcher.rulebook.rulebook import Rulebook
from matcher.site.app import create_app
from matcher.web import database as web_database
from matcher.web.database import close_engine
from matcher.web.limits import tries
from matcher.web.models import Attempt
from tests.fixtures.mail import REFUSED, Mailbox
from tests.fixtures.pages import SECRET, parsed

OTHER = "192.0.2.7"
OF_ONE_NETWORK, OF_A_WIDER_ONE, TO_ONE = 20, 80, 2

# A process of the site that is asked for mail to one address after another; it says the status of every answer.
PROCESS = """
import sys
from matcher.site import create_app
site = create_app({"SECRET_KEY": sys.argv[1], "DATABASE_URL": sys.argv[2], "INSTANCE": sys.argv[3]})
visitor = site.test_client()
token = visitor.get("/alerts").text.split('name="csrf_token" value="')[1].split('"')[0]
print("ready", flush=True)
sys.stdin.readline()
for address in sys.argv[4:]:
    print(visitor.post("/alerts", data={"csrf_token": token, "address": address}).status_code, flush=True)
"""


@pytest.fixture(autouse=True)
def offered(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server and an address of the site are set."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "http://localhost")


def ask(app: Flask, address: str, by: str = "127.0.0.1", **headers: str) -> int:
    """Ask for mail from a network address, as a browser does that has just opened the page; the status of the answer."""
    visitor = app.test_client()
    sent = {"environ_base": {"REMOTE_ADDR": by}, "headers": headers}
    token = parsed(visitor.get("/alerts", **sent)).value("csrf_token")
    return visitor.post("/alerts", data={"csrf_token": token, "address": address}, **sent).status_code


def test_one_mailbox_is_written_to_twice_a_day_however_its_address_is_written(
    desk_app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Capitals, what follows a plus, dots, wide letters and both forms of a host name make no new mailbox; a day later it may come."""
    same = ("li.na@gongsi.example", "LI.NA@Gongsi.Example", "lina+1@gongsi.example", "ｌｉ.ｎａ＠gongsi。example")
    assert [ask(desk_app, one) for one in same] == [200] * 4
    assert [message["To"] for message in mailbox.messages] == [same[0]] * TO_ONE
    hosts = ("a@公司.cn", "a@xn--55qx5d.cn", "a+b@公司。cn")
    assert [ask(desk_app, one) for one in hosts] == [200] * 3
    assert [message["To"] for message in mailbox.messages[TO_ONE:]] == ["a@xn--55qx5d.cn"] * TO_ONE
    assert ask(desk_app, same[0], by=OTHER) == 200
    assert len(mailbox.messages) == 2 * TO_ONE, "from another network neither"
    moment = web_database.moment
    monkeypatch.setattr(web_database, "moment", lambda: moment() + timedelta(hours=24, seconds=1))
    assert ask(desk_app, same[0]) == 200
    assert len(mailbox.messages) == 2 * TO_ONE + 1


def test_a_message_that_was_not_sent_costs_the_address_nothing(
    desk_app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a mail server that was away, or that did not know an address, the page must not say that a message is under way."""
    with monkeypatch.context() as patched:
        patched.setenv("MATCHER_SMTP", "smtp://127.0.0.1:1")
        assert [ask(desk_app, "a@example.com") for _ in range(3)] == [503] * 3
    assert [ask(desk_app, REFUSED) for _ in range(3)] == [422] * 3
    assert ask(desk_app, "a@example.com") == 200
    assert len(mailbox.messages) == 1


def test_a_network_asks_so_often_an_hour_and_is_told_when_again(
    desk_app: Flask, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says of itself in headers changes nothing; others may ask meanwhile, and it may itself an hour later."""
    for number in range(OF_ONE_NETWORK):
        forged = f"198.51.100.{number}"
        assert ask(desk_app, f"a{number}@example.com", **{"X-Forwarded-For": forged, "X-Real-IP": forged}) == 200
    visitor = desk_app.test_client()
    token = parsed(visitor.get("/alerts")).value("csrf_token")
    answer = visitor.post("/alerts", data={"csrf_token": token, "address": "b@example.com"})
    page = parsed(answer)
    assert (answer.status_code, page.value("address")) == (429, "b@example.com")
    assert re.search(r"请过\d+分钟再试", page.text)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert len(mailbox.messages) == OF_ONE_NETWORK
    assert ask(desk_app, "b@example.com", by=OTHER) == 200
    moment = web_database.moment
    monkeypatch.setattr(web_database, "moment", lambda: moment() + timedelta(minutes=60, seconds=1))
    assert ask(desk_app, "c@example.com") == 200


def test_a_customer_of_ipv6_has_no_more_by_its_many_networks(desk_app: Flask, mailbox: Mailbox) -> None:
    """Each /64 counts as one, and the /48 above it four times as much; the next /48 is somebody else's."""
    for number in range(OF_A_WIDER_ONE):
        assert ask(desk_app, f"a{number}@example.com", by=f"2001:db8:1:{number // 16:x}::{number}") == 200
    assert ask(desk_app, "b@example.com", by="2001:db8:1:ffff::1") == 429
    assert ask(desk_app, "b@example.com", by="2001:db8:2:ffff::1") == 200


def test_behind_a_proxy_the_last_address_it_names_counts(
    rulebook: Rulebook, desk_database: str, tmp_path: Path, mailbox: Mailbox
) -> None:
    """What a visitor put in front of it does not."""
    site = create_app(
        {
            "SECRET_KEY": SECRET,
            "RULEBOOK": rulebook,
            "DATABASE_URL": desk_database,
            "INSTANCE": str(tmp_path),
            "PROXIES": 1,
        }
    )
    told = [f"198.51.100.{number}, {OTHER}" for number in range(OF_ONE_NETWORK + 1)]
    asked = [ask(site, f"a{n}@example.com", **{"X-Forwarded-For": one}) for n, one in enumerate(told)]
    assert asked == [*[200] * OF_ONE_NETWORK, 429]
    assert ask(site, "b@example.com", **{"X-Forwarded-For": "203.0.113.9"}) == 200
    with site.app_context():
        close_engine()


@pytest.mark.both_databases
def test_two_processes_at_once_allow_no_more_than_one(
    desk_app: Flask, desk_database: str, mailbox: Mailbox, tmp_path: Path
) -> None:
    """Both are asked at the same moment, and a third after them, as after a restart: together they have one measure."""
    command = [sys.executable, "-c", PROCESS, SECRET, desk_database, str(tmp_path / "instance")]
    asked = [["one@example.com"] * 6 + [f"{who}{number}@example.com" for number in range(8)] for who in "ab"]
    running = [
        subprocess.Popen(
            [*command, *addresses], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        for addresses in asked
    ]
    statuses: list[int] = []
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        told, _ = process.communicate()
        assert process.returncode == 0
        statuses += map(int, told.split())
    assert len(statuses) == sum(map(len, asked))
    assert set(statuses) <= {200, 429}
    # Two that come at the very same moment at the border may both be refused, never both let in.
    after = [ask(desk_app, "one@example.com") for _ in range(OF_ONE_NETWORK)]
    assert (statuses + after).count(200) == OF_ONE_NETWORK
    assert after[-1] == 429
    to_one = sum(message["To"] == "one@example.com" for message in mailbox.messages)
    assert 1 <= to_one <= TO_ONE


@pytest.mark.both_databases
def test_what_is_counted_names_nobody_and_goes_after_its_time(desk_app: Flask, desk_database: str) -> None:
    """Neither the network nor the mailbox can be read; what is too old to count goes with the next of its kind."""
    ask(desk_app, "a@example.com")
    engine = open_engine(desk_database)
    with session(engine) as writing:
        kept = writing.exec(select(Attempt)).all()
        assert [one.purpose for one in kept] == ["alert", "alert_mail"]
        for one in kept:
            assert re.fullmatch("[0-9a-f]{64}", one.client)
            one.made_at -= timedelta(hours=25)
            writing.add(one)
    ask(desk_app, "b@example.com")
    with session(engine) as reading:
        numbers: dict[str, tuple[int, datetime | None]] = {
            "alert": tries(reading, "alert"),
            "alert_mail": tries(reading, "alert_mail"),
        }
    engine.dispose()
    assert {purpose: number for purpose, (number, _) in numbers.items()} == {"alert": 1, "alert_mail": 1}


@pytest.mark.parametrize(
    ("typed", "kept", "counted"),
    [
        (" Name@Example.COM ", "name@example.com", "name@example.com"),
        ("na.me+x.y@qq.com", "na.me+x.y@qq.com", "name@qq.com"),
        ("name＠公司。cn", "name@xn--55qx5d.cn", "name@xn--55qx5d.cn"),
    ],
)
def test_addresses_are_kept_and_counted(typed: str, kept: str, counted: str) -> None:
    """As mail carries them, and as their mailbox."""
    assert (read_address(typed), mailbox_of(kept)) == (kept, counted)


@pytest.mark.parametrize(
    "typed",
    [
        "王@example.com",
        "a@公司..cn",
        "a@公司.cn\r\nbcc: b@c.cn",
        "a@b@公司.cn",
        f"a@{'公' * 70}.cn",
        "a" * 70_000,
        "@",
        "",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    """However long it is, and whatever the host's other script hides."""
    with pytest.raises(EntryError):
        read_address(typed)
