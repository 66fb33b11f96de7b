"""`matcher screen`: a whole table of firms goes in, a line for each firm and scheme comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from matcher.population import Order, OutputError, Table, TableError, Tallies, open_table, screen_by_several
from matcher.population import screen as screen_here
from matcher.rulebook import Rulebook, Text
from matcher.text import today, yuan

from .options import (
    BAD_INPUT,
    ManySchemes,
    as_of_option,
    columns,
    json_option,
    lang_option,
    load_rulebook,
    read_asked,
    rules_option,
    scheme_option,
)
from .report import faults_text

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
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes / 进程数")
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
    workers: int,
    lang: str,
    as_json: bool,
) -> None:
    """Decide every scheme (or those named) for every firm of FIRMS... (.parquet, .csv, .arrow) and write the lines to OUT.

    A firm is a row: `id` and the ids of facts as columns, money in yuan; a cell left empty is unknown. Lines: firm, scheme, as_of,
    status, recipient, kind, low, high (fen). Without --all, those of firms that have a scheme with money in it, or with something
    that speaks for them. Stopped, it goes on where it was when run again. Exit status: 0 done, 2 bad input, every fault listed.

    对表中每家企业逐项判断全部政策；中断后再次运行会接着做。
    """
    rulebook = load_rulebook()
    asked = read_asked(rulebook, as_of, schemes)
    if asked.faults:
        click.echo(faults_text("screen", asked.faults, lang), err=True)
        raise SystemExit(BAD_INPUT)
    order = Order(asked.as_of or today(), asked.schemes, everything, lenient, since)
    found = _refusing(lang, lambda: _screened(rulebook, firms, order, output, workers, lang))
    if as_json:
        click.echo(found.to_json())
    else:
        click.echo(_summary(rulebook, found, lang))


def _screened(
    rulebook: Rulebook, firms: Sequence[Path], order: Order, output: Path, workers: int, lang: str
) -> Tallies:
    table = open_table(rulebook, firms)
    _remark(table, lang)
    with click.progressbar(
        length=table.rows, label="firms" if lang == "en" else "企业", file=click.get_text_stream("stderr")
    ) as bar:
        if workers > 1:
            return screen_by_several(rulebook, table, order, output, workers, bar.update)
        return screen_here(rulebook, table, order, output, bar.update)


def _refusing(lang: str, work: Callable[[], Tallies]) -> Tallies:
    """Do it, or say what is wrong and leave with status 2."""
    try:
        return work()
    except (TableError, OutputError) as error:
        click.echo(error.text.get(lang), err=True)
        raise SystemExit(BAD_INPUT) from None


def _remark(table: Table, lang: str) -> None:
    """Say what is not read, and how much of what could be told is there."""
    told = len(table.facts)
    remarks = [Text(
        zh=f"{table.rows} 家企业，{told} 项事实；没有的列一律当作未知。",
        en=f"{table.rows} firms, {told} facts; what has no column is unknown.",
    )]  # fmt: skip
    if table.ignored:
        names = ", ".join(table.ignored[:12])
        remarks.append(Text(zh=f"不认识、没有读的列：{names}", en=f"columns that are no facts, not read: {names}"))
    for remark in remarks:
        click.echo(remark.get(lang), err=True)


def _summary(rulebook: Rulebook, found: Tallies, lang: str) -> str:
    """The schemes that somebody has, those with the most money first."""
    heads = (
        ("符合", "待部门决定", "还缺信息", "金额（元）", "最多（元）", "政策")
        if lang == "zh"
        else ("entitled", "to decide", "undecided", "yuan", "at most", "scheme")
    )
    rows = []
    for slug, statuses in found.schemes.items():
        have = [statuses.get(word, [0, 0, 0]) for word in ("eligible", "applies", "needs_decision")]
        if not any(firms for firms, _, _ in have):
            continue
        entitled, decide = have[0][0] + have[1][0], have[2][0]
        exact, most = (sum(one[place] for one in have) for place in (1, 2))
        undecided = statuses.get("needs_information", [0])[0]
        name = rulebook.schemes[slug].name.get(lang)
        rows.append((exact + most, (str(entitled), str(decide), str(undecided), yuan(exact), yuan(most), name)))
    lines = [heads, *(row for _, row in sorted(rows, key=lambda row: -row[0]))]
    widths = [max(columns(line[place]) for line in lines) for place in range(5)]
    table = [
        "  ".join([*(" " * (width - columns(cell)) + cell for width, cell in zip(widths, line, strict=False)), line[5]])
        for line in lines
    ]
    foot = Text(
        zh=f"共 {found.firms} 家，写出 {found.lines} 行；{found.exact} 项逐家精确核对，{found.given_up} 项无法判定，"
        f"{found.wrong} 格当作未知。",
        en=f"{found.firms} firms, {found.lines} lines; {found.exact} answers read exactly one by one, {found.given_up} given up, "
        f"{found.wrong} cells taken as unknown.",
    )
    return "\n".join([*table, foot.get(lang)])
