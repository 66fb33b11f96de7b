"""`matcher backup` and `matcher restore`: everything that an installation keeps, in one file and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from matcher import places
from matcher.commands.acting import event
from matcher.commands.options import lang_option
from matcher.commands.register import refusing
from matcher.desk.backup.files import Place, readable_secrets
from matcher.desk.backup.whole import back_up
from matcher.desk.backup.whole import restore as put_back
from matcher.firms.faults import shown
from matcher.letters.proof import KeyFolder
from matcher.store import database_url, open_engine, session
from matcher.store.desk.audit import append

BROKEN = 1
_WARNING = """警告：备份中有未加密的密钥（{names}）。谁拿到这个文件，谁就能以各中心的名义签函、伪造登录。
请用 gpg 或 age 加密后再存放；或设 MATCHER_KEYS_PASSPHRASE 后用 matcher keys new 另建密钥；或用 --without-secrets 另行保管密钥。
WARNING: keys lie in this backup in clear ({names}). Whoever gets the file can sign letters for the centres and forge sessions.
Encrypt it (gpg, age) before you put it away; or set MATCHER_KEYS_PASSPHRASE and make keys anew with `matcher keys new`;
or use --without-secrets and keep the keys elsewhere."""


@click.command()
@click.argument("file", metavar="FILE.tar.gz", type=click.Path(path_type=Path))
@click.option("--without-secrets", is_flag=True, help="Leave out private keys and the secret key / 不含私钥和密钥")
@lang_option
def backup(file: Path, without_secrets: bool, lang: str) -> None:
    """Write the database, the kept rulebooks and the keys into FILE, while the site goes on.

    FILE is readable by its owner alone: with the private keys in it, whoever has it can sign letters. A warning names
    those that no passphrase encrypts.
    把数据库、规则库存档和密钥写入一个文件，网站无须停止。
    """
    with refusing():
        place = _place()
        manifest = back_up(place, file, datetime.now(UTC), with_secrets=not without_secrets)
        _remember(place, "backup.made", file, manifest.audit_head)
        readable = [] if without_secrets else readable_secrets(place)
    rows, parts = sum(manifest.rows.values()), len(manifest.parts)
    if lang == "en":
        click.echo(f"wrote {shown(str(file))}: {rows} rows, {parts} files, audit trail up to {manifest.audit_head}")
    else:
        click.echo(f"已写入 {shown(str(file))}：{rows} 行，{parts} 个文件，操作记录到 {manifest.audit_head}")
    if readable:
        click.echo(_WARNING.format(names=", ".join(map(shown, readable))), err=True)


@click.command()
@click.argument("file", metavar="FILE.tar.gz", type=click.Path(path_type=Path))
@lang_option
def restore(file: Path, lang: str) -> None:
    """Restore FILE into an installation that holds nothing yet; an older schema is brought up to date.

    Exit status: 0 restored, 1 restored but its audit trail is broken, 2 nothing restored.
    把备份恢复到一个空的安装位置。
    """
    with refusing():
        place = _place()
        found = put_back(place, file)
        broken = found.chain.broken
        if broken is None:
            _remember(place, "backup.restored", file, found.manifest.audit_head)
    made = found.manifest.made_at.isoformat(timespec="seconds")
    rows = sum(found.manifest.rows.values())
    click.echo(f"restored: {rows} rows of {made}" if lang == "en" else f"已恢复：{rows} 行，备份时间 {made}")
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
