"""`matcher industry`: the groups of the industry standard that plain words mean."""

from __future__ import annotations

import sys
from typing import Any

import click

from matcher.firms import Unreadable, decode, read_all
from matcher.rulebook import RulebookError, Text

from .options import BAD_INPUT, json_line, json_option, lang_option, rules_option, wrap
from .report import faults_text

SOME_EMPTY = 1

HINT = Text(
    zh="没有找到相近的行业。换个说法：写做什么、卖什么或提供什么服务，如 做汽车零件、开面馆；也可以写 2 至 4 位行业代码",
    en="no industry is near that. Say what the firm makes, sells or does, such as auto parts; or a code of 2 to 4 digits",
)


@click.command()
@click.argument("text", metavar="TEXT|-")
@rules_option
@lang_option
@json_option
def industry(text: str, lang: str, as_json: bool) -> None:
    """Find the industry (group of GB/T 4754-2017) by plain words, pinyin, English, a code, or the firm's name.

    With - every line of standard input is a query, answered in its order. Exit status: 0 found, 1 nothing found for
    some line, 2 nothing found for TEXT, or bad input.

    按大白话、拼音、英文、代码或企业名称查行业。
    """
    try:
        status = _many(lang, as_json) if text == "-" else _one(text, lang, as_json)
    except RulebookError as error:
        click.echo(str(error), err=True)
        status = BAD_INPUT
    except Unreadable as error:
        click.echo(faults_text("stdin", error.faults, lang), err=True)
        status = BAD_INPUT
    raise SystemExit(status)


def answer(query: str) -> dict[str, Any]:
    """Return `{query, groups}`, and where nothing fits what to do about it as `hint`."""
    from matcher.firms.search import find_industry  # its dictionaries would slow the start of every command

    groups = [{"code": hit.code, "name": _both(hit.name), "why": _both(hit.why)} for hit in find_industry(query)]
    return {"query": query, "groups": groups} | ({} if groups else {"hint": _both(HINT)})


def _one(query: str, lang: str, as_json: bool) -> int:
    found = answer(query)
    if as_json:
        click.echo(json_line(found))
    else:
        click.echo("\n".join(_lines(found, lang)), err=not found["groups"])
    return 0 if found["groups"] else BAD_INPUT


def _many(lang: str, as_json: bool) -> int:
    """Answer every line; an empty line is a query too, so that answers stay beside their lines."""
    status = 0
    for query in decode(read_all(sys.stdin.buffer)).splitlines():
        found = answer(query)
        status = status if found["groups"] else SOME_EMPTY
        click.echo(json_line(found) if as_json else "\n".join([f"[{query}]", *_lines(found, lang)]))
    return status


def _lines(found: dict[str, Any], lang: str) -> list[str]:
    if not found["groups"]:
        return wrap(HINT.get(lang))
    return [
        line
        for group in found["groups"]
        for line in wrap(f"{group['code']} {group['name'][lang]} – {group['why'][lang]}", "", "    ")
    ]


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
