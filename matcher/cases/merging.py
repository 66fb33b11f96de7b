"""Joins two clerks' changes to one case: what only one changed is taken, what both changed differently is shown to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matcher.answers import three_way

from .models import CaseRevision
from .service import Content

AS_OF = "as_of"

"""The name under which the day asked about is merged, beside the facts."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Something that both changed differently: my value and theirs (None: taken out), and the version that has theirs."""

    name: str
    mine: Any
    theirs: Any
    by: CaseRevision | None


@dataclass(frozen=True, slots=True)
class Merged:
    """The content with the changes of both, those of mine that went in, theirs that I had not seen, and what clashes.

    Where something clashes ``content`` has theirs.
    """

    content: Content
    mine: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = field(default=())


def merge(base: Content, mine: Content, theirs: Content, since: Sequence[CaseRevision] = ()) -> Merged:
    """Put my changes since ``base`` upon ``theirs``; ``since`` are the versions after the base, the oldest first.

    A fact's value and who stated it go together.
    """
    before, theirs_now, changed = _entries(base), _entries(theirs), _entries(mine)
    joined = three_way(before, theirs_now, changed, is_same=_is_same)
    clashes = tuple(
        Clash(name, _value(changed.get(name)), _value(theirs_now.get(name)), _who(name, since))
        for name in joined.clashes
    )
    return Merged(_content(joined.entries), joined.mine, joined.theirs, clashes)


_Entry = tuple[Any, Any]


def _entries(content: Content) -> dict[str, _Entry]:
    found = {name: (value, content.sources.get(name)) for name, value in content.facts.items()}
    return found | ({AS_OF: (content.as_of, None)} if content.as_of else {})


def _content(entries: Mapping[str, _Entry]) -> Content:
    day = entries.get(AS_OF, (None, None))[0]
    facts = {name: value for name, (value, _) in entries.items() if name != AS_OF}
    sources = {name: source for name, (_, source) in entries.items() if name != AS_OF and source is not None}
    return Content(facts, sources, day if isinstance(day, date) else None)


def _is_same(one: _Entry, other: _Entry) -> bool:
    """Whether two say the same by the same kind of source; True and 1 do not, and who wrote it down when is no difference."""
    return one[0] == other[0] and type(one[0]) is type(other[0]) and _source(one) == _source(other)


def _source(entry: _Entry) -> Any:
    return entry[1].get("source") if isinstance(entry[1], Mapping) else None


def _value(entry: _Entry | None) -> Any:
    return None if entry is None else entry[0]


def _who(name: str, since: Sequence[CaseRevision]) -> CaseRevision | None:
    """The last version that changed it; the first of them may have, compared with the base that is not among them."""
    for earlier, later in zip(reversed(since[:-1]), reversed(since[1:]), strict=True):
        if name in three_way(_entries(_of(earlier)), _entries(_of(later)), {}, is_same=_is_same).theirs:
            return later
    return since[0] if since else None


def _of(revision: CaseRevision) -> Content:
    return Content(revision.facts, revision.sources, revision.as_of)
