"""Checks a firm against the rulebook: one decision a scheme, in the catalogue's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from matcher.rulebook import Rulebook, SchemeEdition, Status
from matcher.rulebook.language import ItemKind, Scalar, kind_of

from .decision import Decision
from .explain import once
from .items import NO_ITEMS, Item, Items
from .last_terms import last_known
from .quantifiers import WrittenOut, flat, is_over_items, written_out
from .reading import explained, identity, read
from .record import ExplanationRecord
from .worlds import Band, Context, World, intervals, told

Subject = tuple[Item | None, Mapping[str, Scalar], World]

_NOT_OPEN = frozenset({"not_yet", "ended", "no_open_round"})


def check(
    rulebook: Rulebook,
    facts: Mapping[str, Scalar],
    as_of: date,
    schemes: Iterable[str] | None = None,
    bands: Mapping[str, Band] | None = None,
    items: Items = NO_ITEMS,
) -> tuple[Decision, ...]:
    """Decide every scheme (or those named) for a firm's told facts on a day. A fact that is absent is unknown; of one with a
    band it is known that it lies there. A scheme about something of which items are told is decided for each of them."""
    wanted = None if schemes is None else set(schemes)
    editions = (rulebook.scheme_at(slug, as_of) for slug in rulebook.parsed if wanted is None or slug in wanted)
    subjects = _Subjects(rulebook, facts, as_of, bands, items)
    return most_useful_first(decision for edition in editions for decision in subjects.decide(edition))


class _Subjects:
    """What each scheme is decided for: the firm, or each item of the kind that it is about. Worlds are made once a kind."""

    def __init__(
        self,
        rulebook: Rulebook,
        facts: Mapping[str, Scalar],
        as_of: date,
        bands: Mapping[str, Band] | None,
        items: Items,
    ) -> None:
        self._rulebook, self._as_of, self._bands = rulebook, as_of, bands
        self._facts, self._items = facts, items
        self._firm = facts, self._world_of(facts)
        self._made: dict[str, list[Subject]] = {}
        self._outs: dict[tuple[ItemKind | None, str | None], WrittenOut] = {}

    def decide(self, edition: SchemeEdition) -> Iterator[Decision]:
        """The decision on each subject."""
        slug, rulebook = edition.scheme.slug, self._rulebook
        for item, known, world in self.of(edition):
            if is_over_items(rulebook, slug) and edition.body is not None:
                out = self._written_out(kind_of(edition.scheme.object), item, known)
                yield replace(_decide_over_items(out, slug, self._as_of, self._bands), item=item)
            else:
                decision = decide_exactly(rulebook, edition, known, self._as_of, world)
                yield replace(decision, item=item) if item else decision

    def _written_out(self, kind: ItemKind | None, item: Item | None, known: Mapping[str, Scalar]) -> WrittenOut:
        """The rulebook written out for a subject, once for all schemes about it."""
        key = kind, None if item is None else item.id
        if key not in self._outs:
            self._outs[key] = written_out(self._rulebook, self._facts, self._items, kind, item, known)
        return self._outs[key]

    def of(self, edition: SchemeEdition) -> list[Subject]:
        """The items (None: the firm, or the one item that is told flat), each with what is known there."""
        object_ = edition.scheme.object
        if object_ not in self._made:
            self._made[object_] = self._make(kind_of(object_) if self._items.all else None)
        return self._made[object_]

    def _make(self, kind: ItemKind | None) -> list[Subject]:
        found: list[Subject] = []
        for item in self._items.of(kind):
            known = self._items.facts_of(self._facts, item)
            found.append((item, known, self._world_of(known)))
        if found:
            return found
        flat = self._items.facts_without(self._facts, kind)
        return [(None, *self._firm) if flat is self._facts else (None, flat, self._world_of(flat))]

    def _world_of(self, known: Mapping[str, Scalar]) -> World:
        return world_of(self._rulebook, known, self._as_of, self._bands)


def with_items(
    rulebook: Rulebook, decisions: Iterable[Decision], firm: Mapping[str, Scalar], items: Items, as_of: date
) -> tuple[Decision, ...]:
    """The same decisions, in place of one on the first of several items one for each; ``firm`` is what is told beside the items."""
    given = tuple(decisions)
    several = {item.kind for item in items.all}
    about = [
        one.scheme
        for one in given
        if several and (kind_of(rulebook.schemes[one.scheme].object) in several or one.scheme in rulebook.quantified)
    ]
    if not about:
        return given
    each: dict[str, list[Decision]] = {}
    for one in check(rulebook, firm, as_of, about, items=items):
        each.setdefault(one.scheme, []).append(one)
    return tuple(found for one in given for found in each.get(one.scheme, [one]))


def most_useful_first(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The same decisions, each with its missing facts in the order in which it pays to tell them: first what alone
    settles most schemes, then what most schemes wait for."""
    found = tuple(decisions)
    alone = Counter(one.missing[0] for one in found if len(one.missing) == 1)
    wanted = Counter(name for one in found for name in one.missing)

    def ordered(missing: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(missing, key=lambda name: (-alone[name], -wanted[name])))

    return tuple(replace(one, missing=ordered(one.missing)) if one.missing else one for one in found)


def world_of(
    rulebook: Rulebook, facts: Mapping[str, Scalar], as_of: date, bands: Mapping[str, Band] | None = None
) -> World:
    """The world of a firm: what it told, where the figures lie that it told by a band, everything else open."""
    untold = {name: band for name, band in (bands or {}).items() if name not in facts}
    return World(Context.of(rulebook, as_of.toordinal(), intervals(rulebook.facts, untold)), told(facts))


def decide_exactly(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date, world: World | None = None
) -> Decision:
    """One decision by the cells of the scheme's edition; ``world`` where the facts' own is already made."""
    if edition.body is None:
        reason = edition.state if edition.state in _NOT_OPEN else None
        status: Status = "not_open" if reason else "unconfirmed"
        return Decision(
            status=status,
            reason=reason,
            explain=_of_last_terms(rulebook, edition, facts, as_of),
            **identity(edition, as_of),
        )
    if is_over_items(rulebook, edition.scheme.slug):
        return _decide_over_items(flat(rulebook, edition.scheme.slug, facts), edition.scheme.slug, as_of, None)
    world = world_of(rulebook, facts, as_of) if world is None else world
    reading = read(edition, facts, as_of, world)
    return explained(rulebook, reading, facts, as_of, world)


def _decide_over_items(out: WrittenOut, slug: str, as_of: date, bands: Mapping[str, Band] | None) -> Decision:
    """The decision on a scheme that speaks of several items, with the facts of each in the words of the vocabulary."""
    edition = out.scheme_at(slug, as_of)  # written out first: it may bring facts that the world must know of
    made = decide_exactly(out, edition, out.told, as_of, world_of(out, out.told, as_of, bands))
    return replace(
        made,
        missing=out.plain_names(made.missing),
        failing=out.plain_names(made.failing),
        warnings=tuple(replace(one, facts=out.plain_names(one.facts)) for one in made.warnings),
        missing_items=tuple((out.meant[name][0], out.of_item[name]) for name in made.missing if name in out.of_item),
        incomplete=tuple(dict.fromkeys(out.further[name] for name in made.missing if name in out.further)),
        explain=once(lambda: out.said(made.explain())),
        due=once(lambda: out.said(made.due())),
    )


def _of_last_terms(
    rulebook: Rulebook, edition: SchemeEdition, facts: Mapping[str, Scalar], as_of: date
) -> Callable[[], ExplanationRecord]:
    """What is known of a scheme that has no rules on the day, worked out at the first look and kept: each part of an explanation
    looks for itself."""

    def explain() -> ExplanationRecord:
        found = last_known(rulebook, edition, facts, as_of, decide_exactly)
        return {} if found is None else {"last_known": found}

    return once(explain)
