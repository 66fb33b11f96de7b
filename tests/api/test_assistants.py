"""The tools of an assistant: a real client of the protocol's own SDK starts `matcher mcp` and asks."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.fixtures.command_line import Run

SIX = "six-taxes-two-fees"
ROOM = 20_000
"""Characters of an answer that an assistant can read and still remember what was said before it."""
FACTS = {"vat_status": "small_scale", "six_taxes_two_fees_payable": "38642.57"}


def asked(conversation: Callable[[Client], Awaitable[Any]]) -> Any:
    """What comes of a conversation with a server started for it."""

    async def talk() -> Any:
        program = StdioServerParameters(
            command=sys.executable, args=["-c", "from matcher.cli import main; main(['mcp'])"]
        )
        async with Client(stdio_client(program)) as client:
            return await conversation(client)

    with ThreadPoolExecutor(1) as thread:  # a loop may be running in this one, of the browser of another test
        return thread.submit(asyncio.run, talk()).result()


def test_a_client_finds_the_tools_and_is_answered_as_at_the_command_line(run: Run) -> None:
    """The four tools are there; check and explain say what `matcher check` says; what is unknown is refused by name."""

    async def conversation(client: Client) -> list[Any]:
        told = {"facts": FACTS, "as_of": "2026-03-31"}
        return [
            await client.list_tools(),
            await client.call_tool("check", {**told, "schemes": [SIX]}),
            await client.call_tool("explain", {**told, "scheme": SIX}),
            await client.call_tool("next_question", {"facts": {"district": "heping"}, "unsure": ["industry"]}),
            await client.call_tool("catalogue", {"query": "六税两费", "as_of": "2022-08-15"}),
            await client.call_tool("check", {"facts": {"factz": 1}}),
            await client.call_tool("explain", {**told, "scheme": "六税两费"}),
        ]

    tools, check, explained, question, found, refused, unknown = asked(conversation)
    assert {one.name for one in tools.tools} == {"catalogue", "check", "explain", "next_question"}
    profile = {"id": "firm", "as_of": "2026-03-31", "schemes": [SIX], "facts": FACTS}
    known = json.loads(run("check", "-", "--json", stdin=json.dumps(profile)).stdout)
    assert explained.structured_content == known
    (short,), (whole,) = check.structured_content["decisions"], known["decisions"]
    assert (short["name"]["zh"], short["amount"]["value"]) == ("小微企业“六税两费”减免", "19321.29")
    assert short == {"name": short["name"]} | {key: whole[key] for key in short if key != "name"}
    assert "增值税小规模纳税人" in json.dumps(explained.structured_content, ensure_ascii=False)
    ids = {one["id"] for one in question.structured_content["screen"]["questions"]}
    assert ids
    assert not ids & {"district", "industry"}
    assert found.structured_content["schemes"][0]["scheme"] == SIX
    assert refused.is_error
    assert "factz" in refused.content[0].text
    assert unknown.is_error
    assert "by catalogue with a query" in unknown.content[0].text


def test_an_answer_on_all_schemes_leaves_room_for_the_conversation(run: Run) -> None:
    """What the firm can use is told in full and by name, the rest by status and name; asked for by id, with the questions it waits for."""

    async def conversation(client: Client) -> list[Any]:
        told = {"facts": FACTS, "as_of": "2026-03-31"}
        everything = await client.call_tool("check", told)
        waiting = list(everything.structured_content["others"]["needs_information"])
        catalogue = await client.call_tool("catalogue", {"as_of": "2026-03-31"})
        return [everything, await client.call_tool("check", {**told, "schemes": waiting[:1]}), catalogue]

    everything, one, catalogue = asked(conversation)
    assert len(everything.content[0].text) < ROOM
    assert len(catalogue.content[0].text) < ROOM * 2
    known = json.loads(run("check", "-", "--json", stdin=json.dumps({"as_of": "2026-03-31", "facts": FACTS})).stdout)
    statuses = {decision["scheme"]: decision["status"] for decision in known["decisions"]}
    found = everything.structured_content
    told = {decision["scheme"]: decision["status"] for decision in found["decisions"]}
    told |= {scheme: status for status, schemes in found["others"].items() for scheme in schemes}
    assert told == statuses
    assert {decision["status"] for decision in found["decisions"]} == {"eligible"}
    assert all("zh" in decision["name"] for decision in found["decisions"])
    assert found["bundle"] == known["bundle"]
    (decision,), questions = one.structured_content["decisions"], one.structured_content["questions"]
    assert decision["missing"]
    assert list(questions) == decision["missing"]
    assert all(text["zh"] and text["en"] for text in questions.values())
