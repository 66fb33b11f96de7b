"""Who may ask: the key of a request, what it allows, and how much its client or its address may ask a minute."""

from __future__ import annotations

from flask import Response, current_app, g, request

from matcher.db import reading, session
from matcher.rulebook import Text
from matcher.web import Window, client_of, engine, now

from .operations import DESK_SCOPES, Scope
from .problems import ProblemError
from .service import KnownClient, known, note_use

SECONDS = 60

ANONYMOUS = 60

"""Firms a minute that an address without a key may ask about, in each process of the site."""

SETTING = "API_ANONYMOUS_PER_MINUTE"

_LONGEST_KEY = 100


class Allowance:
    """What each client has asked in the running minute, in this process. Counted by the whole request, before it is answered."""

    def __init__(self) -> None:
        self._window = Window(SECONDS)

    def spend(self, who: str, units: int, most: int) -> tuple[int, int]:
        """Spend so many units of ``most``; returns what is left and in how many seconds all is there again.

        :raises ProblemError: 429 where they are not left; nothing is spent then.
        """
        is_spent, left, seconds = self._window.take(who, units, most)
        if not is_spent:
            raise _too_many(units, most, seconds)
        return left, seconds


_ALLOWANCE = Allowance()


def _too_many(units: int, most: int, seconds: int) -> ProblemError:
    if units > most:
        zh, en = (
            f"一次问{units}家，而每分钟最多{most}家；请分批，或申请密钥。",
            (f"{units} firms at once, and {most} a minute are allowed: send fewer, or ask for a key."),
        )
    else:
        zh, en = f"每分钟最多{most}家，请{seconds}秒后再试。", f"At most {most} a minute: try again in {seconds} s."
    return ProblemError(429, Text(zh=zh, en=en), headers={"Retry-After": str(seconds)})


def require_scope(scope: Scope | None) -> None:
    """Refuse a key that does not hold (401) or may not do this (403). Without any key the limits of strangers hold."""
    client = client_of_key()
    if client is None and scope in DESK_SCOPES:
        text = Text(
            zh="这里要密钥；请写 Authorization: Bearer 加密钥",
            en="a key is needed here: send Authorization: Bearer and the key",
        )
        raise ProblemError(401, text, headers={"WWW-Authenticate": 'Bearer realm="matcher"'})
    if client is not None and scope is not None and scope not in client.scopes:
        text = Text(zh=f"这把密钥没有“{scope}”许可", en=f"this key lacks the scope '{scope}'")
        raise ProblemError(403, text)


def spend(units: int = 1) -> None:
    """Count what is asked against the limit of the key's client, or of the address where there is none."""
    client = client_of_key()
    if client is not None:
        who, most = f"client {client.client_id}", client.per_minute
    else:
        who, most = client_of(request), int(current_app.config.get(SETTING, ANONYMOUS))
    left, seconds = _ALLOWANCE.spend(who, units, most)
    g.api_limit = most, left, seconds


def tell_limit(answer: Response) -> Response:
    """Say in the headers how much is left."""
    if "api_limit" in g:
        most, left, seconds = g.api_limit
        answer.headers["RateLimit-Limit"] = str(most)
        answer.headers["RateLimit-Remaining"] = str(left)
        answer.headers["RateLimit-Reset"] = str(seconds)
    return answer


def client_of_key() -> KnownClient | None:
    """The client whose key the request brings; None for a request without a key. Raises ProblemError for a key that does not hold."""
    if "api_client" not in g:
        g.api_client = _known()
    found: KnownClient | None = g.api_client
    return found


def _known() -> KnownClient | None:
    told = request.headers.get("Authorization")
    if told is None:
        return None
    kind, _, key = told.partition(" ")
    if kind.lower() == "bearer" and 0 < len(key.strip()) <= _LONGEST_KEY:
        with reading(engine()) as register:
            found = known(register, key.strip(), now())
        if found is not None:
            client, unnoted = found
            if unnoted is not None:
                with session(engine()) as writing:
                    note_use(writing, unnoted, now())
            return client
    # A guess costs what a question costs, though nobody guesses 256 bits.
    _ALLOWANCE.spend(f"wrong {client_of(request)}", 1, ANONYMOUS)
    text = Text(
        zh="密钥不对或已失效；请写 Authorization: Bearer 加密钥，不带密钥也可以少量使用",
        en="the key is wrong or over: send Authorization: Bearer and the key, or none at all for a few requests",
    )
    raise ProblemError(401, text, headers={"WWW-Authenticate": 'Bearer realm="matcher"'})
