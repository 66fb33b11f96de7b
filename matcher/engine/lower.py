"""Turns typed expressions into Python source for firms that told everything an expression asks.

The source is made from the typed tree alone: fact ids by ``repr``, constants by name (``k0`` …), never text of a rule file.
A number is a fraction (numerator source, whole denominator, untold-free divisor source) so that whole fen stay whole and
nothing is rounded. Reading an untold fact raises KeyError, which sends the caller to the exact cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import gcd
from typing import Any

from matcher.rulebook.language import Node, Rows, code_classes, code_matches, code_may_match, nodes
from matcher.text import Number

from .reckon import shift


class Untold(KeyError):
    """A fact is told, but not enough of it to decide (a code too short to place)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A number: ``over`` / (``whole`` × ``under``). ``constant`` where it is one."""

    over: str
    whole: int = 1
    under: str = ""
    constant: Fraction | None = None


def _constant(value: Number) -> Term:
    exact = Fraction(value)
    return Term(str(exact.numerator), exact.denominator, "", exact)


@dataclass(slots=True)
class Lowering:
    """The source of the expressions of one edition, and the constants they share."""

    constants: dict[str, Any] = field(default_factory=dict)
    uses_day: bool = False

    def keep(self, value: Any) -> str:
        """The name under which a constant is reached."""
        for name, known in self.constants.items():
            if known is value:
                return name
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    # --- true or false

    def truth(self, node: Node) -> str:
        """Source that is true or false."""
        match node:
            case nodes.Fact():
                return f"f[{node.id!r}]"
            case nodes.Const():
                return repr(bool(node.value))
            case nodes.Named():
                return self.truth(node.body)
            case nodes.Logic():
                joined = f" {node.op} ".join(self.truth(arg) for arg in node.args)
                return f"({joined})"
            case nodes.Not():
                return f"(not {self.truth(node.arg)})"
            case nodes.Member():
                return self._member(node)
            case nodes.Compare():
                return self._compare(node)
            case nodes.Choice():
                return f"({self.truth(node.then)} if {self.truth(node.condition)} else {self.truth(node.other)})"
        assert isinstance(node, nodes.Told), node
        assert isinstance(node.arg, nodes.Fact)
        return f"({node.arg.id!r} in f)" if node.arg.by_department else f"(f[{node.arg.id!r}] is not None)"

    def _member(self, node: nodes.Member) -> str:
        assert isinstance(node.collection, nodes.Const)
        if node.item.type.kind == "code":
            source = f"{self.keep(code_in)}({self.word(node.item)}, {self.keep(node.collection.value)})"
        else:
            source = f"({self.word(node.item)} in {self.keep(node.collection.value)})"
        return f"(not {source})" if node.negated else source

    def _compare(self, node: nodes.Compare) -> str:
        if node.left.type.kind not in ("number", "date"):
            assert isinstance(node.right, nodes.Const)
            return f"({self.word(node.left)} {node.op} {node.right.value!r})"
        left, right = self.number(node.left), self.number(node.right)
        return f"({_times(left.over, right.whole, right.under)} {node.op} {_times(right.over, left.whole, left.under)})"

    # --- numbers and days

    def number(self, node: Node) -> Term:
        """A number or day as a fraction in source."""
        match node:
            case nodes.Const():
                return _constant(node.value)
            case nodes.Fact():
                return Term(f"f[{node.id!r}].toordinal()" if node.type.kind == "date" else f"f[{node.id!r}]")
            case nodes.AsOf():
                self.uses_day = True
                return Term("day")
            case nodes.Named() | nodes.Retyped():
                return self.number(node.parts[0])
            case nodes.Arith():
                return self._arithmetic(node)
            case nodes.Extreme():
                return self._extreme(node)
            case nodes.Choice():
                return self._choice(node)
            case nodes.Lookup():
                return Term(self._look_up(node))
            case nodes.Progressive():
                assert isinstance(node.scale, nodes.Const)
                return Term(
                    f"{self.keep(by_slices)}({_plain(self.number(node.amount))}, {self.keep(node.scale.value)})"
                )
            case nodes.Whole():
                return Term(f"({_floor(self.number(node.arg))})")
            case nodes.Shift():
                amount = f"{'-' if node.sign < 0 else ''}int({_plain(self.number(node.amount))})"
                return Term(f"{self.keep(shift)}({_plain(self.number(node.day))}, {amount}, {node.span!r})")
        assert isinstance(node, nodes.Calendar), node
        return Term(f"{self.keep(date.fromordinal)}({_plain(self.number(node.day))}).{node.op}")

    def _arithmetic(self, node: nodes.Arith) -> Term:
        left, right = self.number(node.left), self.number(node.right)
        if left.constant is not None and right.constant is not None and not (node.op == "/" and right.constant == 0):
            return _constant(_computed(node.op, left.constant, right.constant))
        if node.op in "+-":
            left, right = _common([left, right])
            return Term(f"({left.over} {node.op} {right.over})", left.whole, left.under)
        if node.op == "/":
            if right.constant is not None:
                right = _constant(1 / right.constant)
            else:
                under = f"{left.under} * {right.over}" if left.under else right.over
                return Term(_times(left.over, right.whole), left.whole, _times(under, 1, right.under))
        under = f"{left.under} * {right.under}" if left.under and right.under else left.under or right.under
        common = gcd(int(left.constant.numerator), right.whole) if left.constant is not None and left.constant else 1
        whole = left.whole * right.whole
        if common > 1:
            return Term(_times(right.over, int(left.over) // common), whole // common, under)
        over = right.over if left.over == "1" else left.over if right.over == "1" else f"({left.over} * {right.over})"
        return Term(over, whole, under)

    def _extreme(self, node: nodes.Extreme) -> Term:
        terms = _common([self.number(arg) for arg in node.args])
        return Term(f"{node.op}({', '.join(term.over for term in terms)})", terms[0].whole, terms[0].under)

    def _choice(self, node: nodes.Choice) -> Term:
        then, other = _common([self.number(node.then), self.number(node.other)], lazily=True)
        return Term(f"({then.over} if {self.truth(node.condition)} else {other.over})", then.whole, then.under)

    def rounded(self, node: Node) -> str:
        """Source of the number rounded half up to the whole."""
        term = self.number(node)
        if term.constant is not None:
            return str(int((term.constant * 2 + 1) // 2))
        if not term.under and term.whole % 2 == 0:
            return f"({term.over} + {term.whole // 2}) // {term.whole}"
        under = _times(str(term.whole), 1, term.under)
        return f"(2 * {term.over} + {under}) // {_times('2', 1, under)}"

    # --- words

    def word(self, node: Node) -> str:
        """Source of an enumeration's word or of a code."""
        match node:
            case nodes.Fact():
                return f"f[{node.id!r}]"
            case nodes.Const():
                return repr(node.value)
            case nodes.Named():
                return self.word(node.body)
            case nodes.Derived():
                body = self.word(node.body)
                return f"(f[{node.id!r}] if {node.id!r} in f else {body})" if node.told else body
            case nodes.Lookup():
                return self._look_up(node)
            case nodes.Extreme():
                order = {word: rank for rank, word in enumerate(node.type.values)}
                chosen = "max" if node.op == "lower" else "min"
                return f"{chosen}({', '.join(self.word(arg) for arg in node.args)}, key={self.keep(order)}.__getitem__)"
            case nodes.Classify():
                assert isinstance(node.table, nodes.Const)
                return f"{self.keep(placed)}({self.word(node.code)}, {self.keep(node.table.value)})"
        assert isinstance(node, nodes.Choice), node
        return f"({self.word(node.then)} if {self.truth(node.condition)} else {self.word(node.other)})"

    def _look_up(self, node: nodes.Lookup) -> str:
        assert isinstance(node.table, nodes.Const)
        keys = [self.word(key) if key.type.kind == "enum" else _plain(self.number(key)) for key in node.keys]
        if len(keys) == 1:
            return f"{self.keep(row_of)}({self.keep(node.table.value)}, {keys[0]})"
        source = f"{self.keep(row_of)}({self.keep(node.table.value)}, {keys[0]})"
        for key in keys[1:]:  # the next key is read only where the row still has rows
            source = f"{self.keep(next_row)}({source}, lambda: {key})"
        return source


def _times(source: str, whole: int, under: str = "") -> str:
    parts = [source] + ([str(whole)] if whole != 1 else []) + ([under] if under else [])
    parts = [part for part in parts if part != "1"] or ["1"]
    return parts[0] if len(parts) == 1 else f"({' * '.join(parts)})"


def _common(terms: list[Term], lazily: bool = False) -> list[Term]:
    """The terms with one denominator; where they have untold-free divisors of their own, they become fractions."""
    if any(term.under for term in terms) and (lazily or len({term.under for term in terms}) > 1):
        terms = [Term(_plain(term)) if term.under else term for term in terms]
    whole = 1
    for term in terms:
        whole = whole * term.whole // gcd(whole, term.whole)
    return [Term(_times(term.over, whole // term.whole), whole, term.under, term.constant) for term in terms]


def _plain(term: Term) -> str:
    """The number as one value: whole where it can be, otherwise an exact fraction."""
    if term.whole == 1 and not term.under:
        return term.over
    return f"F({term.over}) / {_times(str(term.whole), 1, term.under)}"


def _floor(term: Term) -> str:
    return f"{term.over} // {_times(str(term.whole), 1, term.under)}"


def _computed(op: str, left: Fraction, right: Fraction) -> Fraction:
    return {"+": left + right, "-": left - right, "*": left * right}[op] if op != "/" else left / right


# --- what the source calls ------------------------------------------------------------------------------------------------
def code_in(code: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    """Whether the code lies under the ranges. Raises Untold where it is too short to tell."""
    if code_matches(code, ranges):
        return True
    if code_may_match(code, ranges):
        raise Untold(code)
    return False


def placed(code: str, classes: Any) -> str:
    """The class of a code. Raises Untold where it has none."""
    found = code_classes(code, classes)
    if found is None:
        raise Untold(code)
    return found


def row_of(rows: Rows, key: Any) -> Any:
    """The row of a word or number. Raises Untold where there is none."""
    row = rows.word(key) if rows.kind == "enum" else rows.number(key)
    if row is None:
        raise Untold(key)
    return row


def next_row(row: Any, key: Any) -> Any:
    """One level further down, if there is one."""
    return row_of(row, key()) if isinstance(row, Rows) else row


def by_slices(amount: Number, scale: Rows) -> Number:
    """A sum by a progressive scale, exact."""
    total: Number = Fraction(0)
    lower: Number = 0
    rate: Fraction
    for upper, rate in scale.rows:
        if amount <= upper:
            return total + (amount - lower) * rate
        total += (upper - lower) * rate
        lower = upper
    top: Fraction = scale.other
    return total + (amount - lower) * top
