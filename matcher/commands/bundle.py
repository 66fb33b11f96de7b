"""`matcher bundle`: offers already decided go in, the best consistent set comes out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from matcher.commands.columns import wrap
from matcher.commands.options import BAD_INPUT, errors_json, json_option, lang_option, load_rulebook
from matcher.commands.report import faults_text
from matcher.engine.choose import choose, to_json
from matcher.firms.bundles import Bundle, read_bundles
from matcher.firms.faults import Unreadable
from matcher.firms.files import open_document
from matcher.rulebook import Rulebook

SOME_BAD = 1


@click.command()
@click.argument("file", metavar="FILE|-")
@lang_option
@json_option
def bundle(file: str, lang: str, as_json: bool) -> None:
    """Choose among the offers of the bundle in FILE: what may be had together, and what is worth most.

    FILE (.json, .yaml) holds one bundle, {id, as_of, offers, held?, received?, relations?}, or a list, answered one JSON
    line each; - is standard input. Exit status: 0 chosen, 1 some bundles of a list were bad, 2 bad input.

    在已判断的各项中选出可以同时享受、合计最多的一组。
    """
    rulebook = load_rulebook()
    try:
        document = open_document(file, sys.stdin.buffer)
    except Unreadable as error:
        raise SystemExit(_refuse(Path(file).stem, error.faults, lang, as_json)) from None
    found = read_bundles(rulebook, document, "stdin" if file == "-" else Path(file).stem)
    if isinstance(document.data, list):
        raise SystemExit(_many(rulebook, found))
    (one,) = found
    if one.faults:
        raise SystemExit(_refuse(one.id, one.faults, lang, as_json))
    result = answer(rulebook, one)
    click.echo(_line(result) if as_json else "\n".join(wrap(result["text"][lang])))


def answer(rulebook: Rulebook, one: Bundle) -> dict[str, Any]:
    """Return the answer for a bundle without faults, in the shape of `--json`."""
    choice = choose(one.offers, one.relations, one.as_of, one.held, one.received)
    names = {slug: scheme.name for slug, scheme in rulebook.schemes.items()}
    return {"id": one.id, "rulebook": rulebook.hash, "as_of": one.as_of.isoformat(), **to_json(choice, names)}


def _many(rulebook: Rulebook, found: tuple[Bundle, ...]) -> int:
    for one in found:
        click.echo(_line(errors_json(one.id, one.faults) if one.faults else answer(rulebook, one)))
    return SOME_BAD if any(one.faults for one in found) else 0


def _refuse(name: str, faults: tuple[Any, ...], lang: str, as_json: bool) -> int:
    if as_json:
        click.echo(_line(errors_json(name, faults)))
    else:
        click.echo(faults_text(name, faults, lang), err=True)
    return BAD_INPUT


def _line(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)
