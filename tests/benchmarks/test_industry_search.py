"""Times the search for an industry beside comparing the query with every keyword, and counts what each gets right."""

from __future__ import annotations

import time
from collections.abc import Callable

from rapidfuzz import fuzz, process

from matcher.firms.industries import groups
from matcher.firms.search.industry_search import find_industry
from tests.benchmarks.measure import one_core
from tests.firms.search.test_industry_search import FILES, queries

Search = Callable[[str], list[str]]


def ours(text: str) -> list[str]:
    """The codes that the search finds."""
    return [hit.code for hit in find_industry(text)]


def brute_force() -> Search:
    """The codes of the keywords and names that look most like the query, every one of them compared."""
    words = [(word, group.code) for group in groups() for word in (*group.keywords, group.name, *group.class_names)]
    listed = [word for word, _ in words]

    def search(text: str) -> list[str]:
        near = process.extract(text, listed, scorer=fuzz.WRatio, limit=20)
        return list(dict.fromkeys(words[number][1] for _, _, number in near))[:3]

    return search


def lap(search: Search, asked: list[tuple[str, list[str]]]) -> tuple[list[float], float]:
    """How long each query takes, in milliseconds and in order of length, and the share answered rightly."""
    taken, right = [], 0
    for query, codes in asked:
        start = time.perf_counter()
        found = search(query)
        taken.append((time.perf_counter() - start) * 1000)
        right += bool(set(codes) & set(found))
    return sorted(taken), right / len(asked)


def test_the_search_is_quicker_and_better_than_comparing_everything() -> None:
    """It takes less time than brute force over the same words, in the same run, and finds more."""
    asked = [(row["query"], row["code"].split("|")) for name in FILES for row in queries(name)[::4]]
    peer = brute_force()
    with one_core():
        for search in (ours, peer):  # warm up: the first query builds the index
            lap(search, [*asked[:50], ("qicheligjian", ["367"]), ("bycicle", ["376"])])
        mine, right = lap(ours, asked)
        theirs, their_right = lap(peer, asked)
    for name, taken, share in (("ours", mine, right), ("rapidfuzz over all words", theirs, their_right)):
        middle, high = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
        print(f"{name}: median {middle:.1f} ms, 99 % within {high:.1f} ms, most {taken[-1]:.1f} ms; {share:.1%} right")
    assert sum(mine) < sum(theirs)
    assert right > their_right
