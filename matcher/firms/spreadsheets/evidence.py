"""What the cells of a column say of themselves: how many read as a fact's, and which fact's words they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from matcher.firms import Numeral, numbers, read_code, read_value
from matcher.rulebook import Fact, Text

from .cells import Notation, narrow, read_cell
from .columns import OWN
from .sheets import Cell

LOOKED_AT = 60

"""Different cells of a column that are tried."""

_ORGANISATION = re.compile(
    r".{2,}(?:公司|厂|店|中心|合作社|企业|经营部|商行|工作室|事务所|集团|研究院|研究所|超市|酒店|饭店|餐厅|医院|诊所|学校|幼儿园|"
    r"合伙|分公司|商店|馆|部|行|社|铺|园|门诊部|服务站|[（(].{2,6}[)）])$"
)

_BRANCH_OF_BANK = re.compile(r"银行|支行|信用社|税务所|税务局|委员会|街道|开发区$")

_YES_NO = re.compile(r"是|否|有|无|√|×|✓|✔|✗|✘|y|n|yes|no|true|false|对|没有|不是|[01]", re.IGNORECASE)

_YES = re.compile(r"是|有|√|✓|✔|y|yes|true|对", re.IGNORECASE)

_SHORTEST_NAME = 4

_SMALL = Decimal(100_000)  # yuan: below it an annual revenue is rather one in units of 10,000

_BY_CELLS = ("district", "vat_status", "tax_credit_rating", "size_class", "srdi_title", "legal_form", "ownership")

"""Facts that cells alone can tell, and that a general heading may stand over; one that fits better than the others is taken."""

_TELLING = ("district", "vat_status", "size_class")

_RATING = re.compile(r"[abmcdABMCD]\s*级?")


class Evidence:
    """The first cells of one column, without empty ones; ``yuan`` is what one of its heading's unit is worth."""

    def __init__(self, facts: Mapping[str, Fact], cells: Sequence[Cell], yuan: Decimal | None = None) -> None:
        self._facts = facts
        self._notation = Notation(yuan, is_in_percent=True)
        self._cells = list(dict.fromkeys(cells))[:LOOKED_AT]
        self._fits: dict[str, float | None] = {}

    @property
    def size(self) -> int:
        """How many different cells were looked at."""
        return len(self._cells)

    def differs(self, other: Evidence) -> bool:
        """Whether both columns hold something, and not the same."""
        return bool(self._cells) and bool(other._cells) and self._cells != other._cells

    def fits(self, column: str) -> float | None:
        """The share of the cells that read as this fact's, from 0 to 1; None where no cell says anything."""
        if column not in self._fits:
            self._fits[column] = self._share(column)
        return self._fits[column]

    def telling(self) -> str | None:
        """The fact that the cells can be of whatever stands above them: a credit code, a firm's name, a district."""
        if not self._cells:
            return None
        texts = [str(cell) for cell in self._cells if not isinstance(cell, Numeral)]
        if len(texts) == len(self._cells):
            if sum(read_code(text).code is not None for text in texts) >= 0.8 * len(texts):
                return "credit_code"
            names = [text for text in texts if _ORGANISATION.fullmatch(text) and not _BRANCH_OF_BANK.search(text)]
            if len(texts) > 1 and len(names) >= 0.8 * len(texts) and all(len(text) > 4 for text in names):
                return "name"
        for fact in _TELLING:
            if self.fits(fact) == 1 and not self.is_yes_no():
                return fact
        return "tax_credit_rating" if all(_RATING.fullmatch(str(cell)) for cell in self._cells) else None

    def choice(self) -> str | None:
        """The one fact whose words all the cells are, of those that stand under general headings; None for none or several."""
        if not self._cells or self.is_yes_no():
            return None
        found = [fact for fact in _BY_CELLS if fact in self._facts and self.fits(fact) == 1]
        return found[0] if len(found) == 1 else None

    def is_small(self, least: Decimal = _SMALL) -> bool:
        """Whether the cells are bare numbers, all below ``least`` yuan: by default what is small for a firm's yearly sums."""
        sums = [numbers.number(str(cell)) for cell in self._cells if isinstance(cell, str)]
        if len(sums) < len(self._cells) or any(one is None for one in sums):
            return False
        if any("万" in str(cell) or "亿" in str(cell) for cell in self._cells):
            return False
        largest = max((abs(Decimal(one)) for one in sums if one is not None), default=Decimal(0))
        return 0 < largest < least

    def is_yes_no(self) -> bool:
        """Whether the cells are all yes or no, and one of them is yes."""
        words = [str(cell).strip() for cell in self._cells]
        return bool(words) and all(map(_YES_NO.fullmatch, words)) and any(map(_YES.fullmatch, words))

    def _share(self, column: str) -> float | None:
        if not self._cells:
            return None
        if column == "name":
            texts = [cell for cell in self._cells if isinstance(cell, str) and not isinstance(cell, Numeral)]
            return sum(len(text) >= _SHORTEST_NAME and not text.isdigit() for text in texts) / len(self._cells)
        if column == "credit_code":
            # One that is mistyped is still one: its row says so.
            return sum(bool(_CODE_LIKE.fullmatch(narrow(str(cell)).strip())) for cell in self._cells) / len(self._cells)
        if column in OWN:
            return None
        fact = self._facts[column]
        read = [read_cell(fact, cell, self._notation) for cell in self._cells]
        told = [one for one in read if one is not None]
        if not told:
            return None
        good = sum(not isinstance(one, Text) and not read_value(fact, one)[1] for one in told)
        return good / len(told)


_CODE_LIKE = re.compile(r"['‘’`]?[0-9A-Za-z\s-]{9,24}")
