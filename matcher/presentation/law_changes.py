"""The days on which the law changed or is known to change, as the feed and the alerts by e-mail tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.rulebook import Rulebook, Scheme, version_on
from matcher.text import sentences, site_labels

_BACK, _AHEAD = timedelta(days=400), timedelta(days=100)


@dataclass(frozen=True)
class LawChange:
    """From a day on a scheme has other rules, begins or ends; ``kind`` is the key of what is said of it."""

    scheme: Scheme
    day: date
    kind: str
    instrument: str | None


def changes_of_law(book: Rulebook, on: date) -> Iterator[LawChange]:
    """The days around one (thirteen months back, three ahead) on which a scheme's rules, or a figure in them, changed or will."""
    for slug, scheme in book.schemes.items():
        for day in book.turns(slug):
            if not on - _BACK <= day <= on + _AHEAD:
                continue
            before, after = version_on(scheme, day - timedelta(days=1))[1], version_on(scheme, day)
            version, state = after
            kind = "changes" if state == before == "open" else "begins" if state == "open" else "ends"
            if state == "unconfirmed":
                kind = "unconfirmed"
            yield LawChange(scheme, day, kind, version.instrument if version and kind != "ends" else None)


def change_words(one: LawChange, lang: str) -> str:
    """What is said of it: 2027-01-01起不再享受."""
    return sentences.say(site_labels.LAW_CHANGE[one.kind], lang, day=one.day.isoformat())
