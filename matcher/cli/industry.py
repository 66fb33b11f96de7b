"""`matcher industry`: the groups of the industry standard that plain words mean."""

from __future__ import annotations

import sys
from typing import Any

import click

from matcher.firms import Unreadable, decode, industry_response, read_all
from matcher.rulebook import RulebookError

from .options import BAD_INPUT, json_line, json_option, lang_option, rules_option, wrap
from .report import faults_text

SOME_EMPTY = 1


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


def _one(query: str, lang: str, as_json: bool) -> int:
    found = industry_response(query)
    if as_json:
        click.echo(json_line(found))
    else:
        click.echo("\n".join(_lines(found, lang)), err=not found["groups"])
    return 0 if found["groups"] else BAD_INPUT


def _many(lang: str, as_json: bool) -> int:
    """Answer every line; an empty line is a query too, so that answers stay beside their lines."""
    status = 0
    for query in decode(read_all(sys.stdin.buffer)).splitlines():
        found = industry_response(query)
        status = status if found["groups"] else SOME_EMPTY
        click.echo(json_line(found) if as_json else "\n".join([f"[{query}]", *_lines(found, lang)]))
    return status


def _lines(found: dict[str, Any], lang: str) -> list[str]:
    if not found["groups"]:
        return wrap(found["hint"][lang])
    return [
        line
        for group in found["groups"]
        for line in wrap(f"{group['code']} {group['name'][lang]} – {group['why'][lang]}", "", "    ")
    ]
