"""What a firm may have several of: the kinds of item, how they are called, and which belongs to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, get_args

ItemKind = Literal["loan", "project", "equipment", "product", "persons", "standard"]

ITEM_KINDS: tuple[ItemKind, ...] = get_args(ItemKind)

# An item may say what it is `for`: a loan for a project, equipment of a project, a product of the equipment. It then takes
# the other's facts besides its own. No kind comes back to itself.
BELONGS_TO: Mapping[ItemKind, tuple[ItemKind, ...]] = {
    "loan": ("equipment", "project"),
    "project": (),
    "equipment": ("project",),
    "product": ("equipment", "project"),
    "persons": ("project",),
    "standard": ("project",),
}


class KindWords(NamedTuple):
    """How a kind is called: in Chinese with the word that counts it (笔, 个), in English for one and for several."""

    zh: str
    counter: str
    en: str
    several: str

    def noun(self, lang: str) -> str:
        """What several of it are called."""
        return self.zh if lang == "zh" else self.several

    def counted(self, number: int, lang: str) -> str:
        """So many of it: 3笔贷款, 1 loan, 3 loans."""
        if lang == "zh":
            return f"{number}{self.counter}{self.zh}"
        return f"{number} {self.en if number == 1 else self.several}"


KIND_WORDS: Mapping[ItemKind, KindWords] = {
    "loan": KindWords("贷款", "笔", "loan", "loans"),
    "project": KindWords("项目", "个", "project", "projects"),
    "equipment": KindWords("设备", "台", "piece of equipment", "pieces of equipment"),
    "product": KindWords("产品", "种", "product", "products"),
    "persons": KindWords("人员", "批", "group of persons", "groups of persons"),
    "standard": KindWords("标准", "项", "standard", "standards"),
}


def owners(kind: ItemKind) -> Iterator[ItemKind]:
    """The kinds to which an item of this kind may belong, directly or through another, each once."""
    found: dict[ItemKind, None] = {}
    waiting = list(BELONGS_TO[kind])
    while waiting:
        owner = waiting.pop(0)
        if owner not in found:
            found[owner] = None
            waiting += BELONGS_TO[owner]
    yield from found


def is_readable(of: Iterable[ItemKind], kind: ItemKind | None) -> bool:
    """Whether a rule that is about an item of ``kind`` (None: about none) may read a fact of these kinds by its plain name."""
    kinds = tuple(of)
    if not kinds or kind is None:
        return not kinds
    return kind in kinds or any(owner in kinds for owner in owners(kind))


def kind_of(object_: str) -> ItemKind | None:
    """The kind of item that a scheme's ``object`` names; None where it names none (firm, period, year)."""
    return next((kind for kind in ITEM_KINDS if kind == object_), None)
