"""`matcher audit`: whether the audit trail is whole, where it ends, and all of it for another program."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from matcher.audit import (
    COLUMNS,
    VERIFIED,
    AuditEntry,
    Chain,
    Head,
    Wanted,
    all_entries,
    append,
    as_cells,
    as_json,
    audit_head,
    verify,
)
from matcher.db import reading, session
from matcher.firms import shown
from matcher.firms.workbook import neutral

from .options import BAD_INPUT, json_option, lang_option
from .register import event, refusing, register

BROKEN = 1


@click.group()
def audit() -> None:
    """The audit trail of the desk: verify it, note where it ends, export it.

    工作台的操作记录：核验是否完整、记下末尾、导出。
    """


@audit.command("verify")
@click.option("--head", "noted", metavar="N:DIGEST", help="An end noted earlier by `audit head` / 此前另处记下的末尾")
@json_option
@lang_option
def verify_(noted: str | None, as_json: bool, lang: str) -> None:
    """Walk the whole trail. Exit status: 0 whole, 1 changed, cut or rewritten, 2 bad input.

    A walk that finds it whole is itself recorded. 逐条核验；核验无误本身也会记录。
    """
    head = None if noted is None else _head_of(noted)
    with refusing():
        engine = register()
        with reading(engine) as opened:
            found = verify(opened, head)
        if found.whole:
            end = found.head
            with session(engine) as writing:
                append(writing, event(VERIFIED, f"audit {end.number}", None, number=end.number, digest=end.digest))
    click.echo(_json(found) if as_json else _said(found, lang))
    raise SystemExit(0 if found.whole else BROKEN)


@audit.command("head")
def head_() -> None:
    """Print the end of the trail as N:DIGEST, to be kept where nobody at the desk can write / 输出末尾编号与摘要。"""
    with refusing(), reading(register()) as opened:
        try:
            click.echo(str(audit_head(opened)))
        except ValueError:
            click.echo("链头不见了，请运行 audit verify / the head is gone: run audit verify", err=True)
            raise SystemExit(BROKEN) from None


@audit.command("export")
@click.option("--csv", "as_csv", is_flag=True, help="CSV for spreadsheets, else one JSON object a line / 输出 CSV")
@click.option("--centre", metavar="ID", help="Only this centre's / 只要这个中心的")
def export(as_csv: bool, centre: str | None) -> None:
    """Print every entry, the oldest first / 按时间先后输出全部记录。"""
    with refusing(), reading(register()) as opened:
        entries = all_entries(opened, Wanted(centre=centre))
        if as_csv:
            _write_csv(entries)
            return
        for entry in entries:
            click.echo(as_json(entry))


def _write_csv(entries: Iterator[AuditEntry]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([neutral(cell) for cell in as_cells(entry)])


def _head_of(noted: str) -> Head:
    try:
        return Head.read(noted)
    except ValueError:
        hint = "N:DIGEST, as `matcher audit head` prints it / 应为 `matcher audit head` 输出的 编号:摘要"
        click.echo(f"--head {shown(noted)}: {hint}", err=True)
        raise SystemExit(BAD_INPUT) from None


def _said(found: Chain, lang: str) -> str:
    if found.broken is not None:
        return found.broken.en if lang == "en" else found.broken.zh
    if lang == "en":
        return f"the trail is whole: {found.head.number} entries, {found.head}"
    return f"操作记录完整：共 {found.head.number} 条，{found.head}"


def _json(found: Chain) -> str:
    broken = found.broken
    told: dict[str, Any] = {
        "whole": found.whole,
        "number": found.head.number,
        "digest": found.head.digest,
        "broken": broken and {"number": broken.number, "zh": broken.zh, "en": broken.en},
    }
    return json.dumps(told, ensure_ascii=False)
