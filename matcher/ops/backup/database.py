"""Copies a whole database out and in: SQLite by its own online backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from psycopg.pq import Conninfo
from sqlalchemy import URL, Connection, Engine, inspect, text

from matcher.db import open_engine
from matcher.places import migrations_dir
from matcher.settings import child_environment

from .archive import BackupError

_REVISION = re.compile(r'^revision\b.*?= "(\w+)"$', re.MULTILINE)

_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class State:
    """What a database held at one moment: its schema (PostgreSQL), revision, rows by table, and the head of the audit trail."""

    db_schema: str | None
    revision: str
    rows: dict[str, int]
    audit_head: str


def dump(engine: Engine, file: Path) -> State:
    """Copy the database into a new file while others go on writing; what it held at the one moment of the copy.

    :raises BackupError: when PostgreSQL's programs are missing or fail, or the database is not ours.
    """
    return _dump_postgresql(engine, file) if engine.name == "postgresql" else _dump_sqlite(engine, file)


def load_postgresql(engine: Engine, file: Path, schema: str) -> None:
    """Read a dump into a database without tables, as a whole or not at all. Raises BackupError."""
    _same_schema(engine, schema)
    _run(
        engine.url,
        *("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"),
        *(f"--schema={schema}", f"--dbname={engine.url.database}", str(file)),
    )


def clear_postgresql(engine: Engine) -> None:
    """Take away what a restore that failed has left in a database that was empty before."""
    with engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for table in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE {quote(table)} CASCADE"))
        connection.execute(text("DROP FUNCTION IF EXISTS audit_entry_refuse() CASCADE"))


def state_of(connection: Connection) -> State:
    """What the database holds. Raises BackupError where it has no tables of ours."""
    tables = sorted(inspect(connection).get_table_names())
    if "alembic_version" not in tables or "audit_head" not in tables:
        raise BackupError(
            "数据库中没有本程序的表，或版本太旧。请先运行一次网站或任一命令以升级。",
            "The database has no tables of ours, or is too old: start the site once, which brings it up to date.",
        )
    quote = connection.dialect.identifier_preparer.quote
    number, digest = connection.execute(text("SELECT number, digest FROM audit_head")).one()
    return State(
        connection.scalar(text("SELECT current_schema()")) if connection.dialect.name == "postgresql" else None,
        str(connection.scalar(text("SELECT version_num FROM alembic_version"))),
        {table: int(connection.scalar(text(f"SELECT count(*) FROM {quote(table)}")) or 0) for table in tables},
        f"{number}:{digest}",
    )


def known_revisions() -> frozenset[str]:
    """The revisions of the schema that this version of the program knows."""
    texts = (path.read_text(encoding="utf-8") for path in (migrations_dir() / "versions").glob("*.py"))
    return frozenset(found[1] for found in map(_REVISION.search, texts) if found)


def is_empty(url: URL) -> bool:
    """Whether there is nothing at the address that a restore would have to overwrite. Raises StoreError."""
    if url.drivername == "sqlite":
        return not Path(url.database or "").exists()
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            return not inspect(connection).get_table_names()
    finally:
        engine.dispose()


def sqlite_state(file: Path) -> State:
    """What a SQLite file holds, its pages checked first. Raises BackupError for a damaged one."""
    with closing(sqlite3.connect(file)) as opened:
        try:
            sound = opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            sound = False
    if not sound:
        raise BackupError("备份中的数据库已损坏。", "The database in the backup is damaged.")
    engine = open_engine(URL.create("sqlite", database=str(file)))
    try:
        with engine.connect() as connection:
            return state_of(connection)
    finally:
        engine.dispose()


def _dump_sqlite(engine: Engine, file: Path) -> State:
    source = Path(engine.url.database or "").absolute()
    if not source.is_file():
        raise BackupError(f"没有数据库 {source}。", f"There is no database {source}.")
    try:
        with (
            closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live,
            closing(sqlite3.connect(file)) as copy,
        ):
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    except sqlite3.Error as error:
        raise BackupError(f"读不了数据库 {source}：{error}。", f"{source} cannot be read: {error}.") from None
    return sqlite_state(file)


def _dump_postgresql(engine: Engine, file: Path) -> State:
    """What is counted and what is dumped is one snapshot: both see the database as it was at the first statement."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        state = state_of(connection)
        _run(
            engine.url,
            *("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
            *(f"--schema={state.db_schema}", f"--file={file}"),
        )
    return state


def _same_schema(engine: Engine, schema: str) -> None:
    """A dump goes back into the schema of the same name, which is made where the address names it already."""
    with engine.begin() as connection:
        now = "SELECT current_schema()"
        if connection.scalar(text(now)) is None:
            quote = connection.dialect.identifier_preparer.quote
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}"))
        found = connection.scalar(text(now))
    if found != schema:
        raise BackupError(
            f"备份取自模式 {schema}，而 DATABASE_URL 指向模式 {found}。请改为同名模式。",
            f"The backup is of the schema {schema}, and DATABASE_URL leads to {found}: use one of the same name.",
        )


def _run(url: URL, program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; the address and password go by the environment, where no list of processes shows them."""
    try:
        subprocess.run(
            [_found(program), "--no-password", *words],
            env=_environment(url),
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").splitlines() or [""]
        reason = lines[0].replace(url.password, "***") if url.password else lines[0]
        raise BackupError(f"{program} 未能完成：{reason}", f"{program} failed: {reason}") from None


def _environment(url: URL) -> dict[str, str]:
    told = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    told |= {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    names = {option.keyword.decode(): option.envvar for option in Conninfo.get_defaults()}
    given = {
        envvar.decode(): str(told[keyword])
        for keyword, envvar in names.items()
        if envvar is not None and told.get(keyword) is not None
    }
    return child_environment(**given)


def _found(program: str) -> str:
    """The program on the PATH, else the newest that Debian has."""
    versions = sorted(_DEBIAN.glob("[0-9]*"), key=lambda folder: int(folder.name) if folder.name.isdecimal() else 0)
    for folder in (None, *(str(one / "bin") for one in reversed(versions))):
        found = shutil.which(program, path=folder)
        if found:
            return found
    raise BackupError(
        f"找不到 {program}。请安装 postgresql-client（版本不低于服务器），或将其所在目录加入 PATH。",
        f"{program} is not there: install postgresql-client, at least as new as the server, or put it on the PATH.",
    )
