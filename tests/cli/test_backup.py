"""`matcher backup` and `matcher restore`: out of one installation, into another, and nothing over what is there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from pyrage import x25519

from matcher.audit.trail import Wanted, all_entries
from matcher.db.database import open_engine, session
from matcher.db.migration import migrate

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """An installation of its own with a centre's key."""
    for name in ("DATABASE_URL", "MATCHER_KEYS", "MATCHER_KEYS_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "one"))
    migrate()
    assert run("keys", "new", "heping").exit_code == 0


def actions() -> list[str]:
    """What the trail of the installation remembers."""
    engine = open_engine()
    with session(engine) as opened:
        found = [entry.action for entry in all_entries(opened, Wanted())]
    engine.dispose()
    return found


def test_out_of_one_and_into_another(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The restored installation has the key and a whole trail; both acts are remembered."""
    archive = tmp_path / "all.tar.gz"
    assert run("backup", archive).exit_code == 0
    assert actions() == ["backup.made"]
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "two"))
    restored = run("restore", archive, "--lang", "en")
    assert (restored.exit_code, restored.output.startswith("restored: ")) == (0, True)
    assert actions() == ["backup.restored"]
    assert run("audit", "verify").exit_code == 0
    assert {path.name for path in (tmp_path / "two" / "keys").iterdir()} == {
        path.name for path in (tmp_path / "one" / "keys").iterdir()
    }


def test_keys_in_clear_are_warned_of(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, in both languages, beside what was written; without secrets, or with encrypted keys alone, there is no warning."""
    made = run("backup", tmp_path / "clear.tar.gz")
    keys = [path.name for path in (tmp_path / "one" / "keys").glob("*.pem")]
    assert keys
    assert all(name in made.stderr for name in keys)
    assert "警告" in made.stderr
    assert "WARNING" in made.stderr
    assert run("backup", tmp_path / "none.tar.gz", "--without-secrets").stderr == ""
    monkeypatch.setenv("MATCHER_KEYS_PASSPHRASE", "a passphrase of six words or so")
    monkeypatch.setenv("MATCHER_KEYS", str(tmp_path / "encrypted"))
    assert run("keys", "new", "heping").exit_code == 0
    assert run("backup", tmp_path / "encrypted.tar.gz").stderr == ""


def test_nothing_is_restored_over_what_is_there(run: Run, tmp_path: Path) -> None:
    """Exit status 2, and what stands in the way by name, in both languages."""
    archive = tmp_path / "all.tar.gz"
    run("backup", archive)
    refused = run("restore", archive)
    assert refused.exit_code == 2
    assert "matcher.db" in refused.stderr
    assert "请先移走" in refused.stderr


def test_a_backup_without_secrets_has_none(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restored, the installation has the public list of keys and no private one."""
    archive = tmp_path / "all.tar.gz"
    assert run("backup", archive, "--without-secrets").exit_code == 0
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "two"))
    assert run("restore", archive).exit_code == 0
    assert [path.name for path in (tmp_path / "two" / "keys").iterdir()] == ["keys.json"]


def test_an_encrypted_one_by_option_and_by_setting(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No warning of keys in clear; the private key, which the server has not, puts it into another installation."""
    own = x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(own))
    made = run("backup", tmp_path / "one.age", "--recipient", own.to_public())
    assert (made.exit_code, made.stderr) == (0, "")
    monkeypatch.setenv("MATCHER_BACKUP_RECIPIENTS", str(own.to_public()))
    assert run("backup", tmp_path / "two.age").stderr == ""
    monkeypatch.setenv("MATCHER_BACKUP_RECIPIENTS", "age1short")
    assert run("backup", tmp_path / "three.age").exit_code == 2
    monkeypatch.delenv("MATCHER_BACKUP_RECIPIENTS")
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path / "two"))
    assert "--identity" in run("restore", tmp_path / "two.age").output
    assert run("restore", tmp_path / "two.age", "--identity", tmp_path / "key.txt").exit_code == 0
    assert run("audit", "verify").exit_code == 0
