"""Shows what two clerks changed differently: both sides to choose from, and nothing overwritten unseen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from matcher.desk.cases.merging import AS_OF, Clash, Merged
from matcher.store.desk.cases import Content
from matcher.web import entries, language, words
from matcher.web.catalogue import catalogue
from matcher.web.desk.cases.form import SOURCE, typed
from matcher.web.desk.cases.history import label_of
from matcher.web.desk.cases.page import Choice, Filled, Loaded
from matcher.web.desk.cases.posted import Brought, in_words, stored_form
from matcher.web.desk.cases.sent import Sent
from matcher.web.desk.cases.settings import Settled, settings_of
from matcher.web.forms import field_name


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
    )


def choices(loaded: Loaded, sent: Sent) -> tuple[Choice, ...]:
    """Both sides of everything that clashes."""
    facts = (_choice(loaded, clash, sent.brought) for clash in sent.merged.clashes)
    return (*facts, *(_setting_choice(loaded, name, sent.settled) for name in sent.settled.clashes))


def _with_mine(merged: Merged) -> Content:
    """The merged content with my side of what clashes, so that the results are of what I have before me."""
    facts = dict(merged.content.facts)
    for clash in merged.clashes:
        if clash.name == AS_OF:
            continue
        facts.pop(clash.name, None)
        if clash.mine is not None:
            facts[clash.name] = clash.mine
    return replace(merged.content, facts=facts)


def _choice(loaded: Loaded, clash: Clash, brought: Brought) -> Choice:
    book, lang, name = catalogue(), language.lang(), clash.name
    nothing = words.say("case.clash.nothing", lang)
    mine: Any = brought.content.as_of if name == AS_OF else clash.mine
    fields: tuple[tuple[str, str], ...]
    if name == AS_OF:
        fields = ((AS_OF, mine.isoformat() if mine else ""),)
    else:
        shown = typed(book, {name: mine}).get(field_name(name), "") if mine is not None else ""
        source = (brought.content.sources.get(name) or {}).get("source", "")
        fields = ((field_name(name), entries.printable(shown)), (SOURCE + name, source))
    both = (in_words(book, name, value, lang, nothing) for value in (mine, clash.theirs))
    by = loaded.people.of(clash.by.account_id) if clash.by else ""
    at = clash.by.made_at if clash.by else None
    return Choice(name, label_of(book, name, lang), (next(both), next(both)), by, at, fields)


def _setting_choice(loaded: Loaded, name: str, settled: Settled) -> Choice:
    lang, has = language.lang(), settings_of(loaded.case)
    mine, theirs = (_setting_words(loaded, name, told, lang) for told in (settled.mine[name], has[name]))
    # The setting's own field stands in the form with my value already.
    return Choice(name, label_of(catalogue(), name, lang), (mine, theirs), "", loaded.case.changed_at, ())


def _setting_words(loaded: Loaded, name: str, told: str, lang: str) -> str:
    if name == "state":
        return words.say(f"case.state.{told}", lang)
    if name == "schemes":
        slugs = catalogue().chosen(told.split(","))
        names = [catalogue().scheme(slug).name.get(lang) for slug in slugs]
        return words.listed(names, lang) or words.say("case.schemes.all", lang)
    by_id = {str(number): called for number, called in loaded.staff}
    return by_id.get(told, told) if told else words.say("case.assignee.nobody", lang)
