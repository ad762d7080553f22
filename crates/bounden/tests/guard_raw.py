"""Drives the guard line by line, in front of a desk that misbehaves."""

import json
import pathlib
import signal
import subprocess
import sys

BINARY, *SCENARIOS = sys.argv[1:]
HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}


class Guarded:
    """A guarded process, line by line."""

    def __init__(self, folder, policy):
        self.log = pathlib.Path(folder) / "log"
        self.state = pathlib.Path(folder) / "state"
        odd = pathlib.Path(__file__).with_name("odd_desk.py")
        server = [sys.executable, str(odd), BINARY, str(self.log)]
        self.process = subprocess.Popen(
            [BINARY, "guard", "mcp", *policy, "--server", "billing", "--", *server],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )

    def write(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def send(self, **message):
        self.write(json.dumps({"jsonrpc": "2.0", **message}))

    def line(self):
        return self.process.stdout.readline().rstrip("\n")

    def read(self):
        return json.loads(self.line())

    def ask(self, id, method, **params):
        self.send(id=id, method=method, params=params)
        answer = self.read()
        assert answer["id"] == id, answer
        return answer

    def look_up(self, id, order):
        self.send(id=id, method="tools/call", params={"name": "get_order", "arguments": {"order_id": order}})

    def refused(self, code):
        answer = self.read()
        assert answer["error"]["code"] == code, answer
        return answer

    def shake_hands(self):
        hello = self.ask("hello", "initialize", **HELLO)["result"]
        self.send(method="notifications/initialized")
        return hello

    def is_answered(self, id, text="done"):
        answer = self.read()
        assert answer["id"] == id and answer["result"]["content"][0]["text"] == text, answer

    def end(self):
        """Exit code, and what was said on stderr."""
        self.process.stdin.close()
        code = self.process.wait(timeout=20)
        assert self.process.stdout.read() == ""
        return code, self.process.stderr.read()

    def reached(self):
        return self.log.read_text()


def bytes_pass_untouched(desk):
    desk.shake_hands()
    odd = '{ "params" : {"big":9007199254740993, "e":1e2} , "method":"x/echo","jsonrpc":"2.0","id": 1.0 }'
    desk.write(odd)
    # The server's own request with the same id is another request.
    assert desk.line() == odd
    assert desk.line() == '{ "result" : {"odd":1e2}, "jsonrpc":"2.0", "id":1.0}'
    assert desk.end() == (0, "")
    assert odd in desk.reached()


def bad_lines_stop_at_the_guard(desk):
    desk.shake_hands()
    for bad, code in [
        ("nonsense", -32700),
        ('{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', -32700),
        ('{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}', -32700),
        ('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}', -32600),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_order","Arguments":{}}}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', -32602),
    ]:
        desk.write(bad)
        desk.refused(code)
        assert bad not in desk.reached()
    desk.look_up(3, "A-0001")
    desk.is_answered(3)
    assert desk.end() == (0, "")


REFUND = '"order_id":"A-0001","customer_id":"C-001"'
SPELLINGS = [
    ("get_order", '{"order_id":"A-0001"}'),
    ("get_order", ' {\t"\\u006frder_id" :"\\u0041-\\u00300\\u00301" } '),
    ("get_order", '{"order_id":"A-001"}'),
    ("get_order", '{"order_id":"A-0001","more":1e0}'),
    ("get_order", '{"order_id":"A-0001","\\u006frder_id":"A-0001"}'),
    ("get_order", '{"order_id":"\\ud800"}'),
    ("get_order", '{"order_id":A-0001}'),
    ("get_order", '{"order_id":"A-0001"'),
    ("get_order", "{}"),
    ("issue_refund", "{%s,\"amount\":1e2}" % REFUND),
    ("issue_refund", "{\"amount\" : 10000E-2 , %s}" % REFUND),
    ("issue_refund", "{%s,\"amount\":1.00}" % REFUND),
    ("issue_refund", "{%s,\"amount\":7.505e2}" % REFUND),
    ("issue_refund", "{%s,\"amount\":\"750\"}" % REFUND),
    ("issue_refund", "{%s,\"amount\":null}" % REFUND),
    ("issue_refund", "{%s,\"amount\":-0.0}" % REFUND),
    ("issue_refund", "{%s,\"amount\":1,\"currency\":\"\\u0055SD\"}" % REFUND),
    ("issue_refund", "{%s,\"amount\":1e301}" % REFUND),
    ("issue_refund", "{%s,\"amount\":0.12345678901234567890123456789012345}" % REFUND),
]


def spelled_oddly(desk):
    """What `bounden decide` says of a spelling is what the guard does."""
    desk.shake_hands()
    guard, lines = [], []
    for number, (tool, arguments) in enumerate(SPELLINGS):
        id = f"c{number}"
        desk.write('{"jsonrpc":"2.0","id":"%s","method":"tools/call","params":{"arguments":%s,"name":"%s"}}' % (id, arguments, tool))
        guard.append(verdict_of(desk.read()))
        call = '{"id":"%s","session":"s","event":"call","tool":"billing.%s","args":%s}' % (id, tool, arguments)
        lines.append(call)
        if guard[-1][0] == "allow":
            result = {"id": f"r{number}", "session": "s", "event": "result", "call": id, "ok": True, "result": "done"}
            lines.append(json.dumps(result))
    assert desk.end() == (0, "")
    example = pathlib.Path(__file__).parents[3] / "examples" / "support"
    command = [BINARY, "decide", "--intent", example / "behavior.intent", "--contracts", example / "behavior.contracts.json"]
    decided = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True).stdout.splitlines()
    offline = [
        (decision["verdict"], decision.get("reason", "no JSON"))
        for line, decision in zip(lines, map(json.loads, decided), strict=True)
        if '"event":"call"' in line
    ]
    assert guard == offline, list(zip(SPELLINGS, guard, offline))
    assert {verdict for verdict, _ in guard} >= {"allow", "block", "require_approval"}, guard
    calls_are_recorded_as_they_were_forwarded(desk)


def verdict_of(answer):
    if answer.get("error", {}).get("code") == -32700:
        return "block", "no JSON"
    denied = answer["result"].get("structuredContent", {}).get("bounden")
    return (denied["verdict"], denied["reason"]) if denied else ("allow", "allowed")


def calls_are_recorded_as_they_were_forwarded(desk):
    segments = sorted((desk.state / "journal").iterdir())
    entries = [json.loads(line) for segment in segments for line in segment.read_text().splitlines()]
    calls = [entry for entry in entries if entry["receipt"]["event"] == "call"]
    members = {"args", "at", "event", "id", "principal", "session", "tool"}
    assert all(set(call["input"]["event"]) == members for call in calls), calls
    permitted = [call["input"]["event"]["args"] for call in calls if call["receipt"]["verdict"] == "allow"]
    forwarded = [json.loads(line) for line in desk.reached().splitlines() if "tools/call" in line]
    assert permitted == [call["params"]["arguments"] for call in forwarded], permitted
    assert desk.reached().count('"arguments":{"order_id":"A-0001"}') == 2, desk.reached()


def nothing_comes_before_the_handshake(desk):
    desk.look_up(1, "A-0001")
    desk.refused(-32600)
    assert "tasks" not in desk.shake_hands()["capabilities"]
    desk.ask("again", "initialize", **HELLO)["error"]
    assert desk.end() == (0, "")
    assert "tools/call" not in desk.reached()


def a_call_that_asks_for_no_answer_is_dropped(desk):
    desk.shake_hands()
    call = {"name": "issue_refund", "arguments": {"order_id": "A-0001", "customer_id": "C-001", "amount": 1000}}
    desk.send(method="tools/call", params=call)
    desk.send(method="notifications/of_our_own", params={"n": 1})
    desk.look_up(1, "A-0001")
    desk.is_answered(1)
    assert desk.end() == (0, "")
    assert "issue_refund" not in desk.reached()
    assert "notifications/of_our_own" in desk.reached()


def tasks_are_not_offered(desk):
    desk.shake_hands()
    task = {"name": "get_order", "arguments": {"order_id": "A-0001"}, "task": {"ttl": 1000}}
    assert desk.ask(1, "tools/call", **task)["error"]["code"] == -32602
    assert desk.ask(2, "tasks/result", taskId="x")["error"]["code"] == -32601
    assert desk.end() == (0, "")
    assert "task" not in desk.reached()


def answers_that_nobody_asked_for_are_dropped(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0002")
    desk.is_answered(1)
    desk.look_up(2, "A-0001")
    desk.is_answered(2)
    code, said = desk.end()
    assert code == 0 and said.count("answered what nobody asked") == 2, said


def cancelling_reaches_the_server(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0003")
    # The same id again is another call in disguise.
    desk.look_up(1, "A-0001")
    desk.refused(-32600)
    while "A-0003" not in desk.reached():
        pass
    desk.send(method="notifications/cancelled", params={"requestId": 1})
    desk.look_up(2, "A-0001")
    desk.is_answered(2)
    assert desk.end() == (0, "")


def a_tool_that_changes_is_withheld(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0001")
    desk.is_answered(1)
    desk.look_up(2, "A-0004")
    seen = [desk.read(), desk.read()]
    assert {message.get("method", message.get("id")) for message in seen} == {"notifications/tools/list_changed", 2}
    desk.look_up(3, "A-0001")
    denied = desk.read()
    assert denied["result"]["structuredContent"]["bounden"]["reason"] == "withheld", denied
    names = [tool["name"] for tool in desk.ask(4, "tools/list")["result"]["tools"]]
    assert names == ["issue_return", "issue_refund"], names
    code, said = desk.end()
    assert code == 0 and "`billing.get_order` is withheld: its description" in said, said
    assert desk.reached().count("A-0001") == 1


def the_servers_end_is_passed_on(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0005")
    assert "ended" in desk.refused(-32603)["error"]["message"]
    assert desk.end()[0] == 7


def noise_is_not_passed_on_and_stderr_is(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0006")
    desk.is_answered(1)
    code, said = desk.end()
    assert code == 0 and "a line for people\n" in said and "Debugger" not in said, said


def servers_may_ask_the_client(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0007")
    asked = desk.read()
    assert asked["method"] == "roots/list", asked
    desk.send(id=asked["id"], result={"roots": []})
    assert json.loads(desk.read()["result"]["content"][0]["text"])["result"] == {"roots": []}
    assert desk.end() == (0, "")


def side_channels_pass_without_a_rule_about_results(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0008")
    assert desk.read()["params"]["message"] == "secret"
    assert desk.read()["params"]["data"] == "secret"
    desk.is_answered(1)
    assert desk.end() == (0, "")


def side_channels_are_closed_with_one(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0008")
    assert desk.read()["params"] == {"progressToken": "t", "progress": 1}
    desk.is_answered(1)
    assert desk.end() == (0, "")


def what_no_rule_has_read_does_not_pass(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0010")
    line = desk.line()
    assert "ann@example.com" not in line and "withheld" in line, line
    assert json.loads(line)["result"]["structuredContent"] == {"n": 1}
    desk.look_up(2, "A-0001")
    desk.is_answered(2)
    assert desk.end() == (0, "")


def all_of_a_result_passes_without_a_rule(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0010")
    assert desk.line().count("ann@example.com") == 3
    assert desk.end() == (0, "")


def half_an_answer_is_none(desk):
    desk.shake_hands()
    desk.look_up(1, "A-0009")
    desk.refused(-32603)
    desk.look_up(2, "A-0001")
    desk.is_answered(2)
    assert desk.end()[0] == 0


def too_long(*_):
    """A guard that says nothing must not hold the tests."""
    raise TimeoutError


signal.signal(signal.SIGALRM, too_long)
signal.alarm(90)
for scenario in map(json.loads, SCENARIOS):
    print(scenario["name"], file=sys.stderr)
    globals()[scenario["name"]](Guarded(scenario["folder"], scenario["policy"]))
