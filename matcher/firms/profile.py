"""Read what a firm tells into facts, naming every value that cannot be right; nothing is repaired."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.rulebook import Fact, Rulebook, Text
from matcher.rulebook.language import KIND_WORDS, Scalar

from .credit_code import read_code
from .faults import Fault, FieldPath, LineOf, Remark, known_scheme, nearest, shown
from .industries import remark_on
from .notation import Document
from .values import LONGEST_TEXT, read_date, read_value

# ---------------------------------------------------------------------------------------------------------------------
# Read what a firm tells into facts, naming every value that cannot be right; nothing is repaired silently.
# ---------------------------------------------------------------------------------------------------------------------


def _nowhere(path: object) -> None:
    return None


def read_facts(
    rulebook: Rulebook, raw: Mapping[str, object], line_of: LineOf = _nowhere
) -> tuple[dict[str, Scalar], list[Fault]]:
    """Return the facts that can be used and every fault found, in the order told; never raises for bad values.

    `None` is not told. Money comes out in whole fen, rates and numbers as exact fractions. `line_of` gives the line of
    a field, as `line_of((field,))`, for the faults.
    """
    facts: dict[str, Scalar] = {}
    faults: list[Fault] = []
    for name, told in raw.items():
        fact = rulebook.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            faults.append(_unknown(rulebook, name, told, line_of((name,))))
            continue
        if told is None:
            continue
        value, reasons = read_value(fact, told)
        if value is not None:
            facts[name] = value
        faults += [_fault(fact, told, reason, line_of((name,))) for reason in reasons]
    return facts, faults


def remarks(raw: Mapping[str, object]) -> tuple[Remark, ...]:
    """Return what a person should see about values that are used all the same, such as how a credit code was read."""
    code, industry = raw.get("credit_code"), raw.get("industry")
    found = list(read_code(code).remarks) if isinstance(code, str) else []
    remark = remark_on(industry) if isinstance(industry, str) else None
    return (*found, remark) if remark else tuple(found)


def _fault(fact: Fact, told: object, reason: Text, line: int | None) -> Fault:
    text = Text(zh=f"{fact.label.zh}：{reason.zh}", en=f"{fact.label.en}: {reason.en}")
    return Fault(fact.id, line, shown(told), text, (fact.id,))


def _unknown(rulebook: Rulebook, name: object, told: object, line: int | None) -> Fault:
    field = shown(name)
    zh, en = f"没有名为 {field} 的事实", f"there is no fact named {field}"
    labels = {known.id: (known.label.zh, known.label.en) for known in rulebook.facts.values()}
    meant = nearest(str(name), labels)
    if meant:
        zh, en = f"{zh}；是不是 {meant}（{rulebook.facts[meant].label.zh}）？", f"{en}; perhaps {meant}?"
    else:
        zh, en = f"{zh}；可用 matcher facts 查看全部事实", f"{en}; matcher facts lists them all"
    return Fault(field, line, shown(told), Text(zh=zh, en=en), (str(name),))


# ---------------------------------------------------------------------------------------------------------------------
# Tell a profile with its date and schemes, `{id, as_of, schemes, facts}`, from facts that stand by themselves.
# ---------------------------------------------------------------------------------------------------------------------


KEYS = ("id", "as_of", "schemes", "facts", "items", "items_complete")

MOST_ENTRIES = 1000

"""Facts, or schemes, of one profile: there are not so many, and each unknown name is compared with all the known ones."""

# The file that the self-check saves is a profile too: what it keeps beside, for reading it back, is no fault there.
_OURS = "made_with"

_OF_THE_SELF_CHECK = (_OURS, "vocabulary", "bands", "unsure", "gates", "ticked", "aside", "told_at", "labels")

_NEVER_FACTS = frozenset(KEYS) - {"id"}

_MISTAKEN = {"scheme": "schemes", "asof": "as_of", "as-of": "as_of", "date": "as_of", "fact": "facts"}

_ALSO_CALLED = {"items_complete": ("complete", "items-complete", "item_complete")}


@dataclass(slots=True)
class Envelope:
    """What stands around the facts of one profile; `fact_line((name,))` gives the line of a fact."""

    facts: Mapping[str, object]
    fact_line: LineOf
    id: str | None = None
    as_of: datetime.date | None = None
    schemes: tuple[str, ...] | None = None
    items: object = None  # as written, with items_complete; `line_of` gives the line of a path of the whole
    items_complete: object = None
    line_of: LineOf = _nowhere
    facts_path: FieldPath = ()  # where the facts stand in the whole
    faults: list[Fault] = field(default_factory=list)


def open_envelope(rulebook: Rulebook, document: Document, line: int | None = None, *, strict: bool = False) -> Envelope:
    """Read everything but the facts themselves; `line` is the line of the whole where it stands on one.

    An object without any of `facts`, `items`, `as_of`, `schemes` is the facts themselves, unless ``strict``: then, as in a
    request of a program, facts stand in `facts` alone, and nothing of the self-check's own file is passed over.
    """

    def line_of(path: FieldPath) -> int | None:
        found = (document.find_line(path[:size]) for size in range(len(path), 0, -1))
        return next((number for number in found if number is not None), line)

    data = document.data
    if not isinstance(data, dict):
        text = Text(
            zh="应是一家企业的资料：一组“事实: 值”；多家企业用 .jsonl，一行一家",
            en="must be one object of facts and values; for many firms use .jsonl, one a line",
        )
        return Envelope({}, line_of, faults=[Fault("file", line, shown(data), text)])
    if not strict and not data.keys() & _NEVER_FACTS:
        if len(data) <= MOST_ENTRIES:
            return Envelope(data, line_of)
        return Envelope({}, line_of, faults=[Fault("file", line, "", too_many(len(data)))])
    envelope = Envelope({}, lambda path: line_of(("facts", *path)), line_of=line_of, facts_path=("facts",))
    _Reader(rulebook, line_of, envelope).read(data, () if strict or _OURS not in data else _OF_THE_SELF_CHECK)
    return envelope


def several_unread(told: object, line: int | None = None) -> tuple[Fault, ...]:
    """The fault of a profile that tells several of something (`told`: its items) where only one of a kind can be told."""
    if not told:
        return ()
    text = Text(
        zh="这里每种事项只能填一个：把要查的那一个写进 facts；有几个的，用 matcher check 一起查",
        en="only one of each kind is read here: write it into facts; matcher check takes several at once",
    )
    return (Fault("items", line, shown(told), text, ("items",)),)


def too_many(number: int) -> Text:
    """What is said of a profile with more entries than one firm can have."""
    return Text(zh=f"有 {number} 项，不是一家企业的资料", en=f"holds {number} entries: not one firm's profile")


class _Reader:
    """Reads the keys beside `facts` into an envelope, with a fault for each that cannot be used."""

    def __init__(self, rulebook: Rulebook, line_of: LineOf, envelope: Envelope) -> None:
        self.rulebook, self.line_of, self.envelope = rulebook, line_of, envelope

    def read(self, data: dict[str, object], passed_over: tuple[str, ...]) -> None:
        self._id(data.get("id"))
        self._as_of(data.get("as_of"))
        self._schemes(data.get("schemes"))
        self._facts(data.get("facts"))
        self.envelope.items, self.envelope.items_complete = data.get("items"), data.get("items_complete")
        for key, value in data.items():
            if key not in (*KEYS, *passed_over):
                self._other(key, value)

    def _fault(self, path: FieldPath, value: object, zh: str, en: str) -> None:
        fault = Fault(shown(path[0]), self.line_of(path), shown(value), Text(zh=zh, en=en), path)
        self.envelope.faults.append(fault)

    def _id(self, value: object) -> None:
        if isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable():
            self.envelope.id = str(value)
        elif value is not None:
            self._fault(("id",), value, "编号（id）应是一段文本", "id must be a short text")

    def _as_of(self, value: object) -> None:
        if value is None:
            return
        day = read_date(value)
        if isinstance(day, Text):
            self._fault(("as_of",), value, f"所问日期（as_of）：{day.zh}", f"as_of: {day.en}")
        else:
            self.envelope.as_of = day

    def _schemes(self, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, list) or not value:
            zh, en = (
                "schemes 应是政策编号的列表；要看全部就不写",
                "schemes must be a list of scheme ids; leave it out for all",
            )
            return self._fault(("schemes",), value, zh, en)
        if len(value) > MOST_ENTRIES:
            text = too_many(len(value))
            return self._fault(("schemes",), "", text.zh, text.en)
        good = []
        for index, slug in enumerate(value):
            wrong = known_scheme(self.rulebook, slug)
            if wrong is None:
                good.append(str(slug))
            else:
                self._fault(("schemes", index), slug, wrong.zh, wrong.en)
        self.envelope.schemes = tuple(good)

    def _facts(self, value: object) -> None:
        if isinstance(value, dict) and len(value) > MOST_ENTRIES:
            text = too_many(len(value))
            self._fault(("facts",), "", text.zh, text.en)
        elif isinstance(value, dict):
            self.envelope.facts = value
        elif value is not None:
            zh, en = "facts 应是一组“事实: 值”", "facts must be an object of facts and values"
            self._fault(("facts",), value, zh, en)

    def _other(self, key: str, value: object) -> None:
        """Refuse a key that does not count, with what was probably meant: nothing that is told is passed over in silence."""
        if key in self.rulebook.facts:
            return self._fault((key,), value, f"{key} 应写在 facts 之内", f"{key} must stand inside facts")
        kinds = {kind: (words.zh, words.several) for kind, words in KIND_WORDS.items()}
        kind = next((kind for kind, names in kinds.items() if key.lower() in (kind, f"{kind}s", *names)), None)
        if kind is not None:
            zh, en = f"{key} 应写在 items 之内：items: {{{kind}: […]}}", f"{key} must stand inside items, as {kind}"
            return self._fault((key,), value, zh, en)
        known = {name: _ALSO_CALLED.get(name, ()) for name in KEYS}
        meant = _MISTAKEN.get(key.lower()) or nearest(key, known)
        name, listed = shown(key), ", ".join(KEYS)
        zh, en = (f"是不是 {meant}？", f"perhaps {meant}?") if meant else (f"只有 {listed}", f"there are {listed}")
        self._fault((key,), value, f"没有 {name}；{zh}", f"there is no key {name}; {en}")
