"""`matcher letter`: the decisions on one firm as a printable letter."""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
import tempfile
from pathlib import Path

import click

from matcher.commands.options import (
    BAD_INPUT,
    ManySchemes,
    as_of_option,
    lang_option,
    load_rulebook,
    read_asked,
    scheme_option,
    today,
)
from matcher.commands.report import faults_text, remarks_text
from matcher.firms import Fault, Profile, open_profiles
from matcher.firms.faults import shown
from matcher.rulebook import Rulebook, Text


@click.command(cls=ManySchemes)
@click.argument("profile", metavar="PROFILE|-")
@as_of_option
@scheme_option
@lang_option
@click.option("-o", "--output", metavar="FILE.pdf", required=True, help="Where to write the letter / 存到哪里")
def letter(profile: str, as_of: str | None, schemes: tuple[str, ...], lang: str, output: str) -> None:
    """Write the letter (PDF) for the firm in PROFILE (.json, .yaml, or - for standard input).

    把一家企业的判断结果写成一封可打印的函（PDF）。
    """
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, schemes)
    firm = _one_profile(rulebook, profile)
    faults = (*asked.faults, *firm.faults)
    if faults:
        click.echo(faults_text(firm.id, faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    if firm.remarks:
        click.echo(remarks_text(firm.remarks, lang), err=True)
    day = asked.as_of or firm.as_of or today()
    pdf = _render(rulebook, firm, day, asked.schemes or firm.schemes, lang)
    try:
        _write(Path(output), pdf)
    except OSError as error:
        reason = f"{shown(output)}: {error.strerror}"
        said = f"写不了 {reason}" if lang == "zh" else f"cannot write {reason}"
        click.echo(said, err=True)
        raise SystemExit(BAD_INPUT) from None
    click.echo(f"已写入 {shown(output)}" if lang == "zh" else f"wrote {shown(output)}")


def _one_profile(rulebook: Rulebook, name: str) -> Profile:
    batch = open_profiles(rulebook, name, sys.stdin.buffer)
    if not batch.many:
        return next(batch.profiles)
    text = Text(zh="一封函只写一家企业：请给 .json 或 .yaml", en="a letter is for one firm: give a .json or .yaml file")
    return Profile(batch.stem, None, None, {}, (Fault("file", None, shown(name), text),))


def _render(rulebook: Rulebook, firm: Profile, day: datetime.date, schemes: tuple[str, ...] | None, lang: str) -> bytes:
    from matcher.engine import check
    from matcher.letters import compose, render_pdf  # WeasyPrint is slow to load: only the letter pays for it

    decisions = check(rulebook, firm.facts, day, schemes)
    name = firm.facts.get("name")
    addressee = name if isinstance(name, str) else None
    return render_pdf(compose(rulebook, firm.facts, decisions, day, lang, addressee=addressee))


def _write(path: Path, content: bytes) -> None:
    """Put the content at the path complete or not at all. Raises OSError."""
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".pdf")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(draft).unlink()
        raise
