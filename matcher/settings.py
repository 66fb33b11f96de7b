"""Every setting of the program: what the environment may say, of which type, with which default and meaning.

No other module reads the environment (tests/test_settings.py), and the table of README.md is compared with this one.
A variable that is empty counts as not set. Pydantic alone reads it, as the rulebook's models are read: pydantic-settings
would load some thirty further modules at each cold `matcher check`, for sources that nothing here uses.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

_PUBLIC_ADDRESS = re.compile(r"(https?://[A-Za-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._~/-]*)?)")

_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+)(?::(?P<port>[1-9]\d{0,4}))?/?")

_ISSUER = re.compile(
    r"(?:https://[A-Za-z0-9.-]+|http://(?:localhost|127\.0\.0\.1))(?::\d+)?(?:/[A-Za-z0-9._~/-]*)?", re.ASCII
)

_USUAL_PORTS = {"http": "80", "https": "443"}

_LONGEST_ADDRESS = 60  # characters, or the words around it on a letter would be torn over several lines


@dataclass(frozen=True)
class GroupRight:
    """What a group of the sign-in service gives at the desk: a role at a centre."""

    role: str
    centre: str
    group: str


@dataclass(frozen=True)
class Wanted:
    """What a setting's value must be, for whoever set another."""

    zh: str
    en: str


class SettingsError(ValueError):
    """Settings that cannot be used; the message names each, what it says and what it must be.

    :ivar zh: in Chinese; :ivar en: in English. ``str()`` gives both.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


def _parts(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _mail_address(value: str | None) -> str | None:
    if value is None or re.fullmatch(r"smtps?://(?:[^@/\s]+@)?[A-Za-z0-9.-]+(?::\d+)?/?", value.strip()):
        return value and value.strip()
    raise ValueError("no address")


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_origin(value) for value in values)


def _origin(value: str) -> str:
    """An origin as browsers write it: in lower case, without the port that its scheme has anyhow."""
    found = _ORIGIN.fullmatch(value.lower())
    if found is None:
        raise ValueError("no origin")
    port = found["port"]
    return f"{found['scheme']}://{found['host']}" + (
        f":{port}" if port and port != _USUAL_PORTS[found["scheme"]] else ""
    )


def _groups(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = []
    for part in filter(None, (part.strip() for part in value.split(";"))):
        right, _, group = part.partition("=")
        role, _, centre = right.partition("@")
        if not (role.strip() and centre.strip() and group.strip()):
            raise ValueError("no mapping")
        found.append(GroupRight(role.strip(), centre.strip(), group.strip()))
    return tuple(found)


def _issuer(value: str | None) -> str | None:
    """https, or http on this machine alone: whoever is on the way could else sign in as anybody."""
    if value is None or _ISSUER.fullmatch(value.strip()):
        return value and value.strip()
    raise ValueError("no issuer")


def _public_address(value: str | None) -> str | None:
    if value is None:
        return None
    found = _PUBLIC_ADDRESS.fullmatch(value.strip())
    if found is None or len(value.strip()) > _LONGEST_ADDRESS:
        raise ValueError("no address")
    return found[1].rstrip("/")


_Switch = Annotated[bool, BeforeValidator(_lower), Wanted("on 或 off", "on or off")]

_List = Annotated[tuple[str, ...], BeforeValidator(_parts)]

_Networks = Annotated[
    tuple[IPv4Network | IPv6Network, ...],
    BeforeValidator(_parts),
    Wanted("网段，如 10.1.0.0/16，用逗号分开", "networks such as 10.1.0.0/16, by commas"),
]

_Port = Annotated[int, Field(ge=0, le=65535), Wanted("0 到 65535 的整数", "a whole number from 0 to 65535")]

_Count = Annotated[int, Field(ge=0), Wanted("不小于 0 的整数", "a whole number, 0 or more")]

_Number = Annotated[int, Field(ge=1), Wanted("不小于 1 的整数", "a whole number, 1 or more")]

_Mark = Annotated[str, Field(min_length=1, max_length=4), Wanted("1 到 4 个字", "one to four characters")]

_Address = Annotated[
    str | None,
    AfterValidator(_public_address),
    Wanted(
        f"以 https:// 开头、不超过{_LONGEST_ADDRESS}字符的网址",
        f"an address that begins with https://, of at most {_LONGEST_ADDRESS} characters",
    ),
]

_Origins = Annotated[
    tuple[str, ...],
    BeforeValidator(_parts),
    AfterValidator(_origins),
    Wanted(
        "网站的来源（如 https://portal.example.gov.cn，不带路径和 *），几个用逗号隔开",
        "origins of sites, such as https://portal.example.gov.cn, without path or *, by commas",
    ),
]

_Issuer = Annotated[
    str | None,
    AfterValidator(_issuer),
    Wanted(
        "以 https:// 开头的网址，与登录服务自己写的一字不差",
        "an address that begins with https://, as the service itself writes it",
    ),
]

_Groups = Annotated[
    tuple[GroupRight, ...],
    BeforeValidator(_groups),
    Wanted(
        "角色@中心=组，几个用分号隔开，如 clerk@heping=hq-heping; administrator@tianjin=hq-admin",
        "role@centre=group, by semicolons, such as clerk@heping=hq-heping; administrator@tianjin=hq-admin",
    ),
]

_AgeKeys = Annotated[
    tuple[Annotated[str, Field(pattern=r"^age1[0-9a-z]{50,}$")], ...],
    BeforeValidator(_parts),
    Wanted(
        "age 的公钥（age-keygen 给出，以 age1 开头），几个用逗号隔开",
        "public keys of age, as age-keygen prints them (age1…), by commas",
    ),
]

_Scanner = Annotated[
    str | None,
    Field(pattern=r"^(/[^\x00]+|(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):[1-9]\d{0,4})$"),
    Wanted(
        "clamd 的套接字：文件（如 /run/clamav/clamd.ctl）或 主机:端口（如 127.0.0.1:3310）",
        "clamd's socket: a file such as /run/clamav/clamd.ctl, or host:port such as 127.0.0.1:3310",
    ),
]

_MailAddress = Annotated[
    str | None,
    AfterValidator(_mail_address),
    Wanted("以 smtp:// 或 smtps:// 开头的地址", "an address that begins with smtp:// or smtps://"),
]


def _setting(name: str, meaning: str, default: Any = None, *, is_secret: bool = False) -> Any:
    """A field: the variable's name, and what it sets, as README.md says it."""
    return Field(default, alias=name, description=meaning, repr=not is_secret)


class Settings(BaseModel):
    """The settings as they stand; None where nothing is set and the program knows by itself what to do."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = _setting("HOST", "the address that `matcher serve` listens on", "127.0.0.1")
    port: _Port = _setting("PORT", "its port; 0: any free one", 8000)
    web_concurrency: _Number = _setting("WEB_CONCURRENCY", "worker processes of the site", 2)
    jobs: _Switch = _setting(
        "JOBS", "`off`: `matcher serve` starts no worker for long work; run `matcher jobs` yourself", True
    )
    access_log: _Switch = _setting(
        "ACCESS_LOG",
        "one line of JSON for each request on standard error, without addresses of visitors; `off`: none",
        True,
    )
    metrics_token: str | None = _setting(
        "MATCHER_METRICS_TOKEN",
        "what Prometheus must send (`Authorization: Bearer …`) to read `/metrics`; nobody reads them without it",
        is_secret=True,
    )
    secret_key: str | None = _setting(
        "SECRET_KEY",
        "what seals cookies and answers, 32 characters at least; made once and kept in `instance/` without it",
        is_secret=True,
    )
    secret_key_fallbacks: _List = _setting(
        "SECRET_KEY_FALLBACKS", "older secrets that still open what they sealed, by commas", (), is_secret=True
    )
    trusted_hosts: _List = _setting("TRUSTED_HOSTS", "host names the site answers to, by commas; any without it", ())
    proxies: _Count = _setting(
        "PROXIES",
        "how many reverse proxies stand in front; without it all visitors behind one share their limits",
        0,
    )
    public_url: _Address = _setting(
        "MATCHER_PUBLIC_URL",
        "the site's public address, such as `https://hq.example.gov.cn`; letters print it beside the QR code as the "
        "place to verify them, private links begin with it",
    )
    embed_origins: _Origins = _setting(
        "MATCHER_EMBED_ORIGINS",
        "origins of the sites that may show the check inside their pages, such as `https://portal.example.gov.cn`, by "
        "commas; nobody may without it",
        (),
    )
    operator: str | None = _setting(
        "MATCHER_OPERATOR", "who runs the site, printed at the foot of every page, such as `天津市企业服务中心`"
    )
    operator_phone: str | None = _setting("MATCHER_OPERATOR_PHONE", "its telephone number, printed beside it")
    operator_address: str | None = _setting("MATCHER_OPERATOR_ADDRESS", "its address and hours, printed beside it")
    mark: _Mark = _setting(
        "MATCHER_MARK", "the issuer's mark at the head of every page, one to four characters", "惠企"
    )
    reports: _Switch = _setting(
        "MATCHER_REPORTS",
        "`on`: what visitors say seems wrong is sent to the centre and read at the desk; `off`: they save it as a file",
        False,
    )
    prefill: _Switch = _setting(
        "MATCHER_PREFILL",
        "`on`: an owner who types a whole credit code or name may take over what the register publishes of that firm (name, "
        "code, type, industry, district)",
        False,
    )
    smtp: _MailAddress = _setting(
        "MATCHER_SMTP",
        "the server through which the desk sends e-mail, such as `smtp://user:password@mail.example.gov.cn:587` "
        "(`smtps://`: TLS from the start); without it texts are copied and printed",
        is_secret=True,
    )
    mail_from: str | None = _setting("MATCHER_MAIL_FROM", "who sends it, such as `fuwu@example.gov.cn`")
    database_url: str | None = _setting(
        "DATABASE_URL",
        "the database, such as `postgresql+psycopg://…`; SQLite in `instance/` without it",
        is_secret=True,
    )
    redis_url: str | None = _setting(
        "REDIS_URL", "wakes workers by Redis (extra `redis`) instead of `instance/jobs.db`", is_secret=True
    )
    answers_mb: _Number = _setting(
        "MATCHER_ANSWERS_MB",
        "megabytes of private links and long answers that may lie on the server, and as many of what was handed over",
        1024,
    )
    clamav: _Scanner = _setting(
        "MATCHER_CLAMAV",
        "the socket of ClamAV's daemon, such as `/run/clamav/clamd.ctl` or `127.0.0.1:3310`: what is uploaded is scanned there, "
        "and refused where it cannot be; nothing is scanned without it",
    )
    webhook_networks: _Networks = _setting(
        "MATCHER_WEBHOOK_NETWORKS",
        "networks of your own to which webhooks may be sent, such as `10.1.0.0/16`, by commas; to public addresses alone, and by "
        "https, without it",
        (),
    )
    idle_minutes: _Number = _setting(
        "DESK_IDLE_MINUTES", "after so many minutes without a request a session of the desk ends", 30
    )
    session_hours: _Number = _setting("DESK_SESSION_HOURS", "after so many hours it ends in any case", 12)
    oidc_issuer: _Issuer = _setting(
        "MATCHER_OIDC_ISSUER",
        "the service through which the desk's people may sign in (OpenID Connect), such as `https://login.example.gov.cn`; "
        "local accounts alone without it",
    )
    oidc_client_id: str | None = _setting("MATCHER_OIDC_CLIENT_ID", "what the desk is called there")
    oidc_client_secret: str | None = _setting(
        "MATCHER_OIDC_CLIENT_SECRET", "with which it proves that it is the desk", is_secret=True
    )
    oidc_groups: _Groups = _setting(
        "MATCHER_OIDC_GROUPS",
        "which of its groups have which role at which centre, the first that fits: "
        "`clerk@heping=hq-heping; administrator@tianjin=hq-admin`; whoever is in none may not come in",
        (),
    )
    oidc_groups_claim: str = _setting(
        "MATCHER_OIDC_GROUPS_CLAIM", "the claim in which it names a person's groups", "groups"
    )
    oidc_scope: str = _setting("MATCHER_OIDC_SCOPE", "the scopes that are asked for, by blanks", "openid profile")
    instance: Path | None = _setting(
        "MATCHER_INSTANCE", "where the site keeps its files; `instance/` beside `matcher/` or where one is without it"
    )
    keys: Path | None = _setting(
        "MATCHER_KEYS", "where the centres' private keys lie; `keys/` of the instance folder without it"
    )
    keys_passphrase: str | None = _setting("MATCHER_KEYS_PASSPHRASE", "what encrypts them", is_secret=True)
    backup_recipients: _AgeKeys = _setting(
        "MATCHER_BACKUP_RECIPIENTS",
        "public keys of age (`age1…`, by commas) for which `matcher backup` encrypts; in clear without it",
        (),
    )
    cache: str | None = _setting(
        "MATCHER_CACHE", "where the loaded rulebook is kept; `off`: nowhere; the user's cache without it"
    )
    config: Path | None = _setting(
        "MATCHER_CONFIG",
        "where a person's own choice is kept, which root's trust lists to believe; `~/.config/eligibility-matcher` "
        "without it",
    )
    no_color: str | None = _setting(
        "NO_COLOR", "anything: no colours on a terminal, as [no-color.org](https://no-color.org) has it"
    )
    xdg_cache_home: Path | None = _setting("XDG_CACHE_HOME", "where caches of this user lie; `~/.cache` without it")
    xdg_config_home: Path | None = _setting(
        "XDG_CONFIG_HOME", "where settings of this user lie; `~/.config` without it"
    )
    xdg_data_home: Path | None = _setting(
        "XDG_DATA_HOME", "where fonts of this user are looked for; `~/.local/share` without it"
    )


_NAMES = tuple(str(field.alias) for field in Settings.model_fields.values())


def settings() -> Settings:
    """The settings that the environment gives now; read and checked once for as long as it stays as it is.

    :raises SettingsError: for values that cannot be used, all of them at once.
    """
    return _read(tuple(os.environ.get(name, "") for name in _NAMES))


_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def metrics_folder() -> str | None:
    """Where the processes of the site put their figures together; None where there is one process alone."""
    return os.environ.get(_METRICS_FOLDER)


def share_metrics(folder: str) -> None:
    """Let the processes of the site put their figures together there. Before the first figure is made: its library asks once."""
    os.environ[_METRICS_FOLDER] = folder


def child_environment(**added: str) -> dict[str, str]:
    """The environment for a program that we start: ours, and what is added."""
    return {**os.environ, **added}


@lru_cache(maxsize=8)
def _read(values: tuple[str, ...]) -> Settings:
    told = {name: value for name, value in zip(_NAMES, values, strict=True) if value.strip()}
    try:
        return Settings.model_validate(told)
    except ValidationError as error:
        names = dict.fromkeys(str(fault["loc"][0]) for fault in error.errors(include_input=False))
    wanted = [(name, told[name], _wanted(name)) for name in names]
    raise SettingsError(
        "；".join(f"环境变量 {name} 应为{one.zh}，现为“{value}”" for name, value, one in wanted)
        + "。请更正或取消设置。",
        "; ".join(f"the environment variable {name} must be {one.en}, not '{value}'" for name, value, one in wanted)
        + ". Correct it or unset it.",
    )


def _wanted(name: str) -> Wanted:
    field: FieldInfo = next(one for one in Settings.model_fields.values() if one.alias == name)
    return next(one for one in field.metadata if isinstance(one, Wanted))
