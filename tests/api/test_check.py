"""Decisions for programs: one firm, many firms, what is refused and where it stands."""

import json

import pytest
from flask.testing import FlaskClient

from matcher.api.check_views import LARGEST_BATCH, MOST_LINES
from tests.fixtures.command_line import Run

PATH = "/api/v1/check"
PROFILE = {
    "as_of": "2026-03-31",
    "schemes": ["six-taxes-two-fees"],
    "facts": {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"},
}


def test_it_says_what_the_command_line_says(program: FlaskClient, run: Run) -> None:
    """The same profile has the same answer over the network and from `matcher check --json`."""
    answer = program.post(PATH, json={"id": "stdin", **PROFILE})
    assert answer.status_code == 200
    assert answer.json == json.loads(run("check", "-", "--json", stdin=json.dumps(PROFILE)).stdout)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_essence_leaves_the_explanation_out(program: FlaskClient) -> None:
    """With `?detail=essence` status and sum are the same, and there are no reasons."""
    whole, essence = (program.post(f"{PATH}?detail={one}", json=PROFILE).json for one in ("full", "essence"))
    (long,), (short,) = whole["decisions"], essence["decisions"]
    assert short == {name: long[name] for name in short}
    assert long.keys() - short.keys() == {"reasons", "near_miss", "arithmetic", "last_known", "deadlines"}


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"facts": {"employees": -1}}, "/facts/employees"),
        ({"facts": {"employees": 1}, "factz": {}}, "/factz"),
        ({"facts": {}, "loans": []}, "/loans"),
        ({"employees": 3}, "/employees"),
        ({"facts": {}, "made_with": "x", "bands": {}}, "/bands"),
        ({"schemes": ["six-taxes-two-fees", "no-such"]}, "/schemes/1"),
        ({"as_of": "2026-02-30"}, "/as_of"),
        ({"items": {"loan": [{"facts": {"loan_principal": "much"}}]}}, "/items/loan/0/facts/loan_principal"),
        ({"facts": {"a/b~c": 1}}, "/facts/a~1b~0c"),
        ([], ""),
    ],
)
def test_every_bad_field_is_listed_with_its_path(program: FlaskClient, sent: object, pointer: str) -> None:
    """A refusal is a problem of RFC 9457 in which each bad field has its JSON Pointer and says in both languages what to do."""
    answer = program.post(PATH, json=sent)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    found = {one["pointer"]: one["text"] for one in answer.json["errors"]}
    assert pointer in found
    assert found[pointer]["zh"]
    assert found[pointer]["en"]
    assert answer.json["status"] == 422


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ('{"facts": {"employees": 1' + "0" * 100_000 + "}}", "application/json", 422),
        ('{"id": "\\ud800"}', "application/json", 400),
        (b"\xff\xfe{}", "application/json", 400),
        ("{}", "text/plain", 415),
        ("x" * 300_000, "application/json", 413),
        ('{"facts": {"employees": 1, "employees": 2}}', "application/json", 422),
    ],
)
def test_hostile_bodies_are_refused_as_problems(
    program: FlaskClient, data: str | bytes, content_type: str, status: int
) -> None:
    """What is no JSON, too deep, too long, half a character or another type is refused, and is no failure."""
    answer = program.post(PATH, data=data, content_type=content_type)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_the_language_of_a_refusal_follows_the_request(program: FlaskClient) -> None:
    """Title and detail come in the language that is accepted; without one in Chinese."""
    english = program.get("/api/v1/schemes/no-such", headers={"Accept-Language": "en-GB,en;q=0.8"}).json
    chinese = program.get("/api/v1/schemes/no-such").json
    assert english["detail"] == english["text"]["en"] != chinese["detail"] == chinese["text"]["zh"]


def test_many_firms_are_answered_line_by_line(program: FlaskClient) -> None:
    """Each good line has its decisions, each bad one its errors, with the number of the line; blank lines are none."""
    lines = [json.dumps(PROFILE), "", '{"facts": {"employees": -3}}', "{", json.dumps({**PROFILE, "id": "four"})]
    answer = program.post(f"{PATH}/batch", data="\n".join(lines), content_type="application/x-ndjson")
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson")
    found = [json.loads(row) for row in answer.text.splitlines()]
    assert [(one["line"], one["id"], "errors" in one) for one in found] == [
        (1, "line-1", False),
        (3, "line-3", True),
        (4, "line-4", True),
        (5, "four", False),
    ]
    assert found[1]["errors"][0]["pointer"] == "/facts/employees"


def test_answers_of_a_batch_are_sent_as_they_are_made(program: FlaskClient) -> None:
    """The first line is there before the last firm was looked at."""
    lines = "\n".join([json.dumps(PROFILE)] * 5)
    answer = program.post(f"{PATH}/batch", data=lines, content_type="application/x-ndjson", buffered=False)
    assert answer.is_streamed
    assert sum(1 for piece in answer.iter_encoded()) == 5


@pytest.mark.parametrize(
    ("data", "status"),
    [("", 400), ("{}\n" * (MOST_LINES + 1), 413), ("x" * (LARGEST_BATCH + 1), 413)],
)
def test_a_batch_has_its_bounds(program: FlaskClient, data: str, status: int) -> None:
    """No line, more than a thousand, or too many bytes are refused as a whole."""
    answer = program.post(f"{PATH}/batch", data=data, content_type="application/x-ndjson")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_the_next_question_leads_through_the_interview(program: FlaskClient) -> None:
    """What is told is asked no more, what is 不清楚 neither, and with the questions answered some schemes are settled."""
    first = program.post("/api/v1/next-question", json={"as_of": "2026-03-31", "facts": {}}).json
    asked = [one["id"] for one in first["screen"]["questions"]]
    assert asked[:2] == ["industry", "district"]
    told = {"facts": {"district": "heping"}, "unsure": ["industry"], "as_of": "2026-03-31"}
    second = program.post("/api/v1/next-question", json=told).json
    assert not {"industry", "district"} & {one["id"] for one in second["screen"]["questions"]}
    assert len(second["settled"]) >= len(first["settled"])


def test_a_sum_of_which_nothing_is_known_is_named_as_such(program: FlaskClient) -> None:
    """A program that prints the three numbers can tell a nought from a sum for which facts are missing, as the pages do."""
    nothing = program.post("/api/v1/next-question", json={"facts": {}}).json["estimate"]
    assert (nothing["sure"], nothing["possible"]) == ({"cash": "0.00", "less": "0.00"}, "0.00")
    assert nothing["unsaid"] == {"cash": "missing", "less": "missing", "possible": "missing"}
    sums = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
    told = {"as_of": "2026-03-31", "facts": sums, "schemes": ["six-taxes-two-fees"]}
    estimate = program.post("/api/v1/next-question", json=told).json["estimate"]
    assert estimate["sure"] == {"cash": "0.00", "less": "77285.16"}
    assert estimate["unsaid"] == {}


@pytest.mark.parametrize(
    ("told", "place", "words"),
    [
        ({"unsure": "industry"}, "unsure", "must be a list of ids of facts or gates"),
        ({"unsure": ["moon"]}, "unsure", "there is no fact or gate named moon"),
        ({"unsure": [5]}, "unsure", "there is no fact or gate named 5"),
        ({"gates": ["gate:research"]}, "gates", "must be an object of gates with yes or no"),
        ({"gates": {"gate:research": "maybe"}}, "gates", "or not yes or no"),
        ({"gates": {"gate:moon": "yes"}}, "gates", "no gate"),
    ],
)
def test_what_cannot_stand_beside_a_question_is_named(
    program: FlaskClient, told: dict[str, object], place: str, words: str
) -> None:
    """The problem says where and what is wanted there."""
    answer = program.post("/api/v1/next-question", json={"as_of": "2026-03-31", "facts": {}, **told})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    said = answer.get_data(as_text=True)
    assert words in said
    assert place in said


def test_a_bundle_is_chosen_as_at_the_command_line(program: FlaskClient, run: Run) -> None:
    """The best set among offers is the same at both."""
    offer = {"scheme": "six-taxes-two-fees", "object": "period-2026", "status": "eligible", "recipient": "firm_price"}
    sent = {"id": "x", "as_of": "2026-01-01", "offers": [{**offer, "amount": {"kind": "exact", "value": "3.00"}}]}
    answer = program.post("/api/v1/bundle", json=sent)
    assert answer.json == json.loads(run("bundle", "-", "--json", stdin=json.dumps(sent)).stdout)


@pytest.mark.parametrize("code", ["AAAA AAAA AAAA", "nonsense"])
def test_an_unknown_code_is_an_answer_and_no_refusal(program: FlaskClient, code: str) -> None:
    """Verifying says what it came to with status 200."""
    answer = program.post("/api/v1/verify", json={"code": code})
    assert (answer.status_code, answer.json["standing"]) == (200, "unknown")


def test_pages_of_other_sites_may_ask(program: FlaskClient) -> None:
    """A browser on another site gets the answer: no cookie is looked at or set."""
    foreign = {"Origin": "https://portal.example", "Sec-Fetch-Site": "cross-site", "Cookie": "matcher=x; lang=en"}
    answer = program.post(f"{PATH}?detail=essence", json=PROFILE, headers=foreign)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in answer.headers
    preflight = program.options(PATH, headers={"Origin": "https://portal.example"})
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
