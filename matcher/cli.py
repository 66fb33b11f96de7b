"""Gathers the commands of `matcher`; each command loads only what it needs, so that a check answers within a second."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from matcher.commands.bundle import bundle
from matcher.commands.cases import cases
from matcher.commands.check import check
from matcher.commands.firms import firms
from matcher.commands.industry import industry
from matcher.commands.interview import interview
from matcher.commands.letter import letter
from matcher.commands.rules import rules
from matcher.commands.serve import serve
from matcher.commands.vocabulary import facts

# Those that sign or read signatures load libraries that no other command should wait for.
_LATER = {
    "accounts": "matcher.commands.accounts",
    "audit": "matcher.commands.audit",
    "backup": "matcher.commands.backup",
    "jobs": "matcher.commands.jobs",
    "keys": "matcher.commands.keys",
    "letters": "matcher.commands.letters",
    "outreach": "matcher.commands.outreach",
    "restore": "matcher.commands.backup",
    "retention": "matcher.commands.retention",
    "verify": "matcher.commands.verify",
}


class _Commands(click.Group):
    """A group whose heavier commands are imported when they are called or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _LATER:
            command: click.Command = getattr(import_module(_LATER[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Which enterprise-support schemes of Tianjin a firm is entitled to, why, and for how much.

    企业能享受天津哪些扶持政策：为什么，多少钱，还缺什么。
    """
    for stream in (sys.stdout, sys.stderr):
        encoding = getattr(stream, "encoding", None) or ""
        if encoding.lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # a terminal set to ASCII must not turn Chinese into a traceback


for command in (check, bundle, cases, letter, rules, facts, firms, industry, interview, serve):
    main.add_command(command)
