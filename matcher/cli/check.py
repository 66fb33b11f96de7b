"""`matcher check`: a firm's facts go in, decisions with reasons and amounts come out."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import click

from matcher.engine import district_of
from matcher.firms import Batch, Profile, check_response, errors_response, open_profiles
from matcher.rulebook import Rulebook
from matcher.text import today

from .options import (
    BAD_INPUT,
    Asked,
    ManySchemes,
    decision_options,
    json_line,
    load_rulebook,
    read_asked,
)
from .report import decisions_text, faults_text
from .talk import coloured

SOME_LINES_BAD = 1


@click.command(cls=ManySchemes)
@click.argument("file", metavar="FILE|-")
@decision_options
@click.option("-v", "--verbose", "in_full", is_flag=True, help="All reasons and the arithmetic / 写出全部理由和算法")
def check(file: str, as_of: str | None, schemes: tuple[str, ...], lang: str, as_json: bool, in_full: bool) -> None:
    """Decide every scheme (or those named) for the firm in FILE.

    FILE is one profile (.json, .yaml) or many, one a line (.jsonl, answered one JSON line each); - is standard input.
    Exit status: 0 decided, 1 some lines of a .jsonl were bad, 2 bad input, every fault listed.

    按企业填报的事实逐项判断政策：能否享受、为什么、多少钱、还缺什么。
    """
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, schemes)
    batch = open_profiles(rulebook, file, sys.stdin.buffer)
    if batch.many:
        raise SystemExit(_check_many(rulebook, batch, asked))
    raise SystemExit(_check_one(rulebook, next(batch.profiles), asked, None if as_json else lang, in_full))


def _answer(rulebook: Rulebook, profile: Profile, asked: Asked, day: datetime.date) -> dict[str, Any]:
    """The answer for a profile without faults, in the shape of `--json`; `day` is for one without a date."""
    return check_response(rulebook, profile, asked.as_of or profile.as_of or day, asked.schemes or profile.schemes)


def _check_one(rulebook: Rulebook, profile: Profile, asked: Asked, lang: str | None, in_full: bool) -> int:
    """Answer one profile in text, or in JSON where there is no language."""
    faults = (*asked.faults, *profile.faults)
    if faults:
        if lang is None:
            click.echo(json_line(errors_response(profile.id, faults)))
        else:
            click.echo(faults_text(profile.id, faults, lang), err=True)
        return BAD_INPUT
    found = _answer(rulebook, profile, asked, today())
    if lang is None:
        click.echo(json_line(found))
    else:
        district = district_of(profile.facts)
        click.echo(coloured(decisions_text(rulebook, found, lang, district=district, in_full=in_full)))
    return 0


def _check_many(rulebook: Rulebook, batch: Batch, asked: Asked) -> int:
    if asked.faults:
        click.echo(json_line(errors_response(batch.stem, asked.faults)))
        return BAD_INPUT
    day, status = today(), 0
    for profile in batch.profiles:
        if profile.faults:
            status = SOME_LINES_BAD
            click.echo(json_line(errors_response(profile.id, profile.faults)))
        else:
            click.echo(json_line(_answer(rulebook, profile, asked, day)))
    return status
