"""Words that people use for the same thing when they look for a scheme; read from rules/reference/synonyms.yaml."""

from __future__ import annotations

from .build import shape
from .files import SearchWords
from .reading import Document, Place

FILE = "reference/synonyms.yaml"


def read_synonyms(document: Document, place: Place) -> tuple[SearchWords, ...]:
    """The groups of words in the order of the file; whatever is wrong is reported at its line."""
    if not isinstance(document.data, list):
        place.report("the file holds a list")
        return ()
    found = [(shape(SearchWords, raw, place / index), place / index) for index, raw in enumerate(document.data)]
    for group, here in found:
        if group is not None and len(group.zh) + len(group.en) < 2:
            here.report("a group of synonyms has at least two words")
    return tuple(group for group, _ in found if group is not None)
