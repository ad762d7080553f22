"""Drives the guard in front of the example desk with the official client."""

import asyncio
import json
import os
import pathlib
import signal
import subprocess
import sys
from contextlib import asynccontextmanager

from mcp import ClientSession, StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

BINARY, *SCENARIOS = sys.argv[1:]
# How often a guard is killed; `cargo xtask long kill-guard` asks for more.
ROUNDS = int(os.environ.get("BOUNDEN_ROUNDS", "5"))


def bounden(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True)


class Place:
    """A guard of its own, in front of a desk of its own."""

    def __init__(self, folder, policy):
        self.folder = pathlib.Path(folder)
        self.policy = policy
        self.state = policy[:2]

    def desk(self, part):
        journal = self.folder / f"{part}.jsonl"
        return [BINARY, "example-desk", "--part", part, "--journal", str(journal)]

    def executed(self, part):
        """The calls that reached a part of the desk."""
        try:
            lines = (self.folder / f"{part}.jsonl").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [(call["tool"], call["arguments"]) for call in map(json.loads, lines)]

    def guarded(self, part, *options):
        arguments = ["guard", "mcp", *self.policy, "--server", part, *options, "--", *self.desk(part)]
        return connected(StdioServerParameters(command=BINARY, args=arguments))

    def receipts(self, tool):
        """The receipts of the calls of a tool that were permitted."""
        lines = [
            line
            for segment in sorted((self.folder / "state" / "journal").iterdir())
            for line in segment.read_text().splitlines()
        ]
        receipts = [json.loads(line)["receipt"] for line in lines]
        permitted = ("allow", "warn", "modify")
        return [
            receipt
            for receipt in receipts
            if receipt.get("tool") == tool and receipt["verdict"] in permitted
        ]

    def kill_owner(self):
        os.kill(int((self.folder / "state" / "owner.lock").read_text()), signal.SIGKILL)

    async def kill_owner_once_it_is_there(self):
        """An owner that was just killed has a successor soon."""
        while True:
            try:
                return self.kill_owner()
            except (FileNotFoundError, ProcessLookupError, ValueError):
                await asyncio.sleep(0)


@asynccontextmanager
async def connected(parameters):
    """A session with a guarded server."""
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        yield Guarded(session, await session.initialize())


class Guarded:
    """What can be done with a guarded server."""

    def __init__(self, session, hello):
        self.session = session
        self.hello = hello

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


async def tools(at):
    async with at.guarded("billing") as billing:
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
    assert at.executed("billing") == [
        ("get_order", {"order_id": "A-1001"}),
        ("get_order", {"order_id": "A-9999"}),
    ]


async def approvals(at):
    async with at.guarded("billing") as billing:
        large = {"customer_id": "C-001", "order_id": "A-1002", "amount": 700}
        held = await billing.denied("issue_refund", **large)
        assert held["verdict"] == "require_approval" and held["retryable"], held
        assert {rule["id"] for rule in held["rules"]} == {"refund-cap", "refund-total"}, held
        assert at.executed("billing") == []

        assert bounden("approve-call", "e999", "--role", "support-lead", *at.state).returncode == 2
        assert bounden("approve-call", held["approval"], "--role", "intern", *at.state).returncode == 2
        again = await billing.denied("issue_refund", **large)
        assert again["verdict"] == "require_approval", again
        assert bounden("approve-call", again["approval"], "--role", "support-lead", *at.state).returncode == 0
        # A grant is for one call: another amount is another call.
        other = await billing.denied("issue_refund", **{**large, "amount": 701})
        assert other["verdict"] == "require_approval", other
        assert (await billing.succeeds("issue_refund", **large))["amount"] == 700
        # It is used up.
        used = await billing.denied("issue_refund", **{**large, "amount": 100})
        assert used["verdict"] == "require_approval", used
    assert at.executed("billing") == [("issue_refund", large)]


async def history(at):
    async with at.guarded("billing") as billing:
        blocked = await billing.denied("issue_return", order_id="A-1001")
        assert [rule["id"] for rule in blocked["rules"]] == ["order-looked-up-first"], blocked
        await billing.succeeds("get_order", order_id="A-1001")
        await billing.succeeds("issue_return", order_id="A-1001")
        await billing.succeeds("issue_refund", customer_id="C-002", order_id="A-1004", amount=300)
    # What one customer got is counted across sessions and restarts, even of a
    # guard that was killed.
    at.kill_owner()
    async with at.guarded("billing", "--session", "another") as billing:
        over = await billing.denied("issue_refund", customer_id="C-002", order_id="A-1004", amount=201)
        assert over["verdict"] == "require_approval", over
        assert over["nearest"] == "args.amount <= 200", over
        await billing.succeeds("issue_refund", customer_id="C-002", order_id="A-1004", amount=200)
        # The lookup was another session's.
        blocked = await billing.denied("issue_return", order_id="A-1006")
        assert [rule["id"] for rule in blocked["rules"]] == ["order-looked-up-first"], blocked
    refunds = [arguments["amount"] for tool, arguments in at.executed("billing") if tool == "issue_refund"]
    assert refunds == [300, 200], refunds


async def killed_midway(at):
    async with at.guarded("billing") as billing:
        await billing.succeeds("issue_refund", customer_id="C-002", order_id="A-1004", amount=300)
        at.kill_owner()
        # The same connection finds a new owner; while there is none, nothing passes.
        for attempt in range(100):
            result = await billing.call("issue_refund", customer_id="C-002", order_id="A-1004", amount=201)
            verdict = result.structured_content["bounden"]
            if verdict["reason"] != "unavailable":
                break
        assert verdict["verdict"] == "require_approval", verdict
        await billing.succeeds("get_order", order_id="A-1004")
    assert len(at.executed("billing")) == 2, at.executed("billing")


async def killed_again_and_again(at):
    """No refund was ever paid, or told to be, without a receipt that survived."""
    acknowledged = 0
    async with at.guarded("billing") as billing:
        refund = {"customer_id": "C-002", "order_id": "A-1004", "amount": 1}
        for moment in range(ROUNDS):
            call = asyncio.ensure_future(billing.call("issue_refund", **refund))
            for _ in range(moment * 7 % 40):
                await asyncio.sleep(0)
            await at.kill_owner_once_it_is_there()
            acknowledged += not (await call).is_error
        # What is left after the last one goes on.
        while (result := await billing.call("issue_refund", **refund)).is_error:
            assert result.structured_content["bounden"]["reason"] == "unavailable", result
        acknowledged += 1
    paid, receipts = len(at.executed("billing")), at.receipts("billing.issue_refund")
    assert acknowledged <= paid <= len(receipts), (acknowledged, paid, len(receipts))
    assert len({receipt["id"] for receipt in receipts}) == len(receipts)
    print(f"{ROUNDS} kills: {acknowledged} acknowledged, {paid} paid, {len(receipts)} receipts")


async def races(at):
    async with at.guarded("billing") as billing:
        refund = {"customer_id": "C-002", "order_id": "A-1004", "amount": 200}
        results = await asyncio.gather(*(billing.call("issue_refund", **refund) for _ in range(8)))
        passed = [result for result in results if not result.is_error]
        assert len(passed) == 2, results
    assert len(at.executed("billing")) == 2


async def one_history_for_all_servers(at):
    async with at.guarded("billing") as billing, at.guarded("desk") as desk:
        # The session ends after ten denied calls, wherever they were made.
        for _ in range(10):
            await desk.unknown("no_such_tool")
        denied = await billing.denied("get_order", order_id="A-1001")
        assert denied["reason"] == "budget-exceeded", denied
    assert at.executed("billing") == []


async def stop(at):
    async with at.guarded("billing") as billing:
        await billing.succeeds("get_order", order_id="A-1001")
        assert bounden("stop", "--reason", "strange refunds", *at.state).returncode == 0
        denied = await billing.denied("get_order", order_id="A-1001")
        assert denied["reason"] == "stopped" and "strange refunds" in denied["detail"], denied
    async with at.guarded("billing") as billing:
        assert (await billing.denied("get_order", order_id="A-1001"))["reason"] == "stopped"
        assert bounden("stop", "--lift", "--reason", "explained", *at.state).returncode == 0
        await billing.succeeds("get_order", order_id="A-1001")
    assert bounden("stop", "--lift", *at.state).returncode == 4
    assert len(at.executed("billing")) == 2


async def withheld(at):
    async with at.guarded("billing") as billing:
        assert await billing.names() == ["issue_return", "issue_refund"]
        denied = await billing.denied("get_order", order_id="A-1001")
        assert denied["reason"] == "withheld", denied
    assert at.executed("billing") == []


async def masked(at):
    async with at.guarded("billing") as billing:
        result = await billing.call("get_order", order_id="A-1001")
        assert not result.is_error
        assert result.structured_content["email"] == "[email]", result
        assert "ada.keller" not in result.model_dump_json() and "[email]" in result.content[0].text


async def withheld_results(at):
    async with at.guarded("billing") as billing:
        result = await billing.call("get_order", order_id="A-1002")
        assert result.is_error and "withheld" in result.content[0].text, result
        assert "bicycle" not in result.model_dump_json()
        await billing.succeeds("get_order", order_id="A-1001")
    assert len(at.executed("billing")) == 2


async def several_servers(at):
    servers = at.folder / "servers.json"
    servers.write_text(json.dumps({part: {"command": at.desk(part)} for part in ("billing", "desk")}))
    for style, separator in (("dotted", "."), ("underscored", "__")):
        arguments = ["guard", "mcp", *at.policy, "--servers", str(servers), "--names", style]
        async with connected(StdioServerParameters(command=BINARY, args=arguments)) as both:
            assert await both.names() == [
                f"billing{separator}get_order",
                f"billing{separator}issue_return",
                f"billing{separator}issue_refund",
                f"desk{separator}escalate_to_human",
            ]
            await both.succeeds(f"billing{separator}get_order", order_id="A-1001")
            ticket = await both.succeeds(f"desk{separator}escalate_to_human", queue="support")
            assert ticket["position"] == 1
            await both.unknown(f"billing{separator}close_account", customer_id="C-001")
            await both.unknown("get_order", order_id="A-1001")
    assert [tool for tool, _ in at.executed("desk")] == ["escalate_to_human"] * 2


async def canaries(at):
    async with at.guarded("billing") as billing:
        tried = bounden("guard", "canary", "--format", "json", *at.state)
        # Nothing in front of MCP servers sees what is written to a log.
        assert tried.returncode == 1, tried
        standings = {proof["invariant"]: proof["standing"] for proof in json.loads(tried.stdout)}
        assert standings == {
            "refund-cap": "PROVEN",
            "refund-total": "PROVEN",
            "order-looked-up-first": "PROVEN",
            "no-account-changes": "PROVEN",
            "no-pii-in-logs": "DEAD",
        }, standings
        await billing.succeeds("issue_refund", customer_id="C-002", order_id="A-1004", amount=500)
    status = bounden("guard", "status", *at.state)
    assert status.returncode == 0 and "refund-cap             PROVEN" in status.stdout, status
    assert "no enforcement point of this guard sees `log`" in status.stdout, status
    assert len(at.executed("billing")) == 1


def too_long(*_):
    """A guard that says nothing must not hold the tests."""
    raise TimeoutError


async def main():
    for scenario in map(json.loads, SCENARIOS):
        print(scenario["name"], file=sys.stderr)
        await globals()[scenario["name"]](Place(scenario["folder"], scenario["policy"]))


signal.signal(signal.SIGALRM, too_long)
signal.alarm(90 + 5 * ROUNDS)
asyncio.run(main())
