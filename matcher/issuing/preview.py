"""Shows a letter as it would go out, without a number, a code or a signature: nothing is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from matcher.issuing.order import Order, draft_of
from matcher.letters import compose, render_pdf
from matcher.rulebook import Rulebook


def preview(rulebook: Rulebook, order: Order, at: datetime) -> bytes:
    """The letter as a PDF whose head calls it a draft. Raises Refusal when there is nothing to say, RenderError.

    :param at: the moment, aware; its day in Tianjin dates the letter.
    """
    draft = draft_of(rulebook, order, at)
    letter = compose(
        rulebook,
        order.facts,
        draft.stated,
        order.as_of,
        order.lang,
        addressee=draft.addressee,
        written_on=draft.written_on,
        kind=order.kind,
        by=order.by,
    )
    return render_pdf(replace(letter, centre=order.centre.name, valid_until=draft.valid_until))
