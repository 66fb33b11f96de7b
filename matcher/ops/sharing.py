"""Keeps the workers of the site small: what each needs is made once, before they part, and stays shared; memory goes back to the system.

What was measured of a worker after every kind of request (proportional set size, two workers): the rules compiled for a check of all
schemes, the dictionary of pinyin and what the setting of a letter loads are the same in all; made after the fork each worker had its
own. And glibc keeps a heap for each of a worker's threads: a letter set in eight of them left eight heaps.
"""

from __future__ import annotations

import ctypes
import gc
import logging
from contextlib import suppress
from datetime import UTC, datetime

from flask import Flask

from matcher import places
from matcher.engine import check
from matcher.engine.ask import Told, survey
from matcher.firms import read_facts
from matcher.firms.search import find_industry
from matcher.letters import Order, centres, keep_rulebook, preview
from matcher.places import has_draft_rules, rules_dir
from matcher.presentation import Catalogue

# A typing error, and the first letters of pinyin: the two that read most of what the search for an industry rests on.
_FIRST_SEARCHES = ("汽车另件", "qchli")

_FIRST_FACTS = {"vat_status": "small_scale", "name": "天津", "six_taxes_two_fees_payable": "38642.57"}

_ARENAS, _M_ARENA_MAX = 2, -8

_log = logging.getLogger(__name__)


def limit_heaps() -> None:
    """Let threads share two heaps: eight would each keep what the largest of their work took. Nothing where it is not glibc."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def prepare(app: Flask) -> None:
    """Do once what every worker would do at its first requests, then freeze what there is: collections of a worker do not touch it.

    What goes wrong here is logged and no reason not to serve: it would be said at the request that it concerns.
    """
    catalogue: Catalogue = app.extensions["catalogue"]
    for words in _FIRST_SEARCHES:
        find_industry(words)
    try:
        if not has_draft_rules():
            # To keep the rules beside letters loads them anew: at its first letter each worker did.
            keep_rulebook(catalogue.rulebook.hash, rules_dir(), places.instance_dir() / "rulebooks")
        _decide(catalogue, datetime.now(UTC))
    except Exception:
        _log.exception("the first check before the workers part")
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _decide(catalogue: Catalogue, at: datetime) -> None:
    rulebook, day = catalogue.rulebook, at.date()
    facts, _ = read_facts(rulebook, _FIRST_FACTS)
    decisions = check(rulebook, facts, day)
    survey(rulebook, Told(facts=facts), day)
    written = tuple(one.scheme for one in decisions if one.status == "eligible")[:1]
    if written and not rulebook.is_draft:
        preview(rulebook, Order(next(iter(centres().values())), facts, day, written), at)
