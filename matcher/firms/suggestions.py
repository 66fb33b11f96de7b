"""Find the id that a mistyped one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.firms.faults import shown
from matcher.rulebook import Rulebook, Text

LEAST = 65.0  # of 100; below it a suggestion is more often wrong than right
LONGEST = 100


def nearest(typed: str, known: Mapping[str, Iterable[str]]) -> str | None:
    """Return the id nearest to what was typed, or None; `known` gives for each id the labels it also goes by."""
    from rapidfuzz import fuzz, process, utils  # only a fault needs it: it would slow every start

    names = {name: name for name in known}
    for name, labels in known.items():
        for label in labels:
            names.setdefault(label, name)
    found = process.extractOne(
        typed[:LONGEST], list(names), scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=LEAST
    )
    return names[found[0]] if found else None


def known_scheme(rulebook: Rulebook, slug: object) -> Text | None:
    """Return None where the rulebook has this scheme, else what to say about it."""
    if isinstance(slug, str) and slug in rulebook.schemes:
        return None
    name = shown(slug)
    known = {scheme.slug: (scheme.name.zh, scheme.name.en) for scheme in rulebook.schemes.values()}
    meant = nearest(str(slug), known)
    if meant is None:
        return Text(zh=f"没有编号为 {name} 的政策", en=f"there is no scheme {name}")
    label = rulebook.schemes[meant].name
    return Text(
        zh=f"没有编号为 {name} 的政策；是不是 {meant}（{label.zh}）？",
        en=f"there is no scheme {name}; perhaps {meant}?",
    )
