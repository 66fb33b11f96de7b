"""`matcher accounts`: the first administrator, and the ways back in when nobody can reach the site's own pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn, get_args

import click
from sqlmodel import Session

from matcher.accounts import (
    Account,
    NewAccount,
    Role,
    add_account,
    find_account,
    held_account,
    list_accounts,
    passwords,
    reset_second_factor,
    set_active,
    set_password,
    unlock,
)
from matcher.audit import append
from matcher.db import migrate, open_engine, session
from matcher.firms import shown
from matcher.letters import centres

from .options import BAD_INPUT
from .register import event, refusing


@click.group("accounts")
def accounts() -> None:
    """Keep the accounts of the desk: make the first administrator, unlock, reset, deactivate.

    管理工作台账号：新建首个管理员、解锁、重置、停用。
    """


@accounts.command("new")
@click.argument("name", metavar="NAME")
@click.option("--role", type=click.Choice(get_args(Role)), required=True, help="What the account may do / 角色")
@click.option("--centre", metavar="CENTRE", required=True, help="heping, beichen …, tianjin / 所属中心")
@click.option("--display-name", metavar="TEXT", help="The name to show; NAME without it / 姓名")
@click.option("--prompt", is_flag=True, help="Ask for a password; else one is made and printed / 自己输入密码")
@refusing()
def new(name: str, role: str, centre: str, display_name: str | None, prompt: bool) -> None:
    """Make an account; its password is printed once and must be changed at the first sign-in / 新建账号。"""
    if centre not in centres():
        _refuse(f"没有这个中心 / no such centre: {shown(centre)} ({'、'.join(centres())})")
    told = _asked(name, centre) if prompt else passwords.generated()
    wanted = NewAccount(name.lower(), display_name or name, role, centre, passwords.hashed(told), not prompt)
    with _register() as register:
        made = add_account(register, wanted, _now())
        _record(register, "account.added", made, role=role)
    click.echo(f"{made.name} {made.role} {made.centre} {centres()[made.centre].name.zh}")
    if not prompt:
        _show(told)


@accounts.command("list")
@refusing()
def listed() -> None:
    """List the accounts / 列出账号。"""
    with _register() as register:
        for account in list_accounts(register):
            click.echo(f"{account.name}\t{account.role}\t{account.centre}\t{_state(account)}\t{account.display_name}")


@accounts.command("unlock")
@click.argument("name", metavar="NAME")
@refusing()
def unlock_(name: str) -> None:
    """Forget the wrong passwords and codes tried at an account / 清除试错次数。"""
    with _register() as register:
        account = _held(register, name)
        unlock(register, account)
        _record(register, "account.unlocked", account)
    click.echo(f"{account.name} unlocked / 已解锁")


@accounts.command("reset")
@click.argument("name", metavar="NAME")
@refusing()
def reset(name: str) -> None:
    """Print a new first password, turn the second step off, end the sessions / 重置密码和两步验证。"""
    told = passwords.generated()
    hashed = passwords.hashed(told)
    with _register() as register:
        account = _held(register, name)
        set_password(register, account, hashed, _now(), must_change=True)
        reset_second_factor(register, account)
        _record(register, "account.password_reset", account)
        _record(register, "account.factor_reset", account)
    click.echo(account.name)
    _show(told)


@accounts.command("deactivate")
@click.argument("name", metavar="NAME")
@refusing()
def deactivate(name: str) -> None:
    """Keep an account out from now on; what it did stays recorded / 停用账号。"""
    with _register() as register:
        account = _held(register, name)
        set_active(register, account, False)
        _record(register, "account.deactivated", account)
    click.echo(f"{account.name} deactivated / 已停用")


def _asked(name: str, centre: str) -> str:
    told: str = click.prompt("密码 / password", hide_input=True, confirmation_prompt=True)
    reason = passwords.refused(told, name.lower(), centre, centres()[centre].name.zh, centres()[centre].name.en)
    if reason is not None:
        _refuse(f"{reason.zh} / {reason.en}")
    return told


def _show(told: str) -> None:
    click.echo(f"初始密码，只显示这一次 / first password, shown this once: {told}")


def _state(account: Account) -> str:
    if not account.is_active:
        return "deactivated"
    return "first password" if account.must_change else "active"


def _held(register: Session, name: str) -> Account:
    found = find_account(register, name)
    account = held_account(register, found.id or 0) if found else None
    if account is None:
        _refuse(f"没有这个账号 / no such account: {shown(name)}")
    return account


def _refuse(words: str) -> NoReturn:
    click.echo(words, err=True)
    raise SystemExit(BAD_INPUT)


def _record(register: Session, action: str, account: Account, **detail: object) -> None:
    append(register, event(action, f"account {account.name}", account.centre, **detail))


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _register() -> Iterator[Session]:
    migrate()
    engine = open_engine()
    try:
        with session(engine) as opened:
            yield opened
    finally:
        engine.dispose()
