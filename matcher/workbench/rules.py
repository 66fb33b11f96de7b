"""`matcher rules`: check the rulebook, show one scheme's rule, count what is covered, test what cases would notice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from itertools import combinations
from pathlib import Path

import click

from matcher.cli import (
    BAD_INPUT,
    Advance,
    as_of_option,
    faults_text,
    json_option,
    lang_option,
    load_rulebook,
    progress,
    read_asked,
    report_lang_option,
    rules_option,
    scheme_option,
    wrap,
    written,
)
from matcher.firms import DEALERS, KEYWORDS, TRADE_WORDS, read_dealers, read_groups, read_trade_words
from matcher.places import rules_dir
from matcher.rulebook import Rulebook, RulebookError, Text
from matcher.text import today

from .draft import draft
from .queue import queue
from .upkeep import confirm, diff, refuse_unconfirmed, refuse_unfounded, stale


@click.group()
def rules() -> None:
    """Look after the rulebook / 规则库."""


@rules.command("check")
@rules_option
@report_lang_option
def check_rules(lang: str) -> None:
    """Load the rules and say what they hold; every problem is named with file, line and key.

    Exit status 2 too where a figure does not stand in the sentence it is cited from or looks like a slip, and where an
    excerpt is not the one that was confirmed: what rests on it is listed.
    读入并检查规则；每处问题写明文件、行和项。
    """
    rulebook = load_rulebook()
    versions = sum(len(scheme.versions) for scheme in rulebook.schemes.values())
    counts = (
        (len(rulebook.schemes), Text(zh="项政策", en="schemes")),
        (versions, Text(zh="个版本", en="versions")),
        (len(rulebook.facts), Text(zh="项事实", en="facts")),
        (len(rulebook.instruments), Text(zh="件文书", en="instruments")),
    )
    _check_industries(rules_dir())
    _check_outputs(rulebook)
    click.echo(", ".join(f"{count} {name.get(lang)}" for count, name in counts))
    click.echo(f"{Text(zh='规则版本', en='rulebook').get(lang)} {rulebook.hash}")
    refuse_unfounded(rulebook)
    refuse_unconfirmed(rulebook)


def _check_outputs(rulebook: Rulebook) -> None:
    """Leave with status 2 where routes of the same rules give one output under two labels or in two units: a letter and a
    card print it by its id alone. Archived rulebooks may have such outputs, so that loading does not refuse them."""
    faults = [
        f"{slug}: the output {one.id!r} is called {other.label.zh!r} and {one.label.zh!r} in the rules from "
        f"{body.body.from_ or 'ever'}, or has two units: give it one label and one unit, or two ids"
        for slug, parsed in rulebook.parsed.items()
        for body in parsed.bodies
        for one, other in combinations([*body.gives, *(given for route in body.routes for given in route.gives)], 2)
        if one.id == other.id and (one.label, one.expr.type.unit) != (other.label, other.expr.type.unit)
    ]
    if faults:
        click.echo("\n".join(faults), err=True)
        raise SystemExit(BAD_INPUT)


def _check_industries(directory: Path) -> None:
    """Read the plain words of industries and trades, where the rules bring them; leave with status 2, every fault named."""
    faults = []
    for name, read in ((KEYWORDS, read_groups), (DEALERS, read_dealers), (TRADE_WORDS, read_trade_words)):
        try:
            if (directory / name).is_file():
                read(directory)
        except RulebookError as error:
            faults.append(str(error))
    if faults:
        click.echo("\n".join(faults), err=True)
        raise SystemExit(BAD_INPUT)


for command in (confirm, draft, queue, stale, diff):
    rules.add_command(command)


@rules.command("show")
@click.argument("scheme", metavar="SCHEME")
@as_of_option
@rules_option
@lang_option
@click.option("-o", "--output", metavar="FILE.pdf", help="Write it as a sheet to print / 存成可打印的要点单")
def show(scheme: str, as_of: str | None, lang: str, output: str | None) -> None:
    """Write the rule of one scheme, in the version of a date, in plain words / 用白话写出一项政策的规则。"""
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, (scheme,))
    if asked.faults:
        click.echo(faults_text(scheme, asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    day = asked.as_of or today()
    if output is not None:
        from matcher.letters.compose import compose_rule_sheet
        from matcher.letters.pdf import render_pdf  # the fonts and the layout are for paper alone

        with written(output, lang) as file:
            file.write(render_pdf(compose_rule_sheet(rulebook, scheme, day, lang, written_on=today())))
        return
    from matcher.engine import sheet  # the rule in words is generated; nothing else needs it here

    for line in sheet(rulebook, scheme, day, lang):
        indent = " " * (len(line) - len(line.lstrip(" ")))
        click.echo("\n".join(wrap(line.strip(), indent, indent + "  ")))


@rules.command("coverage")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True))
@click.option("--clauses", "with_clauses", is_flag=True, help="List every clause with its schemes / 逐条列出")
@as_of_option
@rules_option
@json_option
@lang_option
def coverage(paths: tuple[str, ...], with_clauses: bool, as_of: str | None, as_json: bool, lang: str) -> None:
    """Count what the catalogue covers: measure, clauses, schemes, versions, share of cases; how much is quoted; on a day how many
    schemes that give a sum say until when to apply.

    PATH: folders or files of worked cases; without any, cases are not counted. Exit status 1 if a clause is not
    accounted for, 2 if a file cannot be read.
    数一数政策库覆盖了文件的哪些条款。
    """
    from . import coverage as cli_report  # reads case files, which showing a rule does not need
    from .cases import find_cases

    cases = find_cases(paths)
    for file, fault in cases.faults:
        click.echo(f"{file}:{fault.line or 1}: {fault.field}: {fault.text.get(lang)}", err=True)
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, ())
    if asked.faults:
        click.echo(faults_text("coverage", asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    found = cli_report.cover(rulebook, cases.cases, asked.as_of or today())
    if as_json:
        click.echo(json.dumps(cli_report.coverage_json(found), ensure_ascii=False))
    else:
        click.echo("\n".join(cli_report.coverage_text(found, lang, with_clauses=with_clauses)))
    is_whole = all(map(found.accounted, found.rulebook.document.clauses()))
    raise SystemExit(BAD_INPUT if cases.faults else 0 if is_whole else 1)


@rules.command("prove")
@scheme_option
@click.option(
    "--every",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Prove one edition in so many / 每几版证明一版",
)
@rules_option
@json_option
@lang_option
def prove(schemes: tuple[str, ...], every: int, as_json: bool, lang: str) -> None:
    """Prove the rules for all firms at once: no dead condition, no gap, no sum out of bounds, in every edition since 2019.

    Needs the extra `prove`. Exit status 1 if there is a finding without a reason in rules/prove.yaml.
    对所有企业一次证明规则：没有不可能成立的条件、没有空档、没有超出范围的金额。
    """
    from .proof import run  # the solver is an optional extra

    raise SystemExit(run(schemes, every, as_json, lang))


@rules.command("mutate")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(exists=True))
@click.option(
    "--reasons",
    type=click.Path(exists=True),
    help="File of unnoticed changes with the reason why no firm could notice / 没被发现的改动及其理由",
)
@click.option(
    "--every", type=click.IntRange(min=1), default=1, show_default=True, help="Try one change in so many / 每几处试一处"
)
@scheme_option
@rules_option
@report_lang_option
def mutate(paths: tuple[str, ...], reasons: str | None, every: int, schemes: Sequence[str], lang: str) -> None:
    """Nudge every number, bound, day and relation of the rules, one at a time, and report what no case or bundle notices.

    PATH: folders or files of worked cases and bundles. Exit status 1 if a change goes unnoticed without a stated reason.
    逐个改动规则里的数字、日期和关系，看有没有算例能发现。
    """
    from matcher.workbench.mutation import run  # loads the cases and the mutator, which no other command needs

    def watch(length: int) -> AbstractContextManager[Advance]:
        return progress(length, Text(zh="已试改动", en="mutants").get(lang))

    rulebook = load_rulebook()
    asked = read_asked(rulebook, None, schemes)
    if asked.faults:
        click.echo(faults_text("mutate", asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    report = run(rulebook, paths, None if reasons is None else Path(reasons), every, watch, only=asked.schemes)
    click.echo(report.text(lang))
    raise SystemExit(1 if report.survivors else 0)
