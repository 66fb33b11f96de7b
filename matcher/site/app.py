"""Puts the web application together: settings, rulebook, pages, headers, error pages, static files."""

import secrets
import traceback
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher import places, rulebook
from matcher.presentation import Catalogue
from matcher.settings import Settings, settings
from matcher.web import errors

from . import blueprints, health

SHORTEST_SECRET = 32

_LARGEST_REQUEST = 256 * 1024

_FORM_HOURS = 12


class MissingSecretError(RuntimeError):
    """No SECRET_KEY, or one (also of SECRET_KEY_FALLBACKS) so short that a cookie signed with it could be forged."""


class Application(Flask):
    """Flask that keeps answers out of its log: a failure is logged by type and place, never by its message."""

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """Log a failure under a number that the error page shows too."""
        kind, _, trace = exc_info
        where = " < ".join(f"{f.name} {f.filename}:{f.lineno}" for f in reversed(traceback.extract_tb(trace)[-6:]))
        name = kind.__name__ if kind else "?"
        self.logger.error("incident %s: %s on %s: %s", errors.new_incident(), name, _page_name(), where)


class _Sessions(SecureCookieSessionInterface):
    """Session cookies that are Secure as soon as the request came by https, and no hindrance to the back button."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        super().save_session(app, session, response)
        # Every page is private and never served from a cache without asking. With `Vary: Cookie` a browser whose
        # cookie has changed meanwhile could not even go back to a page that was the answer to a form.
        response.vary.discard("cookie")  # in lower case: Werkzeug removes nothing else from among several


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application.

    :param config: beats the settings of the environment; `RULEBOOK` in it takes the place of the rulebook on disk.
    :raises SettingsError: for settings that cannot be used. :raises MissingSecretError: without a usable SECRET_KEY.
    :raises RulebookError: if the rules do not load. :raises UndeclaredRightError: for a page of the desk without a right.
    """
    app = Application("matcher.web", static_folder=None, template_folder=str(places.templates_dir()))
    app.config.from_mapping(_defaults())
    app.config.from_mapping(_from_settings(settings()))
    app.config.from_mapping(config or {})
    _require_secrets(app.config.get("SECRET_KEY"), app.config.get("SECRET_KEY_FALLBACKS") or ())
    app.session_interface = _Sessions()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    book = app.config.get("RULEBOOK") or rulebook.load()
    app.extensions["catalogue"] = Catalogue(book)
    app.jinja_env.globals["rules_are_draft"] = book.is_draft
    blueprints.install_pages(app)
    health.install(app)
    if app.config["PROXIES"]:
        count = int(app.config["PROXIES"])
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _defaults() -> dict[str, Any]:
    return {
        "MAX_CONTENT_LENGTH": _LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": _LARGEST_REQUEST,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": "matcher",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": _FORM_HOURS * 3600,
    }


def _from_settings(told: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": told.secret_key,
        "SECRET_KEY_FALLBACKS": list(told.secret_key_fallbacks) or None,
        "TRUSTED_HOSTS": list(told.trusted_hosts) or None,
        "PROXIES": told.proxies,
        "ACCESS_LOG": told.access_log,
        "MATCHER_ANSWERS_MB": told.answers_mb,
        "DESK_IDLE_MINUTES": told.idle_minutes,
        "DESK_SESSION_HOURS": told.session_hours,
    }


def _page_name() -> str:
    """The pattern of the address that was asked for, never the address itself: a private link has its key in there."""
    return request.url_rule.rule if request.url_rule else "an unknown page"


def _require_secrets(secret: object, fallbacks: Sequence[object]) -> None:
    if not _is_long(secret):
        raise MissingSecretError(
            f"SECRET_KEY must be set to at least {SHORTEST_SECRET} random characters, for example "
            f"SECRET_KEY={secrets.token_hex(16)}; keep it the same between restarts"
        )
    short = [number for number, one in enumerate(fallbacks, start=1) if not _is_long(one)]
    if isinstance(fallbacks, str | bytes) or short:
        # A cookie sealed under an older secret is believed like any other: one that can be guessed opens everything.
        raise MissingSecretError(
            f"SECRET_KEY_FALLBACKS holds older values of SECRET_KEY, of at least {SHORTEST_SECRET} characters each and with "
            f"commas between; number {', '.join(map(str, short)) or 1} is shorter. Take it out"
        )


def _is_long(secret: object) -> bool:
    return isinstance(secret, str | bytes) and len(secret) >= SHORTEST_SECRET
