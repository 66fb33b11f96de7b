"""`matcher keys`: makes, exchanges and closes the keys that letters are signed with, and publishes the trust list."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from sqlmodel import Session

from matcher import places
from matcher.db import migrate, open_engine, reading
from matcher.firms import shown
from matcher.letters import centres, last_signed, signed_before, turn, withdrawn
from matcher.letters.proof import Centre, KeyFolder
from matcher.settings import settings
from matcher.text import today

from .options import BAD_INPUT
from .register import refusing

_KEY_ID = re.compile(r"[0-9a-f]{12}")


@click.group("keys")
def keys() -> None:
    """Keep the centres' keys: make, exchange, revoke them, and publish the trust list.

    管理各中心签发函件的密钥：新建、更换、吊销，并公布公钥清单。
    """


@keys.command("new")
@click.argument("centre", metavar="CENTRE")
@refusing()
def new(centre: str) -> None:
    """Make the first key of CENTRE (heping, beichen …, tianjin) / 为中心新建密钥。"""
    named = _centre(centre)
    with turn(places.instance_dir(), named.id):
        made = KeyFolder.own().new(named, today())
    click.echo(f"{made.id} {made.centre} {made.centre_name.zh} {made.mark}")
    _warn_of_open_keys(named)


@keys.command("rotate")
@click.argument("centre", metavar="CENTRE")
@refusing()
def rotate(centre: str) -> None:
    """Close the key of CENTRE and make the next; letters signed so far still verify / 更换密钥，旧函仍可核验。"""
    folder, named = KeyFolder.own(), _centre(centre)
    with turn(places.instance_dir(), named.id):  # no letter is between its number and its place in the register
        active = folder.active(named.id)
        made = folder.rotate(named, today(), _last_numbers(active.id) if active else {})
    click.echo(f"{made.id} {made.centre} {made.centre_name.zh} {made.mark}")
    _warn_of_open_keys(named)


@keys.command("revoke")
@click.argument("key_id", metavar="KEYID")
@click.option("--reason", metavar="TEXT", required=True, help="Why, for the trust list / 吊销原因")
@refusing()
def revoke(key_id: str, reason: str) -> None:
    """Revoke a key: of all it signed, only the letters in the register stay true / 吊销密钥，只有登记在册的函件仍有效。"""
    if not _KEY_ID.fullmatch(key_id):
        click.echo(f"{shown(key_id)}：密钥编号是12位十六进制数 / a key's id is twelve hexadecimal digits", err=True)
        raise SystemExit(BAD_INPUT)
    folder = KeyFolder.own()
    with turn(places.instance_dir(), folder.known_key(key_id).centre):
        with _register() as register:
            last, signed = last_signed(register, key_id), signed_before(register, key_id)
        closed = folder.revoke(key_id, today(), reason, last, signed)
    shown_last = "、".join(f"{year}: {number}" for year, number in closed.last.items()) or "0"
    click.echo(f"{closed.id} {closed.state} {closed.until} ({shown_last})")


@keys.command("export")
@click.argument("centre", metavar="CENTRE")
@click.option("--cer", "output", metavar="FILE.cer", required=True, help="Where to write it / 存到哪里")
@refusing()
def export(centre: str, output: str) -> None:
    """Write the certificate (DER) of CENTRE's key, for PDF readers to be told whom to trust.

    导出中心的证书，供PDF阅读器设为信任。
    """
    named = _centre(centre)
    active = KeyFolder.own().active(named.id)
    if active is None:
        click.echo(f"{named.id} 还没有密钥 / {named.id} has no key", err=True)
        raise SystemExit(BAD_INPUT)
    try:
        Path(output).write_bytes(active.certificate_der)
    except OSError as error:
        click.echo(f"写不了 / cannot write {shown(output)}: {error.strerror}", err=True)
        raise SystemExit(BAD_INPUT) from None
    fingerprint = hashlib.sha256(active.certificate_der).hexdigest()
    click.echo(f"{output}  SHA-256 {' '.join(fingerprint[at : at + 4] for at in range(0, 64, 4))}")


@keys.command("trust-list")
@click.option("-o", "--output", metavar="FILE.json", help="Where to write it; else it is printed / 存到哪里")
@refusing()
def trust_list(output: str | None) -> None:
    """Write the signed list of public keys and withdrawn letters / 输出签名的公钥清单。"""
    with _register() as register:
        made = KeyFolder.own().trust_list(today(), withdrawn(register))
    if output is None:
        click.echo(made.to_bytes().decode(), nl=False)
        return
    try:
        Path(output).write_bytes(made.to_bytes())
    except OSError as error:
        click.echo(f"写不了 / cannot write {shown(output)}: {error.strerror}", err=True)
        raise SystemExit(BAD_INPUT) from None
    click.echo(f"{output}  {made.fingerprint}")


def _warn_of_open_keys(centre: Centre) -> None:
    """Keys without a passphrase are readable to whoever reads the folder, or a backup of it."""
    if not settings().keys_passphrase:
        click.echo(
            "警告：密钥没有口令，谁读到密钥目录谁就能签发函件；请设置 MATCHER_KEYS_PASSPHRASE，再运行 matcher keys rotate "
            f"{centre.id}。/ Warning: the key has no passphrase, and whoever reads its folder can sign letters. Set "
            f"MATCHER_KEYS_PASSPHRASE, then run: matcher keys rotate {centre.id}",
            err=True,
        )


def _centre(centre_id: str) -> Centre:
    found = centres().get(centre_id)
    if found is None:
        known = "、".join(centres())
        click.echo(f"没有这个中心 / no such centre: {shown(centre_id)} ({known})", err=True)
        raise SystemExit(BAD_INPUT)
    return found


def _last_numbers(key_id: str) -> Mapping[int, int]:
    """The last number that a key signed, by year, from the register."""
    with _register() as register:
        return last_signed(register, key_id)


@contextmanager
def _register() -> Iterator[Session]:
    migrate()
    with reading(open_engine()) as opened:
        yield opened
