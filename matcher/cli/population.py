"""`matcher screen` and `matcher impact`: what a whole table of firms is entitled to, and what a change of rules means for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

import click

from matcher.population import (
    Impact,
    Order,
    OutputError,
    OverrideError,
    Rules,
    Table,
    TableError,
    Tallies,
    compare_rules,
    compile_edition,
    meant_by,
    open_table,
    screen_by_several,
    screen_on_spark,
    with_figures,
    write_summary,
)
from matcher.population import screen as screen_here
from matcher.rulebook import Rulebook, RulebookError, Text, load
from matcher.text import english_count, grouped, sentences, today

from .options import (
    BAD_INPUT,
    ManySchemes,
    as_of_option,
    json_option,
    lang_option,
    load_rulebook,
    read_asked,
    rules_option,
    scheme_option,
)
from .population_tables import changes_table, summary_table
from .report import faults_text
from .talk import progress, remark

T = TypeVar("T")

_files = click.argument("firms", nargs=-1, required=True, type=click.Path(path_type=Path))


@click.command(cls=ManySchemes)
@_files
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Where the lines go / 结果文件")
@as_of_option
@scheme_option
@click.option(
    "--changed-since",
    "since",
    type=click.Path(path_type=Path),
    help="Only what changed since this output / 只写与上次结果不同的",
)
@click.option("--all", "everything", is_flag=True, help="Every line, refusals too / 写出每一行")
@click.option("--lenient", is_flag=True, help="Take wrong cells as unknown / 有错的格当作未知")
@click.option(
    "--engine",
    type=click.Choice(["polars", "duckdb", "spark"]),
    default="polars",
    show_default=True,
    help="What works the columns out; the lines are the same / 用什么引擎，结果相同",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes / 进程数")
@click.option(
    "--summary",
    "summary_folder",
    type=click.Path(path_type=Path),
    help="A folder for the summary: page with plots, CSV, Parquet / 汇总放在哪个文件夹",
)
@rules_option
@lang_option
@json_option
def screen(
    firms: tuple[Path, ...],
    output: Path,
    as_of: str | None,
    schemes: tuple[str, ...],
    since: Path | None,
    everything: bool,
    lenient: bool,
    engine: Literal["polars", "duckdb", "spark"],
    workers: int,
    summary_folder: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Decide every scheme for every firm of a table, and write the lines to OUT.

    FIRMS are .parquet, .csv or .arrow; --scheme names some of the schemes.

    A firm is a row: `id` and the ids of facts as columns, money in yuan; a cell left empty is unknown. Lines: firm, scheme, as_of,
    status, recipient, kind, low, high (fen). Without --all, those of firms that have a scheme with money in it, or with something
    that speaks for them. Stopped, it goes on where it was when run again. Exit status: 0 done, 2 bad input, every fault listed.

    --summary writes what it comes to by scheme, district, industry and size: index.html (Chinese), index-en.html, and open data
    (CSV, Parquet, described in datapackage.json), without figures of fewer than five firms.

    --engine duckdb runs the conditions as `matcher sql` prints them, in this process (extra `duckdb`, about ten times slower); spark sends
    them to a cluster (extra `spark`).

    对表中每家企业逐项判断全部政策；中断后再次运行会接着做。
    """
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, schemes)
    if asked.faults:
        click.echo(faults_text("screen", asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    order = Order(asked.as_of or today(), asked.schemes, everything, lenient, since)
    if engine == "duckdb":
        order = replace(order, engine=engine)
    if engine == "spark":
        if summary_folder is not None:
            click.echo(
                Text(
                    zh="--summary 请用 polars 或 duckdb 引擎。", en="--summary wants the engine polars or duckdb."
                ).get(lang),
                err=True,
            )
            raise SystemExit(BAD_INPUT)
        written = _refusing(lang, lambda: _on_spark(rulebook, firms, order, output, lang))
        click.echo(
            json.dumps({"lines": written})
            if as_json
            else Text(zh=f"写出 {written} 行。", en=f"{english_count(written, 'line')}.").get(lang)
        )
        return
    found = _refusing(lang, lambda: _screened(rulebook, firms, order, output, workers, lang))
    if summary_folder is not None:
        folder = summary_folder
        _refusing(lang, lambda: write_summary(folder, rulebook, found, order.day))
    if as_json:
        click.echo(found.to_json())
    else:
        click.echo(summary_table(rulebook, found, order.day, lang))


def _screened(
    rulebook: Rulebook, firms: Sequence[Path], order: Order, output: Path, workers: int, lang: str
) -> Tallies:
    table = open_table(rulebook, firms)
    _remark(table, lang, compile_edition(rulebook, order.day, table.facts, order.schemes).absent)
    with progress(table.rows, sentences.say("已判断企业", lang)) as advance:
        if workers > 1:
            return screen_by_several(rulebook, table, order, output, workers, advance)
        return screen_here(rulebook, table, order, output, advance)


def _on_spark(rulebook: Rulebook, firms: Sequence[Path], order: Order, output: Path, lang: str) -> int:
    if order.since is not None:
        raise OutputError(
            zh="--changed-since 请用 polars 或 duckdb 引擎。",
            en="--changed-since wants the engine polars or duckdb.",
        )
    table = open_table(rulebook, firms)
    _remark(table, lang)
    return screen_on_spark(rulebook, table, order, output)


def _refusing(lang: str, work: Callable[[], T]) -> T:
    """Do it, or say what is wrong and leave with status 2."""
    try:
        return work()
    except (TableError, OutputError, OverrideError) as error:
        click.echo(error.text.get(lang), err=True)
        raise SystemExit(BAD_INPUT) from None


def _remark(table: Table, lang: str, absent: Sequence[str] = ()) -> None:
    """Say what is not read, how much of what could be told is there, and which facts that are asked for are not."""
    told = len(table.facts)
    remarks = [Text(
        zh=f"{grouped(table.rows)} 家企业，{told} 项事实；没有的列一律当作未知。",
        en=f"{english_count(table.rows, 'firm')}, {english_count(told, 'fact')}; what has no column is unknown.",
    )]  # fmt: skip
    if absent:
        names = ", ".join(absent[:12]) + (" …" if len(absent) > 12 else "")
        remarks.append(Text(
            zh=f"政策要看、表中没有的事实{len(absent)}项：{names}",
            en=f"facts that the schemes read and that have no column, {len(absent)} in all: {names}"
        ))  # fmt: skip
    if table.ignored:
        zh, en = zip(*(_ignored(table, name) for name in table.ignored[:12]), strict=True)
        more = " …" if len(table.ignored) > 12 else ""
        remarks.append(Text(
            zh=f"不认识、没有读的列：{'，'.join(zh)}{more}", en=f"columns that are no facts, not read: {', '.join(en)}{more}"
        ))  # fmt: skip
    for one in remarks:
        remark(one.get(lang))


def _ignored(table: Table, name: str) -> tuple[str, str]:
    """A column that is not read, with the fact that it was probably meant for, in both languages."""
    meant = meant_by(table.rulebook, name)
    if meant is None or meant in table.facts:
        return name, name
    return f"{name}（是不是 {meant}？）", f"{name} (perhaps {meant}?)"


@click.command(cls=ManySchemes)
@_files
@click.option("--from", "before", metavar="DATE", help="The day before the change (today) / 变化前的日期")
@click.option("--to", "after", metavar="DATE", help="The day after it (the same) / 变化后的日期")
@click.option(
    "--set", "figures", metavar="FIGURE=VALUE", multiple=True, help="Set a figure of the rules after it / 改一个数字"
)
@click.option(
    "--rules-to",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The rules after it: another folder / 变化后的规则目录",
)
@scheme_option
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The firms concerned, by name / 受影响的企业名单")
@click.option("--lenient", is_flag=True, help="Take wrong cells as unknown / 有错的格当作未知")
@rules_option
@lang_option
@json_option
def impact(
    firms: tuple[Path, ...],
    before: str | None,
    after: str | None,
    figures: tuple[str, ...],
    rules_to: Path | None,
    schemes: tuple[str, ...],
    output: Path | None,
    lenient: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Compare two days, two folders of rules, or the rules with other figures, over FIRMS: who gains, who loses, how many yuan.

    Schemes are each counted by themselves; groups and the total count what a firm can have together: its best bundle, where schemes
    exclude each other or share a ceiling.

    比较两个日期、两套规则，或改动数字之后：谁受益，谁受损，多少钱。
    """
    rulebook = load_rulebook()
    first, second = read_asked(rulebook, before, schemes), read_asked(rulebook, after, ())
    faults = (*first.faults, *second.faults)
    if faults:
        click.echo(faults_text("impact", faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    start = first.as_of or today()
    rules = _refusing(lang, lambda: (rulebook, _after(rulebook, rules_to, figures)))
    found = _refusing(
        lang,
        lambda: _compared(rules, firms, (start, second.as_of or start), (first.schemes, output, lenient), lang),
    )
    click.echo(
        json.dumps({**asdict(found), "better": found.better, "worse": found.worse}, ensure_ascii=False)
        if as_json
        else changes_table(rulebook, found, lang)
    )


def _after(rulebook: Rulebook, folder: Path | None, figures: Sequence[str]) -> Rulebook:
    """The rules after the change. Raises OverrideError where a figure cannot be set or the folder's rules do not load."""
    try:
        after = rulebook if folder is None else load(folder)
    except RulebookError as error:
        said = str(error).splitlines()[0]
        raise OverrideError(
            zh=f"{folder} 的规则读不了：{said}", en=f"the rules in {folder} do not load: {said}"
        ) from None
    named = dict(one.partition("=")[::2] for one in figures)
    return with_figures(after, named) if named else after


def _compared(
    rules: tuple[Rulebook, Rulebook], firms: Sequence[Path], days: tuple[date, date],
    asked: tuple[tuple[str, ...] | None, Path | None, bool], lang: str,
) -> Impact:  # fmt: skip
    before, after = rules
    table = open_table(before, firms)
    wanted, output, lenient = asked
    schemes = tuple(slug for slug in wanted or before.schemes if slug in after.schemes)
    _remark(table, lang, compile_edition(after, days[1], table.facts, schemes).absent)
    alone = sorted((set(before.schemes) ^ set(after.schemes)) - (set(before.schemes) - set(wanted or before.schemes)))
    if alone:
        names = ", ".join(alone[:12])
        click.echo(
            Text(
                zh=f"只在一套规则里、没有比较的政策：{names}",
                en=f"schemes of one of the two alone, not compared: {names}",
            ).get(lang),
            err=True,
        )
    with progress(table.rows, sentences.say("已判断企业", lang)) as advance:
        return compare_rules(
            table, Rules(before, days[0]), Rules(after, days[1]), advance, output, schemes, lenient=lenient
        )
