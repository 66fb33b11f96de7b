"""`matcher letter`: the decisions on one firm as a printable letter; with `--issue` numbered, signed and registered."""

from __future__ import annotations

import datetime
import sys
from typing import Any

import click

from matcher.firms import Fault, Profile, open_profiles, shown
from matcher.rulebook import Rulebook, Text
from matcher.text import today

from .options import BAD_INPUT, ManySchemes, as_of_option, load_rulebook, read_asked, scheme_option, written
from .report import faults_text, remarks_text

_FOR_ISSUE = ("centre", "kind", "valid_days", "supersedes")


@click.command(cls=ManySchemes)
@click.argument("profile", metavar="PROFILE|-")
@as_of_option
@scheme_option
@click.option(
    "--lang",
    type=click.Choice(["zh", "en", "both"]),
    default="zh",
    show_default=True,
    help="Language of the letter / 函件的语言",
)
@click.option("-o", "--output", metavar="FILE.pdf", required=True, help="Where to write the letter / 存到哪里")
@click.option("--issue", is_flag=True, help="Number, sign and register it / 编号、签名并登记")
@click.option("--centre", metavar="ID", help="With --issue: who issues it (heping, …, tianjin) / 签发中心")
@click.option(
    "--kind",
    type=click.Choice(["eligibility", "missing"]),
    help="With --issue: the result, or a notice of what is missing / 核对结果或尚缺情况",
)
@click.option("--valid-days", type=int, metavar="N", help="With --issue: for how many days at most; 90 / 最长有效天数")
@click.option("--supersedes", metavar="NUMBER", help="With --issue: the letter it replaces / 被替代的函件")
def letter(
    profile: str, as_of: str | None, schemes: tuple[str, ...], lang: str, output: str, issue: bool, **told: Any
) -> None:
    """Write the letter (PDF) for the firm in PROFILE (.json, .yaml, or - for standard input).

    把一家企业的判断结果写成一封可打印的函（PDF）。
    """
    spoken = "en" if lang == "en" else "zh"
    _must_belong(issue, told)
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, schemes)
    firm = _one_profile(rulebook, profile)
    faults = (*asked.faults, *firm.faults)
    if faults:
        click.echo(faults_text(firm.id, faults, spoken), err=True)
        raise SystemExit(BAD_INPUT)
    if firm.remarks:
        click.echo(remarks_text(firm.remarks, spoken), err=True)
    day = asked.as_of or firm.as_of or today()
    named = asked.schemes or firm.schemes
    with written(output, spoken) as file:
        file.write(
            _issued(rulebook, firm, day, named, lang, told) if issue else _draft(rulebook, firm, day, named, lang)
        )


def _must_belong(issue: bool, told: dict[str, Any]) -> None:
    """Refuse a letter that the caller may take for issued although it is not, or that nobody issues."""
    if issue and told["centre"] is None:
        raise click.UsageError("--issue 要写明签发中心 / --issue needs the centre: --centre heping, …, tianjin")
    given = [f"--{name.replace('_', '-')}" for name in _FOR_ISSUE if told[name] is not None]
    if given and not issue:
        raise click.UsageError(f"{'、'.join(given)} 只与 --issue 同用 / only together with --issue")


def _one_profile(rulebook: Rulebook, name: str) -> Profile:
    batch = open_profiles(rulebook, name, sys.stdin.buffer)
    if not batch.many:
        return next(batch.profiles)
    text = Text(zh="一封函只写一家企业：请给 .json 或 .yaml", en="a letter is for one firm: give a .json or .yaml file")
    return Profile(batch.stem, None, None, {}, (Fault("file", None, shown(name), text),))


def _draft(rulebook: Rulebook, firm: Profile, day: datetime.date, schemes: tuple[str, ...] | None, lang: str) -> bytes:
    from matcher.engine import check
    from matcher.letters.compose import compose_letter_of
    from matcher.letters.pdf import render_pdf  # WeasyPrint is slow to load: only the letter pays for it

    decisions = check(rulebook, firm.facts, day, schemes, items=firm.items)
    name = firm.facts.get("name")
    addressee = name if isinstance(name, str) else None
    return render_pdf(
        compose_letter_of(
            rulebook, firm.facts, decisions, day, lang, addressee=addressee, written_on=today(), items=firm.items
        )
    )


def _issued(
    rulebook: Rulebook,
    firm: Profile,
    day: datetime.date,
    schemes: tuple[str, ...] | None,
    lang: Any,
    told: dict[str, Any],
) -> bytes:
    """Issue the letter, say its number, code and last day, and give its file."""
    from matcher.db import reading
    from matcher.letters import VALID_DAYS, Order, issue, kept_file

    from .register import centre_of, number_of, office, refusing

    with refusing():
        at_hand = office(rulebook)
        order = Order(
            centre=centre_of(told["centre"]),
            facts=firm.facts,
            as_of=day,
            schemes=schemes,
            kind=told["kind"] or "eligibility",
            lang=lang,
            valid_days=VALID_DAYS if told["valid_days"] is None else told["valid_days"],
            items=firm.items,
            supersedes=None if told["supersedes"] is None else number_of(told["supersedes"]),
        )
        entry = issue(at_hand, order, datetime.datetime.now(datetime.UTC))
        click.echo(f"{entry.number}  {entry.code}  {entry.valid_until or '—'}")
        with reading(at_hand.engine) as opened:
            return kept_file(opened, entry.number)
