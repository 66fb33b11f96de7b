"""The form of a case shown again: what two clerks changed differently, and what is wrong with what was sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matcher.firms import read_key
from matcher.presentation import AS_OF, catalogue, entries, field_name
from matcher.text import desk_labels, sentences
from matcher.web import language

from .blueprint import DUE, label_of
from .form import SOURCE, typed
from .form_reading import Brought, Sent, Settled, in_words, settings_of, stored_form, unsaved
from .items import PASTE, fields_of
from .merging import AS_OF as AS_OF_SETTING
from .merging import Clash, Merged
from .page import Choice, Filled, Loaded
from .service import Content

# ---------------------------------------------------------------------------------------------------------------------
# Shows what two clerks changed differently: both sides to choose from, and nothing overwritten unseen.
# ---------------------------------------------------------------------------------------------------------------------


def clashing(loaded: Loaded, sent: Sent) -> Filled:
    """The form with both sides of what clashes to choose from, and all else that was typed as it was typed."""
    merged, settled = sent.merged, sent.settled
    form, intake = stored_form(catalogue(), _with_mine(merged))
    return Filled(
        form,
        intake,
        merged.content.sources,
        loaded.case.version,
        {**settled.settings, **{name: settled.mine[name] for name in settled.clashes}},
        settings_of(loaded.case),
        here=sent.fields.getlist("here"),
        note=sent.note,
        choices=choices(loaded, sent),
        is_unsaved=True,
        facts=_with_mine(merged).facts,
    )


def choices(loaded: Loaded, sent: Sent) -> tuple[Choice, ...]:
    """Both sides of everything that clashes."""
    facts = (_choice(loaded, clash, sent.brought) for clash in sent.merged.clashes)
    return (*facts, *(_setting_choice(loaded, name, sent.settled) for name in sent.settled.clashes))


def _with_mine(merged: Merged) -> Content:
    """The merged content with my side of what clashes, so that the results are of what I have before me."""
    facts = dict(merged.content.facts)
    for clash in merged.clashes:
        if clash.name == AS_OF_SETTING:
            continue
        facts.pop(clash.name, None)
        if clash.mine is not None:
            facts[clash.name] = clash.mine
    return replace(merged.content, facts=facts)


def _choice(loaded: Loaded, clash: Clash, brought: Brought) -> Choice:
    book, lang, name = catalogue(), language.lang(), clash.name
    nothing = sentences.say("空白", lang)
    mine: Any = brought.content.as_of if name == AS_OF_SETTING else clash.mine
    fields: tuple[tuple[str, str], ...]
    if name == AS_OF_SETTING:
        fields = ((AS_OF_SETTING, mine.isoformat() if mine else ""),)
    elif read_key(name):
        fields = fields_of(book, name, mine)
    else:
        shown = typed(book, {name: mine}).get(field_name(name), "") if mine is not None else ""
        source = (brought.content.sources.get(name) or {}).get("source", "")
        fields = ((field_name(name), entries.printable(shown)), (SOURCE + name, source))
    both = (in_words(book, name, value, lang, nothing) for value in (mine, clash.theirs))
    by = loaded.people.of(clash.by.account_id) if clash.by else ""
    at = clash.by.made_at if clash.by else None
    return Choice(name, label_of(book, name, lang, brought.content.facts), (next(both), next(both)), by, at, fields)


def _setting_choice(loaded: Loaded, name: str, settled: Settled) -> Choice:
    lang, has = language.lang(), settings_of(loaded.case)
    mine, theirs = (_setting_words(loaded, name, told, lang) for told in (settled.mine[name], has[name]))
    # The setting's own field stands in the form with my value already.
    return Choice(name, label_of(catalogue(), name, lang), (mine, theirs), "", loaded.case.changed_at, ())


def _setting_words(loaded: Loaded, name: str, told: str, lang: str) -> str:
    if name == "state":
        return sentences.say(desk_labels.CASE_STATE[told], lang)
    if name == "schemes":
        slugs = catalogue().chosen(told.split(","))
        names = [catalogue().scheme(slug).name.get(lang) for slug in slugs]
        return sentences.listed(names, lang) or sentences.say("全部", lang, "choice")
    if name == DUE:
        return told or sentences.say("没有期限", lang)
    by_id = {str(number): called for number, called in loaded.staff}
    return by_id.get(told, told) if told else sentences.say("无人", lang)


# ---------------------------------------------------------------------------------------------------------------------
# A case's form as it was sent or is kept, shown again: all that was typed, with what is wrong with it.
# ---------------------------------------------------------------------------------------------------------------------


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
        facts=brought.content.facts,
    )


def _faults(sent: Sent) -> list[tuple[str, str]]:
    """Each fault with the field that it belongs to and what the field is called."""
    lang, book = language.lang(), catalogue()
    colon = sentences.say("：", lang)
    found = []
    for fault in sent.brought.intake.faults:
        name = AS_OF if fault.field == AS_OF else fault.field.removeprefix("fact_")
        if name.startswith(PASTE):  # names its line and column itself
            found.append((fault.field, fault.text.get(lang)))
            continue
        found.append(
            (fault.field, f"{label_of(book, name, lang, sent.brought.content.facts)}{colon}{fault.text.get(lang)}")
        )
    return found
