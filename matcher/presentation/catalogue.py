"""The loaded rulebook and what pages ask of it, the site's own address, and the office of the running application."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, request, url_for

from matcher import places
from matcher.letters import Office
from matcher.letters.proof import KeyFolder
from matcher.rulebook import Fact, Rulebook, Scheme
from matcher.settings import settings
from matcher.web import engine

# ---------------------------------------------------------------------------------------------------------------------
# Holds the loaded rulebook and what pages ask of it again and again: which facts a firm is asked, and for what.
# ---------------------------------------------------------------------------------------------------------------------


# Asked whatever the schemes need, because the letter prints them.
_ALWAYS = ("name", "credit_code")


class Catalogue:
    """The rulebook of a running application. It never changes, so what is worked out from it is kept."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._readers = {slug: self._asked_by(slug) for slug in rulebook.schemes}
        self.asked = lru_cache(maxsize=256)(self._asked)

    def fact(self, fact_id: str) -> Fact:
        """A fact of the vocabulary. Raises KeyError for an id that is not in it."""
        return self.rulebook.facts[fact_id]

    def scheme(self, slug: str) -> Scheme:
        """A scheme of the catalogue. Raises KeyError for a slug that is not in it."""
        return self.rulebook.schemes[slug]

    def chosen(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """The slugs that exist, in the catalogue's order."""
        wished = set(slugs)
        return tuple(slug for slug in self.rulebook.schemes if slug in wished)

    def families(self, chosen: Container[str]) -> list[tuple[str, list[Scheme], int]]:
        """The schemes to choose from by family, each family with how many of its schemes are chosen."""
        found: dict[str, list[Scheme]] = {}
        for scheme in self.rulebook.schemes.values():
            found.setdefault(scheme.family, []).append(scheme)
        return [(name, schemes, sum(each.slug in chosen for each in schemes)) for name, schemes in found.items()]

    def readers(self, fact_id: str, slugs: tuple[str, ...]) -> tuple[str, ...]:
        """Which of the schemes (all if none is given) read a fact."""
        return tuple(slug for slug in slugs or self._readers if fact_id in self._readers[slug])

    def _asked(self, slugs: tuple[str, ...]) -> tuple[str, ...]:
        """The facts a firm is asked for these schemes (all if none is given), in the vocabulary's order."""
        needed = self.rulebook.facts_needed(slugs or None)
        first = [fact for fact in _ALWAYS if fact in self.rulebook.facts]
        return tuple(dict.fromkeys([*first, *(fact for fact in needed if self._is_firms(fact))]))

    def _asked_by(self, slug: str) -> frozenset[str]:
        return frozenset(fact for fact in self.rulebook.facts_needed((slug,)) if self._is_firms(fact))

    def _is_firms(self, fact_id: str) -> bool:
        return self.rulebook.facts[fact_id].stated_by == "firm"


def catalogue() -> Catalogue:
    """The catalogue of the running application."""
    found: Catalogue = current_app.extensions["catalogue"]
    return found


# ---------------------------------------------------------------------------------------------------------------------
# The site's own address as a page may print it: never what a request merely claims in its Host header.
# ---------------------------------------------------------------------------------------------------------------------


_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def own_address(endpoint: str, **values: Any) -> str | None:
    """The whole address of a page; None where the site does not know its own, and only a relative link is true.

    It is MATCHER_PUBLIC_URL where that is set; else the address asked for, where TRUSTED_HOSTS names it or it is this
    machine's own.
    """
    path = url_for(endpoint, **values)
    public = settings().public_url
    if public is not None:
        return f"{public}{path.removeprefix(request.script_root)}"
    is_known = bool(current_app.config.get("TRUSTED_HOSTS")) or _name(request.host) in _THIS_MACHINE
    return f"{request.host_url.rstrip('/')}{path}" if is_known else None


def _name(host: str) -> str:
    return host if host.endswith("]") else host.rpartition(":")[0] or host


# ---------------------------------------------------------------------------------------------------------------------
# The office of the running application: its register, its keys, its rules, its folder.
# ---------------------------------------------------------------------------------------------------------------------


def office() -> Office:
    """Where this site issues letters: in the instance folder, or in the one that `INSTANCE` in the settings names."""
    named = current_app.config.get("INSTANCE")
    instance = Path(named) if named else places.instance_dir()
    keys = KeyFolder(instance / "keys", settings().keys_passphrase) if named else KeyFolder.own()
    return Office(engine(), keys, catalogue().rulebook, places.rules_dir(), instance)


def has_key(centre: str) -> bool:
    """Whether the centre has a key to sign with. Raises KeyFolderError for keys that cannot be read."""
    return office().keys.active(centre) is not None
