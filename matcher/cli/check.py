"""`matcher check`: a firm's facts go in, decisions with reasons and amounts come out."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import click

from matcher.engine import check as decide
from matcher.engine.choose import bundle
from matcher.firms import Batch, Profile, open_profiles
from matcher.rulebook import Rulebook
from matcher.text import today

from .options import (
    BAD_INPUT,
    Asked,
    ManySchemes,
    as_of_option,
    errors_json,
    json_line,
    json_option,
    lang_option,
    load_rulebook,
    read_asked,
    scheme_option,
)
from .report import decisions_text, faults_text

SOME_LINES_BAD = 1


@click.command(cls=ManySchemes)
@click.argument("file", metavar="FILE|-")
@as_of_option
@scheme_option
@lang_option
@json_option
def check(file: str, as_of: str | None, schemes: tuple[str, ...], lang: str, as_json: bool) -> None:
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
    raise SystemExit(_check_one(rulebook, next(batch.profiles), asked, lang, as_json))


def answer(rulebook: Rulebook, profile: Profile, asked: Asked, day: datetime.date) -> dict[str, Any]:
    """Return the answer for a profile without faults, in the shape of `--json`; `day` is for one without a date."""
    as_of = asked.as_of or profile.as_of or day
    schemes = asked.schemes or profile.schemes
    decisions = decide(rulebook, profile.facts, as_of, schemes)
    found: dict[str, Any] = {
        "id": profile.id,
        "rulebook": rulebook.hash,
        "as_of": as_of.isoformat(),
        "decisions": [decision.to_json() for decision in decisions],
        "bundle": bundle(rulebook, profile.facts, decisions, as_of),
    }
    if profile.remarks:
        found["warnings"] = [remark.to_json() for remark in profile.remarks]
    return found


def _check_one(rulebook: Rulebook, profile: Profile, asked: Asked, lang: str, as_json: bool) -> int:
    faults = (*asked.faults, *profile.faults)
    if faults:
        if as_json:
            click.echo(json_line(errors_json(profile.id, faults)))
        else:
            click.echo(faults_text(profile.id, faults, lang), err=True)
        return BAD_INPUT
    found = answer(rulebook, profile, asked, today())
    click.echo(json_line(found) if as_json else decisions_text(rulebook, found, lang))
    return 0


def _check_many(rulebook: Rulebook, batch: Batch, asked: Asked) -> int:
    if asked.faults:
        click.echo(json_line(errors_json(batch.stem, asked.faults)))
        return BAD_INPUT
    day, status = today(), 0
    for profile in batch.profiles:
        if profile.faults:
            status = SOME_LINES_BAD
            click.echo(json_line(errors_json(profile.id, profile.faults)))
        else:
            click.echo(json_line(answer(rulebook, profile, asked, day)))
    return status
