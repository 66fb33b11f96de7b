"""`matcher backup`, `matcher restore` and `matcher retention`: all that is kept, in one file; and what is due to be forgotten."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from matcher import places
from matcher.audit import Event, append
from matcher.db import database_url, open_engine, session
from matcher.firms import read_date, shown
from matcher.letters.proof import KeyFolder
from matcher.ops import Due, due, forget
from matcher.ops.backup import Place, back_up, readable_secrets
from matcher.ops.backup import restore as put_back
from matcher.rulebook import Text
from matcher.settings import settings
from matcher.text import TIANJIN, sentences

from .options import BAD_INPUT, json_option, lang_option
from .register import event, refusing, register

# ---------------------------------------------------------------------------------------------------------------------
# `matcher backup` and `matcher restore`: everything that an installation keeps, in one file and back.
# ---------------------------------------------------------------------------------------------------------------------


BROKEN = 1

_WARNING = """警告：备份中有未加密的密钥（{names}）。谁拿到这个文件，谁就能以各中心的名义签函、伪造登录。
请用 --recipient（或设 MATCHER_BACKUP_RECIPIENTS）加密；或设 MATCHER_KEYS_PASSPHRASE 后用 matcher keys new 另建密钥；
或用 --without-secrets 另行保管密钥。
WARNING: keys lie in this backup in clear ({names}). Whoever gets the file can sign letters for the centres and forge sessions.
Encrypt it with --recipient (or MATCHER_BACKUP_RECIPIENTS); or set MATCHER_KEYS_PASSPHRASE and make keys anew with `matcher keys new`;
or use --without-secrets and keep the keys elsewhere."""


@click.command()
@click.argument("file", metavar="FILE.tar.gz", type=click.Path(path_type=Path))
@click.option("--without-secrets", is_flag=True, help="Leave out private keys and the secret key / 不含私钥和密钥")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="age1…",
    help="Encrypt it for this public key of age; MATCHER_BACKUP_RECIPIENTS without it / 用 age 公钥加密",
)
@lang_option
def backup(file: Path, without_secrets: bool, recipients: tuple[str, ...], lang: str) -> None:
    """Write the database, the kept rulebooks and the keys into FILE, while the site goes on.

    FILE is readable by its owner alone: with the private keys in it, whoever has it can sign letters. A warning names
    those that no passphrase encrypts. With a public key of age (age-keygen) only its owner can open it, not this server.
    把数据库、规则库存档和密钥写入一个文件，网站无须停止；给了 age 公钥就加密，只有私钥的持有人打得开。
    """
    with refusing():
        place = _place()
        keys = recipients or settings().backup_recipients
        manifest = back_up(place, file, datetime.now(UTC), with_secrets=not without_secrets, recipients=keys)
        _remember(place, "backup.made", file, manifest.audit_head)
        readable = [] if without_secrets or keys else readable_secrets(place)
    rows, parts = sum(manifest.rows.values()), len(manifest.parts)
    if lang == "en":
        click.echo(f"wrote {shown(str(file))}: {rows} rows, {parts} files, audit trail up to {manifest.audit_head}")
    else:
        click.echo(f"已写入 {shown(str(file))}：{rows} 行，{parts} 个文件，操作记录到 {manifest.audit_head}")
    if readable:
        click.echo(_WARNING.format(names=", ".join(map(shown, readable))), err=True)


@click.command()
@click.argument("file", metavar="FILE.tar.gz", type=click.Path(path_type=Path))
@click.option(
    "--identity",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The private key (age-keygen) that opens an encrypted one / 打开加密备份的私钥文件",
)
@lang_option
def restore(file: Path, identity: Path | None, lang: str) -> None:
    """Restore FILE into an installation that holds nothing yet; an older schema is brought up to date.

    Exit status: 0 restored, 1 restored but its audit trail is broken, 2 nothing restored.
    把备份恢复到一个空的安装位置。
    """
    with refusing():
        place = _place()
        found = put_back(place, file, identity)
        broken = found.chain.broken
        if broken is None:
            _remember(place, "backup.restored", file, found.manifest.audit_head)
    made = found.manifest.made_at.isoformat(timespec="seconds")
    rows = sum(found.manifest.rows.values())
    click.echo(sentences.say("已恢复：{rows}行，备份时间{made}", lang, rows=rows, made=made))
    if broken is not None:
        click.echo(broken.en if lang == "en" else broken.zh, err=True)
        raise SystemExit(BROKEN)


def _place() -> Place:
    return Place(database_url(), places.instance_dir(), KeyFolder.own().folder)


def _remember(place: Place, action: str, file: Path, head: str) -> None:
    engine = open_engine(place.url)
    try:
        with session(engine) as writing:
            append(writing, event(action, f"backup {file.name}"[:100], None, head=head))
    finally:
        engine.dispose()


# ---------------------------------------------------------------------------------------------------------------------
# `matcher retention`: what has been kept long enough, and forgetting it.
# ---------------------------------------------------------------------------------------------------------------------


@click.group()
def retention() -> None:
    """How long what firms told is kept; each centre settles its days.

    企业所报情况的保存期限，各中心自行设定。
    """


@retention.command("due")
@click.option("--as-of", metavar="DATE", help="As at the end of this day, else now / 截至某日")
@click.option("--forget", "to_forget", is_flag=True, help="Forget it all, for good / 全部删除，不可恢复")
@json_option
@lang_option
def due_(as_of: str | None, to_forget: bool, as_json: bool, lang: str) -> None:
    """List what has been kept long enough: closed cases, spreadsheets, declared facts, answers that expired, old drafts.

    With --forget it is forgotten, each with an entry in the audit trail; letters stay. Made to run every night.
    列出保存期满的内容；加 --forget 即删除并逐项记录，函件保留。
    """
    now = datetime.now(UTC)
    moment = now if as_of is None else _end_of(as_of)
    if to_forget and moment > now:
        click.echo("--forget 不能用于将来的日期 / --forget cannot be asked for a day to come", err=True)
        raise SystemExit(BAD_INPUT)
    with refusing():
        engine = register()
        found = due(engine, moment)
        if to_forget:
            forget(engine, found, moment, _entry)
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else _said(found, to_forget, lang))


def _end_of(told: str) -> datetime:
    day = read_date(told)
    if isinstance(day, Text):
        click.echo(f"--as-of {shown(told)}: {day.zh} / {day.en}", err=True)
        raise SystemExit(BAD_INPUT)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=TIANJIN)


def _entry(action: str, subject: str, centre: str | None, detail: Mapping[str, object]) -> Event:
    return event(action, subject, centre, **detail)


def _said(found: Due, forgotten: bool, lang: str) -> str:
    zh, en = ("已删除", "forgotten") if forgotten else ("保存期满", "kept long enough")
    if found.empty:
        return sentences.say("没有保存期满的内容", lang)
    counts = (
        *(len(found.cases), len(found.runs), len(found.firms), len(found.screenings), len(found.studies)),
        *(found.handovers, found.drafts, found.case_drafts),
    )
    if lang == "en":
        listed = ("cases", "spreadsheets", "firms' own statements", "old screenings", "impact studies")
        names = (*listed, "handovers", "saved answers", "unsaved drafts")
        return f"{en}: " + ", ".join(f"{count} {name}" for count, name in zip(counts, names, strict=True) if count)
    called = (
        "件办件",
        "次批量核对",
        "家企业的自报情况",
        "次旧筛查",
        "次旧测算",
        "份移交",
        "份暂存",
        "份未保存的办件底稿",
    )
    return f"{zh}：" + "，".join(f"{count}{name}" for count, name in zip(counts, called, strict=True) if count)
