"""What is kept: the database, who can sign in, the centres' keys, and backups of it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, text
from sqlmodel import Session

from matcher import places
from matcher.accounts import list_accounts
from matcher.db import StoreError, database_url, open_engine, reading
from matcher.letters import centres
from matcher.letters.proof import KeyFolder, KeyFolderError
from matcher.settings import settings

from ..backup import Place, readable_secrets
from .finding import Finding, good, warning, wrong


def database() -> Iterator[Finding]:
    """Whether the database answers, and keeps our time."""
    url = database_url()
    if not _is_there(url):
        zh, en = (
            f"还没有 {url.database}：第一次 matcher serve 会建立它",
            f"{url.database} is not there yet: matcher serve makes it",
        )
        yield warning("database", zh, en)
        return
    try:
        with _register() as register:
            revision = register.connection().execute(text("select version_num from alembic_version")).scalar()
            at = register.connection().execute(text("select current_timestamp")).scalar()
    except StoreError as error:
        yield wrong(
            "database",
            f"{error.zh} 若是新装的，matcher serve 会建立数据库",
            f"{error.en} Where it is a new installation, matcher serve makes the database",
        )
        return
    yield good("database", f"数据库答复，版本 {revision}", f"the database answers, schema {revision}")
    yield from _database_clock(at)


def _database_clock(at: object) -> Iterator[Finding]:
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    if not isinstance(moment, datetime):
        return
    apart = abs((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC))
    if apart > timedelta(minutes=1):
        zh, en = (
            f"数据库的钟与本机差 {apart}，请都开 NTP 对时",
            f"the database's clock is {apart} off: let both follow NTP",
        )
        yield wrong("clock", zh, en)


def accounts() -> Iterator[Finding]:
    """Whether anybody can sign in at the desk; nothing is said where the database has no such table, or does not answer."""
    found = 0
    if _is_there(database_url()):
        try:
            with _register() as register:
                found = sum(one.is_active for one in list_accounts(register))
        except StoreError:
            return
    if found:
        yield good("accounts", f"能登录工作台的账号：{found} 个", f"accounts that can sign in at the desk: {found}")
        return
    yield warning(
        "accounts",
        "还没有人能登录工作台。请运行 matcher accounts new --role administrator --centre tianjin 登录名",
        "nobody can sign in at the desk. Run matcher accounts new --role administrator --centre tianjin NAME",
    )


def keys() -> Iterator[Finding]:
    """Which centres can sign, whether their keys open, and whether they lie in clear."""
    folder = KeyFolder.own()
    have = [centre for centre in centres() if folder.active(centre) is not None]
    if not have:
        yield warning(
            "keys",
            "还没有中心的密钥，签不了函。请先把 MATCHER_KEYS_PASSPHRASE 设成一个口令（网站也要用它），再运行 matcher keys new heping"
            "（或别的中心）",
            "no centre has a key: no letter can be signed. Set MATCHER_KEYS_PASSPHRASE to a passphrase (the site needs it too), then run "
            "matcher keys new heping (or another centre)",
        )
        return
    able = []
    for centre in have:
        try:
            folder.signing(centre)
        except KeyFolderError as error:
            yield wrong("keys", f"{centre} 签不了函：{error.text.zh}", f"{centre} cannot sign: {error.text.en}")
        else:
            able.append(centre)
    if not able:
        return
    clear = [name for name in readable_secrets(_place()) if name.endswith(".pem")]
    if clear:
        # Who has read a key in clear signs with it until it is exchanged.
        renew = "; ".join(f"matcher keys rotate {centre}" for centre in able)
        yield warning(
            "keys",
            f"密钥没有加密存放：{', '.join(clear)}。请把 MATCHER_KEYS_PASSPHRASE 设成一个口令（网站也要用它），再运行 {renew}，"
            "其余的密钥同时加密",
            f"keys lie in clear: {', '.join(clear)}. Set MATCHER_KEYS_PASSPHRASE to a passphrase (the site needs it too), then run "
            f"{renew}, which encrypts the other keys as well",
        )
    yield good("keys", f"可以签函的中心：{', '.join(able)}", f"centres that can sign: {', '.join(able)}")


def backups() -> Iterator[Finding]:
    """Whether backups are encrypted: whoever gets hold of one has the secret key, and every firm's facts."""
    found = settings().backup_recipients
    if found:
        yield good("backups", f"备份加密，{len(found)} 个公钥", f"backups are encrypted for {len(found)} public keys")
        return
    yield warning(
        "backups",
        "备份不加密：拿到文件的人能看到企业情况，还能伪造登录。请在另一台电脑上运行 age-keygen -o key.txt，"
        "把它显示的公钥（age1…）设成 MATCHER_BACKUP_RECIPIENTS",
        "backups are not encrypted: whoever gets one reads what firms told and can forge sessions. Run age-keygen -o key.txt on "
        "another computer, and set MATCHER_BACKUP_RECIPIENTS to the public key (age1…) that it shows",
    )


def _is_there(url: URL) -> bool:
    """Whether there is a database to be asked: SQLite would make an empty one."""
    return url.drivername != "sqlite" or Path(url.database or "").exists()


@contextmanager
def _register() -> Iterator[Session]:
    """The database, opened for one look. Raises StoreError."""
    opened = open_engine()
    try:
        with reading(opened) as register:
            yield register
    finally:
        opened.dispose()


def _place() -> Place:
    return Place(database_url(), places.instance_dir(), KeyFolder.own().folder)
