"""Tests of the reasons tree on the page."""

from typing import Any

from matcher.presentation.catalogue import Catalogue
from matcher.presentation.reasons import decisive, reason
from matcher.rulebook.rulebook import Rulebook


def node(text: str, outcome: bool | None, *children: dict[str, Any], kind: str = "test", **more: Any) -> dict[str, Any]:
    """A node of a reasons tree in JSON."""
    blank = {"fact": None, "value": None, "op": None, "bound": None, "distance": None, "says": None, "source": None}
    shape = {"id": text, "kind": kind, "outcome": outcome, "text": {"zh": text, "en": text}, "children": list(children)}
    return {**blank, **shape, **more}


TREE = node(
    "all",
    False,
    node("holds", True),
    node("open", None),
    node("any", False, node("left", False), node("right", False), kind="any"),
    node("not", False, node("denied", True), node("other", False), kind="not"),
    kind="all",
)


def test_what_fails_is_shown_and_the_rest_folded(rulebook: Rulebook) -> None:
    """Under a failed condition what fails is shown, in the order of the law; what holds or is open is folded."""
    shown = reason(Catalogue(rulebook), TREE, "zh")
    assert [(child.text, child.mark) for child in shown.children] == [("any", "✗"), ("not", "✗")]
    assert [(child.text, child.mark) for child in shown.others] == [("holds", "✓"), ("open", "?")]
    assert [child.text for child in shown.children[1].children] == ["denied"]


def test_under_what_holds_the_holding_branch_is_shown(rulebook: Rulebook) -> None:
    """Where one alternative is enough, the one that holds explains the whole; the others are folded."""
    shown = reason(Catalogue(rulebook), node("any", True, node("a", False), node("b", True), kind="any"), "zh")
    assert ([child.text for child in shown.children], [child.text for child in shown.others]) == (["b"], ["a"])


def test_where_no_branch_explains_alone_all_are_shown(rulebook: Rulebook) -> None:
    """A whole that is settled though each part is open folds nothing away."""
    shown = reason(Catalogue(rulebook), node("any", True, node("a", None), node("b", None), kind="any"), "zh")
    assert ([child.text for child in shown.children], shown.others) == (["a", "b"], ())


def test_a_list_of_one_is_no_list(rulebook: Rulebook) -> None:
    """ "All of these" over a single condition is that condition."""
    shown = reason(Catalogue(rulebook), node("all", True, node("only", True), kind="all"), "zh")
    assert (shown.text, shown.children) == ("only", ())


def test_the_decisive_conditions_are_found() -> None:
    """Every condition that alone makes the whole fail is named, a denied one where it holds."""
    assert [found["id"] for found in decisive(TREE)] == ["left", "right", "denied"]


def test_the_distance_to_the_line_is_said(rulebook: Rulebook) -> None:
    """How far the firm is from the bound, on which side, and that it stands on it."""

    def said(outcome: bool | None, distance: str, lang: str = "zh") -> str | None:
        leaf = node("x", outcome, fact="employees_end_last_month", distance=distance)
        return reason(Catalogue(rulebook), leaf, lang).distance

    assert said(True, "88") == "还有88人余地"
    assert said(False, "12") == "还差12人"
    assert said(False, "-1", "en") == "1 person short"
    assert said(True, "0") == "正好等于界限"
    assert said(None, "5") is None


def test_the_source_is_named_with_its_confidence(rulebook: Rulebook) -> None:
    """Phrase, instrument and article stand beside a condition; how sure the source is, where it was not checked."""
    source = {"instrument": "财税〔2019〕13号", "article": "第三条", "confidence": "medium"}
    shown = reason(Catalogue(rulebook), node("x", True, says="不超过300人", source=source), "zh")
    assert (shown.says, shown.source) == ("不超过300人", "财税〔2019〕13号 第三条")
    assert shown.confidence == "较有把握，尚未核对原文"
    sure = node("x", True, source={**source, "confidence": "high", "article": None})
    assert reason(Catalogue(rulebook), sure, "zh").confidence is None
