"""The phrase lock: an excerpt that is not the confirmed one names all that rests on it, and stops nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.places import rules_dir
from matcher.rulebook.load import load
from matcher.rulebook.lock import NAME, Lock, read_lock
from matcher.rulebook.reading import RulebookError
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import EQUIPMENT, FIGURES, line_of

ARTICLE = "caishui-2018-54#第一条"
OTHER = "caishui-2018-54#第二条"
TEXT = "instruments/deductions.yaml"


@pytest.fixture
def lock(rules: Path) -> Lock:
    """The lock of the cut-down rules, with everything confirmed."""
    found = read_lock(load(rules), rules)
    found.confirm([one.article for one in found.differences()])
    return found


def edited(rules: Path, file: str, before: str, after: str) -> Lock:
    """The lock after a text in a file was replaced."""
    text = (rules / file).read_text(encoding="utf-8")
    assert before in text
    (rules / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return read_lock(load(rules), rules)


def test_every_excerpt_of_the_rules_is_confirmed(rulebook: Rulebook) -> None:
    """The lock in the checkout fits the excerpts and counts what rests on each; `matcher rules confirm` writes it."""
    found = read_lock(rulebook, rules_dir())
    assert [one.article for one in found.differences()] == []
    assert found.miscounted() == ()
    assert set(found.locked) == set(found.excerpts)


def test_a_changed_excerpt_names_what_rests_on_it(rules: Path, lock: Lock) -> None:
    """Just that article differs; its conditions and figures stand with file and line."""
    assert lock.differences() == ()
    (found,) = edited(rules, TEXT, lock.excerpts[ARTICLE], lock.excerpts[ARTICLE] + "。").differences()
    assert (found.article, found.kind) == (ARTICLE, "changed")
    assert {rest.kind for rest in found.rests} == {"condition", "figure"}
    named = [rest for rest in found.rests if rest.owner == "equipment.piece"]
    assert named
    assert named[0].file == FIGURES
    assert named[0].line > line_of(rules / FIGURES, "id: equipment.piece")
    assert {rest.file for rest in found.rests if rest.owner == "equipment-deduction"} <= {EQUIPMENT}
    for rest in found.rests:
        assert (rules / rest.file).read_text(encoding="utf-8").splitlines()[rest.line - 1].strip()


def test_confirming_one_article_leaves_the_others(rules: Path, lock: Lock) -> None:
    """What is confirmed is locked as it now is; another changed article still waits."""
    edited(rules, TEXT, lock.excerpts[ARTICLE], lock.excerpts[ARTICLE] + "。")
    changed = edited(rules, TEXT, lock.excerpts[OTHER], lock.excerpts[OTHER] + "。")
    assert {one.article for one in changed.differences()} == {ARTICLE, OTHER}
    changed.confirm([ARTICLE])
    assert [one.article for one in read_lock(load(rules), rules).differences()] == [OTHER]


def test_a_new_article_waits_and_one_that_is_gone_is_told(rules: Path, lock: Lock) -> None:
    """An article without an entry is new; an entry without an article is gone, until it is confirmed that it is."""
    fake = dict(lock.locked)
    fake["no-such-1#第一条"] = fake.pop(ARTICLE)
    lock.locked = fake
    assert {(one.article, one.kind) for one in lock.differences()} == {(ARTICLE, "new"), ("no-such-1#第一条", "gone")}
    lock.confirm(["no-such-1#第一条"])
    assert {one.article for one in read_lock(load(rules), rules).differences()} == {ARTICLE}


def test_confirming_nothing_only_counts_anew(rules: Path, lock: Lock) -> None:
    """Without articles the counts are brought up to date, and a changed excerpt is not taken for confirmed."""
    lock.locked = {name: one.model_copy(update={"conditions": 99}) for name, one in lock.locked.items()}
    lock.excerpts = {**lock.excerpts, ARTICLE: "别的话"}
    assert set(lock.miscounted()) == set(lock.excerpts) - {ARTICLE}
    lock.confirm([])
    assert lock.miscounted() == ()
    assert [one.article for one in lock.differences()] == [ARTICLE]


def test_the_lock_is_no_part_of_the_rules(rules: Path, lock: Lock) -> None:
    """A lock that fits nothing neither stops a load nor changes the hash of the rulebook."""
    before = load(rules).hash
    (rules / NAME).write_text("nonsense: [\n", encoding="utf-8")
    assert load(rules).hash == before
    with pytest.raises(RulebookError, match=f"{NAME}:"):
        read_lock(load(rules), rules)


def test_a_misspelt_lock_is_named_with_its_line(rules: Path, lock: Lock) -> None:
    """A key that the lock does not know is refused with the line."""
    (rules / NAME).write_text('"a#b": {sha: "0", conditions: 1, figures: 0}\n', encoding="utf-8")
    with pytest.raises(RulebookError, match=rf"{NAME}:1:9: sha"):
        read_lock(load(rules), rules)


def test_a_lock_that_is_a_list_says_how_to_write_it_anew(rules: Path, lock: Lock) -> None:
    """The command that does it is named."""
    (rules / NAME).write_text("- one\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="matcher rules confirm"):
        read_lock(load(rules), rules)
