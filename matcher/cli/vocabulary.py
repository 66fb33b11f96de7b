"""`matcher facts`: the vocabulary of a profile, for people and for programs."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import groupby

import click

from matcher.firms import fact_response, spelled
from matcher.rulebook import Fact

from .options import json_option, lang_option, load_rulebook, rules_option, wrap


@click.command()
@rules_option
@lang_option
@json_option
def facts(lang: str, as_json: bool) -> None:
    """List every fact a profile may hold: id, type, unit, values, bounds, question.

    列出企业资料可用的全部事实。
    """
    vocabulary = list(load_rulebook().facts.values())
    if as_json:
        click.echo(json.dumps([fact_response(fact) for fact in vocabulary], ensure_ascii=False))
        return
    for group, members in groupby(vocabulary, key=lambda fact: fact.group):
        click.echo(f"[{group}]")
        for fact in members:
            click.echo("\n".join(_lines(fact, lang)))


def _bound(bound: Fraction | None) -> str | None:
    return None if bound is None else spelled(bound)


def _lines(fact: Fact, lang: str) -> list[str]:
    low, high = _bound(fact.min), _bound(fact.max)
    bounds = f"{low or '…'} – {high or '…'}" if low or high else ""
    kind = " ".join(part for part in (fact.type, fact.unit, bounds) if part)
    lines = wrap(f"{fact.id} ({kind}) {fact.label.get(lang)}", "  ", "      ")
    if fact.type == "enum":
        lines += wrap("; ".join(f"{value} = {label.get(lang)}" for value, label in fact.values.items()), "      ")
    return lines
