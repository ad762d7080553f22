"""Drives the guard in front of the example desk with the official client."""

import asyncio
import json
import pathlib
import subprocess
import sys

from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

SCENARIO, BINARY, FOLDER, *POLICY = sys.argv[1:]
FOLDER = pathlib.Path(FOLDER)
STATE = POLICY[:2]


def bounden(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True)


def desk(part):
    return [BINARY, "example-desk", "--part", part, "--journal", str(FOLDER / f"{part}.jsonl")]


def executed(part):
    """The calls that reached a part of the desk."""
    try:
        lines = (FOLDER / f"{part}.jsonl").read_text().splitlines()
    except FileNotFoundError:
        return []
    return [(call["tool"], call["arguments"]) for call in map(json.loads, lines)]


def guarded(part, *options):
    arguments = ["guard", "mcp", *POLICY, "--server", part, *options, "--", *desk(part)]
    return StdioServerParameters(command=BINARY, args=arguments)


class Guarded:
    """A session with a guarded server."""

    def __init__(self, parameters):
        self.transport = stdio_client(parameters)

    async def __aenter__(self):
        read, write = await self.transport.__aenter__()
        self.session = ClientSession(read, write)
        await self.session.__aenter__()
        self.hello = await self.session.initialize()
        return self

    async def __aexit__(self, *error):
        await self.session.__aexit__(*error)
        await self.transport.__aexit__(*error)

    async def names(self):
        return [tool.name for tool in (await self.session.list_tools()).tools]

    async def call(self, tool, **arguments):
        return await self.session.call_tool(tool, arguments)

    async def succeeds(self, tool, **arguments):
        result = await self.call(tool, **arguments)
        assert not result.is_error, result
        return result.structured_content

    async def denied(self, tool, **arguments):
        result = await self.call(tool, **arguments)
        assert result.is_error and result.structured_content, result
        return result.structured_content["bounden"]

    async def unknown(self, tool, **arguments):
        try:
            await self.call(tool, **arguments)
        except MCPError as error:
            assert error.error.code == -32602, error
        else:
            raise AssertionError(f"{tool} was called")


async def tools():
    async with Guarded(guarded("billing")) as billing:
        assert billing.hello.server_info.name == "acme-billing"
        # The desk also offers close_account, which the intent does not name.
        assert await billing.names() == ["get_order", "issue_return", "issue_refund"]
        order = await billing.succeeds("get_order", order_id="A-1001")
        assert order["item"] == "Walking boots"
        await billing.unknown("close_account", customer_id="C-001")
        await billing.unknown("no_such_tool")
        # Bad business input reaches the desk and comes back as the desk says it.
        result = await billing.call("get_order", order_id="A-9999")
        assert result.is_error and "no order A-9999" in result.content[0].text
        # Arguments that break the pinned schema do not.
        denied = await billing.denied("get_order", order_id="A-1001", extra=1)
        assert denied["reason"] == "malformed", denied
    assert executed("billing") == [
        ("get_order", {"order_id": "A-1001"}),
        ("get_order", {"order_id": "A-9999"}),
    ]


asyncio.run(globals()[SCENARIO]())
