"""Drives the example desk with the official client, as an agent's host would."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

BINARY, JOURNAL = sys.argv[1:]


def desk(*arguments):
    return stdio_client(StdioServerParameters(command=BINARY, args=["example-desk", *arguments]))


async def session_with(body, *arguments):
    async with desk(*arguments) as (read, write), ClientSession(read, write) as session:
        await body(session, await session.initialize())


async def succeeds(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    assert not result.is_error, result
    return result.structured_content


async def fails(session, why, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    assert result.is_error and why in result.content[0].text, result


async def names(session):
    return [tool.name for tool in (await session.list_tools()).tools]


async def whole_desk(session, hello):
    assert hello.server_info.name == "acme-support" and hello.server_info.version == "2.1.0"
    assert hello.protocol_version == "2025-11-25"
    tools = {tool.name: tool for tool in (await session.list_tools()).tools}
    assert list(tools) == [
        "get_order", "issue_return", "issue_refund", "close_account", "escalate_to_human",
    ]
    assert tools["get_order"].annotations.read_only_hint
    assert tools["issue_refund"].annotations.destructive_hint
    assert all(tool.input_schema["additionalProperties"] is False for tool in tools.values())
    assert all(tool.output_schema for tool in tools.values())

    order = await succeeds(session, "get_order", order_id="A-1001")
    assert (order["age_days"], order["total"], order["status"]) == (12, 129, "delivered")
    await fails(session, "no order A-9999", "get_order", order_id="A-9999")
    await fails(session, "no argument `id`", "get_order", order_id="A-1001", id=1)

    returned = await succeeds(session, "issue_return", order_id="A-1001", reason="too small")
    assert returned["url"].startswith("https://returns.acme.example/")
    await fails(session, "returned already", "issue_return", order_id="A-1001")
    await fails(session, "45 days old", "issue_return", order_id="A-1004")
    await fails(session, "not been delivered", "issue_return", order_id="A-1005")

    await fails(session, "more than the 240", "issue_refund",
                customer_id="C-002", order_id="A-1003", amount=240.01)
    await fails(session, "another customer", "issue_refund",
                customer_id="C-001", order_id="A-1003", amount=1)
    await fails(session, "more than 0", "issue_refund", customer_id="C-002", amount=-400)
    await fails(session, "paid in USD", "issue_refund", customer_id="C-002", amount=1, currency="EUR")
    paid = await succeeds(session, "issue_refund", customer_id="C-002", order_id="A-1003", amount=100.5)
    assert paid["amount"] == 100.5
    await fails(session, "139.5 left", "issue_refund",
                customer_id="C-002", order_id="A-1003", amount=139.51)
    await succeeds(session, "issue_refund", customer_id="C-002", amount=1589)
    await fails(session, "0.5 that customer", "issue_refund", customer_id="C-002", amount=0.51)
    await succeeds(session, "issue_refund", customer_id="C-002", amount=0.5)

    assert (await succeeds(session, "escalate_to_human", queue="support"))["position"] == 1
    assert (await succeeds(session, "escalate_to_human", queue="support"))["position"] == 2
    await fails(session, "no queue", "escalate_to_human", queue="nobody")

    await succeeds(session, "close_account", customer_id="C-001")
    await fails(session, "closed", "issue_refund", customer_id="C-001", order_id="A-1002", amount=1)
    try:
        await session.call_tool("drop_tables", {})
        raise AssertionError("an unknown tool was called")
    except MCPError as error:
        assert error.error.code == -32602, error


async def billing(session, hello):
    assert hello.server_info.name == "acme-billing"
    assert await names(session) == ["get_order", "issue_return", "issue_refund", "close_account"]


async def queues(session, hello):
    assert hello.server_info.name == "acme-desk"
    assert await names(session) == ["escalate_to_human"]


async def main():
    await session_with(whole_desk, "--journal", JOURNAL)
    await session_with(billing, "--part", "billing")
    await session_with(queues, "--part", "desk")
    calls = [json.loads(line) for line in open(JOURNAL)]
    assert calls[0] == {"tool": "get_order", "arguments": {"order_id": "A-1001"}, "ok": True}
    assert "drop_tables" not in {call["tool"] for call in calls}
    assert [call["ok"] for call in calls if call["tool"] == "issue_return"] == [True, False, False, False]


asyncio.run(main())
