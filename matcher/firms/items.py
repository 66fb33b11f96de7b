"""Read what a firm has several of (`items: {loan: [{id, name, for, facts}]}`), naming item and field of every fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from matcher.engine import Item, Items
from matcher.rulebook import Fact, Rulebook, Text
from matcher.rulebook.language import BELONGS_TO, ITEM_KINDS, KIND_WORDS, ItemKind, Scalar, kind_of

from .faults import Fault, FieldPath, LineOf, nearest, shown
from .values import LONGEST_TEXT, read_value

MOST_ITEMS = 20

"""Items of one kind: more are a register and no form."""

ITEM_KEYS = ("id", "name", "for", "facts")

_ID = re.compile(r"[\w-]{1,40}")

# What an offer may be for besides an item: no item may be called so.
_OTHER_OBJECTS = ("period-", "year-", "cit-", "iit-")


@dataclass(slots=True)
class ReadItems:
    """The items that can be used, what stands flat of no item, and every fault."""

    items: Items
    firm: dict[str, Scalar]
    faults: list[Fault] = field(default_factory=list)


def read_items(
    rulebook: Rulebook, raw: object, complete: object, firm: Mapping[str, Scalar], line_of: LineOf
) -> ReadItems:
    """Read `items` and `items_complete`; a fact in `firm` that is of a kind with one item goes to it. Never raises.

    `line_of` gives the line of a path of the whole document.
    """
    return _Reader(rulebook, line_of).read(raw, complete, firm)


@dataclass(slots=True)
class _Written:
    """An item as it is written, with the path at which it stands."""

    item: Item
    path: FieldPath
    raw_facts: Mapping[str, object]


class _Reader:
    def __init__(self, rulebook: Rulebook, line_of: LineOf) -> None:
        self.rulebook, self.line_of = rulebook, line_of
        self.faults: list[Fault] = []

    def read(self, raw: object, complete: object, firm: Mapping[str, Scalar]) -> ReadItems:
        written = list(self._kinds(raw))
        self._twice(written)
        self._owners(written)
        items = Items(tuple(self._with_facts(one) for one in written), frozenset(self._complete(complete)))
        items, rest = self._with_flat(items, firm, written)
        return ReadItems(items, rest, self.faults)

    def _fault(self, field_: str, path: FieldPath, value: object, zh: str, en: str) -> None:
        self.faults.append(Fault(shown(field_), self.line_of(path), shown(value), Text(zh=zh, en=en), path))

    # --- the kinds and their lists

    def _kinds(self, raw: object) -> Iterator[_Written]:
        if raw is None:
            return
        if not isinstance(raw, dict):
            zh, en = "items 应是一组“种类: 列表”", "items must be an object of kinds and lists"
            return self._fault("items", ("items",), raw, f"{zh}，如 {_EXAMPLE}", f"{en}, such as {_EXAMPLE}")
        for name, entries in raw.items():
            kind = self._kind(name, ("items", str(name)))
            if kind is None or entries is None:
                continue
            if not isinstance(entries, list):
                zh, en = f"{name} 应是列表，一{_of(kind)}一项", f"{name} must be a list"
                self._fault(f"items.{name}", ("items", name), entries, zh, en)
                continue
            if len(entries) > MOST_ITEMS:
                self._fault(f"items.{name}", ("items", name), "", *_too_many(kind, len(entries)))
                continue
            taken = {one.get("id") for one in entries if isinstance(one, dict)}
            for index, entry in enumerate(entries):
                found = self._item(kind, ("items", name, index), entry, taken)
                if found is not None:
                    yield found

    def _kind(self, name: object, path: FieldPath) -> ItemKind | None:
        kind = kind_of(str(name))
        if kind is None:
            meant = nearest(str(name), {one: (words.zh, words.several) for one, words in KIND_WORDS.items()})
            known = "、".join(f"{one}（{KIND_WORDS[one].zh}）" for one in ITEM_KINDS)
            zh = f"没有 {shown(name)} 这一种；" + (f"是不是 {meant}？" if meant else f"有 {known}")
            en = f"there is no kind {shown(name)}; " + (
                f"perhaps {meant}?" if meant else f"there are {', '.join(ITEM_KINDS)}"
            )
            self._fault(".".join(map(str, path)), path, name, zh, en)
        return kind

    def _complete(self, raw: object) -> Iterator[ItemKind]:
        if raw is None:
            return
        if not isinstance(raw, dict):
            zh, en = "items_complete 应是一组“种类: true”", "items_complete must be an object of kinds and true"
            return self._fault("items_complete", ("items_complete",), raw, zh, en)
        for name, told in raw.items():
            path = ("items_complete", str(name))
            kind = self._kind(name, path)
            if told is not None and not isinstance(told, bool):
                zh, en = "只写 true（全部都在这里了）或 false", "must be true (these are all) or false"
                self._fault(f"items_complete.{name}", path, told, zh, en)
            elif kind is not None and told:
                yield kind

    # --- one item

    def _item(self, kind: ItemKind, path: FieldPath, raw: object, taken: set[object]) -> _Written | None:
        where = ".".join(map(str, path))
        if not isinstance(raw, dict):
            zh, en = "应是一组：id、name、facts", "must be an object: id, name, facts"
            self._fault(where, path, raw, f"{zh}，如 {_EXAMPLE}", f"{en}, such as {_EXAMPLE}")
            return None
        for key in raw:
            if key not in ITEM_KEYS:
                self._stray(f"{where}.{key}", (*path, key), key, raw[key])
        id_ = self._id(kind, path, raw.get("id"), taken)
        name, owner, facts = raw.get("name"), raw.get("for"), raw.get("facts")
        if name is not None and not _is_word(name):
            self._fault(f"{id_}.name", (*path, "name"), name, "名称应是一段文字", "name must be a short text")
            name = None
        if owner is not None and not _is_word(owner):
            zh, en = "for 应是另一项的 id", "for must be the id of another item"
            self._fault(f"{id_}.for", (*path, "for"), owner, zh, en)
            owner = None
        if facts is not None and not isinstance(facts, dict):
            zh, en = "facts 应是一组“事实: 值”", "facts must be an object of facts and values"
            self._fault(f"{id_}.facts", (*path, "facts"), facts, zh, en)
            facts = None
        return _Written(Item(kind, id_, {}, name, owner), path, facts or {})

    def _stray(self, field_: str, path: FieldPath, key: object, value: object) -> None:
        """A key of an item that is none: a fact stands inside facts, another name is refused with what was meant."""
        if key in self.rulebook.facts:
            return self._fault(field_, path, value, f"{key} 应写在 facts 之内", f"{key} must stand inside facts")
        meant = nearest(str(key), dict.fromkeys(ITEM_KEYS, ()))
        hint_zh, hint_en = (f"是不是 {meant}？", f"perhaps {meant}?") if meant else (
            f"只有 {'、'.join(ITEM_KEYS)}", f"there are {', '.join(ITEM_KEYS)}"
        )  # fmt: skip
        self._fault(field_, path, value, f"没有 {shown(key)}；{hint_zh}", f"there is no key {shown(key)}; {hint_en}")

    def _id(self, kind: ItemKind, path: FieldPath, told: object, taken: set[object]) -> str:
        """The id as told; untold, the first number that no other item of the kind bears."""
        numbers = (f"{kind}-{number}" for number in (int(path[-1]) + 1, *range(1, 2 * MOST_ITEMS + 2)))
        free = next(name for name in numbers if name not in taken)
        if told is None:
            taken.add(free)
            return free
        if isinstance(told, str) and _ID.fullmatch(told) and not _is_anothers(kind, told):
            return str(told)
        zh = f"id 用字母、数字、汉字和连字符，最多 40 个，不用别种事项的名称，如 {free}"
        en = f"an id has letters, digits and hyphens, 40 at most, and is no name of another kind's, such as {free}"
        self._fault(".".join(map(str, (*path, "id"))), (*path, "id"), told, zh, en)
        return free

    # --- all items together

    def _twice(self, written: list[_Written]) -> None:
        met: set[str] = set()
        for one in written:
            if one.item.id in met:
                zh, en = f"id {one.item.id} 用了两次，请改其中一个", f"the id {one.item.id} stands twice: change one"
                self._fault(f"{one.item.id}.id", (*one.path, "id"), one.item.id, zh, en)
            met.add(one.item.id)

    def _owners(self, written: list[_Written]) -> None:
        """What an item is for is another item of the firm, of a kind that this one may belong to."""
        by_id = {one.item.id: one.item for one in written}
        for one in written:
            item, path = one.item, (*one.path, "for")
            if item.owner is None:
                continue
            owner = by_id.get(item.owner)
            if owner is None:
                meant = nearest(item.owner, dict.fromkeys(by_id, ()))
                zh, en = f"没有 id 为 {item.owner} 的事项", f"there is no item {item.owner}"
                hint = (f"；是不是 {meant}？", f"; perhaps {meant}?") if meant else ("", "")
                self._fault(f"{item.id}.for", path, item.owner, zh + hint[0], en + hint[1])
            elif owner.kind not in BELONGS_TO[item.kind]:
                mine, its = KIND_WORDS[item.kind], KIND_WORDS[owner.kind]
                zh, en = f"{mine.zh}不属于{its.zh}", f"a {mine.en} is for no {its.en}"
                may = [KIND_WORDS[kind] for kind in BELONGS_TO[item.kind]]
                if may:
                    zh += f"，可以是：{'、'.join(one.zh for one in may)}"
                    en += f"; it may be for a {' or a '.join(one.en for one in may)}"
                self._fault(f"{item.id}.for", path, item.owner, zh, en)

    # --- facts

    def _with_facts(self, one: _Written) -> Item:
        item, known = one.item, {}
        for name, told in one.raw_facts.items():
            path, field_ = (*one.path, "facts", name), f"{item.id}.{name}"
            fact = self.rulebook.facts.get(name) if isinstance(name, str) else None
            if fact is None:
                self._unknown(item.kind, field_, path, name, told)
            elif item.kind not in fact.of:
                self._astray(item, fact, field_, path, told)
            elif told is not None:
                value, reasons = read_value(fact, told)
                if value is not None:
                    known[fact.id] = value
                for reason in reasons:
                    label = item.label
                    zh = f"{label.zh}的{fact.label.zh}：{reason.zh}"
                    self._fault(field_, path, told, zh, f"{label.en}, {fact.label.en}: {reason.en}")
        return Item(item.kind, item.id, known, item.name, item.owner)

    def _unknown(self, kind: ItemKind, field_: str, path: FieldPath, name: object, told: object) -> None:
        facts = [fact for fact in self.rulebook.facts.values() if kind in fact.of]
        meant = nearest(str(name), {fact.id: (fact.label.zh, fact.label.en) for fact in facts})
        zh, en = f"没有名为 {shown(name)} 的事实", f"there is no fact named {shown(name)}"
        if meant:
            zh, en = f"{zh}；是不是 {meant}（{self.rulebook.facts[meant].label.zh}）？", f"{en}; perhaps {meant}?"
        else:
            zh, en = f"{zh}；可用 matcher facts 查看全部事实", f"{en}; matcher facts lists them all"
        self._fault(field_, path, told, zh, en)

    def _astray(self, item: Item, fact: Fact, field_: str, path: FieldPath, told: object) -> None:
        words = KIND_WORDS[item.kind]
        zh, en = f"{fact.label.zh}说的不是{words.zh}", f"{fact.label.en} says nothing of a {words.en}"
        if fact.of:
            kind = fact.of[0]
            zh, en = f"{zh}，请写在 items.{kind} 的事项里", f"{en}: write it in an item of items.{kind}"
            if kind in BELONGS_TO[item.kind]:
                zh, en = f"{zh}，并在这里写 for: 那一项的 id", f"{en}, and here for: its id"
        else:
            zh, en = f"{zh}，是全企业的，请写在上面的 facts 里", f"{en} but of the firm: write it in the facts above"
        self._fault(field_, path, told, zh, en)

    def _with_flat(
        self, items: Items, firm: Mapping[str, Scalar], written: list[_Written]
    ) -> tuple[Items, dict[str, Scalar]]:
        """A flat fact of a kind is the one item's; where there are several it is not known whose."""
        rest: dict[str, Scalar] = {}
        added: dict[str, dict[str, Scalar]] = {}
        raw = {one.item.id: one.raw_facts for one in written}
        for name, value in firm.items():
            fact = self.rulebook.facts[name]
            kinds = [kind for kind in fact.of if items.of(kind)]
            many = next((kind for kind in kinds if len(items.of(kind)) > 1), None)
            if many is not None:
                words, number = KIND_WORDS[many], len(items.of(many))
                ids = "、".join(one.id for one in items.of(many))
                zh = f"{fact.label.zh}写在了 facts 里，而{words.zh}有{number}{words.counter}（{ids}）：请写进其中一项"
                en = f"{fact.label.en} stands in facts, and there are {number} {words.several}: write it into the one it is of"
                self._fault(name, ("facts", name), "", zh, en)
                continue
            if len(kinds) < len(fact.of) or not fact.of:
                rest[name] = value
            for kind in kinds:
                (one,) = items.of(kind)
                if raw[one.id].get(name) is None:
                    added.setdefault(one.id, {})[name] = value
                elif one.facts.get(name, value) != value:
                    zh = f"{fact.label.zh}在 facts 里和{one.label.zh}里写得不一样，请只留一个"
                    en = f"{fact.label.en} is told in facts and otherwise in {one.label.en}: keep one"
                    self._fault(f"{one.id}.{name}", ("facts", name), "", zh, en)
        if not added:
            return items, rest
        filled = (
            Item(one.kind, one.id, {**one.facts, **added.get(one.id, {})}, one.name, one.owner) for one in items.all
        )
        return Items(tuple(filled), items.complete), rest


_EXAMPLE = "{loan: [{id: loan-1, name: 设备贷款, facts: {…}}]}"


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable() and len(value) <= LONGEST_TEXT


def _is_anothers(kind: ItemKind, name: str) -> bool:
    """Whether something else that an offer may be for is called so."""
    other = any(name.startswith(f"{one}-") for one in ITEM_KINDS if one != kind)
    return other or name == "firm" or name.startswith(_OTHER_OBJECTS)


def _of(kind: ItemKind) -> str:
    words = KIND_WORDS[kind]
    return f"{words.counter}{words.zh}"


def _too_many(kind: ItemKind, number: int) -> tuple[str, str]:
    words = KIND_WORDS[kind]
    most, counter = MOST_ITEMS, words.counter
    zh = f"一次最多看 {most} {_of(kind)}，这里有 {number} {counter}：先留下金额大的 {most} {counter}，其余的再查一次"
    en = (
        f"we look at {most} {words.several} at a time at most, and here are {number}: keep the {most} largest and check the "
        "others by themselves"
    )
    return zh, en
