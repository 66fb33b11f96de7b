"""Explains the words of the trade where they stand in a question: `rules/reference/terms.yaml`, in plain words with an example."""

from dataclasses import dataclass
from functools import lru_cache

from matcher import places
from matcher.rulebook import Fact, Text
from matcher.rulebook.reading import decode, read_bytes, read_text

FILE = "reference/terms.yaml"


@dataclass(frozen=True)
class Term:
    """A word that stands in questions; `word` is how the Chinese questions write it."""

    word: str
    name: Text
    means: Text
    example: Text


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """Every term of the file. Raises RulebookError where it cannot be read, KeyError where an entry lacks a part."""
    document = read_text(decode(read_bytes(places.rules_dir() / FILE, FILE), FILE), FILE)
    return tuple(
        Term(one["word"], *(Text(zh=one[part]["zh"], en=one[part]["en"]) for part in ("name", "means", "example")))
        for one in document.data
    )


def explained(fact: Fact) -> tuple[Term, ...]:
    """The terms that a fact's question, label or help uses, in the order of the file."""
    texts = (fact.label, fact.question, fact.help)
    said = " ".join(text.zh for text in texts if text is not None)
    return tuple(term for term in glossary() if term.word in said)
