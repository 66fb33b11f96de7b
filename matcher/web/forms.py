"""Makes the WTForms form of the self-check from the facts it is to ask."""

from functools import lru_cache
from typing import Any

from wtforms import Field, Form, HiddenField, SelectMultipleField, StringField

from matcher.web.catalogue import Catalogue

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
