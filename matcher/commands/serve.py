"""`matcher serve`: the web site on this machine."""

from __future__ import annotations

import click


@click.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on / 监听地址")
@click.option(
    "--port", envvar="PORT", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port / 端口"
)
def serve(host: str, port: int) -> None:
    """Serve the site until it is told to stop (SIGTERM, Ctrl-C).

    启动网站。
    """
    from matcher.web.serve import serve as run  # Flask and the database are loaded for the site alone

    run(host, port)
