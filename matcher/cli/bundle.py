"""`matcher bundle`: offers already decided go in, the best consistent set comes out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from matcher.firms import Bundle, Fault, Unreadable, bundle_response, errors_response, open_document, read_bundles
from matcher.rulebook import Rulebook

from .options import BAD_INPUT, json_line, json_option, lang_option, load_rulebook, rules_option, wrap
from .report import faults_text

SOME_BAD = 1


@click.command()
@click.argument("file", metavar="FILE|-")
@rules_option
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
    result = bundle_response(rulebook, one)
    if isinstance(result, tuple):
        raise SystemExit(_refuse(one.id, result, lang, as_json))
    click.echo(json_line(result) if as_json else "\n".join(wrap(result["text"][lang])))


def _many(rulebook: Rulebook, found: tuple[Bundle, ...]) -> int:
    status = 0
    for one in found:
        result = bundle_response(rulebook, one)
        if isinstance(result, tuple):
            status, result = SOME_BAD, errors_response(one.id, result)
        click.echo(json_line(result))
    return status


def _refuse(name: str, faults: tuple[Fault, ...], lang: str, as_json: bool) -> int:
    if as_json:
        click.echo(json_line(errors_response(name, faults)))
    else:
        click.echo(faults_text(name, faults, lang), err=True)
    return BAD_INPUT
