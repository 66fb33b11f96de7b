"""The condition language: what its grammar takes, what it refuses, and how units and types fit together."""

from collections.abc import Mapping
from typing import Any

import pytest

from matcher.rulebook.build import condition
from matcher.rulebook.files import Fact, Parameter
from matcher.rulebook.language.nodes import facts_in
from matcher.rulebook.language.parse import FUNCTIONS, parse, parse_condition
from matcher.rulebook.language.types import LanguageError, product, unit_name, unit_of
from matcher.rulebook.names import Names
from matcher.rulebook.parameters import spec_of

_WORDS = {"zh": "词", "en": "word"}
_SIZES = {"micro": _WORDS, "small": _WORDS, "medium": _WORDS, "large": _WORDS}


def _fact(id_: str, type_: str, **more: Any) -> Fact:
    return Fact.model_validate(
        {"id": id_, "type": type_, "label": _WORDS, "question": _WORDS, "group": "test", "advise": "never", **more}
    )


FACTS = {
    fact.id: fact
    for fact in (
        _fact("staff", "integer", unit="persons"),
        _fact("new_staff", "integer", unit="persons"),
        _fact("quarters", "integer", unit="quarters"),
        _fact("age", "integer", unit="months"),
        _fact("sales", "money"),
        _fact("assets", "money"),
        _fact("share", "rate"),
        _fact("weight", "number", unit="tonnes"),
        _fact("audited", "boolean"),
        _fact("closed", "boolean"),
        _fact("size", "enum", values=_SIZES),
        _fact("form", "enum", values={"company": _WORDS, "branch": _WORDS}),
        _fact("founded", "date"),
        _fact("loan_due", "date"),
        _fact("industry", "text"),
        _fact("name", "text"),
    )
}


def _parameter(id_: str, **more: Any) -> Parameter:
    values = [{"value": 1, "source": "law#1", "confidence": "high", "until": "2027-12-31"}]
    return Parameter.model_validate({"id": id_, "label": _WORDS, "values": values, **more})


PARAMETERS = (
    _parameter("line.staff", type="integer", unit="persons"),
    _parameter("line.sales", type="money"),
    _parameter("line.share", type="rate"),
    _parameter("line.per_head", type="number", unit="yuan/persons"),
    _parameter("line.day", type="date"),
    _parameter("line.months", type="integer", unit="months"),
    _parameter("line.years", type="integer", unit="years"),
    _parameter("forms", kind="set", of="form"),
    _parameter("makers", kind="codes"),
    _parameter("sectors", kind="classes", of="size"),
    _parameter("by_size", kind="table", type="money", keys=["size"]),
    _parameter("by_size_and_staff", kind="table", type="rate", keys=["size", {"band": "persons"}]),
    _parameter("tax", kind="scale", keys=[{"upto": "yuan"}]),
)


@pytest.fixture(scope="module")
def names() -> Names:
    """A small vocabulary with a fact and a figure of every type and kind."""
    return Names(FACTS, {parameter.id: spec_of(parameter, FACTS) for parameter in PARAMETERS}, {}, condition)


CONDITIONS = [
    "audited",
    "not audited",
    "audited and not closed",
    "audited or closed and staff > 0",
    "True",
    "audited == True",
    "audited != True",
    "staff <= line.staff",
    "staff < line.staff",
    "0 < staff <= line.staff",
    "staff == 0",
    "sales != assets",
    "sales > 0",
    "0 < sales",
    "staff - new_staff >= line.staff",
    "sales / staff <= line.per_head",
    "sales <= line.per_head * staff",
    "share >= line.share",
    "new_staff >= line.share * staff",
    "new_staff / staff >= line.share",
    "sales * share <= line.sales",
    "-sales <= 0",
    "(sales + assets) / count(quarters) <= line.sales",
    "mean(sales, assets) <= line.sales",
    "min(sales, assets, line.sales) > 0",
    "max(staff, new_staff) >= line.staff",
    "whole(staff * line.share) >= line.staff",
    "staff >= (line.staff if audited else new_staff)",
    "size == 'small'",
    "size != 'large'",
    "size in ('micro', 'small')",
    "size not in ('large',)",
    "lower(size, classify(industry, sectors)) == 'small'",
    "higher(size, size) in ('large', 'medium')",
    "form in forms",
    "form not in forms",
    "industry in makers",
    "industry not in makers",
    "founded <= line.day",
    "founded + months(line.months) <= as_of",
    "founded + years(1) <= as_of",
    "as_of - days(1) >= founded",
    "founded + months(age) > loan_due",
    "loan_due - founded > 0",
    "min(founded, loan_due) >= line.day",
    "month(as_of) > 1",
    "year(founded) < year(as_of)",
    "line.day <= founded <= loan_due",
    "by_size[size] >= sales",
    "by_size_and_staff[size, staff] <= share",
    "progressive(sales, tax) <= line.sales",
    "staff <= line.staff if audited else closed",
    "told(staff) and told(founded)",
]


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_of_the_language_is_read(text: str, names: Names) -> None:
    """Names, comparisons and chains, logic, arithmetic with units, days, look-ups, code ranges and the functions."""
    assert parse_condition(text, names).type.kind == "boolean"


VALUES = {
    "line.share * sales": "yuan",
    "sales / assets": "a plain number",
    "sales / staff": "yuan/persons",
    "line.per_head * staff": "yuan",
    "sales * sales": "yuan*yuan",
    "1 / staff": "1/persons",
    "staff + 0": "persons",
    "0 + staff": "persons",
    "max(0, sales - assets)": "yuan",
    "count(quarters)": "a plain number",
    "mean(staff, new_staff)": "persons",
    "by_size[size]": "yuan",
    "by_size_and_staff[size, staff]": "a plain number",
    "progressive(sales, tax)": "yuan",
    "sales if audited else 0": "yuan",
    "loan_due - founded": "days",
    "month(founded)": "a plain number",
    "founded + months(1)": "date",
    "founded if audited else loan_due": "date",
    "classify(industry, sectors)": "enum of micro/small/medium/large",
    "weight * line.share": "tonnes",
}


@pytest.mark.parametrize(("text", "type_"), VALUES.items())
def test_a_value_has_the_type_and_unit_that_comes_out(text: str, type_: str, names: Names) -> None:
    """Products multiply units, quotients cancel them, sums keep them, and a bare 0 fits every unit."""
    assert str(parse(text, names).type) == type_


REFUSED = {
    "told(line.staff) and audited": "told takes the name of a fact",
    # a figure without a name
    "staff <= 300": "the number 300 has no name and no source; make it a parameter",
    "share <= 0.5": "the number 0.5 has no name and no source",
    "staff <= 1e3": "the number 1000.0 has no name",
    "staff <= 0x12c": "the number 300 has no name",
    # unknown names
    "staf <= line.staff": "unknown name 'staf'; did you mean 'staff'?",
    "staff <= line.staf": "unknown name 'line.staf'; did you mean 'line.staff'?",
    "zzz": "unknown name 'zzz'",
    "sqrt(sales) > 0": "unknown function 'sqrt'; there are classify, count",
    # units and types that do not fit
    "sales > staff": "units do not fit: yuan and persons",
    "sales + staff > 0": "units do not fit: yuan and persons",
    "staff <= line.share": "units do not fit: persons and a plain number",
    "min(sales, staff) > 0": "units do not fit: yuan and persons",
    "sales > (sales if audited else staff)": "units do not fit: yuan and persons",
    "staff > 1": "units do not fit: persons and a plain number",
    "loan_due - founded > line.months": "units do not fit: days and months",
    "founded + months(line.years) <= as_of": "months are wanted here, not years",
    "founded + years(staff) <= as_of": "years are wanted here, not persons",
    "by_size_and_staff[size, sales] > 0": "units do not fit: yuan and persons",
    "progressive(staff, tax) > 0": "units do not fit: persons and yuan",
    "founded > sales": "a number is wanted here, not date",
    "founded + loan_due > as_of": "a day + date has no meaning",
    "founded + staff > as_of": "a day + persons has no meaning",
    "founded * share > 0": "a day * a plain number has no meaning",
    "month(sales) > 0": "month is taken of a day, not of yuan",
    "audited + closed > 0": "a number is wanted here, not boolean",
    "sales / 0 > 0": "divided by 0",
    "staff and audited": "true or false is wanted here, not persons",
    "not sales": "true or false is wanted here, not yuan",
    "sales": "a condition must be true or false; this is yuan",
    "staff if audited else closed": "a number is wanted here, not boolean",
    "sales if staff else assets": "true or false is wanted here, not persons",
    # enumerations, codes and sets
    "size == 'tiny'": "'tiny' is not among micro, small, medium, large",
    "size in ('small', 'tiny')": "'tiny' is not among micro",
    "size in forms": "'branch' is not among micro",
    "size < 'large'": "enum of micro/small/medium/large has no order",
    "'small' == size": "write the fact first",
    "size == form": "an enumeration is compared with one of its words",
    "size == staff": "an enumeration is compared with one of its words",
    "size == audited": "an enumeration is compared with one of its words",
    "name == 'Boom'": "text and word cannot be compared",
    "industry == '13'": "code and word cannot be compared",
    "industry in ('13', '14')": "code cannot be in set",
    "staff in ('small',)": "persons cannot be in set",
    "size in (staff, audited)": "holds words of an enumeration only",
    "size in ['small']": "List is not part of the language",
    "size in by_size": "cannot be in",
    "lower(size, form) == 'small'": "values of one ordered enumeration",
    "lower(size) == 'small'": "lower takes two values or more",
    "classify(size, sectors) == 'small'": "classify takes an industry code first",
    "classify(industry, forms) == 'small'": "a parameter of the kind 'classes' is wanted here",
    "stated(size) == 'small'": "can be told or worked out",
    # tables
    "by_size[size, staff] > 0": "the table is looked up by 1 keys, not 2",
    "by_size[form] > 0": "the table is looked up by enum of micro",
    "staff[size] > 0": "only a table of the parameters can be looked up",
    "line.sales[size] > 0": "only a table of the parameters can be looked up",
    "by_size[size:size] > 0": "Slice is not part of the language",
    # what is Python but not this language
    "": "not an expression",
    "staff <=": "not an expression",
    "staff = 1": "not an expression",
    "staff; audited": "not an expression",
    "import os": "not an expression",
    "staff is 0": "Is is not part of the language",
    "staff ** staff > 0": "Pow is not part of the language",
    "staff // staff > 0": "FloorDiv is not part of the language",
    "staff % staff > 0": "Mod is not part of the language",
    "audited & closed": "BitAnd is not part of the language",
    "~staff > 0": "Invert is not part of the language",
    "+staff > 0": "UAdd is not part of the language",
    "lambda: audited": "lambda is not part of the language",
    "[x for x in forms]": "a comprehension is not part of the language",
    "{'a': 1}": "a dictionary is not part of the language",
    "(audited := closed)": "NamedExpr is not part of the language",
    "f'{staff}'": "an f-string is not part of the language",
    "(staff, audited)": "Tuple is not part of the language",
    "None": "None is not part of the language",
    "...": "Ellipsis is not part of the language",
    "b'small' == size": "is not part of the language",
    "1j > 0": "1j is not part of the language",
    "await audited": "is not part of the language",
    "eval('1') > 0": "unknown function 'eval'",
    "__import__('os')": "unknown function '__import__'",
    "audited.__class__": "a name may not begin with an underscore",
    "_audited": "a name may not begin with an underscore",
    "'a'.upper() == 'A'": "only the functions of the language can be called",
    "min(sales, assets, key=staff) > 0": "without names or stars",
    "min(*forms) > 0": "without names or stars",
    "(staff).real > 0": "unknown name 'staff.real'",
    "count(staff, staff) > 0": "count takes 1 value, not 2",
    "mean(staff) > 0": "mean takes two values or more",
    "min(staff) > 0": "min takes two values or more",
}


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_anything_else_is_refused_with_the_reason(text: str, message: str, names: Names) -> None:
    """What is not of the language, has no source or does not fit is refused, and the message says why."""
    with pytest.raises(LanguageError) as caught:
        parse_condition(text, names)
    assert message in str(caught.value)


def test_every_function_is_tried_above() -> None:
    """A function that is added to the language gets its line in the tables."""
    tables: tuple[Any, ...] = (CONDITIONS, VALUES, REFUSED)
    texts = [text for table in tables for text in table]
    assert [name for name in FUNCTIONS if not any(f"{name}(" in text for text in texts)] == []


def test_the_facts_of_an_expression_are_named_once_in_order(names: Names) -> None:
    """Whatever reads an expression sees the same facts: those in it, as they stand."""
    node = parse("sales / staff <= line.per_head and (staff > 0 or by_size[size] > assets)", names)
    assert facts_in(node) == ("sales", "staff", "size", "assets")


UNITS: Mapping[str, tuple[str, str, int]] = {
    "yuan/persons": ("yuan", "persons", -1),
    "a plain number": ("yuan", "yuan", -1),
    "persons*yuan": ("yuan", "persons", 1),
    "yuan": ("yuan/persons", "persons", 1),
}


@pytest.mark.parametrize(("result", "parts"), UNITS.items())
def test_units_multiply_and_cancel(result: str, parts: tuple[str, str, int]) -> None:
    """A product or quotient of units is put in one canonical form."""
    left, right, sign = parts
    assert unit_name(product(unit_of(left), unit_of(right), sign)) == result
