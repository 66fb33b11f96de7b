"""`matcher alerts`: changes of the law, told by e-mail to whoever subscribed on the site."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from matcher.alerts import send_alerts, stop_address
from matcher.db import session
from matcher.text import BilingualError, sentences

from .options import BAD_INPUT, lang_option, load_rulebook, rules_option
from .register import refusing, register

FAILED = 1


@click.group()
def alerts() -> None:
    """Changes of the law, told by e-mail to whoever subscribed on the site.

    政策变化的邮件提醒。
    """


@alerts.command("send")
@rules_option
@lang_option
def send(lang: str) -> None:
    """Send what became known since the last sending: the changes that /changes.atom gives. Made to run every day.

    Exit status: 0 all were sent, 1 some were not and are tried again next time, 2 a setting is missing.
    把上次以后的政策变化发给订阅的人。
    """
    rulebook = load_rulebook()
    with refusing():
        try:
            sent = send_alerts(register(), rulebook, datetime.now(UTC))
        except BilingualError as error:
            click.echo(error.text.get(lang), err=True)
            raise SystemExit(BAD_INPUT) from None
    told = {"messages": sent.messages, "failed": sent.failed, "forgotten": sent.forgotten}
    click.echo(
        sentences.say("已发{messages}封，没发出{failed}封（下次再发），删除了{forgotten}个失效地址", lang, **told)
    )
    raise SystemExit(FAILED if sent.failed else 0)


@alerts.command("stop")
@click.argument("address")
@lang_option
def stop(address: str, lang: str) -> None:
    """Delete ADDRESS, for somebody who asks for it by telephone. Exit status: 1 it is not subscribed, 2 it is no address.

    删除一个订阅地址。
    """
    with refusing(), session(register()) as writing:
        was_there = stop_address(writing, address)
    click.echo(sentences.say("已删除", lang) if was_there else sentences.say("没有订阅这个地址", lang))
    raise SystemExit(0 if was_there else FAILED)
