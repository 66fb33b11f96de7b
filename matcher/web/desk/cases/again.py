"""A case's form as it was sent or is kept, shown again: all that was typed, with what is wrong with it."""

from __future__ import annotations

from matcher.web import language
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.clashes import choices
from matcher.web.desk.cases.history import label_of
from matcher.web.desk.cases.page import Filled, Loaded
from matcher.web.desk.cases.sent import Sent, unsaved
from matcher.web.desk.cases.settings import settings_of
from matcher.web.forms import AS_OF


def again(loaded: Loaded, sent: Sent, *more: tuple[str, str], opened: str = "") -> Filled:
    """The form as it was sent, with what is wrong with it and `more`; what was to be chosen and is not yet, still is."""
    brought, settled, has = sent.brought, sent.settled, settings_of(loaded.case)
    asked, clashing = sent.fields.getlist("clash"), settled.clashes
    return Filled(
        brought.form,
        brought.intake,
        brought.content.sources,
        brought.version,
        {name: settled.mine[name] if name in clashing else told for name, told in settled.settings.items()},
        {name: sent.fields.get(f"was_{name}", told) if name in clashing else told for name, told in has.items()},
        posted=sent.fields.to_dict(),
        here=sent.fields.getlist("here"),
        opened=opened,
        note=sent.note,
        choices=tuple(choice for choice in choices(loaded, sent) if choice.name in asked),
        faults=(*_faults(sent), *more),
        is_unsaved=bool(unsaved(loaded.case, sent)),
        cleared=sent.cleared,
    )


def _faults(sent: Sent) -> list[tuple[str, str]]:
    """Each fault with the field that it belongs to and what the field is called."""
    lang, book = language.lang(), catalogue()
    colon = "：" if lang == "zh" else ": "
    found = []
    for fault in sent.brought.intake.faults:
        name = AS_OF if fault.field == AS_OF else fault.field.removeprefix("fact_")
        found.append((fault.field, f"{label_of(book, name, lang)}{colon}{fault.text.get(lang)}"))
    return found
