"""Another loan, project, machine …: told on a page of its own, copied from the first, with what each of them comes to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from matcher.answers import Answers, OtherItem, Plain, cookie
from matcher.engine import Decision, Item
from matcher.firms import MOST_ITEMS
from matcher.presentation import entries, field_name
from matcher.rulebook.language import KIND_WORDS, ItemKind, kind_of
from matcher.text import figures, sentences
from matcher.web import language, token_holds

from . import posted
from .posted import Posted
from .screens import plain_question
from .visits import Visit, visit
from .what_if import Side, side

pages = Blueprint("items", __name__)

_BAD_REQUEST, _UNPROCESSABLE = 400, 422

# Of a further one these are mostly the same as of the first, so that they are filled in already.
_ALIKE = ("boolean", "enum")


@dataclass(frozen=True)
class Row:
    """One item: its name, the page to change it (None: the first, which the interview asks), and what each scheme says of it."""

    id: str
    name: str
    is_first: bool
    results: tuple[tuple[str, Side], ...]


@dataclass(frozen=True)
class Several:
    """All items of a kind, with the money that may be had of them together in short words (empty: none)."""

    kind: ItemKind
    counted: str
    rows: tuple[Row, ...]
    money: str
    is_full: bool


@pages.get("/items/<kind>")
def items(kind: str) -> str:
    """The items of a kind with what each comes to, and the form for another one or, with `id`, to change one."""
    return _page(visit(), _known(kind), request.args.get("id", ""), None)


@pages.post("/items/<kind>")
def save(kind: str) -> tuple[str, int] | Response:
    """Keep the item of the form, or take it out; then the same page."""
    here, of = visit(), _known(kind)
    back = posted.read(here.book, request.form)
    language.use(request.form.get("switch"), request.form.get("lang"))
    id_ = request.form.get("id", "")
    if not token_holds(request.form.get("csrf_token")):
        return _page(here, of, id_, back, is_stale=True), _BAD_REQUEST
    others = list(here.answers.others)
    place = next((at for at, one in enumerate(others) if (one.kind, one.id) == (of, id_)), None)
    if request.form.get("do") == "name":
        names = {**here.answers.names, of: _name("first")}
        return _kept(here, of, replace(here.answers, names={one: name for one, name in names.items() if name}))
    if request.form.get("do") == "complete":
        complete = here.answers.complete - {of} | ({of} if request.form.get("complete") else frozenset())
        return _kept(here, of, replace(here.answers, complete=complete))
    if request.form.get("do") == "remove" and place is not None:
        gone = others.pop(place).id
        kept = tuple(replace(one, owner="") if one.owner == gone else one for one in others)
        owners = {kind: owner for kind, owner in here.answers.owners.items() if owner != gone}
        return _kept(here, of, replace(here.answers, others=kept, owners=owners))
    if back.faults or (place is None and _is_full(here.answers, of)):
        return _page(here, of, id_, back), _UNPROCESSABLE
    own = {fact: value for fact, value in back.stated.items() if of in here.book.fact(fact).of}
    complete = here.answers.complete
    if place is None:  # whoever tells of another had not told of all
        others.append(OtherItem(of, _free(here.answers, of), _name(), own))
        complete = complete - {of}
    else:
        others[place] = replace(others[place], name=_name(), facts=own)
    return _kept(here, of, replace(here.answers, others=tuple(others), complete=complete))


def _known(kind: str) -> ItemKind:
    return kind_of(kind) or abort(404)


def _kept(here: Visit, kind: ItemKind, told: Answers) -> Response:
    answer: Response = redirect(url_for("items.items", kind=kind), 303)  # type: ignore[assignment]
    cookie.save(answer, cookie.merge(request, told))
    return answer


def _name(field: str = "name") -> str:
    """The name as it was typed, without what cannot be printed."""
    return entries.shown(request.form.get(field, "")).strip()[:40]


def _free(told: Answers, kind: ItemKind) -> str:
    """The first number that no item of the kind bears; the first item is 1."""
    taken = {one.id for one in told.others}
    return next(name for number in range(2, 2 * MOST_ITEMS + 2) if (name := f"{kind}-{number}") not in taken)


def _is_full(told: Answers, kind: ItemKind) -> bool:
    return len(told.others_of(kind)) + 1 >= MOST_ITEMS


def _page(here: Visit, kind: ItemKind, id_: str, back: Posted | None, is_stale: bool = False) -> str:
    lang = language.lang()
    changed = next((one for one in here.answers.others_of(kind) if one.id == id_), None)
    found = several(here, kind, lang)
    words = KIND_WORDS[kind]
    own = _as_told(here, kind, changed)
    questions = [plain_question(own, fact, back, lang) for fact in _asked(here, kind, changed)]
    return render_template(
        "interview/items.html",
        kind=kind,
        noun=words.noun(lang),
        counter=words.counter,
        found=found,
        changed=changed,
        name=_name() if back else changed.name if changed else "",
        questions=questions,
        faults=[(field_name(one.fact), one.label, one.faults) for one in questions if one.faults],
        is_stale=is_stale,
        is_complete=kind in here.answers.complete,
        most=MOST_ITEMS,
        base=cookie.field(here.answers),
    )


def _as_told(here: Visit, kind: ItemKind, changed: OtherItem | None) -> Visit:
    """A visit that tells the item in question: as it was told, or with what is alike copied from the first."""
    vocabulary = here.book.rulebook.facts
    first = {
        fact: value for fact, value in here.answers.facts.items() if fact in vocabulary and kind in vocabulary[fact].of
    }
    alike: dict[str, Plain] = {fact: value for fact, value in first.items() if vocabulary[fact].type in _ALIKE}
    firm = {fact: value for fact, value in here.answers.facts.items() if fact not in first}
    own = alike if changed is None else dict(changed.facts)
    return Visit(here.book, replace(here.answers, facts={**firm, **own}, others=()))


def _asked(here: Visit, kind: ItemKind, changed: OtherItem | None) -> tuple[str, ...]:
    """What is asked of it: all that was told of the first or of it, and what a decision on it still lacks."""
    vocabulary = here.book.rulebook.facts
    told = set(here.answers.facts) | (set(changed.facts) if changed else set())
    decisions = _about(here, kind, here.survey.decisions)
    told |= {fact for one in decisions if one.status == "needs_information" for fact in one.missing}
    return posted.known(here.book, [fact for fact in vocabulary if fact in told and kind in vocabulary[fact].of])


def _about(here: Visit, kind: ItemKind, decisions: Iterable[Decision]) -> list[Decision]:
    return [one for one in decisions if here.book.scheme(one.scheme).object == kind]


# ---------------------------------------------------------------------------------------------------------------------
# What each item comes to, and all of them together.
# ---------------------------------------------------------------------------------------------------------------------

# What is not open to the firm, or not in force, says nothing of one item rather than another.
_SHOWN = ("eligible", "needs_decision", "needs_information", "applies")


def several(here: Visit, kind: ItemKind, lang: str) -> Several:
    """The items of a kind, the first among them, each with the schemes that it may have."""
    first = Item(kind, f"{kind}-1", name=here.answers.names.get(kind))
    by_item: dict[str, list[Decision]] = {}
    for one in _about(here, kind, here.decisions):
        by_item.setdefault(one.item.id if one.item else first.id, []).append(one)
    named = {one.id: one for one in (first, *here.several.items.of(kind))}
    rows = tuple(
        Row(
            id_,
            one.label.get(lang),
            id_ == first.id,
            tuple(
                (here.book.scheme(found.scheme).name.get(lang), side(found, lang))
                for found in by_item.get(id_, ())
                if found.status in _SHOWN
            ),
        )
        for id_, one in named.items()
    )
    counted = KIND_WORDS[kind].counted(len(rows), lang)
    return Several(kind, counted, rows, _together(here, kind, lang), _is_full(here.answers, kind))


def _together(here: Visit, kind: ItemKind, lang: str) -> str:
    """The most that all of them may bring the firm together: their part of the results' sums."""
    entries = here.money.entries
    fen = sum(one.fen for one in entries if here.book.scheme(one.scheme).object == kind)
    return sentences.say("合起来最多{sum}", lang, sum=figures.sum_in_yuan(fen, lang)) if fen else ""
