"""Gathers the commands of `matcher`; each command loads only what it needs, so that a check answers within a second."""

from __future__ import annotations

import sys

import click

from matcher.commands.bundle import bundle
from matcher.commands.cases import cases
from matcher.commands.check import check
from matcher.commands.letter import letter
from matcher.commands.rules import rules
from matcher.commands.serve import serve
from matcher.commands.vocabulary import facts


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Which enterprise-support schemes of Tianjin a firm is entitled to, why, and for how much.

    企业能享受天津哪些扶持政策：为什么，多少钱，还缺什么。
    """
    for stream in (sys.stdout, sys.stderr):
        encoding = getattr(stream, "encoding", None) or ""
        if encoding.lower().replace("-", "") != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # a terminal set to ASCII must not turn Chinese into a traceback


for command in (check, bundle, cases, letter, rules, facts, serve):
    main.add_command(command)
