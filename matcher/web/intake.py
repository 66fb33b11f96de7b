"""Turns a posted form into facts, a date and a choice of schemes, or into faults that stand beside their fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wtforms import Field

from matcher.engine import FactValue
from matcher.firms.faults import Fault
from matcher.firms.numerals import NO_NUMBER
from matcher.firms.profile import read_facts
from matcher.rulebook import Text
from matcher.tianjin import today
from matcher.web import entries, figures, words
from matcher.web.catalogue import Catalogue
from matcher.web.entries import Plain
from matcher.web.forms import AS_OF, OneValueField, SelfCheckForm, field_name

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
    facts: Mapping[str, FactValue]
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
        return today(), (words.WORDS["fault.too_long"],)
    try:
        day = date.fromisoformat(entries.iso_date(typed) or "")
    except ValueError:
        return today(), (words.WORDS["fault.not_a_day"],)
    if not _FIRST_DAY <= day <= _LAST_DAY:
        return today(), (words.WORDS["fault.day_out_of_span"],)
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
            raw[fact_id] = entries.plain(catalogue.fact(fact_id).type, typed)
    return raw, faults


def _entry_faults(field: Field) -> Iterator[FieldFault]:
    typed = field.data or ""
    if getattr(field, "doubled", False):
        yield FieldFault(field.name, words.WORDS["fault.doubled"])
    if len(typed) > entries.LONGEST_ENTRY:
        yield FieldFault(field.name, words.WORDS["fault.too_long"])
    elif entries.unprintable(typed):
        yield FieldFault(field.name, words.WORDS["fault.unprintable"])


def _beside_the_field(catalogue: Catalogue, fault: Fault) -> FieldFault:
    """A fault of `read_facts`, without the label that the field shows anyway, and in the unit the field is typed in."""
    fact = catalogue.fact(fault.field)
    name = field_name(fact.id)
    if fact.type == "rate":
        low, high = (figures.per_cent(figures.decimal(Fraction(bound or 0))) for bound in fact.bounds)
        key = "fault.rate" if None in fact.bounds else "fault.rate_between"
        return FieldFault(name, words.filled(key, low=low, high=high))
    if fault.text.zh.endswith(NO_NUMBER.zh):
        return FieldFault(name, words.WORDS["fault.not_a_sum" if fact.type == "money" else "fault.not_a_number"])
    zh, en = fault.text.zh.removeprefix(f"{fact.label.zh}："), fault.text.en.removeprefix(f"{fact.label.en}: ")
    return FieldFault(name, Text(zh=zh, en=en))
