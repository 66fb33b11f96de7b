"""Every figure of the rules against its sentence: what the check refuses, and how much of the rules it can hold."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from matcher.engine import check, sheet
from matcher.places import rules_dir
from matcher.rulebook.citations import Written, count_citations, excerpts_of, figures_of, find_faults
from matcher.rulebook.load import load
from matcher.rulebook.messages import wording
from matcher.rulebook.quantities import stands
from matcher.rulebook.rulebook import Rulebook
from tests.rulebook.faulty import EQUIPMENT, FIGURES, line_of, sow

TEXTS = "instruments/deductions.yaml"
PIECE = 'until: 2020-12-31, value: 5000000, source: "caishui-2018-54#第一条"'
LATER = 'until: 2027-12-31, value: 5000000, source: "mof-2023-37#第一条"'
SHARE = 'value: 0.5, source: "sta-2015-97#第四条"'
CONDITION = "says: 单位价值不超过500万元, source"
YEAR = "- {from: 2024-01-01, until: 2027-12-31, instrument:"


class Seed(NamedTuple):
    """A fault put into a file, and where and how it must be refused."""

    name: str
    file: str
    old: str
    new: str
    at: str
    key: str
    message: str


SEEDS = (
    Seed(
        "figure beside its sentence",
        FIGURES,
        PIECE,
        PIECE.replace("5000000", "6000000"),
        "6000000",
        "value",
        "5000000 元",
    ),
    Seed(
        "wan forgotten", FIGURES, PIECE, PIECE.replace("5000000", "500"), "value: 500,", "value", "500 does not stand"
    ),
    Seed(
        "percent for a share", FIGURES, SHARE, SHARE.replace("0.5", "50"), "value: 50,", "value", "for 50 % write 0.5"
    ),
    Seed(
        "a needless reason",
        FIGURES,
        SHARE,
        f"ground: unquoted, {SHARE}",
        "ground: unquoted, value: 0.5",
        "ground",
        "leave ground out",
    ),
    Seed(
        "too sure",
        FIGURES,
        f"{SHARE}, confidence: medium",
        f"{SHARE}, confidence: high",
        '0.5, source: "sta',
        "confidence",
        "seen as copy",
    ),
    Seed(
        "phrase from elsewhere",
        FIGURES,
        SHARE,
        f"says: 超过60%, {SHARE}",
        "says: 超过60%",
        "says",
        "does not stand in the excerpt",
    ),
    Seed(
        "ten times its neighbour",
        FIGURES,
        LATER,
        LATER.replace("5000000", "50000000"),
        "value: 50000000",
        "value",
        "ten times its neighbour",
    ),
    Seed(
        "phrase of a condition",
        EQUIPMENT,
        CONDITION,
        CONDITION.replace("500", "50"),
        "不超过50万元",
        "says",
        "5000000, but the phrase beside it says 500000 元",
    ),
    Seed(
        "day not in its sentence",
        EQUIPMENT,
        YEAR,
        YEAR.replace("instrument:", 'source: {until: "mof-2023-37#第一条"}, instrument:'),
        "source: {until",
        "until",
        "2027-12-31 does not stand",
    ),
)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_figure_that_its_sentence_does_not_hold_is_refused(rules: Path, seed: Seed) -> None:
    """The file, line and key are named, and what the sentence says instead."""
    sow(rules / seed.file, seed.old, seed.new)
    if seed.name == "phrase of a condition":  # the words of the text change with the phrase, the figure alone does not
        text = (rules / TEXTS).read_text(encoding="utf-8")
        (rules / TEXTS).write_text(
            text.replace("单位价值不超过500万元", "单位价值不超过50万元，单位价值不超过500万元"), encoding="utf-8"
        )
    found = find_faults(load(rules), rules)
    wanted = (seed.file, line_of(rules / seed.file, seed.at), seed.key)
    messages = [one.message for one in found if (one.file, one.line, one.key) == wanted]
    assert any(seed.message in message for message in messages), found
    assert all(wording(message) != wording("?") for message in messages)


def test_bands_out_of_order_are_refused(tmp_path: Path) -> None:
    """A table is written from its lowest band to its highest."""
    copy = tmp_path / "rules"
    shutil.copytree(rules_dir(), copy)
    sow(copy / "parameters/design.yaml", "value: {250: 18000, 400: 25000}", "value: {400: 25000, 250: 18000}")
    (found,) = find_faults(load(copy), copy)
    assert (found.file, found.key) == ("parameters/design.yaml", "value")
    assert "out of order at 250" in found.message


def test_the_rules_hold(rulebook: Rulebook) -> None:
    """No figure of the rules stands beside its sentence, and none looks like a slip without a reason."""
    assert find_faults(rulebook, rules_dir()) == ()


def test_what_is_quoted_is_counted(rulebook: Rulebook) -> None:
    """Every condition and figure is quoted or says why not, and of every text it is known how it was seen."""
    found = count_citations(rulebook)
    assert found.figures["missing"] == 0
    assert found.figures["found"] >= 165
    assert found.conditions["quoted"] >= 266
    assert sum(found.seen.values()) == found.instruments["of"] == len(rulebook.instruments)


def cited(rulebook: Rulebook) -> Iterator[tuple[str, Written, str]]:
    """Every figure that stands in a sentence, with its parameter and that sentence."""
    for name, history in rulebook.parameters.items():
        for value, _, _ in history.values:
            if value.ground is None:
                sentence = value.says or "；".join(excerpts_of(rulebook.instruments, value.source))
                yield from ((name, figure, sentence) for figure in figures_of(history.parameter, value.value))


def steps(figure: Written) -> Iterator[Fraction | date]:
    """The figure a step up and down (a day, a yuan, a person, a hundredth of a share), and with a slipped 万 or nought."""
    if isinstance(figure.value, date):
        yield from (figure.value + timedelta(days=step) for step in (1, -1))
        return
    step = Fraction(1, 100) if figure.type == "rate" else 1
    yield from (figure.value + step, figure.value - step)
    yield from (figure.value * factor for factor in (10, Fraction(1, 10), 10_000, Fraction(1, 10_000)))


def test_a_figure_moved_in_the_file_alone_is_refused(rulebook: Rulebook) -> None:
    """Whatever its sentence holds, a step away it does not stand there: but for one table whose two figures lie a step apart."""
    moved = [
        (name, value, stands(value, figure.type, figure.unit, sentence))
        for name, figure, sentence in cited(rulebook)
        for value in steps(figure)
    ]
    unnoticed = {(name, value) for name, value, is_there in moved if is_there}
    assert len(moved) > 900
    assert unnoticed <= {("training.times", 1), ("training.times", 2)}


def test_what_is_known_from_memory_alone_is_no_quotation(rulebook: Rulebook) -> None:
    """The words of a text that nobody saw are marked as such, without quotation marks, in the rule and in an explanation."""
    text = "\n".join(sheet(rulebook, "nev-purchase-subsidy", date(2022, 6, 1), "zh"))
    assert "运营里程2万公里，凭记忆，未见原文" in text
    assert "“运营里程2万公里”" not in text
    told = {"nev_kind": "bev_car", "vehicle_buyer_kind": "commercial", "vehicle_mileage_km": 10_000}
    (decision,) = check(rulebook, told, date(2022, 6, 1), ["nev-purchase-subsidy"])
    explained = json.dumps(decision.to_json(), ensure_ascii=False)
    assert "vehicle_mileage_km" in explained
    assert "运营里程2万公里" not in explained
