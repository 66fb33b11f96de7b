"""What is wrong with an installation, and how to mend it: each thing that the site needs is tried as the site would."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from sqlalchemy import text

from matcher import places
from matcher.accounts import Role, identity, list_accounts, passkeys
from matcher.db import StoreError, database_url, open_engine, reading
from matcher.letters import centres
from matcher.letters.pdf import check_fonts
from matcher.letters.proof import KeyFolder
from matcher.places import has_draft_rules, rules_dir
from matcher.rulebook import RulebookError, Text, load
from matcher.settings import SettingsError, settings

from .secret import SECRET_FILE

Grade = Literal["good", "warning", "wrong"]

LEAST_FREE = 1024**3

"""Bytes of disk below which a warning is due: a backup, a large list and its results need as much at once."""

_SECONDS = 5

_MOST_AHEAD = timedelta(days=3650)


@dataclass(frozen=True)
class Finding:
    """What was found of one thing: ``wrong`` stops the site or a letter, ``warning`` does not yet. Its text says how to mend it."""

    part: str
    grade: Grade
    text: Text


def examine() -> Iterator[Finding]:
    """Everything that the site needs, one after the other; what cannot even be tried is a finding too."""
    yield from _settings()
    if settings_hold():
        for part, look in _PARTS.items():
            try:
                yield from look()
            except Exception as error:  # a doctor that falls over on the first sickness helps nobody
                kind = type(error).__name__
                yield Finding(
                    part, "wrong", Text(zh=f"查不了：{kind}：{error}", en=f"cannot be examined: {kind}: {error}")
                )


def settings_hold() -> bool:
    """Whether the settings of the environment can be used at all."""
    try:
        settings()
    except SettingsError:
        return False
    return True


def _settings() -> Iterator[Finding]:
    try:
        found = settings()
    except SettingsError as error:
        yield _wrong("settings", error.zh, error.en)
        return
    yield _good("settings", "设置都能用", "all settings can be used")
    if found.public_url is None:
        yield _warning(
            "settings",
            "没有设 MATCHER_PUBLIC_URL：函件上没有核验网址。设成本网站的公开网址，如 https://hq.example.gov.cn",
            "MATCHER_PUBLIC_URL is not set: letters name no place to verify them. Set it to this site's public address",
        )
    elif found.public_url.startswith("http://"):
        yield _warning(
            "settings",
            "MATCHER_PUBLIC_URL 不是 https：密码会明文传送",
            "MATCHER_PUBLIC_URL is not https: passwords go in clear",
        )
    clear = [origin for origin in found.embed_origins if origin.startswith("http://")]
    if clear:
        yield _warning(
            "settings",
            f"MATCHER_EMBED_ORIGINS 里有不是 https 的：{', '.join(clear)}。路上的人能改它的网页，也就能看到自查的结论",
            f"MATCHER_EMBED_ORIGINS has sites without https: {', '.join(clear)}. Whoever is on the way can change their "
            "pages, and so read what the check finds",
        )
    if not found.trusted_hosts:
        yield _warning(
            "settings",
            "没有设 TRUSTED_HOSTS：任何主机名都答复。设成本网站的主机名",
            "TRUSTED_HOSTS is not set: the site answers to any host name. Set it to the site's own",
        )


def _rules() -> Iterator[Finding]:
    try:
        book = load()
    except RulebookError as error:
        for problem in error.problems[:10]:
            yield _wrong("rules", str(problem), str(problem))
        return
    if has_draft_rules():
        yield _warning("rules", "用的是规则草稿，不签发函件", "a draft of the rules: no letters are issued")
    zh, en = (
        f"{len(book.schemes)} 项政策，版本 {book.hash[:12]}",
        f"{len(book.schemes)} schemes, edition {book.hash[:12]}",
    )
    yield _good("rules", f"{zh}（{rules_dir()}）", f"{en} ({rules_dir()})")


def _fonts() -> Iterator[Finding]:
    problems = check_fonts()
    yield from (Finding("fonts", "wrong", problem) for problem in problems)
    if not problems:
        yield _good("fonts", "函件的字体和字体裁剪库都在", "the fonts of letters and the subsetter are here")


def _files() -> Iterator[Finding]:
    folder = places.instance_dir()
    if not folder.exists():
        yield _warning(
            "files",
            f"还没有 {folder}：第一次 matcher serve 会建立它",
            f"{folder} is not there yet: the first matcher serve makes it",
        )
        folder = next(one for one in folder.parents if one.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        yield _wrong(
            "files",
            f"{folder} 不能写。请运行 chown -R {_user()} {folder}，或另设 MATCHER_INSTANCE",
            f"{folder} cannot be written. Run chown -R {_user()} {folder}, or set MATCHER_INSTANCE",
        )
    for path in (folder / SECRET_FILE, folder / "matcher.db", folder / "keys"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            yield _wrong(
                "files",
                f"{path} 别的用户也能读。请运行 chmod {mode} {path}",
                f"other users can read {path}. Run chmod {mode} {path}",
            )
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        zh, en = (
            f"{folder} 只剩 {free // 1024**2} MB，请腾出空间",
            f"only {free // 1024**2} MB are left on {folder}: make room",
        )
        yield _warning("files", zh, en)
    yield _good("files", f"文件在 {folder}", f"files lie in {folder}")


def _database() -> Iterator[Finding]:
    url = database_url()
    if url.drivername == "sqlite" and not Path(url.database or "").exists():
        zh, en = (
            f"还没有 {url.database}：第一次 matcher serve 会建立它",
            f"{url.database} is not there yet: matcher serve makes it",
        )
        yield _warning("database", zh, en)
        return
    try:
        opened = open_engine()
        try:
            with reading(opened) as register:
                revision = register.connection().execute(text("select version_num from alembic_version")).scalar()
                at = register.connection().execute(text("select current_timestamp")).scalar()
        finally:
            opened.dispose()
    except StoreError as error:
        yield _wrong(
            "database",
            f"{error.zh} 若是新装的，matcher serve 会建立数据库",
            f"{error.en} Where it is a new installation, matcher serve makes the database",
        )
        return
    yield _good("database", f"数据库答复，版本 {revision}", f"the database answers, schema {revision}")
    yield from _database_clock(at)


def _accounts() -> Iterator[Finding]:
    """Whether anybody can sign in at the desk; nothing is said where the database has no such table, or does not answer."""
    url = database_url()
    found = 0
    if url.drivername != "sqlite" or Path(url.database or "").exists():
        try:
            opened = open_engine()
            try:
                with reading(opened) as register:
                    found = sum(one.is_active for one in list_accounts(register))
            finally:
                opened.dispose()
        except StoreError:
            return
    if found:
        yield _good("accounts", f"能登录工作台的账号：{found} 个", f"accounts that can sign in at the desk: {found}")
        return
    yield _warning(
        "accounts",
        "还没有人能登录工作台。请运行 matcher accounts new --role administrator --centre tianjin 登录名",
        "nobody can sign in at the desk. Run matcher accounts new --role administrator --centre tianjin NAME",
    )


def _mail() -> Iterator[Finding]:
    told = settings()
    if told.smtp and not told.mail_from:
        yield _wrong(
            "mail",
            "设了 MATCHER_SMTP，还要设 MATCHER_MAIL_FROM：谁发的",
            "MATCHER_SMTP is set; set MATCHER_MAIL_FROM too",
        )
    elif not told.smtp:
        yield _warning(
            "mail",
            "没有设 MATCHER_SMTP：工作台不发邮件，内容可以复制。要发就设成邮件服务器的地址",
            "MATCHER_SMTP is not set: the desk sends no mail, texts are copied. Set it to a mail server's address to send",
        )
    else:
        server = urlsplit(told.smtp)
        yield from _mail_server(server.hostname or "", server.port or (465 if server.scheme == "smtps" else 587))


def _mail_server(host: str, port: int) -> Iterator[Finding]:
    try:
        with socket.create_connection((host, port), _SECONDS):
            yield _good("mail", f"邮件服务器 {host}:{port} 有回应", f"the mail server {host}:{port} answers")
    except OSError as error:
        yield _wrong(
            "mail",
            f"连不上邮件服务器 {host}:{port}（{error.strerror or error}）。请检查 MATCHER_SMTP 和网络",
            f"the mail server {host}:{port} cannot be reached ({error.strerror or error}). Check MATCHER_SMTP and the network",
        )


def _sign_in() -> Iterator[Finding]:
    """Whether the sign-in service answers, and passkeys can be had; nothing is said where no such service is set."""
    told = settings()
    parts = {
        "MATCHER_OIDC_ISSUER": told.oidc_issuer,
        "MATCHER_OIDC_CLIENT_ID": told.oidc_client_id,
        "MATCHER_OIDC_CLIENT_SECRET": told.oidc_client_secret,
        "MATCHER_OIDC_GROUPS": told.oidc_groups,
    }
    missing = ", ".join(name for name, value in parts.items() if not value)
    if passkeys.place() is None:
        yield _warning(
            "sign-in",
            "用不了通行密钥：MATCHER_PUBLIC_URL 要是 https 开头的域名",
            "no passkeys can be used: MATCHER_PUBLIC_URL must be a host name with https",
        )
    if len(missing.split(", ")) == len(parts):
        return
    if missing:
        yield _wrong(
            "sign-in", f"统一登录还缺 {missing}，没有启用", f"the sign-in service is off: {missing} is not set"
        )
        return
    unknown = [one for one in told.oidc_groups if one.centre not in centres() or one.role not in get_args(Role)]
    for one in unknown:
        zh, en = (
            f"MATCHER_OIDC_GROUPS 里没有这个角色或中心：{one.role}@{one.centre}",
            "MATCHER_OIDC_GROUPS has an unknown",
        )
        yield _wrong("sign-in", zh, f"{en} role or centre: {one.role}@{one.centre}")
    fault = identity.fault()
    if fault:
        yield _wrong(
            "sign-in",
            f"统一登录 {told.oidc_issuer} 用不了（{fault}）。请检查 MATCHER_OIDC_ISSUER 和网络；这时仍能用密码登录",
            f"the sign-in service {told.oidc_issuer} cannot be used ({fault}). Check MATCHER_OIDC_ISSUER and the network; "
            "passwords still work",
        )
    else:
        yield _good("sign-in", f"统一登录 {told.oidc_issuer} 有回应", f"the sign-in service {told.oidc_issuer} answers")


def _next() -> Iterator[Finding]:
    port = settings().port
    yield _good(
        "next",
        f"没有标 ✗ 的就可以启动：matcher serve，再用浏览器打开 http://127.0.0.1:{port}，工作台在 /desk",
        f"where nothing has a ✗, start it: matcher serve, then open http://127.0.0.1:{port} in a browser; the desk is at /desk",
    )


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
        yield _wrong("clock", zh, en)


def _clock() -> Iterator[Finding]:
    now = datetime.now(UTC)
    newest = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < newest - timedelta(days=1) or now > newest + _MOST_AHEAD:
        yield _wrong(
            "clock",
            f"本机的钟是 {now:%Y-%m-%d}，不可信：函件和规定都按日期。请开 NTP 对时（timedatectl set-ntp true）",
            f"this machine's clock says {now:%Y-%m-%d}, which cannot be: let it follow NTP (timedatectl set-ntp true)",
        )
        return
    if shutil.which("timedatectl"):
        told = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        if told.stdout.strip() == "no":
            yield _warning(
                "clock",
                "本机没有对时：请运行 timedatectl set-ntp true",
                "this machine's clock follows nobody: run timedatectl set-ntp true",
            )
            return
    yield _good("clock", f"{time.strftime('%Y-%m-%d %H:%M %Z')}", f"{time.strftime('%Y-%m-%d %H:%M %Z')}")


def _keys() -> Iterator[Finding]:
    folder = KeyFolder.own()
    able = [centre for centre in centres() if folder.active(centre) is not None]
    if not able:
        yield _warning(
            "keys",
            "还没有中心的密钥，签不了函。请运行 matcher keys new heping（或别的中心）",
            "no centre has a key: no letter can be signed. Run matcher keys new heping (or another centre)",
        )
        return
    if settings().keys_passphrase is None:
        yield _warning(
            "keys",
            "密钥没有加密存放。请设 MATCHER_KEYS_PASSPHRASE，再换密钥",
            "the keys lie in clear. Set MATCHER_KEYS_PASSPHRASE and make new ones",
        )
    yield _good("keys", f"可以签函的中心：{', '.join(able)}", f"centres that can sign: {', '.join(able)}")


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _wrong(part: str, zh: str, en: str) -> Finding:
    return Finding(part, "wrong", Text(zh=zh, en=en))


def _warning(part: str, zh: str, en: str) -> Finding:
    return Finding(part, "warning", Text(zh=zh, en=en))


def _good(part: str, zh: str, en: str) -> Finding:
    return Finding(part, "good", Text(zh=zh, en=en))


_PARTS: dict[str, Callable[[], Iterator[Finding]]] = {
    "rules": _rules,
    "fonts": _fonts,
    "files": _files,
    "database": _database,
    "clock": _clock,
    "keys": _keys,
    "accounts": _accounts,
    "mail": _mail,
    "sign-in": _sign_in,
    "next": _next,
}
