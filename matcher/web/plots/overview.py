"""Brings together the plots that show all schemes at once: what each is worth, and when each is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.web.catalogue import Catalogue
from matcher.web.plots.bars import Chart, charts
from matcher.web.plots.timeline import Timeline, timeline


@dataclass(frozen=True)
class Overview:
    """The charts of what schemes are worth, and the timeline."""

    charts: tuple[Chart, ...]
    timeline: Timeline


def overview(catalogue: Catalogue, stated: Sequence[Mapping[str, Any]], as_of: date, lang: str) -> Overview:
    """The plots of these decisions, each as its JSON."""
    return Overview(charts(catalogue, stated, lang), timeline(catalogue, stated, as_of, lang))
