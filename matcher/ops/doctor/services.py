"""Services of others that the settings name: the mail server, the sign-in service, the virus scanner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from matcher.accounts import Role, identity, passkeys
from matcher.contacts import MailError, mail_server
from matcher.letters import centres
from matcher.settings import settings
from matcher.web import ScannerError, scanner_version

from .finding import Finding, good, warning, wrong


def mail() -> Iterator[Finding]:
    """Whether the mail server takes messages from us."""
    told = settings()
    if told.smtp and not told.mail_from:
        yield wrong(
            "mail",
            "设了 MATCHER_SMTP，还要设 MATCHER_MAIL_FROM：谁发的",
            "MATCHER_SMTP is set; set MATCHER_MAIL_FROM too",
        )
    elif not told.smtp:
        yield warning(
            "mail",
            "没有设 MATCHER_SMTP：工作台不发邮件，内容可以复制；也没有政策变化的邮件提醒。要发就设成邮件服务器的地址",
            "MATCHER_SMTP is not set: the desk sends no mail, texts are copied; nobody is e-mailed when schemes change. "
            "Set it to a mail server's address to send",
        )
    else:
        server = mail_server()
        assert server is not None
        try:
            server.check()
        except MailError as error:
            yield wrong("mail", error.text.zh, error.text.en)
        else:
            zh, en = (
                f"邮件服务器 {server.host}:{server.port} 接受本站",
                f"{server.host}:{server.port} takes this site's mail",
            )
            yield good("mail", zh, en)


def scanner() -> Iterator[Finding]:
    """Whether the virus scanner answers."""
    address = settings().clamav
    if address is None:
        yield warning(
            "scanner",
            "没有设 MATCHER_CLAMAV：上传的文件不查病毒。要查就装 clamav-daemon，把 MATCHER_CLAMAV 设成 /run/clamav/clamd.ctl",
            "MATCHER_CLAMAV is not set: uploads are not scanned. To scan them install clamav-daemon, and set MATCHER_CLAMAV to "
            "/run/clamav/clamd.ctl",
        )
        return
    try:
        version = scanner_version()
    except ScannerError as error:
        yield wrong(
            "scanner",
            f"病毒扫描 {address} 不答复（{error}），所以什么文件都不收。请运行 systemctl status clamav-daemon 查看，"
            "并让运行本站的用户能读写这个套接字",
            f"the virus scanner {address} does not answer ({error}), so no upload is taken. See systemctl status clamav-daemon, "
            "and let the site's user read and write that socket",
        )
    else:
        yield good("scanner", f"病毒扫描有回应：{version}", f"the virus scanner answers: {version}")


def sign_in() -> Iterator[Finding]:
    """Whether the sign-in service answers, and passkeys can be had; nothing is said where no such service is set."""
    told = settings()
    parts = {
        "MATCHER_OIDC_ISSUER": told.oidc_issuer,
        "MATCHER_OIDC_CLIENT_ID": told.oidc_client_id,
        "MATCHER_OIDC_CLIENT_SECRET": told.oidc_client_secret,
        "MATCHER_OIDC_GROUPS": told.oidc_groups,
    }
    missing = ", ".join(name for name, value in parts.items() if not value)
    if passkeys.place() is None:
        yield warning(
            "sign-in",
            "用不了通行密钥：MATCHER_PUBLIC_URL 要是 https 开头的域名",
            "no passkeys can be used: MATCHER_PUBLIC_URL must be a host name with https",
        )
    if len(missing.split(", ")) == len(parts):
        return
    if missing:
        yield wrong("sign-in", f"统一登录还缺 {missing}，没有启用", f"the sign-in service is off: {missing} is not set")
        return
    unknown = [one for one in told.oidc_groups if one.centre not in centres() or one.role not in get_args(Role)]
    for one in unknown:
        zh, en = (
            f"MATCHER_OIDC_GROUPS 里没有这个角色或中心：{one.role}@{one.centre}",
            "MATCHER_OIDC_GROUPS has an unknown",
        )
        yield wrong("sign-in", zh, f"{en} role or centre: {one.role}@{one.centre}")
    fault = identity.fault()
    if fault:
        yield wrong(
            "sign-in",
            f"统一登录 {told.oidc_issuer} 用不了（{fault}）。请检查 MATCHER_OIDC_ISSUER 和网络；这时仍能用密码登录",
            f"the sign-in service {told.oidc_issuer} cannot be used ({fault}). Check MATCHER_OIDC_ISSUER and the network; "
            "passwords still work",
        )
    else:
        yield good("sign-in", f"统一登录 {told.oidc_issuer} 有回应", f"the sign-in service {told.oidc_issuer} answers")
