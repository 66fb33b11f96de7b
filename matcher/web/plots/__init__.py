"""Draws what looking tells faster than reading: where a firm stands against a bound, what a scheme is worth, when it ends."""

from matcher.web.plots.bars import Bar, Chart, charts
from matcher.web.plots.gauge import Gauge, gauges
from matcher.web.plots.overview import Overview, overview
from matcher.web.plots.timeline import Row, Timeline, timeline

__all__ = [
    "Bar",
    "Chart",
    "Gauge",
    "Overview",
    "Row",
    "Timeline",
    "charts",
    "gauges",
    "overview",
    "timeline",
]
