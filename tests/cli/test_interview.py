"""`matcher interview`: one firm, a list of firms, other orders, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Run = Callable[..., Result]
Write = Callable[[str, Any], Path]

SLUGS = ("--scheme", "six-taxes-two-fees", "small-scale-vat")
SMALL = {"id": "small", "as_of": "2026-03-31", "facts": {"vat_status": "small_scale", "legal_form": "company"}}
LARGE = {
    "id": "large",
    "as_of": "2026-03-31",
    "facts": {"vat_status": "general"},
    "story": "a note of the writer's own",
}


def test_one_answer_settles_two_schemes(run: Run, write: Write) -> None:
    """A small-scale taxpayer is asked for its VAT status, which settles both; what follows is for the sums alone."""
    result = run("interview", write("small.json", SMALL), *SLUGS, "--json")
    assert result.exit_code == 0
    found = json.loads(result.output)
    assert (found["id"], found["in_force"], found["settled"], found["denied"]) == ("small", 2, 2, {})
    assert found["at"] == {"12_answers": 1.0, "80_percent": 1, "all": 1}
    sums = {"tax_filing_cycle", "period_sales", "period_special_invoice_sales", "six_taxes_two_fees_payable"}
    assert found["questions"][0] == "vat_status"
    assert set(found["questions"][1:]) == sums
    assert [(point["settled"], point["offers_to_stop"]) for point in (found["track"][0], found["final"])] == [
        (2, False),
        (2, True),
    ]


def test_a_list_is_played_firm_by_firm(run: Run, write: Write) -> None:
    """Each firm of a list has its line; what its file lacks stays open, and 80 % may never be reached."""
    result = run("interview", write("firms.json", [SMALL, LARGE]), *SLUGS, "--json")
    small, large = map(json.loads, result.output.splitlines())
    assert (small["id"], large["id"]) == ("small", "large")
    assert (large["settled"], large["at"]["80_percent"]) == (1, None)
    assert large["questions"][0] == "vat_status"


def test_lines_are_played_too(run: Run) -> None:
    """Firms one a line from standard input."""
    result = run("interview", "-", *SLUGS, "--json", stdin=f"{json.dumps(SMALL)}\n{json.dumps(LARGE)}\n")
    assert [json.loads(line)["id"] for line in result.output.splitlines()] == ["small", "large"]


def test_the_other_orders_ask_everything(run: Run, write: Write) -> None:
    """In the vocabulary's order and in a random one every fact is asked; the random one is the same at every run."""
    file = write("small.json", SMALL)
    listed, mixed, again = (
        json.loads(run("interview", file, *SLUGS, "--order", order, "--json").output)
        for order in ("vocabulary", "random", "random")
    )
    assert set(listed["questions"]) == set(mixed["questions"])
    assert listed["questions"] != mixed["questions"] == again["questions"]
    assert listed["at"]["all"] > 1


def test_the_text_says_what_each_screen_settled(run: Run, write: Write) -> None:
    """Screens with their questions and the schemes that they settled, in words."""
    result = run("interview", write("small.json", SMALL), *SLUGS, "--lang", "en")
    assert "1. VAT status" in result.output
    assert "2 settled, new: six taxes and two fees, halved for small firms" in result.output


def test_a_fault_is_named_with_its_firm(run: Run, write: Write) -> None:
    """A firm with a bad value is refused; the others are played."""
    bad = {"id": "bad", "facts": {"vat_status": "tiny"}}
    result = run("interview", write("firms.json", [bad, SMALL]), *SLUGS, "--json")
    first, second = map(json.loads, result.output.splitlines())
    assert (result.exit_code, first["id"], first["errors"][0]["field"]) == (2, "bad", "vat_status")
    assert second["id"] == "small"


def test_a_gate_is_one_answer_and_says_what_it_told(run: Run, write: Write) -> None:
    """A firm whose file denies all beneath answers "no" once; one that lacks a fact there is asked for it."""
    slugs = ["--scheme", "beijing-relocation", "--scheme", "gansu-transfer", "--scheme", "jilin-cooperation"]
    facts = {"district": "nankai", "relocates_from_beijing": False, "invests_in_lanbai_zone": False}
    whole = {"id": "whole", "as_of": "2026-11-24", "facts": {**facts, "cooperates_with_jilin": False}}
    lacking = {"id": "lacking", "as_of": "2026-11-24", "facts": facts}
    result = run("interview", write("firms.json", [whole, lacking]), *slugs, "--json")
    first, second = (json.loads(line) for line in result.output.splitlines())
    beneath = ["relocates_from_beijing", "invests_in_lanbai_zone", "cooperates_with_jilin"]
    assert (first["settled"], first["denied"]) == (3, {"gate:regions": beneath})
    assert not set(beneath) & set(first["questions"])
    assert (second["settled"], second["denied"]) == (2, {})
    assert {"gate:regions", *beneath} <= set(second["questions"])
