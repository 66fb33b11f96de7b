"""The whole interface by its own document: whatever is sent, no failure and no answer that the document does not know.

With MATCHER_FULL=1 more than 20,000 requests, a tenth otherwise; the dear ones (the next question, the catalogue) fewer of them.
"""

import json

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


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_failure_and_nothing_undeclared(document: BaseSchema, key: str, method: str, path: str) -> None:
    """Good and bad requests alike have an answer of a declared status, type and shape; those of the desk with a key and without."""
    operation = document[path][method]
    modes = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    strategies = [operation.as_strategy(generation_mode=mode) for mode in modes]

    @settings(
        # A hundredth in the daily run: a check of all schemes takes as long as a hundred of the others.
        max_examples=max(20, count(OPERATIONS[method, path]) // (1 if count(10) == 10 else 10)),
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(strategies), knows_key=st.integers(0, 9))
    def tried(case: schemathesis.Case, knows_key: int) -> None:
        numbers = ("case_id", "screening_id")
        if knows_key % 2 and isinstance(case.path_parameters, dict):  # as drawn they are mostly of nothing
            case.path_parameters |= {name: 1 for name in numbers if name in case.path_parameters}
        headers = {"Authorization": f"Bearer {key}"} if knows_key and path.startswith(KEYED) else None
        case.call_and_validate(checks=CHECKS, headers=headers)

    tried()
