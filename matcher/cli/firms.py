"""`matcher firms`: read a list of firms into the register, and find a firm in it."""

from __future__ import annotations

import datetime
import itertools
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from matcher.firms import Fault, Unreadable, decode, read_all, read_date, shown
from matcher.rulebook import Text
from matcher.text import sentences, today

from .options import BAD_INPUT, as_of_option, json_line, json_option, lang_option, load_rulebook, wrap
from .report import faults_text
from .talk import Advance, progress

if TYPE_CHECKING:
    from matcher.firms.spreadsheets import FirmRow, Guess, Listed

SOME_EMPTY = 1

HINT = Text(
    zh="没有找到相近的企业。可写名称的一部分、曾用名、拼音、首字母（至少 3 个）或信用代码的一段（至少 4 位）",
    en="no firm is near that. Type a part of its name, a former name, pinyin, 3 or more first letters, or 4 or more "
    "characters of its credit code",
)


@click.group()
def firms() -> None:
    """The register of firms: read lists into it, find a firm in it.

    企业库：导入名单、查找企业。
    """


@firms.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@as_of_option
@lang_option
def import_(path: Path, as_of: str | None, lang: str) -> None:
    """Read FILE (.csv in UTF-8 or GBK, or .xlsx; one firm a row) into the register: all of it, or nothing.

    Firms that the register has by their credit code get the new facts added to their history. --as-of is the day that
    the facts are of, else today. Exit status: 0 imported, 2 nothing imported.

    把企业名单导入企业库：全部导入，或全部不导入。
    """
    from matcher.db import StoreError

    on = read_date(as_of) if as_of is not None else today()
    try:
        if isinstance(on, Text):
            raise Unreadable([Fault("--as-of", None, shown(as_of), on)])
        click.echo(_import(path, on, lang))
    except Unreadable as error:
        click.echo(_nothing(lang) + "\n" + faults_text(path.name, error.faults, lang), err=True)
        raise SystemExit(BAD_INPUT) from None
    except StoreError as error:
        click.echo(error.text.get(lang), err=True)
        raise SystemExit(BAD_INPUT) from None


@firms.command("columns")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--values", "with_values", is_flag=True, help="What every firm's row states, too / 连同每家企业的内容")
@as_of_option
@lang_option
@json_option
def columns_(path: Path, with_values: bool, as_of: str | None, lang: str, as_json: bool) -> None:
    """Say which fact each column of FILE holds (.xlsx, or text with commas, semicolons or tabs), and why.

    A column that is doubtful, or that no fact fits, is left open. Rows count the firms: titles, headings and sums are none.
    Exit status: 0 read, 2 not readable.

    说明表格里每一列是什么内容。
    """
    from matcher.firms.spreadsheets import Recognised, recognise

    on = read_date(as_of) if as_of is not None else None
    try:
        if isinstance(on, Text):
            raise Unreadable([Fault("--as-of", None, shown(as_of), on)])
        found: Recognised = recognise(load_rulebook(), path, path.name, on)
        rows = [_row_json(at, row) for at, row in enumerate(found.firms, start=1)] if with_values else []
    except Unreadable as error:
        click.echo(faults_text(path.name, error.faults, lang), err=True)
        raise SystemExit(BAD_INPUT) from None
    if as_json:
        click.echo(json_line({"columns": [_column_json(one) for one in found.columns], "rows": rows}))
        return
    for one in found.columns:
        told = f"{one.fact} ({one.score})" if one.fact else "?"
        click.echo("\n".join(wrap(f"{shown(one.heading) or '—'} → {told}: {one.reason.get(lang)}", "", "    ")))
    for row in rows:
        click.echo(json_line(row))


def _column_json(one: Guess) -> dict[str, Any]:
    why = one.reason.to_json()
    return {"heading": one.heading, "fact": one.fact, "score": one.score, "why": why}


def _row_json(number: int, row: FirmRow) -> dict[str, Any]:
    return {"row": number, "facts": row.facts, "faults": [fault.to_json() for fault in row.faults]}


@firms.command()
@click.argument("text", metavar="TEXT|-")
@click.option("-n", "limit", type=click.IntRange(1, 50), default=5, show_default=True, help="Firms at most / 最多几家")
@lang_option
@json_option
def find(text: str, limit: int, lang: str, as_json: bool) -> None:
    """Find a firm by its name (slips, former names, no region or legal form), pinyin, first letters or credit code.

    With - every line of standard input is a query, answered in its order. Exit status: 0 found, 1 nothing found for
    some line, 2 nothing found for TEXT, or bad input.

    按名称、曾用名、拼音、首字母或信用代码查找企业。
    """
    from matcher.db import StoreError

    try:
        queries = decode(read_all(sys.stdin.buffer)).splitlines() if text == "-" else [text]
        empty = 0
        for answer in _answers(queries, limit):
            empty += not answer["hits"]
            click.echo(json_line(answer) if as_json else _written(answer, lang, text == "-"))
    except Unreadable as error:
        click.echo(faults_text("stdin", error.faults, lang), err=True)
        raise SystemExit(BAD_INPUT) from None
    except StoreError as error:
        click.echo(error.text.get(lang), err=True)
        raise SystemExit(BAD_INPUT) from None
    raise SystemExit((SOME_EMPTY if text == "-" else BAD_INPUT) if empty else 0)


def _import(path: Path, on: datetime.date, lang: str) -> str:
    """Read the list and enter it in one transaction; the summary. Raises Unreadable and StoreError."""
    from matcher.db import migrate, open_engine, session
    from matcher.firms import AT_ONCE, FirmEntry, Told, enter_firms
    from matcher.firms.search import keys_of
    from matcher.firms.spreadsheets import read_roster

    def keys(name: str) -> tuple[tuple[str, ...], str, str]:
        made = keys_of(name)
        return made.grams, made.initials, made.core_initials

    rulebook = load_rulebook()
    roster = read_roster(rulebook, path)
    kinds = {fact.id: fact.of for fact in rulebook.facts.values() if fact.of}
    told = Told("imported", on, datetime.datetime.now(datetime.UTC))
    new = known = with_more = 0
    migrate()
    with session(open_engine()) as writing, progress(roster.rows, sentences.say("已读入企业", lang)) as advance:
        while part := list(_counted(itertools.islice(roster.firms, AT_ONCE), advance)):
            if roster.faults:
                continue  # nothing will be written: read on for the other faults
            entries = [
                FirmEntry(f.id, f.name, f.credit_code, f.former_names, f.parent_id, f.facts, f.line) for f in part
            ]
            entered = enter_firms(writing, entries, told, keys, kinds)
            new, known, with_more = new + entered.new, known + entered.known, with_more + entered.with_more
        if roster.faults:
            raise Unreadable(roster.faults)
    return "\n".join((_summary(new, known, roster.ignored, lang), *_of_more(with_more, lang)))


def _counted(firms: Iterator[Listed], advance: Advance) -> Iterator[Listed]:
    for one in firms:
        advance(1)
        yield one


def _summary(new: int, known: int, ignored: tuple[str, ...], lang: str) -> str:
    listed = ", ".join(map(shown, ignored))
    if lang == "en":
        return f"imported: {new} new firms, {known} known" + (f"; columns not used: {listed}" if ignored else "")
    return f"已导入：新增 {new} 家，已有 {known} 家" + (f"；未使用的列：{listed}" if ignored else "")


def _of_more(firms: int, lang: str) -> Iterator[str]:
    """What is said where the register has loans, projects … of firms that the list left out without saying that it has all."""
    if firms:
        yield sentences.say(
            "有{firms}家在登记簿里的贷款、项目等比这份名单多，多出的保留。名单已列全的，加一列“贷款是否已列全”（项目等同样）填“是”，再导入一次，多出的就不再算。",
            lang,
            firms=firms,
        )


def _nothing(lang: str) -> str:
    return sentences.say("没有导入任何企业", lang)


def _answers(queries: list[str], limit: int) -> Iterator[dict[str, Any]]:
    from matcher.db import migrate, open_engine, reading
    from matcher.firms import FirmIndex
    from matcher.firms.search import name_search as firm_search

    engine = open_engine()
    with reading(engine) as opened:
        stands = FirmIndex(opened).stands()
    if not stands:
        migrate()  # only then: it would wait for a list that is being imported
    with reading(engine) as opened:
        index = FirmIndex(opened)
        for query in queries:
            start = time.perf_counter()
            hits = firm_search.find_firm_names(query, index, limit)
            yield {
                "query": query,
                "hits": [
                    {
                        "id": hit.id,
                        "name": hit.name,
                        "credit_code": hit.credit_code,
                        "score": hit.score,
                        "why": hit.why.to_json(),
                    }
                    for hit in hits
                ],
                "ms": round((time.perf_counter() - start) * 1000, 2),
            }


def _written(answer: dict[str, Any], lang: str, many: bool) -> str:
    lines = [f"[{answer['query']}]"] if many else []
    for hit in answer["hits"]:
        lines += wrap(f"{hit['name']}  {hit['credit_code']}  {hit['id']} – {hit['why'][lang]}", "", "    ")
    return "\n".join(lines if answer["hits"] else [*lines, *wrap(HINT.get(lang))])
