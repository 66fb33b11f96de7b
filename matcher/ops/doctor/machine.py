"""The machine: its rules and fonts, its files and its clock."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from matcher import places
from matcher.letters.pdf import check_fonts
from matcher.places import has_draft_rules, rules_dir
from matcher.rulebook import RulebookError, load

from ..secret import SECRET_FILE
from .finding import Finding, good, warning, wrong

LEAST_FREE = 1024**3

"""Bytes of disk below which a warning is due: a backup, a large list and its results need as much at once."""

_MOST_AHEAD = timedelta(days=3650)


def rules() -> Iterator[Finding]:
    """Whether the rules load."""
    try:
        book = load()
    except RulebookError as error:
        for problem in error.problems[:10]:
            yield wrong("rules", str(problem), str(problem))
        return
    if has_draft_rules():
        yield warning("rules", "用的是规则草稿，不签发函件", "a draft of the rules: no letters are issued")
    zh, en = (
        f"{len(book.schemes)} 项政策，版本 {book.hash[:12]}",
        f"{len(book.schemes)} schemes, edition {book.hash[:12]}",
    )
    yield good("rules", f"{zh}（{rules_dir()}）", f"{en} ({rules_dir()})")


def fonts() -> Iterator[Finding]:
    """Whether letters can be set."""
    problems = check_fonts()
    yield from (Finding("fonts", "wrong", problem) for problem in problems)
    if not problems:
        yield good("fonts", "函件的字体和字体裁剪库都在", "the fonts of letters and the subsetter are here")


def files() -> Iterator[Finding]:
    """Whether the site's files can be written, by it alone, and there is room."""
    folder = places.instance_dir()
    there = folder if folder.exists() else next(one for one in folder.parents if one.exists())
    can_write = os.access(there, os.W_OK | os.X_OK)
    if there != folder and can_write:
        yield warning(
            "files",
            f"还没有 {folder}：第一次 matcher serve 会建立它",
            f"{folder} is not there yet: the first matcher serve makes it",
        )
    elif there != folder:
        # Never a change of the folder above: that may be the whole disk.
        mend = f"install -d -m 700 -o {_user()} {folder}"
        yield wrong(
            "files",
            f"还没有 {folder}，{there} 又不能写。请用管理员身份运行 {mend}，或另设 MATCHER_INSTANCE",
            f"{folder} is not there, and {there} cannot be written. Run as root: {mend}, or set MATCHER_INSTANCE",
        )
    elif not can_write:
        yield wrong(
            "files",
            f"{folder} 不能写。请用管理员身份运行 chown -R {_user()} {folder}，或另设 MATCHER_INSTANCE",
            f"{folder} cannot be written. Run as root: chown -R {_user()} {folder}, or set MATCHER_INSTANCE",
        )
    for path in (folder / SECRET_FILE, folder / "matcher.db", folder / "keys"):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            mode = "700" if path.is_dir() else "600"
            yield wrong(
                "files",
                f"{path} 别的用户也能读。请运行 chmod {mode} {path}",
                f"other users can read {path}. Run chmod {mode} {path}",
            )
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE:
        zh, en = (
            f"{there} 只剩 {free // 1024**2} MB，请腾出空间",
            f"only {free // 1024**2} MB are left on {there}: make room",
        )
        yield warning("files", zh, en)
    if can_write:
        yield good("files", f"文件在 {folder}", f"files lie in {folder}")


def clock() -> Iterator[Finding]:
    """Whether the clock can be believed."""
    now = datetime.now(UTC)
    newest = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < newest - timedelta(days=1) or now > newest + _MOST_AHEAD:
        yield wrong(
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
            yield warning(
                "clock",
                "本机没有对时：请运行 timedatectl set-ntp true",
                "this machine's clock follows nobody: run timedatectl set-ntp true",
            )
            return
    yield good("clock", f"{time.strftime('%Y-%m-%d %H:%M %Z')}", f"{time.strftime('%Y-%m-%d %H:%M %Z')}")


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name
