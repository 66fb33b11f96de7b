"""`matcher letters`: the register of issued letters; list, show, reprint, extract, revoke."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

import click

from matcher.db import reading, session
from matcher.letters import (
    STATES,
    RegisterEntry,
    centres,
    extract,
    kept_facts,
    kept_file,
    kept_receipt,
    kept_seed,
    list_issued,
    revoke_letter,
    rows,
    void_lost,
    voided,
)
from matcher.letters.proof import DisclosureError, disclose, read_receipt
from matcher.text import punctuation, today

from .options import BAD_INPUT, columns, json_option, lang_option, load_rulebook, written
from .register import centre_of, entry_of, refusing, register

_number = click.argument("number", metavar="NUMBER")

_output = click.option("-o", "--output", metavar="FILE.pdf", required=True, help="Where to write it / 存到哪里")


@click.group("letters")
def letters() -> None:
    """The register of issued letters. NUMBER is a document number, or a letter's twelve-character code.

    已签发函件的登记簿。NUMBER 是文号或校验码。
    """


@letters.command("list")
@click.option("--centre", metavar="ID", help="Only this centre's / 只看这个中心")
@json_option
@lang_option
def list_(centre: str | None, as_json: bool, lang: str) -> None:
    """List the letters by centre and number / 列出函件。"""
    with refusing(), reading(register()) as opened:
        found = list_issued(opened, None if centre is None else centre_of(centre).id)
    if as_json:
        click.echo(json.dumps([_json(entry) for entry in found], ensure_ascii=False))
        return
    width = max((columns(entry.number) for entry in found), default=0)
    for entry in found:
        number = entry.number + " " * (width - columns(entry.number))
        until = entry.valid_until.isoformat() if entry.valid_until else "—"
        state = STATES[entry.state(today())].get(lang)
        click.echo(f"{number}  {entry.code}  {entry.written_on}  {until}  {state}  {entry.addressee or ''}".rstrip())


@letters.command("show")
@_number
@json_option
@lang_option
def show(number: str, as_json: bool, lang: str) -> None:
    """Show what the register holds of a letter / 查看一份函件的登记。"""
    with refusing(), reading(register()) as opened:
        entry = entry_of(opened, number)
        receipt = kept_receipt(opened, entry.number)
    if as_json:
        click.echo(json.dumps(_json(entry) | {"receipt": json.loads(receipt)}, ensure_ascii=False))
        return
    for label, value in rows(entry, read_receipt(receipt.encode()), load_rulebook(), lang, today()):
        click.echo(f"{label}{punctuation(lang).colon}{value}")


@letters.command("reprint")
@_number
@_output
@lang_option
def reprint(number: str, output: str, lang: str) -> None:
    """Write the signed file again, byte for byte as it went out / 重新取出原件。"""
    with refusing(), reading(register()) as opened:
        content = kept_file(opened, entry_of(opened, number).number)
    with written(output, lang) as file:
        file.write(content)


@letters.command("extract")
@_number
@_output
@lang_option
def extract_(number: str, output: str, lang: str) -> None:
    """Write an extract of the register on a letter, with its state of today / 出具登记情况的函。"""
    with refusing(), reading(register()) as opened:
        entry = entry_of(opened, number)
        receipt = read_receipt(kept_receipt(opened, entry.number).encode())
    with written(output, lang) as file, refusing():
        file.write(extract(entry, receipt, load_rulebook(), lang, today()))


@letters.command("disclose")
@_number
@click.option(
    "--fact",
    "names",
    multiple=True,
    metavar="ID",
    help="A fact to disclose; all without it / 要补充披露的情况，不写为全部",
)
@click.option("-o", "--output", metavar="FILE.json", required=True, help="Where to write it / 存到哪里")
@lang_option
def disclose_(number: str, names: tuple[str, ...], output: str, lang: str) -> None:
    """Write facts that a letter withholds, with their proof, for whoever the firm shows them to.

    补充披露函件没有写明的情况，附有证明；给谁看由企业决定。
    """
    with refusing(), reading(register()) as opened:
        entry = entry_of(opened, number)
        receipt = read_receipt(kept_receipt(opened, entry.number).encode())
        seed, told = kept_seed(opened, entry.number), kept_facts(opened, entry.number)
        try:
            wanted = names or tuple(sorted(set(told) - set(receipt.facts)))
            content = disclose(receipt, seed or b"", told, wanted)
        except DisclosureError as error:
            click.echo(str(error), err=True)
            raise SystemExit(BAD_INPUT) from None
    with written(output, lang) as file:
        file.write(content)


@letters.command("voids")
@click.option("--centre", metavar="ID", help="Only this centre's / 只看这个中心")
@json_option
def voids(centre: str | None, as_json: bool) -> None:
    """List the numbers without a letter, each with its reason / 列出没有函件的文号和原因。"""
    with refusing():
        engine = register()
        void_lost(engine, datetime.now(UTC))
        with reading(engine) as opened:
            found = voided(opened, None if centre is None else centre_of(centre).id)
    if as_json:
        listed = [
            {"centre": o.centre, "year": o.year, "place": o.place, "state": o.state, "reason": o.reason} for o in found
        ]
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{centres()[one.centre].mark}〔{one.year}〕{one.place}号  {one.state}  {one.reason or ''}".rstrip())


@letters.command("revoke")
@_number
@click.option("--reason", metavar="TEXT", required=True, help="Why, for the register / 撤销原因")
@lang_option
def revoke(number: str, reason: str, lang: str) -> None:
    """Take a letter back for good / 撤销函件，不可恢复。"""
    with refusing(), session(register()) as writing:
        entry = revoke_letter(writing, entry_of(writing, number).number, reason, datetime.now(UTC))
    click.echo(f"{entry.number}  {STATES[entry.state(today())].get(lang)}")


def _json(entry: RegisterEntry) -> dict[str, Any]:
    """The entry with its state of today, days and moments in ISO form."""
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(entry).items()}
    return {"number": entry.number, "state": entry.state(today())} | told
