"""`matcher schemes`: the schemes that plain words mean."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from matcher.firms import Unreadable, decode, read_all
from matcher.rulebook import RulebookError, Text

from .options import BAD_INPUT, json_line, json_option, lang_option, load_rulebook, rules_option, wrap
from .report import faults_text

SOME_EMPTY = 1

HINT = Text(
    zh="没有找到相近的政策。换个说法：写想办的事，如 招人、贷款利息、换设备；全部政策见 /schemes",
    en="no scheme is near that. Say what you want, such as hiring, loan interest, new machines; all schemes stand at /schemes",
)


@click.command()
@click.argument("text", metavar="TEXT|-")
@click.option(
    "-n",
    "limit",
    type=click.IntRange(1, 118),
    default=5,
    show_default=True,
    help="At most so many schemes / 最多列几项",
)
@rules_option
@lang_option
@json_option
def schemes(text: str, limit: int, lang: str, as_json: bool) -> None:
    """Find schemes by plain words, in Chinese, English or pinyin.

    With - every line of standard input is a query, answered in its order. Exit status: 0 found, 1 nothing found for
    some line, 2 nothing found for TEXT, or bad input.

    按大白话找政策。
    """
    try:
        queries = decode(read_all(sys.stdin.buffer)).splitlines() if text == "-" else [text]
        found = [answer(query, limit) for query in queries]
    except RulebookError as error:
        click.echo(str(error), err=True)
        raise SystemExit(BAD_INPUT) from None
    except Unreadable as error:
        click.echo(faults_text("stdin", error.faults, lang), err=True)
        raise SystemExit(BAD_INPUT) from None
    for one in found:
        head = [f"[{one['query']}]"] if text == "-" else []
        is_refused = text != "-" and not as_json and not one["schemes"]
        click.echo(json_line(one) if as_json else "\n".join([*head, *_lines(one, lang)]), err=is_refused)
    is_empty = any(not one["schemes"] for one in found)
    raise SystemExit((SOME_EMPTY if text == "-" else BAD_INPUT) if is_empty else 0)


def answer(query: str, limit: int) -> dict[str, Any]:
    """Return `{query, schemes, ms}`, and where nothing fits what to do about it as `hint`; `ms`: how long the search took."""
    from matcher.firms.search import (  # its dictionaries would slow the start of every command
        find_schemes,
        words_of,
    )

    rulebook = load_rulebook()
    words_of(rulebook)
    start = time.perf_counter()
    hits = find_schemes(rulebook, query, limit)
    took = round((time.perf_counter() - start) * 1000, 1)
    found = [
        {
            "scheme": hit.slug,
            "name": rulebook.schemes[hit.slug].name.to_json(),
            "score": hit.score,
            "why": hit.why.to_json(),
        }
        for hit in hits
    ]
    return {"query": query, "schemes": found, "ms": took} | ({} if found else {"hint": HINT.to_json()})


def _lines(found: dict[str, Any], lang: str) -> list[str]:
    if not found["schemes"]:
        return wrap(HINT.get(lang))
    return [
        line
        for one in found["schemes"]
        for line in wrap(f"{one['name'][lang]} ({one['scheme']}) – {one['why'][lang]}", "", "    ")
    ]


def _both(text: Text) -> dict[str, str]:
    return text.to_json()
