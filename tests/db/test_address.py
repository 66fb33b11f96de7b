"""Addresses of databases: which are read, how, and that a refusal keeps their passwords."""

import traceback
from pathlib import Path

import pytest

from matcher.db.database import database_url, read_url
from matcher.db.faults import StoreError


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_postgresql_goes_through_psycopg_3(scheme: str) -> None:
    """Every usual spelling of a PostgreSQL address is read for psycopg 3, and nothing else in it changes."""
    url = read_url(f"{scheme}://clerk:p%40ss@db.example:5433/matcher?sslmode=require")
    assert url.render_as_string(hide_password=False) == (
        "postgresql+psycopg://clerk:p%40ss@db.example:5433/matcher?sslmode=require"
    )


def test_the_default_is_a_file_in_the_instance_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without DATABASE_URL, or with an empty one, the register is matcher.db in the instance folder."""
    monkeypatch.setenv("MATCHER_INSTANCE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert database_url().database == str(tmp_path / "matcher.db")
    monkeypatch.setenv("DATABASE_URL", " ")
    assert database_url().drivername == "sqlite"


def test_the_environment_names_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """DATABASE_URL beats the default."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////var/lib/m.db")
    assert database_url().database == "/var/lib/m.db"


@pytest.mark.parametrize(
    "address",
    [
        "mysql://clerk:geheim@db/matcher",
        "postgresql://clerk:geheim@db:geheim/matcher",
        "clerk:geheim@db",
        "postgresql+geheim://db/matcher",
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
    ],
)
def test_a_bad_address_is_refused_without_repeating_it(address: str) -> None:
    """The refusal says in both languages how an address is written, and quotes no piece of what it was given."""
    with pytest.raises(StoreError) as refusal:
        read_url(address)
    assert "postgresql://" in refusal.value.zh
    assert "postgresql://" in refusal.value.en
    assert "geheim" not in "".join(traceback.format_exception(refusal.value))


def test_a_password_in_the_query_is_masked_like_any_other() -> None:
    """libpq takes a password after the question mark as well; it is moved to where every message hides it."""
    url = read_url("postgres://clerk@db/matcher?password=geheim&sslmode=require")
    assert str(url) == "postgresql+psycopg://clerk:***@db/matcher?sslmode=require"
    assert url.password == "geheim"
