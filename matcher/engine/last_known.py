"""What is known of a scheme whose rules for the day are not confirmed: the last terms and what they would give, whom to ask, what is
awaited.

It is no decision on the day and stands in no total: the firm's facts are decided by the last confirmed version, on its last day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from matcher.engine.decision import Decision
from matcher.engine.registration import REGISTERED_ON
from matcher.rulebook import Rulebook, Scalar, SchemeEdition, Text
from matcher.rulebook.files import Scheme, Version

Decide = Callable[[Rulebook, SchemeEdition, Mapping[str, Scalar], date], Decision]


def last_known(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date, decide: Decide
) -> dict[str, Any] | None:
    """As JSON: the day and version of the last terms, what they come to for the firm (status, amount, what is missing or fails), whom
    to ask (``ask``) and which notice is awaited (``awaits``). None where the scheme is confirmed for the day, or never was before.

    When the firm was registered is left out: the last terms are of a day that may lie before it.
    """
    before = None if edition.state != "unconfirmed" else _last_open(edition.scheme, as_of)
    if before is None or before.until is None:
        return None
    told = {name: value for name, value in facts.items() if name != REGISTERED_ON}
    then = decide(rulebook, rulebook.scheme_at(edition.scheme.slug, before.until), told, before.until).essence()
    kept = ("status", "recipient", "amount", "extra", "missing", "failing", "version", "confidence")
    awaits = None if edition.version is None else edition.version.awaits
    return {
        "as_of": before.until.isoformat(),
        **{name: then[name] for name in kept},
        "instrument": before.instrument,
        "ask": _words(edition.scheme.department),
        "awaits": None if awaits is None else _words(awaits),
    }


def _last_open(scheme: Scheme, as_of: date) -> Version | None:
    past = [one for one in scheme.versions if one.state is None and one.until is not None and one.until < as_of]
    return past[-1] if past else None


def _words(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
