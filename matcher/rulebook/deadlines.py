"""The days that a firm must keep, held against the version they stand in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from .files import Scheme
from .reading import Place


def check_deadlines(schemes: Iterable[tuple[Scheme, Place]], dates: Collection[str]) -> None:
    """Report days that no firm of their version could keep. ``dates``: the facts that are days and that a firm states."""
    for scheme, place in schemes:
        for index, version in enumerate(scheme.versions):
            for number, one in enumerate(version.deadlines):
                here = place / "versions" / index / "deadlines" / number
                if version.state is not None:
                    here.report(
                        f"a version that is {version.state} has no deadlines: they belong to one with rules",
                        zh=f"状态为{version.state}的版本不写截止日，截止日写在有规则的版本里",
                    )
                if one.closes is not None and version.from_ is not None and one.closes < version.from_:
                    (here / "closes").report(
                        f"closes on {one.closes}, before the version begins on {version.from_}",
                        zh=f"截止日{one.closes}早于这一版的第一天{version.from_}",
                    )
                if one.opens is not None and version.until is not None and one.opens > version.until:
                    (here / "opens").report(
                        f"opens on {one.opens}, after the version ends on {version.until}",
                        zh=f"开始日{one.opens}晚于这一版的最后一天{version.until}",
                    )
                if one.within is not None and one.within.fact not in dates:
                    (here / "within" / "fact").report(
                        f"{one.within.fact!r} is no day that a firm states; it has {', '.join(sorted(dates))[:200]}",
                        zh=f"{one.within.fact}不是企业填报的日期",
                    )
