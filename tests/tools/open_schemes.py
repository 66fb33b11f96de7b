"""Which schemes are in force on a day, which of them reckon a sum for a firm that tells all, and why the others do not.

    python -m tests.tools.open_schemes [2026-12-01] [--cases tests/worked_cases]

The reasons are the rules' own words: what the amount means, and the note of the version. With ``--cases`` every sum is shown on a
firm: the facts of the scheme's worked cases, asked about on that day; a scheme of which none of them gets a sum is marked. For an
earlier state of the project, check it out elsewhere and put its folder into PYTHONPATH before this file's name.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from matcher.rulebook import load


def standing(rulebook: Any, day: date) -> dict[str, list[str]]:
    """The slugs by what they come to on a day: sum, no_sum (a support in force without one), service, restriction, and the states of
    those not in force."""
    found: dict[str, list[str]] = {}
    for slug in rulebook.parsed:
        edition = rulebook.scheme_at(slug, day)
        if edition.body is None:
            key = edition.state
        elif any(route.benefit.expr is not None for route in edition.body.routes):
            key = "sum"
        else:
            key = "no_sum" if edition.scheme.kind == "support" else edition.scheme.kind
        found.setdefault(key, []).append(slug)
    return found


def reason(rulebook: Any, slug: str, day: date) -> str:
    """Why a scheme reckons no sum on a day, in the words of its rules."""
    edition = rulebook.scheme_at(slug, day)
    version = edition.version
    awaits = getattr(version, "awaits", None)
    said = [
        awaits.zh if awaits is not None else "",
        edition.scheme.amount_means.zh if edition.body is not None else "",
        (version.note if version is not None else "") or "",
    ]
    return "；".join(part.rstrip("。") for part in said if part)


def without_a_firm(rulebook: Any, slugs: list[str], day: date, folder: str) -> list[str]:
    """Those of the schemes of which no firm of the worked cases gets a sum on the day."""
    from matcher.engine import check
    from matcher.firms import read_facts
    from matcher.workbench import find_cases

    cases: dict[str, list[Any]] = {}
    for case in find_cases((folder,)).cases:
        cases.setdefault(case.subject, []).append(case.content["facts"])

    def sums(slug: str) -> Iterator[bool]:
        for told in cases.get(slug, []):
            facts, faults = read_facts(rulebook, told or {})
            if not faults:
                (decision,) = check(rulebook, facts, day, [slug])
                yield decision.amount is not None and decision.amount.kind != "none"

    return [slug for slug in slugs if not any(sums(slug))]


def main() -> None:
    """Print the counts, then each scheme without a sum with the reason."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("day", nargs="?", type=date.fromisoformat, default=date(2026, 12, 1))
    parser.add_argument("--cases")
    told = parser.parse_args()
    rulebook = load()
    found = standing(rulebook, told.day)
    print(told.day, ", ".join(f"{key} {len(slugs)}" for key, slugs in sorted(found.items())))
    for key in ("unconfirmed", "no_sum"):
        for slug in found.get(key, []):
            print(f"{key}\t{slug}\t{reason(rulebook, slug, told.day)}")
    if told.cases:
        print(
            "no worked case gets a sum:", ", ".join(without_a_firm(rulebook, found["sum"], told.day, told.cases)) or "-"
        )


if __name__ == "__main__":
    sys.exit(main())
