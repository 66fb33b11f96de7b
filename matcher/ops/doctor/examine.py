"""What is wrong with an installation, and how to mend it: each thing that the site needs is tried as the site would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matcher.rulebook import Text
from matcher.settings import SettingsError, settings

from . import machine, records, services
from .finding import Finding, good, warning, wrong


def examine() -> Iterator[Finding]:
    """Everything that the site needs, one after the other; what cannot even be tried is a finding too."""
    yield from _settings()
    if settings_hold():
        for part, look in _PARTS.items():
            try:
                yield from look()
            except Exception as error:  # a doctor that falls over on the first sickness helps nobody
                kind = type(error).__name__
                yield Finding(
                    part, "wrong", Text(zh=f"查不了：{kind}：{error}", en=f"cannot be examined: {kind}: {error}")
                )


def settings_hold() -> bool:
    """Whether the settings of the environment can be used at all."""
    try:
        settings()
    except SettingsError:
        return False
    return True


def _settings() -> Iterator[Finding]:
    try:
        found = settings()
    except SettingsError as error:
        yield wrong("settings", error.zh, error.en)
        return
    yield good("settings", "设置都能用", "all settings can be used")
    if found.public_url is None:
        yield warning(
            "settings",
            "没有设 MATCHER_PUBLIC_URL：函件上没有核验网址。设成本网站的公开网址，如 https://hq.example.gov.cn",
            "MATCHER_PUBLIC_URL is not set: letters name no place to verify them. Set it to this site's public address",
        )
    elif found.public_url.startswith("http://"):
        yield warning(
            "settings",
            "MATCHER_PUBLIC_URL 不是 https：密码会明文传送",
            "MATCHER_PUBLIC_URL is not https: passwords go in clear",
        )
    clear = [origin for origin in found.embed_origins if origin.startswith("http://")]
    if clear:
        yield warning(
            "settings",
            f"MATCHER_EMBED_ORIGINS 里有不是 https 的：{', '.join(clear)}。路上的人能改它的网页，也就能看到自查的结论",
            f"MATCHER_EMBED_ORIGINS has sites without https: {', '.join(clear)}. Whoever is on the way can change their "
            "pages, and so read what the check finds",
        )
    if not found.trusted_hosts:
        yield warning(
            "settings",
            "没有设 TRUSTED_HOSTS：任何主机名都答复。设成本网站的主机名",
            "TRUSTED_HOSTS is not set: the site answers to any host name. Set it to the site's own",
        )

    if found.operator is None:
        yield warning(
            "settings",
            "没有设 MATCHER_OPERATOR：每页页脚都说还不知道网站由谁运行。设成单位名称，电话和地址设在 MATCHER_OPERATOR_PHONE、"
            "MATCHER_OPERATOR_ADDRESS",
            "MATCHER_OPERATOR is not set: the foot of every page says that nobody knows who runs the site. Set it to your name, and "
            "MATCHER_OPERATOR_PHONE and MATCHER_OPERATOR_ADDRESS to where you are reached",
        )


def _next() -> Iterator[Finding]:
    port = settings().port
    yield good(
        "next",
        f"没有标 ✗ 的就可以启动：matcher serve，再用浏览器打开 http://127.0.0.1:{port}，工作台在 /desk",
        f"where nothing has a ✗, start it: matcher serve, then open http://127.0.0.1:{port} in a browser; the desk is at /desk",
    )


_PARTS: dict[str, Callable[[], Iterator[Finding]]] = {
    "rules": machine.rules,
    "fonts": machine.fonts,
    "files": machine.files,
    "database": records.database,
    "clock": machine.clock,
    "keys": records.keys,
    "backups": records.backups,
    "accounts": records.accounts,
    "mail": services.mail,
    "scanner": services.scanner,
    "sign-in": services.sign_in,
    "next": _next,
}
