"""What if: change answers or the day and see, side by side, only what moves. Nothing is kept."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from matcher.answers import OtherItem, answers, cookie
from matcher.engine import Decision, Item
from matcher.presentation import AS_OF, Question, asked_day, called, entries, money_range
from matcher.rulebook import Text
from matcher.rulebook.language import ItemKind
from matcher.text import AMOUNT, STATUS, figures, sentences, today
from matcher.web import database, language, token_holds

from . import posted
from .posted import Posted
from .result_views import answer
from .screens import plain_question
from .visits import Visit, visit

# ---------------------------------------------------------------------------------------------------------------------
# Compares two visits: which schemes move when an answer or the day changes, and how the total moves.
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """What a decision says, short: its status in words and its money (empty: none)."""

    status: str
    tone: str
    money: str


@dataclass(frozen=True)
class Move:
    """One scheme that moves."""

    name: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Moves:
    """All that moves by kind (`gained`, `lost`, `changed`; `unconfirmed` says little), and the money before and after."""

    kinds: tuple[tuple[str, tuple[Move, ...]], ...]
    before: str
    after: str

    @property
    def count(self) -> int:
        """How many schemes move."""
        return sum(len(found) for _, found in self.kinds)


_KINDS = ("gained", "lost", "changed", "unconfirmed")

_WORTH = {"eligible": 2, "needs_decision": 1}

_TONES = {"eligible": "held", "needs_decision": "department", "needs_information": "open", "applies": "bound"}


def moves(before: Visit, after: Visit, lang: str) -> Moves:
    """What moves from one visit to the other, kind by kind in the catalogue's order."""
    was, now = ({_key(one): one for one in side.decisions} for side in (before, after))
    moved = [(was[key], one) for key, one in now.items() if key in was and _essence(was[key]) != _essence(one)]
    found = {kind: tuple(_move(before, *pair, lang) for pair in moved if _kind(*pair) == kind) for kind in _KINDS}
    no_money = sentences.say("没有金额", lang)
    before_money, after_money = (money_range(one.survey.outlook, lang) or no_money for one in (before, after))
    return Moves(tuple((kind, some) for kind, some in found.items() if some), before_money, after_money)


def _kind(was: Decision, now: Decision) -> str:
    """Whether a scheme came within reach, was lost, or only changed; of one whose rules are not known on a day, neither."""
    less, more = (_WORTH.get(one.status, 0) for one in (was, now))
    if not less and not more and "unconfirmed" in (was.status, now.status):
        return "unconfirmed"
    return "changed" if less == more else "gained" if less < more else "lost"


def _move(visit: Visit, was: Decision, now: Decision, lang: str) -> Move:
    name = called(visit.book, now.scheme, None if now.item is None else now.item.label, lang)
    return Move(name, side(was, lang), side(now, lang))


def _key(decision: Decision) -> tuple[str, str | None]:
    return decision.scheme, None if decision.item is None else decision.item.id


def _essence(decision: Decision) -> tuple[object, ...]:
    return decision.status, decision.amount, decision.recipient


def side(decision: Decision, lang: str) -> Side:
    """What a decision says, short."""
    amount = decision.amount
    money = ""
    if amount is not None and amount.kind == "range":
        low, high = figures.about(amount.low, lang), figures.about(amount.high, lang, up=True)
        money = sentences.say("{low}到{high}", lang, low=low, high=high)
    elif amount is not None and amount.kind != "none":
        ceiling = AMOUNT["ceiling"].before.get(lang) + figures.blank(lang) if amount.kind == "ceiling" else ""
        money = ceiling + figures.about(amount.high, lang)
    return Side(STATUS[decision.status].heading.get(lang), _TONES.get(decision.status, "away"), money)


# ---------------------------------------------------------------------------------------------------------------------
# What if: change answers or the day and see, side by side, only what moves. Nothing is kept unless one says so.
# ---------------------------------------------------------------------------------------------------------------------


pages = Blueprint("what_if", __name__)

_UNPROCESSABLE, _BAD_REQUEST = 422, 400

_PRESET, _ADD, _ITEM = "as_of_preset", "add", "item"


@pages.get("/what-if")
def what_if() -> str:
    """Every answer and the day, to be changed; with `item` those of one of several instead of the first."""
    here = turned(visit(), request.args.get(_ITEM, ""), language.lang())
    return _page(here, posted.known(here.book, sorted(here.answers.answered)), None, (), None)


@pages.post("/what-if")
def look() -> tuple[str, int] | Response:
    """What would move; or, where that was pressed, keep the change and go to the results."""
    kept, item = visit(), request.form.get(_ITEM, "")
    here = turned(kept, item, language.lang())
    form = _with_preset(request.form)
    back = posted.read(here.book, form)
    day, wrong = asked_day(form.get(AS_OF, ""))
    language.use(form.get("switch"), form.get("lang"))
    facts = tuple(dict.fromkeys((*back.asked, *posted.known(here.book, [form.get(_ADD, "")]))))
    is_stale = not token_holds(form.get("csrf_token"))
    if is_stale or wrong or back.faults:
        return _page(here, facts, back, wrong, None, is_stale), _BAD_REQUEST if is_stale else _UNPROCESSABLE
    changed = _changed(here, back, None if not form.get(AS_OF, "").strip() else day)
    if form.get("do") == "keep":
        told = cookie.merge(request, turned_back(kept, changed, item))
        answer: Response = redirect(url_for("result.result"), 303)  # type: ignore[assignment]
        cookie.save(answer, told)
        return answer
    return _page(here, facts, back, (), Visit(here.book, changed)), 200


def turned(here: Visit, item: str, lang: str) -> Visit:
    """The visit with one of several in the place of the first, whose answers are those that a form asks for; itself for no such item."""
    told = here.answers
    other = next((one for one in told.others if one.id == item), None)
    if other is None:
        return here
    own = _facts_of(here, other.kind)
    swapped = {other.id: f"{other.kind}-1", f"{other.kind}-1": other.id}
    first = OtherItem(
        other.kind,
        other.id,
        _name(told, other.kind, None, lang),
        {f: v for f, v in told.facts.items() if f in own},
        told.owners.get(other.kind, ""),
    )
    others = tuple(first if one is other else one for one in told.others)
    owners = {**told.owners, other.kind: other.owner}
    bare = told.without(*own)
    return Visit(
        here.book,
        replace(
            bare,
            facts={**bare.facts, **other.facts},
            others=tuple(replace(one, owner=swapped.get(one.owner, one.owner)) for one in others),
            owners={kind: swapped.get(owner, owner) for kind, owner in owners.items() if owner},
            names={**told.names, other.kind: _name(told, other.kind, other, lang)},
        ),
    )


def turned_back(here: Visit, changed: answers.Answers, item: str) -> answers.Answers:
    """What was changed in a turned visit, in its own places."""
    told = here.answers
    other = next((one for one in told.others if one.id == item), None)
    if other is None:
        return changed
    own = _facts_of(here, other.kind)
    made = replace(other, facts={fact: value for fact, value in changed.facts.items() if fact in own})
    back = replace(told, as_of=changed.as_of, others=tuple(made if one is other else one for one in told.others))
    for fact in (told.answered | changed.answered) - own:
        if changed.entry(fact) != told.entry(fact):
            back = back.with_entry(fact, changed.entry(fact), changed.told_at.get(fact, 0))
    return back


def _facts_of(here: Visit, kind: str) -> frozenset[str]:
    return frozenset(fact.id for fact in here.book.rulebook.facts.values() if kind in fact.of)


def _name(told: answers.Answers, kind: ItemKind, other: OtherItem | None, lang: str) -> str:
    """How an item is called (None: the first), by its kind and number where it has no name."""
    name = told.names.get(kind) if other is None else other.name
    return Item(kind, f"{kind}-1" if other is None else other.id, name=name or None).label.get(lang)


def _several(here: Visit, lang: str) -> list[tuple[str, str]]:
    """The items that may be changed, by id (empty: the first of a kind) and name; none where the firm has one of each."""
    told = here.answers
    found = []
    for kind in dict.fromkeys(one.kind for one in told.others):
        found.append(("", _name(told, kind, None, lang)))
        found += [(one.id, _name(told, kind, one, lang)) for one in told.others_of(kind)]
    return found


def _with_preset(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with the day of the button that was pressed."""
    if not form.get(_PRESET):
        return form
    preset = form.copy()
    preset[AS_OF] = form[_PRESET]
    return preset


def _changed(here: Visit, back: Posted, day: date | None) -> answers.Answers:
    """The answers with those that differ; a band or a 不清楚 whose field was left blank stays."""
    told, at = here.answers, database.seconds()
    for fact, value in back.stated.items():
        if told.facts.get(fact) != value:
            told = told.with_answer(fact, value, at)
    emptied = [fact for fact in back.asked if fact in here.answers.facts and fact not in back.stated]
    return replace(told.without(*emptied), as_of=None if day in (None, today()) else day.isoformat())


def _page(
    here: Visit,
    facts: tuple[str, ...],
    back: Posted | None,
    wrong: tuple[Text, ...],
    after: Visit | None,
    is_stale: bool = False,
) -> str:
    lang = language.lang()
    typed = entries.shown((_with_preset(request.form) if back else {}).get(AS_OF, here.answers.as_of or ""))
    questions = [_with_kept(here, plain_question(here, fact, back, lang), lang) for fact in facts]
    unlikely = here.survey.unasked.facts
    waited = [
        fact for one in here.survey.decisions for fact in one.missing if fact not in facts and fact not in unlikely
    ]
    return render_template(
        "interview/what_if.html",
        groups=_groups(here, questions, lang),
        typed=typed,
        echo=f"= {figures.day(after.as_of, lang)}" if after and typed else None,
        day_faults=[text.get(lang) for text in wrong],
        days=_days(lang),
        more=[(fact, here.book.fact(fact).label.get(lang)) for fact in posted.known(here.book, waited)],
        moves=None if after is None else moves(here, after, lang),
        is_changed=after is not None and after.answers != here.answers,
        faults=[(one.name, one.label, one.faults) for one in questions if one.faults],
        is_stale=is_stale,
        item=request.values.get(_ITEM, ""),
        several=_several(visit(), lang),
        base=cookie.field(visit().answers),
    )


def _with_kept(here: Visit, asked: Question, lang: str) -> Question:
    """The question; where its empty field hides a band or a 不清楚, that is said beneath it."""
    is_hidden = asked.fact in here.answers.answered and asked.fact not in here.answers.facts
    if asked.control != "text" or asked.value or not is_hidden:
        return asked
    return replace(
        asked, echo=sentences.say("现在的答案：{said}（空着就不改）", lang, said=answer(here, asked.fact, lang).said)
    )


def _groups(here: Visit, questions: list[Question], lang: str) -> list[tuple[str, list[Question]]]:
    groups: dict[str, list[Question]] = {}
    for one in questions:
        groups.setdefault(here.book.fact(one.fact).group, []).append(one)
    rulebook = here.book.rulebook
    return [(rulebook.group_label(name).get(lang), groups[name]) for name in sorted(groups, key=rulebook.group_rank)]


def _days(lang: str) -> list[tuple[str, str]]:
    """Days worth a button: today, the start of the epidemic relief, and the same day of next year."""
    now = today()
    days = (now, date(2022, 3, 1), now + timedelta(days=365))
    return [(day.isoformat(), figures.day(day, lang)) for day in days]
