"""The value of a fact, or of an output of a rule, as people read it: a letter and a page write the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from matcher.rulebook import Fact, Parameter, SchemeEdition, Text
from matcher.rulebook.language import Scalar, Type

from . import sentences
from .figures import day, fen_of, figure, percent, quantity, sum_and_large, sum_in_yuan, unit_word, yes_or_no

_UNPRINTED = ("Cc", "Cf", "Cs")

_HAN = "[⺀-鿿豈-﫿＀-￯]"


def clean(text: str) -> str:
    """One line of printable text: control, bidirectional and other invisible characters go, white space closes up.

    A stranger's name must not be able to turn the reading order of the line it stands in. Characters this Python
    does not know yet (Cn) stay: the newest ideographs are somebody's name.
    """
    kept = "".join(sign for sign in text if sign.isspace() or unicodedata.category(sign) not in _UNPRINTED)
    return " ".join(kept.split())


def without_blanks(text: str) -> str:
    """The text with full-width signs made plain (NFKC) and without any white space: for what is compared letter by letter."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def set_tight(text: str, lang: str) -> str:
    """Take out the blanks between Chinese and figures, which printed Chinese does not have; English stays as it is."""
    if lang == "en":
        return text
    return re.sub(f"(?<={_HAN}) (?=[0-9])|(?<=[0-9%]) (?={_HAN}|%)", "", text)


def typed_value(fact: Fact, text: str) -> Scalar:
    """The value of ``fact`` from the string in which a decision states it. Raises ValueError for one that does not fit."""
    if fact.type == "boolean":
        return text.lower() == "true"
    if fact.type == "date":
        return date.fromisoformat(text)
    if fact.type == "money":
        return fen_of(text)
    if fact.type in ("integer", "number", "rate"):
        number = Fraction(text)
        return int(number) if fact.type == "integer" and number.denominator == 1 else number
    return text


def value_text(fact: Fact, value: Scalar, lang: str, *, tight: bool = True, cents: bool = False) -> str:
    """The value of a fact in words: an enumeration by its label, yes or no, sums grouped, text as it stands.

    :param value: as the program holds it: money in whole fen, a rate as a share of one.
    :param tight: no blank between a figure and a Chinese unit, as on a page or in print.
    :param cents: two decimals of a sum in any case, as letters write it.
    """
    if isinstance(value, bool):
        return yes_or_no(value, lang)
    if isinstance(value, date):
        return day(value, lang)
    if isinstance(value, str):
        label = fact.values.get(value)
        return label.get(lang) if label else clean(value)
    if fact.type == "money":
        return sum_in_yuan(value, lang, tight=tight, cents=cents)
    return percent(value) if fact.type == "rate" else quantity(value, fact.unit, lang, tight=tight)


def stated_text(fact: Fact, stated: object, lang: str, *, tight: bool = True, cents: bool = False) -> str:
    """The same for a value as a decision's JSON or a draft states it; what does not fit the fact's type, as it stands."""
    text = str(stated)
    if fact.type == "boolean" and text.lower() not in ("true", "false"):
        return text
    try:
        value = Fraction(text) * 100 if fact.type == "money" else typed_value(fact, text)
    except (ValueError, ZeroDivisionError):
        return text
    return value_text(fact, value, lang, tight=tight, cents=cents)


def distance_text(fact: Fact, distance: str, lang: str) -> str:
    """How far a fact is from a line, or by how much it changes, from a decision's JSON: days between two days."""
    if fact.type == "date":
        return sentences.count(lang, int(Fraction(distance)), "day")
    return stated_text(fact, distance, lang)


def echo_text(fact: Fact, value: Scalar, lang: str) -> str | None:
    """What a told figure or day means, to be shown under its field; None where nothing could be mistaken."""
    if fact.type == "money" and isinstance(value, int):
        return "= " + sum_and_large(value, lang)
    if fact.type in ("integer", "number", "rate", "date"):
        return "= " + value_text(fact, value, lang)
    return None


def unit_of(fact: Fact | Parameter, lang: str) -> str:
    """The unit that stands beside the field or column of a fact or a figure of the rules, empty if it has none."""
    if fact.type == "money":
        return "yuan" if lang == "en" else "元"
    return "%" if fact.type == "rate" else unit_word(fact.unit or "", lang)


def output_text(
    value: object, type_: Type, words: Mapping[str, Text], lang: str, *, tight: bool = True, cents: bool = False
) -> str:
    """An output of a rule in words, from its value in a decision's JSON and the type of its expression.

    :param words: the labels of the values that are words.
    """
    text = str(value)
    if isinstance(value, bool) or type_.kind == "boolean":
        return yes_or_no(text.lower() == "true", lang)
    if type_.kind == "date":
        return day(date.fromisoformat(text), lang)
    if type_.kind != "number":
        return words[text].get(lang) if text in words else clean(text)
    if type_.unit == (("yuan", 1),):
        return sum_in_yuan(fen_of(text), lang, tight=tight, cents=cents)
    number = Fraction(text) * 100 ** dict(type_.unit).get("yuan", 0)
    shown = figure(number, type_, lang)
    return set_tight(shown, lang) if tight else shown


def outputs_text(
    edition: SchemeEdition, extra: Mapping[str, object], lang: str, *, tight: bool = True, cents: bool = False
) -> tuple[tuple[str, str], ...]:
    """What a decision gives besides the sum, as label and value, each with the label, unit and words of its rule.

    :param edition: the scheme on the decision's day.
    :param extra: the outputs of the decision's JSON; one that these rules do not give is named by its id.
    """
    given, found = edition.outputs(), []
    for name, value in extra.items():
        if name in given:
            one = given[name]
            text = output_text(value, one.expr.type, one.words, lang, tight=tight, cents=cents)
            found.append((one.label.get(lang), text))
        else:
            found.append((name, clean(str(value))))
    return tuple(found)


def capitalise(text: str) -> str:
    """A capital at the start of an English statement; Chinese has none, so it comes back as it was."""
    return text[:1].upper() + text[1:]
