"""`matcher outreach`: goes over the register for firms entitled to what nobody told them of, and compares two passes."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import func
from sqlmodel import select

from matcher.audit import append
from matcher.db import StoreError, reading, session
from matcher.firms import Firm, read_date, shown
from matcher.outreach import Screening, new_screening, screenings, shifts
from matcher.outreach import screen as go_over
from matcher.rulebook import Rulebook, Text
from matcher.text import sentences, today

from .options import BAD_INPUT, as_of_option, columns, json_option, lang_option, load_rulebook, rules_option
from .register import event, refusing, register
from .talk import progress


@click.group()
def outreach() -> None:
    """Firms of the register that are entitled to something and were not told.

    企业库中符合条件而尚未告知的企业。
    """


@outreach.command("screen")
@as_of_option
@rules_option
@lang_option
def screen(as_of: str | None, lang: str) -> None:
    """Go over the whole register now; one that was stopped is gone on with. Made to run every night.

    --rules takes rules that are not in force yet, to see who would gain and lose by them (`outreach compare`).
    逐家筛查企业库；中断后再次运行会接着做。
    """
    day = today() if as_of is None else read_date(as_of)
    if isinstance(day, Text):
        click.echo(f"--as-of {shown(as_of)}: {day.get(lang)}", err=True)
        raise SystemExit(BAD_INPUT)
    rulebook, start = load_rulebook(), time.monotonic()
    with refusing():
        engine = register()
        with session(engine) as writing:
            asked = new_screening(writing, rulebook, day, datetime.now(UTC), None)
            append(writing, event("screening.asked", f"screening {asked.id}", None, as_of=day.isoformat()))
            firms = writing.exec(select(func.count()).select_from(Firm)).one()
        with progress(firms, sentences.say("已筛查企业", lang)) as advance:
            done = go_over(engine, rulebook, int(asked.id or 0), lambda: datetime.now(UTC), advance=advance)
    seconds = max(time.monotonic() - start, 0.001)
    speed = round(done.firms / seconds)
    if lang == "en":
        click.echo(f"screening {done.id}: {done.firms} firms as of {day}, {speed} a second")
    else:
        click.echo(f"第 {done.id} 次筛查：{done.firms} 家企业，以 {day} 为准，每秒 {speed} 家")


@outreach.command("list")
@json_option
@lang_option
def list_(as_json: bool, lang: str) -> None:
    """List the screenings, the newest first / 列出历次筛查。"""
    with refusing(), reading(register()) as opened:
        found = [_json(one) for one in screenings(opened)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        firms = sentences.say("{firms}家", lang, firms=one["firms"])
        click.echo(f"{one['id']}  {one['as_of']}  {one['state']}  {one['rulebook'][:12]}  {firms}")


@outreach.command("compare")
@click.argument("before", type=int)
@click.argument("after", type=int)
@json_option
@lang_option
def compare(before: int, after: int, as_json: bool, lang: str) -> None:
    """By scheme, how many firms gained and lost it from screening BEFORE to AFTER / 比较两次筛查的增减。"""
    with refusing(), reading(register()) as opened:
        for number in (before, after):
            found = opened.get(Screening, number)
            if found is None or found.state != "done":
                raise StoreError(f"没有完成的第 {number} 次筛查。", f"There is no finished screening {number}.")
        rows = shifts(opened, before, after, None)
    if as_json:
        listed = [{"scheme": one.scheme, "gained": one.gained, "lost": one.lost} for one in rows]
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    if not rows:
        click.echo(sentences.say("没有企业增减", lang))
        return
    names = _names(load_rulebook(), lang)
    width = max(columns(names.get(one.scheme, one.scheme)) for one in rows)
    for one in rows:
        name = names.get(one.scheme, one.scheme)
        click.echo(f"{name}{' ' * (width - columns(name))}  +{one.gained}  −{one.lost}")


def _json(one: Screening) -> dict[str, Any]:
    return {
        "id": one.id,
        "as_of": one.as_of.isoformat(),
        "state": one.state,
        "rulebook": one.rulebook_hash,
        "firms": one.firms,
    }


def _names(rulebook: Rulebook, lang: str) -> dict[str, str]:
    return {slug: scheme.name.get(lang) for slug, scheme in rulebook.schemes.items()}
