"""Drives the guard over HTTP: with the official client, and request by request."""

import asyncio
import hashlib
import http.client
import json
import pathlib
import signal
import subprocess
import sys
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

BINARY, *SCENARIOS = sys.argv[1:]
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}


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
        journal = self.folder / f"{part}.jsonl"
        lines = journal.read_text().splitlines() if journal.exists() else []
        return [(call["tool"], call["arguments"]) for call in map(json.loads, lines)]

    @contextmanager
    def endpoint(self, *options):
        """The address of a guard that serves HTTP."""
        command = [BINARY, "guard", "mcp", *self.policy, "--listen", "127.0.0.1:0", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()

    def billing(self, *options):
        return self.endpoint("--server", "billing", *options, "--", *self.desk("billing"))


@asynccontextmanager
async def connected(url, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx2.AsyncClient(headers=headers) as client:
        async with streamable_http_client(url, http_client=client) as (read, write):
            async with ClientSession(read, write) as session:
                await session.initialize()
                yield session


async def denied(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    assert result.is_error and result.structured_content, result
    return result.structured_content["bounden"]


async def succeeds(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    assert not result.is_error, result
    return result.structured_content


def request(url, method, body=None, **headers):
    """Status, headers and JSON of one plain request."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.request(method, parts.path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    text = response.read()
    return response.status, response.headers, json.loads(text) if text else None


def post(url, message, **headers):
    body = message if isinstance(message, str) else json.dumps({"jsonrpc": "2.0", **message})
    return request(url, "POST", body, **{**JSON, **headers})


def begin(url, **headers):
    status, said, body = post(url, {"id": 1, "method": "initialize", "params": HELLO}, **headers)
    assert status == 200 and "result" in body, body
    session = {"Mcp-Session-Id": said["Mcp-Session-Id"], **headers}
    assert post(url, {"method": "notifications/initialized"}, **session)[0] == 202
    return session


async def official(at):
    with at.billing() as url:
        async with connected(url) as one, connected(url) as other:
            names = [tool.name for tool in (await one.list_tools()).tools]
            assert names == ["get_order", "issue_return", "issue_refund"], names
            refund = {"customer_id": "C-002", "order_id": "A-1004"}
            await succeeds(one, "issue_refund", **refund, amount=300)
            # Two sessions of one agent share what it may spend on a customer.
            over = await denied(other, "issue_refund", **refund, amount=201)
            assert over["verdict"] == "require_approval", over
            approve = [BINARY, "approve-call", over["approval"], "--role", "support-lead", *at.state]
            assert subprocess.run(approve).returncode == 0
            await succeeds(other, "issue_refund", **refund, amount=201)
            # What was looked up in one session is not known in the other.
            await succeeds(one, "get_order", order_id="A-1001")
            blocked = await denied(other, "issue_return", order_id="A-1001")
            assert blocked["rules"][0]["id"] == "order-looked-up-first", blocked
            try:
                await one.call_tool("close_account", {"customer_id": "C-001"})
                raise AssertionError("a hidden tool was called")
            except MCPError as error:
                assert error.error.code == -32602
    assert [tool for tool, _ in at.executed("billing")] == ["issue_refund", "issue_refund", "get_order"]


async def several_servers(at):
    servers = at.folder / "servers.json"
    servers.write_text(json.dumps({part: {"command": at.desk(part)} for part in ("billing", "desk")}))
    with at.endpoint("--servers", str(servers)) as url:
        async with connected(url) as both:
            await succeeds(both, "billing.get_order", order_id="A-1001")
            await succeeds(both, "desk.escalate_to_human", queue="support")
    assert at.executed("desk") == [("escalate_to_human", {"queue": "support"})]


async def a_server_elsewhere(at):
    with at.billing() as far:
        # The guard in front has a state and an opinion of its own.
        here = Place(at.folder, ["--state", str(at.folder / "near"), *at.policy[2:]])
        with here.endpoint("--server", "billing", "--upstream", far) as near:
            async with connected(near) as session:
                assert len((await session.list_tools()).tools) == 3
                assert (await succeeds(session, "get_order", order_id="A-1001"))["age_days"] == 12
                result = await session.call_tool("get_order", {"order_id": "A-9999"})
                assert result.is_error and "no order" in result.content[0].text
    assert len(at.executed("billing")) == 2


async def tokens(at):
    listed = at.folder / "tokens.json"
    digest = lambda token: "sha256:" + hashlib.sha256(token.encode()).hexdigest()
    listed.write_text(json.dumps({"ann": digest("one"), "bea": digest("two")}))
    with at.billing("--tokens", str(listed)) as url:
        hello = {"id": 1, "method": "initialize", "params": HELLO}
        status, headers, _ = post(url, hello)
        assert status == 401 and headers["WWW-Authenticate"] == "Bearer"
        assert post(url, hello, Authorization="Bearer three")[0] == 401
        ann = begin(url, Authorization="Bearer one")
        assert post(url, {"id": 2, "method": "ping"}, **ann)[0] == 200
        # A session belongs to whoever began it.
        stolen = {**ann, "Authorization": "Bearer two"}
        assert post(url, {"id": 3, "method": "ping"}, **stolen)[0] == 404
        async with connected(url, token="two") as session:
            await succeeds(session, "get_order", order_id="A-1001")
    open_to_all = [BINARY, "guard", "mcp", *at.policy, "--listen", "0.0.0.0:0", "--server", "billing", "--", "true"]
    assert subprocess.run(open_to_all, capture_output=True).returncode == 3


async def requests(at):
    with at.billing() as url:
        ping = {"id": 7, "method": "ping"}
        session = begin(url)
        assert post(url, ping, **session)[2] == {"id": 7, "jsonrpc": "2.0", "result": {}}
        # Pages of other origins, and names that lead here by a foreign DNS.
        assert post(url, ping, **session, Origin="https://evil.example")[0] == 403
        assert post(url, ping, **session, Host="evil.example")[0] == 403
        assert post(url, ping, **session, Origin=url.removesuffix("/mcp"))[0] == 200
        # What is no message.
        for bad in ["nonsense", "[]", '{"jsonrpc":"2.0","id":1,"method":"ping"} {}', '{"id":1,"id":2}']:
            status, _, body = post(url, bad, **session)
            assert status == 400 and body["error"]["code"] in (-32700, -32600), (bad, body)
        assert post(url, ping, **{**session, "Content-Type": "text/plain"})[0] == 415
        assert post(url, ping, **{**session, "Accept": "application/json"})[0] == 406
        huge = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": {"x": "y" * (4 << 20)}})
        try:
            assert post(url, huge, **session)[0] == 413
        except ConnectionError:
            pass  # it may hang up before everything is sent
        # Sessions: none, an unknown one, another version, a client of another era.
        assert post(url, ping)[0] == 400
        assert post(url, ping, Mcp_Session_Id="0" * 32)[0] == 404
        assert post(url, ping, **session, MCP_Protocol_Version="2025-06-18")[0] == 200
        assert post(url, ping, **session, MCP_Protocol_Version="2025-11-25")[0] == 400
        status, _, body = post(url, {"id": 1, "method": "server/discover"}, MCP_Protocol_Version="2026-07-28")
        assert status == 400 and body["error"]["code"] == -32022, body
        # Other methods.
        assert request(url, "GET", **session, Accept="application/json")[0] == 406
        assert request(url, "PUT", "{}", **session)[0] == 405
        assert request(url, "DELETE", **session)[0] == 204
        assert post(url, ping, **session)[0] == 404


async def streams(at):
    odd = pathlib.Path(__file__).with_name("odd_desk.py")
    with at.endpoint("--server", "billing", "--", sys.executable, str(odd), BINARY, str(at.folder / "log")) as url:
        session = begin(url)
        parts = urlsplit(url)
        listening = http.client.HTTPConnection(parts.hostname, parts.port)
        listening.request("GET", parts.path, headers={**session, "Accept": "text/event-stream"})
        stream = listening.getresponse()
        assert stream.status == 200 and stream.headers["Content-Type"] == "text/event-stream"
        assert request(url, "GET", **session, Accept="text/event-stream")[0] == 409
        order = {"name": "get_order", "arguments": {"order_id": "A-0007"}}
        calling = asyncio.create_task(asyncio.to_thread(
            post, url, {"id": 5, "method": "tools/call", "params": order}, **session))
        # While the call is under way, its server asks the client something.
        while not (line := await asyncio.to_thread(stream.readline)).startswith(b"data:"):
            pass
        asked = json.loads(line.removeprefix(b"data:"))
        assert asked["method"] == "roots/list", asked
        assert post(url, {"id": asked["id"], "result": {"roots": []}}, **session)[0] == 202
        answer = (await calling)[2]
        assert json.loads(answer["result"]["content"][0]["text"])["result"] == {"roots": []}, answer
        listening.close()


def too_long(*_):
    """A guard that says nothing must not hold the tests."""
    raise TimeoutError


async def main():
    for scenario in map(json.loads, SCENARIOS):
        print(scenario["name"], file=sys.stderr)
        await globals()[scenario["name"]](Place(scenario["folder"], scenario["policy"]))


signal.signal(signal.SIGALRM, too_long)
signal.alarm(90)
asyncio.run(main())
