"""`matcher mcp`: the matcher as tools for an assistant, over standard input and output."""

from __future__ import annotations

import click

from .options import BAD_INPUT, load_rulebook, rules_option


@click.command("mcp")
@rules_option
def mcp() -> None:
    """Serve an assistant over the Model Context Protocol (standard input and output): catalogue, check, explain, next question.

    Nothing that it is told is kept. Needs the extra mcp: pip install eligibility-matcher[mcp]
    让智能助手按政策原文回答（MCP 协议，标准输入输出）。
    """
    try:
        from matcher.api import assistant_server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "mcp":
            raise
        click.echo("需要安装 mcp：pip install mcp / mcp is not installed: pip install mcp", err=True)
        raise SystemExit(BAD_INPUT) from None
    assistant_server(load_rulebook()).run("stdio")
