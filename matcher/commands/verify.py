"""`matcher verify`: is this letter genuine, unchanged, rightly decided, and does it still hold."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import Engine

from matcher.commands.options import BAD_INPUT, as_of_option, json_option, lang_option
from matcher.firms.faults import shown
from matcher.firms.values import read_date
from matcher.issuing.standing import standing, statement_of_code
from matcher.letters.proof import (
    Against,
    KeyFolder,
    TrustList,
    TrustListError,
    Verdict,
    beside_register,
    read_trust_list,
    verify_statement,
)
from matcher.letters.proof.apart import verify_apart
from matcher.letters.proof.faults import fault
from matcher.letters.proof.said import meaning, rows, state_word
from matcher.letters.proof.shelf import Shelf, own_archives
from matcher.letters.proof.signed_file import LARGEST
from matcher.letters.proof.statement import PREFIX
from matcher.rulebook import Text, load
from matcher.short_codes import CodeMistyped, read_code
from matcher.store import StoreError, database_url, migrate, open_engine, reading
from matcher.tianjin import today


@click.command("verify")
@click.argument("file", metavar="FILE.pdf", required=False)
@click.option(
    "--code", metavar="TEXT", help="The text of the QR code, or the twelve characters / 二维码内容或12位校验码"
)
@click.option("--trust-list", "trust_file", metavar="FILE", help="The centres' public keys / 公钥清单")
@click.option(
    "--rulebook",
    "brought",
    metavar="PATH",
    multiple=True,
    help="A folder or archive of the rules then in force / 规则库",
)
@as_of_option
@json_option
@lang_option
def verify(
    file: str | None,
    code: str | None,
    trust_file: str | None,
    brought: tuple[str, ...],
    as_of: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Verify a letter from its file, or from what stands on paper (--code). Exit status 0 only if all agree and it holds.

    核验函件：文件，或纸面上的二维码内容、校验码（--code）。各项一致且有效才返回 0。
    """
    if (file is None) == (code is None):
        raise click.UsageError("FILE.pdf 或 --code，二者取一 / give either FILE.pdf or --code")
    day, trust = _day(as_of), _trust(trust_file)
    # With a list of one's own nothing else on this machine is asked: that is what somebody off-line would get.
    engine = None if trust_file else _register()
    try:
        if code is not None:
            verdict = _of_code(code, Against(trust, day), engine)
        else:
            verdict = _of_file(str(file), Against(trust, day), engine, [Path(path) for path in brought])
    except StoreError as error:
        _refuse(Text(zh=error.zh, en=error.en))
    click.echo(json.dumps(verdict.to_json(), ensure_ascii=False) if as_json else _text(verdict, lang))
    raise SystemExit(0 if verdict.valid else 1)


def _of_file(file: str, against: Against, register: Engine | None, brought: list[Path]) -> Verdict:
    try:
        with Path(file).open("rb") as stream:
            pdf = stream.read(LARGEST + 1)
    except OSError as error:
        _refuse(Text(zh=f"读不了 {shown(file)}：{error.strerror}", en=f"cannot read {shown(file)}: {error.strerror}"))
    verdict = verify_apart(pdf, against.trust, against.as_of, Shelf(own_archives(), tuple(brought)))
    return _asked(verdict, register, hashlib.sha256(pdf).hexdigest())


def _of_code(text: str, against: Against, register: Engine | None) -> Verdict:
    if text.startswith(PREFIX):
        return _asked(verify_statement(text, against), register)
    try:
        code = read_code(text)
    except CodeMistyped:
        return Verdict("unknown", None, (fault("code_mistyped"),))
    if register is None:
        return Verdict("unknown", None, (fault("no_register"),))
    with reading(register) as opened:
        statement = statement_of_code(opened, code)
    if statement is None:
        return Verdict("unknown", None, (fault("code_not_found"),))
    return _of_code(statement, against, register)


def _asked(verdict: Verdict, register: Engine | None, sha256: str | None = None) -> Verdict:
    """The verdict beside what the register says, if there is one here and the letter is one of ours so far."""
    if register is None or verdict.number is None or verdict.statement is None:
        return verdict
    with reading(register) as opened:
        return beside_register(verdict, standing(opened, verdict.number), sha256)


def _register() -> Engine | None:
    """The register of this machine; None where it has none, as at a bank."""
    url = database_url()
    if url.drivername == "sqlite" and not Path(url.database or "").exists():
        return None
    migrate(url)
    return open_engine(url)


def _text(verdict: Verdict, lang: str) -> str:
    colon = "：" if lang == "zh" else ": "
    lines = [f"{state_word(verdict, lang)}  {verdict.number or ''}".rstrip(), meaning(verdict, lang)]
    lines += [f"  ✗ {one.what.get(lang)}" for one in verdict.faults]
    lines += [f"  {label}{colon}{text}" for label, text in rows(verdict, load(), lang)]
    return "\n".join(lines)


def _day(as_of: str | None) -> date:
    day = today() if as_of is None else read_date(as_of)
    if isinstance(day, Text):
        _refuse(Text(zh=f"--as-of {shown(as_of)}：{day.zh}", en=f"--as-of {shown(as_of)}: {day.en}"))
    return day


def _trust(file: str | None) -> TrustList | None:
    if file is None:
        return KeyFolder.own().known()
    try:
        return read_trust_list(Path(file).read_bytes())
    except (OSError, TrustListError) as error:
        _refuse(
            Text(zh=f"公钥清单 {shown(file)} 不能用：{error}", en=f"the trust list {shown(file)} is of no use: {error}")
        )


def _refuse(text: Text) -> NoReturn:
    click.echo(f"{text.zh} / {text.en}", err=True)
    raise SystemExit(BAD_INPUT)
