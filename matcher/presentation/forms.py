"""The form of the self-check, and how a posted one turns into facts or into faults beside their fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from wtforms import Field, Form, HiddenField, SelectMultipleField, StringField

from matcher.firms import NO_NUMBER, Fault, Plain, numbers, read_facts
from matcher.rulebook import Text
from matcher.rulebook.language import Scalar
from matcher.text import figures, sentences, today

from . import entries
from .catalogue import Catalogue

# ---------------------------------------------------------------------------------------------------------------------
# Makes the WTForms form of the self-check from the facts it is to ask.
# ---------------------------------------------------------------------------------------------------------------------


AS_OF = "as_of"

SCHEMES = "scheme"

_PREFIX = "fact_"


def field_name(fact_id: str) -> str:
    """The name (and HTML id) of a fact's field; the prefix keeps facts apart from the form's own attributes."""
    return _PREFIX + fact_id


class OneValueField(StringField):
    """A text that was sent once. Sent twice with different values, the first is kept and `doubled` is set."""

    doubled = False

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.doubled = len(set(valuelist)) > 1


class SelfCheckForm(Form):
    """The part of the form that is the same for all: the date asked about, the schemes chosen, the language."""

    as_of = OneValueField()
    # Which slugs exist is checked against the catalogue where they are used.
    scheme = SelectMultipleField(choices=[], validate_choice=False)
    lang = HiddenField()

    def of_fact(self, fact_id: str) -> Field:
        """The field of a fact. Raises KeyError if the form does not ask it."""
        return self[field_name(fact_id)]


def form_class(catalogue: Catalogue, facts: tuple[str, ...] | None = None) -> type[SelfCheckForm]:
    """A form with one text field for each of these facts, or for every fact a firm can be asked.

    All of them, whatever schemes are chosen: an answer given before the choice was narrowed must not get lost.
    Which control a field gets (chips, list, text) is the page's affair.
    """
    return _with_fields(catalogue.asked(()) if facts is None else facts)


@lru_cache(maxsize=128)
def _with_fields(facts: tuple[str, ...]) -> type[SelfCheckForm]:
    return type("FactsForm", (SelfCheckForm,), {field_name(fact): OneValueField() for fact in facts})


# ---------------------------------------------------------------------------------------------------------------------
# Turns a posted form into facts, a date and a choice of schemes, or into faults that stand beside their fields.
# ---------------------------------------------------------------------------------------------------------------------


# Asked about days outside this span nobody has a question, and each day asked may cost an edition.
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with one field: the field's name, and what to do about it in both languages."""

    field: str
    text: Text


@dataclass(frozen=True)
class Intake:
    """What a form says: facts only as far as they could be read, and every fault of the rest.

    `stated` are the same facts as a profile file states them.
    """

    as_of: date
    slugs: tuple[str, ...]
    facts: Mapping[str, Scalar]
    stated: Mapping[str, Plain]
    faults: tuple[FieldFault, ...]

    def faults_of(self, field: str) -> tuple[Text, ...]:
        """The faults of one field."""
        return tuple(fault.text for fault in self.faults if fault.field == field)


def take_in(catalogue: Catalogue, form: SelfCheckForm, asked: tuple[str, ...] | None = None) -> Intake:
    """Read every field of the form, which asks these facts or all. Never raises for what was typed."""
    as_of, date_faults = _as_of(form.as_of)
    raw, entry_faults = _raw_facts(catalogue, form, catalogue.asked(()) if asked is None else asked)
    facts, read_faults = read_facts(catalogue.rulebook, raw)
    found = [_beside_the_field(catalogue, fault) for fault in read_faults]
    slugs = catalogue.chosen(form.scheme.data or ())
    stated = {fact: value for fact, value in raw.items() if fact in facts}
    return Intake(as_of, slugs, facts, stated, (*date_faults, *entry_faults, *found))


def _as_of(field: OneValueField) -> tuple[date, list[FieldFault]]:
    faults = list(_entry_faults(field))
    if faults:
        return today(), faults
    day, wrong = asked_day(field.data or "")
    return day, [FieldFault(AS_OF, text) for text in wrong]


def asked_day(typed: str) -> tuple[date, tuple[Text, ...]]:
    """The day that was typed; today, with what is wrong, where it cannot be read, and today where nothing was typed."""
    typed = typed.strip()
    if not typed:
        return today(), ()
    if len(typed) > entries.LONGEST_ENTRY:
        return today(), (sentences.filled("太长了，最多200个字"),)
    try:
        day = date.fromisoformat(numbers.iso_date(typed) or "")
    except ValueError:
        return today(), (sentences.filled("没有这一天；写成2022-03-01这样"),)
    if not _FIRST_DAY <= day <= _LAST_DAY:
        return today(), (sentences.filled("只能问1990年到2099年之间的日子"),)
    return day, ()


def _raw_facts(
    catalogue: Catalogue, form: SelfCheckForm, asked: tuple[str, ...]
) -> tuple[dict[str, Plain], list[FieldFault]]:
    """What was typed for each fact, in the form of a profile file; a field with a fault of its own is left out."""
    raw: dict[str, Plain] = {}
    faults: list[FieldFault] = []
    for fact_id in asked:
        field = form.of_fact(fact_id)
        wrong = list(_entry_faults(field))
        faults += wrong
        typed = (field.data or "").strip()
        if typed and not wrong:
            raw[fact_id] = numbers.plain_text(catalogue.fact(fact_id).type, typed)
    return raw, faults


def _entry_faults(field: Field) -> Iterator[FieldFault]:
    typed = field.data or ""
    if getattr(field, "doubled", False):
        yield FieldFault(field.name, sentences.filled("这一栏收到了两个不同的答案，请只留一个"))
    if len(typed) > entries.LONGEST_ENTRY:
        yield FieldFault(field.name, sentences.filled("太长了，最多200个字"))
    elif entries.unprintable(typed):
        yield FieldFault(field.name, sentences.filled("里面有打不出来的字符，请重新输入"))


def _beside_the_field(catalogue: Catalogue, fault: Fault) -> FieldFault:
    """A fault of `read_facts`, without the label that the field shows anyway, and in the unit the field is typed in."""
    fact = catalogue.fact(fault.field)
    name = field_name(fact.id)
    if fact.type == "rate":
        low, high = (figures.percent(Fraction(bound or 0)) for bound in fact.bounds)
        key = (
            sentences.Sentence("写百分数，如80表示80%")
            if None in fact.bounds
            else sentences.Sentence("写百分数，在{low}到{high}之间，如12.5")
        )
        return FieldFault(name, sentences.filled(key, low=low, high=high))
    if fault.text.zh.endswith(NO_NUMBER.zh):
        return FieldFault(
            name,
            sentences.filled(
                "不是数；请写数字，如300000，写30万也可以" if fact.type == "money" else "不是数；请写数字，如300"
            ),
        )
    zh, en = fault.text.zh.removeprefix(f"{fact.label.zh}："), fault.text.en.removeprefix(f"{fact.label.en}: ")
    return FieldFault(name, Text(zh=zh, en=en))
