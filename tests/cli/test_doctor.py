"""`matcher doctor`: what is wrong with an installation, and how to mend it."""

import json
import os
import pwd
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from matcher.accounts import identity
from matcher.db.migration import migrate
from matcher.letters.order import centres
from matcher.letters.proof.keys import KeyFolder
from tests.fixtures.clamav import Scanner
from tests.fixtures.command_line import Run
from tests.fixtures.identity_provider import Provider
from tests.fixtures.mail import REFUSED, Mailbox


def found(run: Run) -> dict[str, list[tuple[str, str]]]:
    """Every finding by its part: the grade and the English words."""
    findings: dict[str, list[tuple[str, str]]] = {}
    for line in run("doctor", "--json").stdout.splitlines():
        one = json.loads(line)
        findings.setdefault(one["part"], []).append((one["grade"], one["text"]["en"]))
        assert one["text"]["zh"]
    return findings


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder that is not there yet."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("MATCHER_INSTANCE", str(folder))
    for name in ("DATABASE_URL", "MATCHER_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_a_fresh_installation_is_told_what_comes_next(run: Run, instance: Path) -> None:
    """Nothing is wrong before the first start, nothing is made, and the warnings name the next commands."""
    findings = found(run)
    assert run("doctor").exit_code == 0
    assert not instance.exists()
    assert findings["database"][0][0] == "warning"
    assert "matcher serve" in findings["database"][0][1]
    assert re.search(r"Set MATCHER_KEYS_PASSPHRASE .* run matcher keys new", findings["keys"][0][1])
    assert "MATCHER_OPERATOR " in str(findings["settings"])
    assert "matcher accounts new" in findings["accounts"][0][1]
    assert "matcher serve" in findings["next"][0][1]
    assert list(findings)[-1] == "next"


def test_a_folder_that_cannot_be_made_is_wrong(run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that makes it is named, never one that would give away what lies above it; once it is there, its own is."""
    user = pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setattr(os, "access", lambda *_: False)  # root, who runs the tests in a container, may write everywhere
    ((grade, words),) = found(run)["files"]
    assert (grade, f"install -d -m 700 -o {user} {instance}," in words, "chown" in words) == (
        "wrong",
        True,
        False,
    )
    assert run("doctor").exit_code == 1
    instance.mkdir()
    ((grade, words),) = found(run)["files"]
    assert (grade, f"chown -R {user} {instance}," in words) == ("wrong", True)


def test_what_others_can_read_is_wrong(run: Run, instance: Path) -> None:
    """A secret key that other users can read is named with the command that mends it."""
    instance.mkdir()
    migrate(f"sqlite:///{instance}/matcher.db")
    (instance / "secret_key").write_text("x" * 64)
    (instance / "secret_key").chmod(0o644)
    findings = found(run)
    assert ("wrong", f"other users can read {instance}/secret_key. Run chmod 600 {instance}/secret_key") in findings[
        "files"
    ]
    assert findings["database"][0][0] == "good"
    assert run("doctor").exit_code == 1
    (instance / "secret_key").chmod(0o600)
    assert run("doctor").exit_code == 0


def test_a_mail_server_that_does_not_take_our_mail_is_wrong(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox
) -> None:
    """One that would take it is good; one that refuses who sends, nobody there, or nobody who sends is said before a message is lost."""
    assert found(run)["mail"][0] == ("good", f"{mailbox.address} takes this site's mail")
    assert not mailbox.messages
    monkeypatch.setenv("MATCHER_MAIL_FROM", REFUSED)
    assert found(run)["mail"][0][0] == "wrong"
    assert "MATCHER_MAIL_FROM" in found(run)["mail"][0][1]
    monkeypatch.setenv("MATCHER_SMTP", "smtp://127.0.0.1:1")
    assert "Check MATCHER_SMTP" in found(run)["mail"][0][1]
    monkeypatch.delenv("MATCHER_MAIL_FROM")
    assert "MATCHER_MAIL_FROM" in found(run)["mail"][0][1]
    monkeypatch.delenv("MATCHER_SMTP")
    assert found(run)["mail"][0][0] == "warning"


def test_a_scanner_that_does_not_answer_is_wrong(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch, scanner: Scanner
) -> None:
    """It is said why and how to mend it; one that answers is good, none is a warning."""
    assert found(run)["scanner"][0][0] == "warning"
    monkeypatch.setenv("MATCHER_CLAMAV", scanner.file)
    assert found(run)["scanner"][0][0] == "good"
    monkeypatch.setenv("MATCHER_CLAMAV", str(instance / "none.ctl"))
    grade, words = found(run)["scanner"][0]
    assert (grade, "No such file" in words, "systemctl status clamav-daemon" in words) == ("wrong", True, True)


def test_what_lies_in_clear_is_told(run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Private keys without a passphrase by their names, and backups that no key encrypts; not those that are encrypted."""
    KeyFolder(instance / "keys").new(centres()["heping"], date(2026, 1, 5))
    findings = found(run)
    assert "matcher keys rotate heping," in next(words for grade, words in findings["keys"] if grade == "warning")
    assert "age-keygen" in findings["backups"][0][1]
    shutil.rmtree(instance / "keys")
    KeyFolder(instance / "keys", "a long passphrase").new(centres()["heping"], date(2026, 1, 5))
    monkeypatch.setenv("MATCHER_BACKUP_RECIPIENTS", "age1" + "q" * 58)
    (grade, words), *more = found(run)["keys"]
    assert (grade, more) == ("wrong", []), "without the passphrase nothing can be signed"
    assert "heping cannot sign" in words
    assert "MATCHER_KEYS_PASSPHRASE" in words
    monkeypatch.setenv("MATCHER_KEYS_PASSPHRASE", "a long passphrase")
    findings = found(run)
    assert [grade for grade, _ in (*findings["keys"], *findings["backups"])] == ["good", "good"]


def test_who_does_what_is_said_of_keys_in_clear_has_none(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first command before the passphrase, then the passphrase and the command that the finding names: all is good."""
    assert run("keys", "new", "heping").exit_code == 0
    told = next(words for grade, words in found(run)["keys"] if grade == "warning")
    monkeypatch.setenv("MATCHER_KEYS_PASSPHRASE", "a long passphrase")
    assert "matcher keys rotate heping" in told
    done = run("keys", "rotate", "heping")
    assert (done.exit_code, done.stderr) == (0, "")
    assert found(run)["keys"] == [("good", "centres that can sign: heping")]


def test_a_database_that_does_not_answer_is_wrong(run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding says so, and the other parts are examined all the same."""
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    findings = found(run)
    assert findings["database"][0][0] == "wrong"
    assert {"settings", "rules", "fonts", "files", "clock", "keys"} <= findings.keys()


def test_settings_that_cannot_be_used_are_named(run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad setting is the finding, and no other part is tried with it."""
    monkeypatch.setenv("PORT", "eighty")
    findings = found(run)
    assert findings.keys() == {"settings"}
    assert "PORT" in findings["settings"][0][1]
    assert run("doctor", "--lang", "en").exit_code == 1


def test_a_sign_in_service_that_does_not_answer_is_wrong(
    run: Run, instance: Path, monkeypatch: pytest.MonkeyPatch, provider: Provider
) -> None:
    """So is a setting that is missing, or a role that there is none of; without any of them nothing is said of it."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://desk.example.cn")
    told = found(run)["sign-in"]
    assert [grade for grade, _ in told] == ["wrong", "wrong", "good"]
    assert "clerk@nowhere" in told[0][1]
    assert "king@heping" in told[1][1]
    monkeypatch.setenv("MATCHER_OIDC_GROUPS", "clerk@heping=hq-heping")
    provider.metadata = {"issuer": "https://elsewhere.cn"}
    identity.forget()
    assert "another issuer" in found(run)["sign-in"][0][1]
    monkeypatch.delenv("MATCHER_OIDC_CLIENT_SECRET")
    assert "MATCHER_OIDC_CLIENT_SECRET" in found(run)["sign-in"][0][1]
    for name in ("ISSUER", "CLIENT_ID", "GROUPS"):
        monkeypatch.delenv(f"MATCHER_OIDC_{name}")
    assert "sign-in" not in found(run)
    monkeypatch.delenv("MATCHER_PUBLIC_URL")
    assert "passkeys" in found(run)["sign-in"][0][1]
