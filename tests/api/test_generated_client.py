"""A client that another program wrote from the OpenAPI file alone (openapi-python-client) does what docs/api.md shows, and a letter.

JSON Lines and PDF files are beyond what it reads and writes (it warns of them); all else it does without a warning.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.pages import served

SIX = "six-taxes-two-fees"
FACTS = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}
FIRM = {"name": "天津市喆堃镕科技有限公司", "credit_code": "91120101MA05TX9C3R", **FACTS}

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def address(api: Flask) -> Iterator[str]:
    """The address of the site."""
    with served(api) as found:
        yield found


@pytest.fixture(scope="module")
def package(api: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the package that was written, from the document and nothing else."""
    folder, name = tmp_path_factory.mktemp("generated"), "generated_client"
    (folder / "openapi.json").write_bytes(api.test_client().get("/api/v1/openapi.json").data)
    tool = [sys.executable, "-P", "-c", "from openapi_python_client.cli import app; app()", "generate"]
    options = ["--path", "openapi.json", "--meta", "none", "--output-path", name]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = subprocess.run(
        [*tool, *options],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    warned = {line.split()[2:4][1] for line in (made.stdout + made.stderr).splitlines() if line.startswith("WARNING")}
    assert warned == {"/api/v1/check/batch", "/api/v1/letters/{code}/file", "/api/v1/verify"}
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield name


@pytest.fixture
def call(package: str, address: str, key: str) -> Call:
    """Asks by the client: `call("check", "Profile", {…})` sends that model, `call("letters")` nothing; gives what it parsed."""
    opened = importlib.import_module(package).AuthenticatedClient(base_url=address, token=key)

    def ask(
        operation: str, model: str = "", body: object = None, *path: object, how: str = "sync", **more: object
    ) -> Any:
        module = importlib.import_module(f"{package}.api.default.{operation}")
        if model:
            more["body"] = getattr(importlib.import_module(f"{package}.models"), model).from_dict(body)
        return getattr(module, how)(*path, client=opened, **more)

    yield ask  # type: ignore[misc]
    opened.get_httpx_client().close()


def test_it_does_the_examples(call: Call) -> None:
    """The decision and its sum, the catalogue, the next question, the best set, a verification; a refusal with its pointer."""
    profile = {"as_of": "2026-03-31", "schemes": [SIX], "facts": FACTS}
    (decision,) = call("check", "Profile", profile).decisions
    assert (decision.scheme, decision.status, decision.amount.to_dict()["value"]) == (SIX, "eligible", "19321.29")
    assert SIX in {one.scheme for one in call("schemes").schemes}
    assert call("scheme", "", None, SIX).scheme == SIX
    assert call("facts").facts
    assert call("industries", q="开面馆").groups
    question = call("next_question", "Answers", {"facts": {}, "as_of": "2026-03-31"})
    assert [one.id for one in question.screen.questions][:2] == ["industry", "district"]
    offer = {
        "scheme": SIX,
        "object": "period-2026",
        "status": "eligible",
        "recipient": "firm_price",
        "amount": {"kind": "exact", "value": "3.00"},
    }
    bundle = call("bundle", "Offers", {"as_of": "2026-01-01", "offers": [offer]})
    assert bundle.chosen
    assert call("verify", "Code", {"code": "AAAA AAAA AAAA"}).standing == "unknown"
    refused = call("check", "Profile", {"facts": {"employees": -1}})
    assert (refused.status, refused.errors[0].pointer) == (422, "/facts/employees")


def test_it_brings_a_firm_to_its_letter(call: Call) -> None:
    """Found, a case opened and changed, its letter issued and verified by the file; the same key makes no second case."""
    assert [one.credit_code for one in call("firms", q="喆堃镕").firms] == [FIRM["credit_code"]]
    opened, again = (call("open_for_firm", "CaseOpening", {"facts": FIRM}, idempotency_key="g-1") for _ in range(2))
    assert opened.id == again.id
    changed = call("change", "CaseChange", {"version": opened.version, "facts": {"employees": 12}}, opened.id)
    assert call("case", "", None, opened.id).version == changed.version
    order = {"version": changed.version, "schemes": [SIX]}
    made = call("ask_for_letter", "LetterOrder", order, opened.id, idempotency_key="g-2")
    assert made.state == "issued"
    assert [one.number for one in call("letters").letters] == [made.number]
    file = call("letter_file", "", None, made.code, how="sync_detailed").content
    assert call("verify", "Code", {"code": made.code}).number == made.number
    assert file.startswith(b"%PDF-")


def test_no_schema_of_the_document_is_only_itself(api: Flask) -> None:
    """Each shape is said once, under the name by which it is referred to, and everything referred to is there."""
    document = api.test_client().get("/api/v1/openapi.json").json
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if "$ref" in schema] == []
    named = {part.split('"', 1)[0] for part in json.dumps(document).split('"#/components/schemas/')[1:]}
    assert named <= schemas.keys()
