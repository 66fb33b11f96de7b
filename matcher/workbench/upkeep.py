"""`matcher rules confirm` and `diff`: what looking after the rules over time needs."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from matcher import places
from matcher.cli import (
    BAD_INPUT,
    ManySchemes,
    as_of_option,
    faults_text,
    json_option,
    lang_option,
    load_rulebook,
    read_asked,
    report_lang_option,
    rules_option,
    scheme_option,
)
from matcher.engine import SPAN_DAYS
from matcher.rulebook import NAME, Difference, Lock, Rulebook, RulebookError, Text, find_faults, read_lock
from matcher.text import english_count

from .queue import queue

_SAID = {
    "new": Text(zh="这段摘录还没有确认", en="this excerpt has not been confirmed yet"),
    "changed": Text(zh="这段摘录确认以后改过", en="this excerpt has changed since it was confirmed"),
    "gone": Text(zh="这段摘录确认过，现在没有了", en="this excerpt was confirmed but is no longer kept"),
}


def refuse_unfounded(rulebook: Rulebook) -> None:
    """List every figure that does not stand in its sentence or looks like a slip, and leave with exit status 2 if there is any."""
    found = find_faults(rulebook, places.rules_dir())
    if found:
        click.echo("\n".join(map(str, found)), err=True)
        raise SystemExit(BAD_INPUT)


def refuse_unconfirmed(rulebook: Rulebook) -> None:
    """List what rests on every excerpt that is not as confirmed, and leave with exit status 2 if there is any."""
    lock = _lock(rulebook)
    found = lock.differences()
    for difference in found:
        click.echo(_difference_text(difference), err=True)
    if found:
        click.echo(
            "逐项对照原文，都对得上就运行：matcher rules confirm 文件编号#条（或--all）\n"
            "When each still holds: matcher rules confirm INSTRUMENT#ARTICLE… (or --all)",
            err=True,
        )
        raise SystemExit(BAD_INPUT)
    if lock.miscounted():
        click.echo(f"{NAME}: the counts are out of date; write them anew with: matcher rules confirm", err=True)


def _difference_text(difference: Difference) -> str:
    kinds = [rest.kind for rest in difference.rests]
    conditions, figures = kinds.count("condition"), kinds.count("figure")
    zh, en = _SAID[difference.kind].zh, _SAID[difference.kind].en
    if "#" not in difference.article:  # a figure that no sentence holds is locked itself
        zh, en = (
            zh.replace("这段摘录", "这个没有原文可引的数值"),
            en.replace("excerpt", "figure, which no sentence holds,"),
        )
    lines = [
        f"{difference.article}: {zh}；依它的有{conditions}项条件、{figures}个数值",
        f"    {en}; {english_count(conditions, 'condition')} and {english_count(figures, 'figure')} rest on it",
    ]
    for rest in difference.rests:
        named = f"{rest.owner} from {rest.id}" if rest.kind == "figure" else f"{rest.owner} {rest.id}"
        lines.append(f"  {rest.file}:{rest.line}: {rest.kind} {named}")
    return "\n".join(lines)


def _lock(rulebook: Rulebook) -> Lock:
    try:
        return read_lock(rulebook, places.rules_dir())
    except RulebookError as error:
        click.echo(str(error), err=True)
    raise SystemExit(BAD_INPUT)


@click.command("confirm")
@click.argument("articles", nargs=-1, metavar="[INSTRUMENT#ARTICLE]...")
@click.option("--all", "everything", is_flag=True, help="Confirm every excerpt that is new or changed / 全部确认")
@rules_option
@report_lang_option
def confirm(articles: tuple[str, ...], everything: bool, lang: str) -> None:
    """Confirm that what rests on these excerpts still holds, and lock them as they now are.

    Without any, only the counts in the lock are written anew.
    确认依据的原文没有变，并锁定现在的样子。
    """
    lock = _lock(load_rulebook())
    wanted = {one.article for one in lock.differences()} if everything else set(articles)
    try:
        lock.confirm(wanted)
    except KeyError as error:
        click.echo(
            f"{error.args[0]}: no such article; the ids stand in rules/instruments (instrument#article)", err=True
        )
        raise SystemExit(BAD_INPUT) from None
    except OSError as error:
        click.echo(f"{lock.directory / NAME}: cannot be written: {error.strerror}", err=True)
        raise SystemExit(BAD_INPUT) from None
    locked, left = len(lock.locked), len(lock.differences())
    said = Text(
        zh=f"确认了 {len(wanted)} 条，锁定 {locked} 条，还有 {left} 条待确认",
        en=f"{len(wanted)} confirmed, {locked} locked, {left} still to confirm",
    )
    click.echo(said.get(lang))


@click.command("stale", hidden=True)
@as_of_option
@rules_option
@json_option
@lang_option
def stale(**told: object) -> None:
    """What `queue` is called in 0.1.0 and 0.2.0 / queue 的旧名。"""
    click.echo("stale 现在叫 queue / stale is called queue now: matcher rules queue", err=True)
    click.get_current_context().invoke(queue, firms=None, span=SPAN_DAYS, register=False, **told)


@click.command("diff", cls=ManySchemes)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@scheme_option
@rules_option
@json_option
@lang_option
def diff(before: str, after: str, schemes: Sequence[str], as_json: bool, lang: str) -> None:
    """Say what changed between two editions in words, with a firm that the change lets in or shuts out.

    A and B: a date (under these rules, or those of --rules), a folder of rules (as of today), or DIR@DATE.
    Exit status 1 if anything changed.
    用白话说明两版规则的差别，并举一家因此受益或受损的企业。
    """
    from . import diff as cli_report  # compares editions, which no other command here needs
    from .relation_changes import changed_relations, relations_json, relations_text

    sides = (cli_report.read_side(before), cli_report.read_side(after))
    faults = [
        fault
        for slug in schemes
        for fault in read_asked(sides[1].rulebook, None, (slug,)).faults
        if slug not in sides[0].rulebook.schemes
    ]
    if faults:
        click.echo(faults_text("diff", faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    found = cli_report.differences(*sides, schemes)
    wanted = {slug.strip() for told in schemes for slug in told.split(",")}
    old, new = ((one.rulebook, one.day) for one in sides)
    related = changed_relations(old, new, wanted)
    if as_json:
        told = {**cli_report.changes_json(*sides, found), "relations": relations_json(related)}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        lines = [] if related and not found else list(cli_report.changes_text(*sides, found, lang))
        click.echo("\n".join((*lines, *relations_text(related, lang))))
    raise SystemExit(1 if found or related else 0)
