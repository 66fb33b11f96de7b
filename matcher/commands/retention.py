"""`matcher retention`: what has been kept long enough, and forgetting it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime

import click

from matcher.commands.acting import event
from matcher.commands.options import BAD_INPUT, json_option, lang_option
from matcher.commands.register import refusing, register
from matcher.desk.retention import Due, due, forget
from matcher.firms.faults import shown
from matcher.firms.values import read_date
from matcher.rulebook import Text
from matcher.store.desk.audit import Event
from matcher.tianjin import TIANJIN


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
        return "nothing has been kept long enough" if lang == "en" else "没有保存期满的内容"
    counts = (
        *(len(found.cases), len(found.runs), len(found.firms), len(found.screenings)),
        *(found.handovers, found.drafts, found.case_drafts),
    )
    if lang == "en":
        listed = ("cases", "spreadsheets", "firms' own statements", "old screenings")
        names = (*listed, "handovers", "saved answers", "unsaved drafts")
        return f"{en}: " + ", ".join(f"{count} {name}" for count, name in zip(counts, names, strict=True) if count)
    called = ("件办件", "次批量核对", "家企业的自报情况", "次旧筛查", "份移交", "份暂存", "份未保存的办件底稿")
    return f"{zh}：" + "，".join(f"{count}{name}" for count, name in zip(counts, called, strict=True) if count)
