"""The whole interface by its own document: whatever is sent, no failure and no answer that the document does not know.

With MATCHER_FULL=1 more than 20,000 requests, a hundredth otherwise; the dear ones (the next question, the catalogue) fewer of them.
"""

import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conftest import count

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = {
    ("GET", "/api/v1/schemes"): 1500,
    ("GET", "/api/v1/schemes/{slug}"): 6000,
    ("GET", "/api/v1/facts"): 200,
    ("GET", "/api/v1/industries"): 6000,
    ("GET", "/api/v1/schemas/profile.json"): 50,
    ("GET", "/api/v1/schemas/decision.json"): 50,
    ("POST", "/api/v1/check"): 2500,
    ("POST", "/api/v1/check/batch"): 1000,
    ("POST", "/api/v1/next-question"): 500,
    ("POST", "/api/v1/bundle"): 1500,
    ("POST", "/api/v1/verify"): 5000,
    ("GET", "/api/v1/firms"): 500,
    ("GET", "/api/v1/firms/{credit_code}"): 500,
    ("GET", "/api/v1/cases"): 500,
    ("POST", "/api/v1/cases"): 500,
    ("GET", "/api/v1/cases/{case_id}"): 500,
    ("PATCH", "/api/v1/cases/{case_id}"): 500,
    ("POST", "/api/v1/cases/{case_id}/letters"): 500,
    ("GET", "/api/v1/letters"): 500,
    ("GET", "/api/v1/letters/{code}"): 500,
    ("GET", "/api/v1/letters/{code}/file"): 300,
    ("GET", "/api/v1/screenings"): 50,
    ("POST", "/api/v1/screenings"): 300,
    ("GET", "/api/v1/screenings/{screening_id}"): 500,
    ("GET", "/api/v1/screenings/{screening_id}/schemes/{slug}"): 500,
}
FACTS = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
FIRM = {"name": "天津市喆堃镕科技有限公司", "credit_code": "91120101MA05TX9C3R", **FACTS}
SCHEME = "six-taxes-two-fees"
KEYED = ("/api/v1/firms", "/api/v1/cases", "/api/v1/letters", "/api/v1/screenings")


@schemathesis.serializer("application/x-ndjson")
def one_line(context: schemathesis.SerializationContext, value: object) -> bytes:
    """A generated profile, or whatever stands in its place, as a line of a batch."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace") + b"\n"


@pytest.fixture(scope="module")
def document(api: Flask) -> BaseSchema:
    """The document as a client reads it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api)


def test_every_address_of_the_document_is_tried(document: BaseSchema) -> None:
    """None is left out here; together there are enough of them."""
    found = {(one.ok().method.upper(), one.ok().path) for one in document.get_all_operations()}
    assert found == OPERATIONS.keys()
    assert sum(OPERATIONS.values()) >= 20_000


@pytest.fixture(scope="module")
def known(document: BaseSchema, key: str) -> dict[str, Any]:
    """What addresses name and the site has: a firm, its case with a letter, a screening, a scheme. Whoever draws an address at random
    meets nothing but what is not there."""

    def made(path: str, body: object, **values: object) -> Any:
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": path.replace("/", "-")}
        case = document[path]["POST"].Case(path_parameters=values, headers=headers, body=body)
        answer = case.call_and_validate(checks=CHECKS)
        assert answer.status_code == 201, answer.text
        return answer.json()

    case = made("/api/v1/cases", {"facts": FIRM})
    order = {"version": case["version"], "schemes": [SCHEME]}
    letter = made("/api/v1/cases/{case_id}/letters", order, case_id=case["id"])
    screening = made("/api/v1/screenings", {"as_of": "2026-12-01"})
    code = letter["code"]
    names = {"slug": SCHEME, "credit_code": FIRM["credit_code"], "code": code}
    return {"case_id": case["id"], "screening_id": screening["id"], **names}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_failure_and_nothing_undeclared(
    document: BaseSchema, api: Flask, key: str, known: dict[str, Any], method: str, path: str
) -> None:
    """Good and bad requests alike have an answer of a declared status, type and shape; those of the desk with a key and without."""
    operation = document[path][method]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    strategies = [operation.as_strategy(generation_mode=mode) for mode in modes]
    bearer = {"Authorization": f"Bearer {key}"}
    statuses: Counter[int] = Counter()

    def version() -> int:
        answer = api.test_client(use_cookies=False).get(f"/api/v1/cases/{known['case_id']}", headers=bearer)
        return int(answer.json["version"])

    @settings(
        # A hundredth in the daily run: a check of all schemes takes as long as a hundred of the others.
        max_examples=max(20, count(OPERATIONS[method, path]) // (1 if count(10) == 10 else 10)),
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(strategies), has_key=st.sampled_from((True,) * 9 + (False,)), is_known=st.booleans())
    def tried(case: schemathesis.Case, has_key: bool, is_known: bool) -> None:
        if is_known and isinstance(case.path_parameters, dict):
            case.path_parameters |= {name: known[name] for name in case.path_parameters}
            if isinstance(case.body, dict) and "version" in case.body:
                case.body["version"] = version()
        if has_key and path.startswith(
            KEYED
        ):  # else the one that was drawn would be sent, and hold as little as any guess
            kept = {name: told for name, told in case.headers.items() if name.lower() != "authorization"}
            case.headers.clear()
            case.headers.update(kept | bearer)
        statuses[case.call_and_validate(checks=CHECKS).status_code] += 1

    tried()
    print(method, path, statuses.total(), dict(sorted(statuses.items())))
    # A letter is made of a true version and schemes that the firm is entitled to, which nobody draws: `known` has made one.
    if method == "GET" or (count(10) == 10 and not path.endswith("/letters")):
        assert any(200 <= status < 300 for status in statuses), "the shape of a good answer was never looked at"
