"""Read bundles: offers already decided, with the titles held and the sums received, every fault named with its line."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

from pydantic import ValidationError

from matcher.engine.choose import Held, Offer, Received
from matcher.rulebook import Recipient, Relation, Rulebook, Text

from .faults import Fault, FieldPath, known_scheme, nearest, shown
from .notation import Document
from .numbers import exact, fits
from .values import LONGEST_TEXT, read_date

MOST_OFFERS = 200

KEYS = ("id", "as_of", "offers", "held", "received", "relations")

# What worked cases write beside: what is expected, and why.
_NOTES = ("expect", "why")

_OFFER = ("scheme", "object", "item", "status", "recipient", "amount", "award")

_STATUSES = (
    "eligible", "needs_decision", "needs_information", "not_eligible", "not_open", "unconfirmed", "applies",
    "does_not_apply",
)  # fmt: skip

_FIGURES = {"exact": "value", "ceiling": "value", "range": "high", "none": None}

_CHOICES = {"status": _STATUSES, "recipient": get_args(Recipient), "award": ("by_law", "by_department")}


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle; where ``faults`` is not empty the rest must not be chosen from."""

    id: str
    as_of: datetime.date
    offers: tuple[Offer, ...]
    held: tuple[Held, ...]
    received: Received
    relations: tuple[Relation, ...]
    faults: tuple[Fault, ...] = ()


def read_bundles(rulebook: Rulebook, document: Document, stem: str) -> tuple[Bundle, ...]:
    """Read a document that is one bundle or a list of them. Nothing is raised: what is wrong is in each one's faults."""
    if isinstance(document.data, list):
        entries = [(f"{stem}-{index + 1}", (index,), entry) for index, entry in enumerate(document.data)]
        return tuple(read_bundle(rulebook, entry, document, path, name) for name, path, entry in entries)
    return (read_bundle(rulebook, document.data, document, (), stem),)


def read_bundle(rulebook: Rulebook, raw: object, document: Document, path: FieldPath, name: str) -> Bundle:
    """Read one bundle that stands at ``path`` of a document; ``name`` is its id where it states none."""
    return _Reader(rulebook, document, path).read(raw, name)


class _Reader:
    """Reads one bundle and collects what is wrong with it."""

    def __init__(self, rulebook: Rulebook, document: Document, path: FieldPath) -> None:
        self.rulebook, self.document, self.path = rulebook, document, path
        self.faults: list[Fault] = list(document.faults)
        self.relations: tuple[Relation, ...] = rulebook.relations
        self.free = False

    def read(self, raw: object, name: str) -> Bundle:
        if not isinstance(raw, dict):
            self._fault((), raw, "应是一组：id、as_of、offers", "must be an object with id, as_of and offers")
            raw = {}
        else:
            self._mistaken((), raw, KEYS, _NOTES)
            self._relations(raw.get("relations"))
        id_ = raw.get("id")
        return Bundle(
            id=id_ if isinstance(id_, str) and id_.isprintable() and len(id_) <= LONGEST_TEXT else name,
            as_of=self._as_of(raw),
            offers=tuple(self._offers(raw)),
            held=tuple(self._held(raw.get("held"))),
            received=self._received(raw.get("received")),
            relations=self.relations,
            faults=tuple(self.faults),
        )

    # --- faults -----------------------------------------------------------------------------------------------------

    def _fault(self, path: FieldPath, value: object, zh: str, en: str) -> None:
        full = (*self.path, *path)
        lines = (self.document.find_line(full[:size]) for size in range(len(full), 0, -1))
        field = ".".join(str(part) for part in path) or "file"
        line = next((number for number in lines if number is not None), None)
        self.faults.append(Fault(shown(field), line, shown(value), Text(zh=zh, en=en), full))

    def _mistaken(
        self, path: FieldPath, raw: Mapping[str, object], known: tuple[str, ...], notes: tuple[str, ...] = ()
    ) -> None:
        """Refuse a key that is none of those known, with what was probably meant; notes are passed over."""
        for key in raw:
            if key in (*known, *notes):
                continue
            meant, listed = nearest(str(key), {one: () for one in known if one not in raw}), ", ".join(known)
            zh, en = (f"是不是 {meant}？", f"perhaps {meant}?") if meant else (f"只有 {listed}", f"there are {listed}")
            self._fault((*path, str(key)), raw[key], f"没有 {shown(key)}；{zh}", f"no such key; {en}")

    # --- the parts --------------------------------------------------------------------------------------------------

    def _as_of(self, raw: Mapping[str, object]) -> datetime.date:
        day = read_date(raw.get("as_of"))
        if isinstance(day, Text):
            self._fault(("as_of",), raw.get("as_of"), day.zh, day.en)
            return datetime.date.min
        return day

    def _relations(self, raw: object) -> None:
        """Given relations stand in place of the rulebook's; their ids and schemes are free."""
        if raw is None:
            return
        self.free, made = True, []
        for path, entry in self._entries("relations", raw):
            try:
                made.append(Relation.model_validate(entry))
            except ValidationError as error:
                for one in error.errors():
                    zh, en = "关系写得不对", str(one["msg"]).removeprefix("Value error, ")
                    self._fault((*path, *one["loc"]), one["input"], f"{zh}（{en}）", en)
        ids = [one.id for one in made]
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            self._fault(("relations",), twice, f"关系 {twice} 写了两次", f"the relation {twice} stands twice")
        self.relations = tuple(made)

    def _entries(self, key: str, raw: object) -> Iterator[tuple[FieldPath, object]]:
        if raw is None:
            return
        if not isinstance(raw, list):
            self._fault((key,), raw, f"{key} 应是列表", f"{key} must be a list")
            return
        yield from (((key, index), entry) for index, entry in enumerate(raw))

    def _offers(self, raw: Mapping[str, object]) -> Iterator[Offer]:
        if raw.get("offers") is None:
            self._fault(
                ("offers",), None, "缺 offers（已作出判断的各项政策）", "offers is missing: the schemes decided"
            )
        met: dict[tuple[str, str, str], int] = {}
        for path, entry in self._entries("offers", raw.get("offers")):
            if len(met) >= MOST_OFFERS:
                self._fault(("offers",), "", f"最多 {MOST_OFFERS} 项", f"at most {MOST_OFFERS} offers")
                return
            offer = self._offer(path, entry)
            if offer is None:
                continue
            if offer.key in met:
                first = met[offer.key] + 1
                zh = f"与第 {first} 项是同一政策、同一事项、同一对象，请只留一个"
                self._fault(path, offer.scheme, zh, f"the same scheme, item and object as offer {first}: keep one")
            met.setdefault(offer.key, len(met))
            yield offer

    def _offer(self, path: FieldPath, raw: object) -> Offer | None:
        before = len(self.faults)
        if not isinstance(raw, dict):
            self._fault(path, raw, "应是一组：scheme、object、status……", "must be an object: scheme, object, status …")
            return None
        self._mistaken(path, raw, _OFFER)
        scheme = self._scheme((*path, "scheme"), raw.get("scheme"))
        status = self._one_of(path, raw, "status")
        is_open = status in ("eligible", "needs_decision")
        recipient = self._one_of(path, raw, "recipient", needed=is_open)
        award = self._one_of(path, raw, "award", needed=False)
        kind, figure = self._amount((*path, "amount"), raw.get("amount"), is_open)
        offer = Offer(
            scheme=scheme,
            object=self._word((*path, "object"), raw.get("object")) or "",
            item=self._word((*path, "item"), raw.get("item"), needed=False),
            status=status or "",
            recipient=recipient,
            figure=figure,
            exact=kind == "exact",
            by_department=self._awarded(scheme, status, award),
        )
        return offer if len(self.faults) == before else None

    def _awarded(self, scheme: str, status: str | None, award: str | None) -> bool:
        """By department as stated, else as the catalogue says, else as the status suggests."""
        if award is None and not self.free and scheme in self.rulebook.schemes:
            award = self.rulebook.schemes[scheme].award
        return status == "needs_decision" if award is None else award == "by_department"

    def _scheme(self, path: FieldPath, value: object) -> str:
        word = self._word(path, value)
        wrong = None if word is None or self.free else known_scheme(self.rulebook, word)
        if wrong is not None:
            self._fault(path, value, wrong.zh, wrong.en)
        return word or ""

    def _word(self, path: FieldPath, value: object, needed: bool = True) -> str | None:
        if value is None and not needed:
            return None
        if isinstance(value, str) and value.strip() and value.isprintable() and len(value) <= LONGEST_TEXT:
            return str(value)
        name = path[-1]
        self._fault(path, value, f"{name} 应是一个名称", f"{name} must be a name")
        return None

    def _one_of(self, path: FieldPath, raw: Mapping[str, object], key: str, needed: bool = True) -> str | None:
        value, known = raw.get(key), _CHOICES[key]
        if isinstance(value, str) and value in known:
            return str(value)
        if value is not None or needed:
            words = ", ".join(known)
            self._fault((*path, key), value, f"{key} 只能是：{words}", f"{key} must be one of: {words}")
        return None

    def _amount(self, path: FieldPath, raw: object, needed: bool) -> tuple[str, int | None]:
        """The kind of an amount and the most it comes to, in fen."""
        if raw is None and not needed:
            return "none", None
        kind = raw.get("kind") if isinstance(raw, dict) else None
        if not isinstance(raw, dict) or not isinstance(kind, str) or kind not in _FIGURES:
            zh = "金额应是 {kind: exact、ceiling、range 或 none, …}"
            self._fault(path, raw, zh, "amount must be {kind: exact, ceiling, range or none, …}")
            return "none", None
        key = _FIGURES[kind]
        low = None if raw.get("low") is None else self._fen((*path, "low"), raw["low"])
        if key is None or (kind == "range" and raw.get(key) is None):
            return str(kind), None
        figure = self._fen((*path, key), raw.get(key))
        if kind == "range" and low is not None and figure is not None and low > figure:
            self._fault((*path, "low"), raw["low"], "下限大于上限", "the lower end is above the upper end")
        return str(kind), figure

    def _fen(self, path: FieldPath, value: object) -> int | None:
        number = exact(value)
        if isinstance(number, Text):
            self._fault(path, value, number.zh, number.en)
        elif number < 0 or not fits(number, 2):
            zh, en = "金额以元为单位，不为负，最多两位小数", "must be yuan, not below zero, with at most two decimals"
            self._fault(path, value, zh, en)
        else:
            return int(Fraction(number) * 100)
        return None

    def _held(self, raw: object) -> Iterator[Held]:
        for path, entry in self._entries("held", raw):
            if isinstance(entry, dict):
                self._mistaken(path, entry, ("scheme", "item", "object"))
                scheme = self._scheme((*path, "scheme"), entry.get("scheme"))
                words = [self._word((*path, key), entry.get(key), needed=False) for key in ("item", "object")]
                yield Held(scheme, *words)
            else:
                yield Held(self._scheme(path, entry))

    def _received(self, raw: object) -> Received:
        """Sums (or, under a count alone, numbers of offers) by the id of the relation that sets the ceiling."""
        received = Received()
        if raw is not None and not isinstance(raw, dict):
            zh, en = "received 应是一组“关系: 金额”", "received must be an object of relations and amounts"
            self._fault(("received",), raw, zh, en)
            return received
        ceilings = {one.id: one.ceiling for one in self.relations if one.ceiling is not None}
        for key, value in (raw or {}).items():
            path = ("received", str(key))
            ceiling = ceilings.get(str(key))
            if ceiling is None:
                meant = nearest(str(key), dict.fromkeys(ceilings, ()))
                hint_zh, hint_en = (f"；是不是 {meant}？", f"; perhaps {meant}?") if meant else ("", "")
                self._fault(path, value, f"没有这个上限{hint_zh}", f"there is no such ceiling{hint_en}")
                continue
            fen = self._fen(path, value)
            if fen is not None and ceiling.value is None:
                received.counts[str(key)] = fen // 100
            elif fen is not None:
                received.sums[str(key)] = fen
        return received
