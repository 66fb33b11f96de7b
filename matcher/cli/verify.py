"""`matcher verify`: is this letter genuine, unchanged, rightly decided, and does it still hold."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import Engine

from matcher.db import StoreError, database_url, migrate, open_engine, reading
from matcher.firms import read_date, shown
from matcher.letters import standing, statement_of_code
from matcher.letters.proof import (
    LARGEST,
    Against,
    Disclosed,
    DisclosureError,
    KeptRoot,
    KeyFolder,
    Pinning,
    RootError,
    Shelf,
    TrustList,
    TrustListError,
    Verdict,
    beside_register,
    check_disclosed,
    fault,
    is_statement,
    list_used,
    meaning,
    notes,
    own_archives,
    read_receipt,
    read_trust_list,
    receipt_of_file,
    rows,
    stale_warning,
    state_word,
    trimmed,
    verify_apart,
    verify_statement,
)
from matcher.places import config_dir
from matcher.rulebook import Text, load
from matcher.text import CodeMistyped, punctuation, read_code, today

from .options import BAD_INPUT, as_of_option, json_option, lang_option


@click.command("verify")
@click.argument("file", metavar="FILE|IMAGE", required=False)
@click.option(
    "--code", metavar="TEXT", help="The text of the QR code, or the twelve characters / 二维码内容或12位校验码"
)
@click.option("--trust-list", "trust_file", metavar="FILE", help="The centres' public keys / 公钥清单")
@click.option(
    "--root", metavar="FINGERPRINT", help="Whose list to believe; kept after first use / 信任的根指纹，首次使用后记住"
)
@click.option(
    "--rulebook",
    "brought",
    metavar="PATH",
    multiple=True,
    help="A folder or archive of the rules then in force / 规则库",
)
@click.option("--disclosed", metavar="FILE.json", help="Facts disclosed beside the letter / 补充披露的情况")
@as_of_option
@json_option
@lang_option
def verify(
    file: str | None,
    code: str | None,
    trust_file: str | None,
    root: str | None,
    brought: tuple[str, ...],
    disclosed: str | None,
    as_of: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Verify a letter from its file, a scan or a photograph, or from what stands on paper (--code).

    Exit status: 0 intact, of a known issuer, and valid; 3 altered; 4 unknown issuer; 5 revoked or superseded; 6 expired, or of a day
    that is over; 7 unreadable; 1 not everything could be checked.

    核验函件：文件、扫描件、照片，或纸面上的二维码内容、校验码（--code）。返回 0 完好、签发者已知且有效；3 被改动；4 签发者不明；
    5 已撤销或被替代；6 已过期或只说明过去；7 读不出；1 未能全部核验。
    """
    if (file is None) == (code is None):
        raise click.UsageError("FILE.pdf 或 --code，二者取一 / give either FILE.pdf or --code")
    if root is not None and trust_file is None:
        raise click.UsageError("--root 要和 --trust-list 一起用 / --root goes with --trust-list")
    day = _day(as_of)
    trust, pinning = _trust(trust_file, root)
    # With a list of one's own nothing else on this machine is asked: that is what somebody off-line would get.
    engine = None if trust_file else _register()
    try:
        if code is not None:
            verdict = _of_code(code, Against(trust, day), engine)
        else:
            verdict = _of_file(str(file), Against(trust, day), engine, [Path(path) for path in brought])
    except StoreError as error:
        _refuse(error.text)
    shown_facts = [] if disclosed is None else _disclosed(file, disclosed, verdict)
    if as_json:
        more = {} if disclosed is None else {"disclosed": [asdict(one) for one in shown_facts]}
        listed = {} if trust is None else {"trust_list": _list_json(trust, pinning, day)}
        click.echo(json.dumps({**verdict.to_json(), **listed, **more}, ensure_ascii=False))
    else:
        facts = [f"  + {one.fact}: {one.value} ({one.by})" for one in shown_facts]
        click.echo("\n".join([_text(verdict, lang), *facts, *_list_lines(trust, pinning, day, lang)]))
    raise SystemExit(verdict.exit_code)


def _of_file(file: str, against: Against, register: Engine | None, brought: list[Path]) -> Verdict:
    try:
        with Path(file).open("rb") as stream:
            pdf = stream.read(LARGEST + 1)
    except OSError as error:
        _refuse(Text(zh=f"读不了 {shown(file)}：{error.strerror}", en=f"cannot read {shown(file)}: {error.strerror}"))
    verdict = verify_apart(pdf, against.trust, against.as_of, Shelf(own_archives(), tuple(brought)))
    return _asked(verdict, register, hashlib.sha256(trimmed(pdf)).hexdigest() if verdict.proved == "file" else None)


def _disclosed(file: str | None, disclosure: str, verdict: Verdict) -> tuple[Disclosed, ...]:
    """The facts that were disclosed, where the letter vouches for them; nothing is believed beside a letter that is not intact."""
    if file is None or verdict.proved != "file" or verdict.integrity != "intact":
        _refuse(
            Text(zh="补充披露要和完好的函件文件一起核验", en="facts are disclosed beside the intact file of a letter")
        )
    try:
        inside = receipt_of_file(Path(file).read_bytes())
        assert inside is not None
        return check_disclosed(read_receipt(inside), Path(disclosure).read_bytes())
    except OSError as error:
        _refuse(
            Text(
                zh=f"读不了 {shown(disclosure)}：{error.strerror}",
                en=f"cannot read {shown(disclosure)}: {error.strerror}",
            )
        )
    except DisclosureError as error:
        _refuse(error.text)


def _of_code(text: str, against: Against, register: Engine | None) -> Verdict:
    if is_statement(text):
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
    colon = punctuation(lang).colon
    lines = [f"{state_word(verdict, lang)}  {verdict.number or ''}".rstrip(), meaning(verdict, lang)]
    lines += [f"  ✗ {one.what.get(lang)}" for one in verdict.faults]
    lines += [f"  ✓ {note}" for note in notes(verdict, lang)]
    lines += [f"  {label}{colon}{text}" for label, text in rows(verdict, load(), lang)]
    return "\n".join(lines)


def _day(as_of: str | None) -> date:
    day = today() if as_of is None else read_date(as_of)
    if isinstance(day, Text):
        _refuse(Text(zh=f"--as-of {shown(as_of)}：{day.zh}", en=f"--as-of {shown(as_of)}: {day.en}"))
    return day


def _trust(file: str | None, root: str | None) -> tuple[TrustList | None, Pinning | None]:
    """The list to verify by, and how its root came to be believed; None for the keys that this installation keeps."""
    if file is None:
        return KeyFolder.own().known(), None
    try:
        trust = read_trust_list(Path(file).read_bytes())
        return trust, KeptRoot(config_dir()).pin(trust, root)
    except RootError as error:
        _refuse(error.text)
    except (OSError, TrustListError) as error:
        _refuse(
            Text(zh=f"公钥清单 {shown(file)} 不能用：{error}", en=f"the trust list {shown(file)} is of no use: {error}")
        )


def _list_json(trust: TrustList, pinning: Pinning | None, day: date) -> dict[str, object]:
    root = trust.fingerprint if trust.root else None
    return {"root": root, "pinned": pinning, "dated": trust.dated or None, "stale": trust.is_stale(day)}


def _list_lines(trust: TrustList | None, pinning: Pinning | None, day: date, lang: str) -> list[str]:
    """Whose list it was, that it was believed for the first time, and that it is old."""
    if trust is None or pinning is None:
        return []
    told = [_PINNED[pinning].get(lang)] if pinning in _PINNED else []
    told += [stale_warning(lang)] if trust.is_stale(day) else []
    return [f"  {list_used(trust, lang)}", *(f"  ! {one}" for one in told)]


_PINNED = {
    "first": Text(
        zh="首次使用，已记住这个根指纹；请与签发单位公布的指纹核对，不符则此结果不能采信",
        en="first use: this root is kept from now on; compare it with the one the city publishes, and if they differ do "
        "not rely on this result",
    ),
    "unkept": Text(
        zh="本机记不住根指纹（设置目录写不了）；请与签发单位公布的指纹核对，或用 --root 写明",
        en="this root cannot be kept on this machine (its settings cannot be written): compare it with the one the city "
        "publishes, or name it with --root",
    ),
    "replaced": Text(
        zh="已按 --root 改为信任这个根，此前记住的不再信任",
        en="as --root says, this root is trusted from now on, and no longer the one kept before",
    ),
}


def _refuse(text: Text) -> NoReturn:
    click.echo(f"{text.zh} / {text.en}", err=True)
    raise SystemExit(BAD_INPUT)
