"""Tools: declared and unused, used and undeclared, too exact, without money, too many together."""

import re

from catalogue import operator

SPARE = ["get_history", "list_notes"]


def unnamed(intent, server):
    """A tool that is pinned of a server and named nowhere in the intent, or a made-up one."""
    tools = intent.contracts.get("servers", {}).get(server, {}).get("tools", [])
    offered = [f"{server}.{tool['name']}" for tool in tools]
    return next((tool for tool in offered if tool not in intent.text), f"{server}.{SPARE[0]}")


def named_in(intent, path, tool):
    node = intent.at(path)
    return bool(node) and tool in intent.source(node)


@operator
def tool_never_used(intent):
    """A tool was declared to be on the safe side; no rule, criterion or path speaks of it.

    Intended: tool declared, never used.
    """
    for entry in intent.entries("servers"):
        tool = unnamed(intent, entry.key)
        yield [intent.add(intent.at("tools"), tool, "{version: '>=1.0', effects: [create]}")], [tool]


@operator
def tool_undeclared(intent):
    """A tool that rules or criteria speak of is not declared any more.

    Intended: tool used, but not declared.
    """
    for tool, _ in intent.tools():
        if any(named_in(intent, path, tool) for path in ["invariants", "success_criteria", "bind", "escalations"]):
            yield [intent.drop(intent.at("tools"), tool)], [tool]


@operator
def trigger_on_undeclared_tool(intent):
    """A rule watches for a tool whose name is misspelt.

    Intended: tool used in a rule, but not declared.
    """
    for entry, enforce, tool in intent.rules():
        if tool:
            wrong = tool[:-2] + tool[-1] + tool[-2] + "s"
            yield [intent.put(enforce.get("trigger"), f"call {wrong}")], [wrong]


@operator
def history_of_undeclared_tool(intent):
    """A condition counts the calls of a tool whose name is misspelt.

    Intended: tool used in a rule, but not declared.
    """
    for entry, enforce, _ in intent.conditioned():
        when = enforce.get("when")
        found = re.search(r'calls\("([^"]+)"', intent.source(when))
        if found:
            at = when.start + found.end(1)
            yield [(at, at, "s")], [found[1] + "s"]


@operator
def denied_and_declared(intent):
    """A tool is declared for use, and an invariant of the allowlist denies it.

    Intended: conflicting rules.
    """
    for entry in intent.entries("invariants"):
        deny = (entry.node.get("enforce") or entry.node).get("deny")
        for tool, _ in intent.tools():
            if deny and deny.kind == "list":
                yield [intent.add_item(deny, tool)], [tool]


@operator
def server_unknown(intent):
    """Tools are declared of a server that is not there.

    Intended: dangling reference to a server.
    """
    for entry in intent.entries("servers"):
        yield [intent.rename(entry, f"{entry.key}-eu")], [entry.key]


@operator
def tool_without_server(intent):
    """A tool is named without the server that offers it.

    Intended: name that the form does not allow (a tool is SERVER.TOOL).
    """
    for entry in intent.entries("tools"):
        short = entry.key.partition(".")[2]
        yield [intent.rename(entry, short)], [short]


@operator
def tool_version_exact(intent):
    """The intent pins one release of a tool, which is what the lock is for.

    Intended: exact tool version in the intent.
    """
    for tool, node in intent.tools():
        if node.get("version"):
            yield [intent.put(node.get("version"), '"=2.1.0"')], [tool, "2.1.0"]


@operator
def tool_version_nonsense(intent):
    """The version range cannot be read.

    Intended: value of the wrong form (version range).
    """
    for tool, node in intent.tools():
        if node.get("version"):
            yield [intent.put(node.get("version"), '"latest and greatest"')], [tool, "latest and greatest"]


@operator
def effect_unknown(intent):
    """An effect is named by a word that the form does not know.

    Intended: value that the form does not know.
    """
    for tool, node in intent.tools():
        effects = node.get("effects")
        if effects and effects.items:
            yield [intent.put(effects.items[0], "pay")], [tool, "pay"]


@operator
def money_without_currency(intent):
    """An amount is bounded by a number of nobody knows what.

    Intended: money without currency.
    """
    for tool, node in intent.tools():
        if node.get("money") and node.get("money").get("currency"):
            yield [intent.drop(node.get("money"), "currency")], [tool, "currency"]


@operator
def spending_without_money(intent):
    """A tool spends, rules bound its amount, and nothing says which money that is.

    Intended: money without currency.
    """
    for tool, node in intent.tools():
        if node.get("money") and "spend" in intent.effects(node):
            yield [intent.drop(node, "money")], [tool]


@operator
def private_untrusted_and_egress(intent):
    """One agent reads private data, reads what strangers wrote, and can send: three harmless tools together.

    Intended: toxic combination.
    """
    tools = intent.at("tools")
    if tools and tools.style == "block":
        server = intent.entries("servers")[0].key
        three = [
            ("read_customer_file", "[observe], labels: {result: confidential}"),
            ("read_inbox", "[observe], labels: {result: untrusted}"),
            ("send_mail", "[send], labels: {result: internal}"),
        ]
        stop = intent.text.find("\n", tools.end)
        lead = " " * tools.entries[0].lead
        lines = "".join(f"\n{lead}{server}.{tool}: {{version: '>=1', effects: {rest}}}" for tool, rest in three)
        yield [(stop, stop, lines)], [f"{server}.{tool}" for tool, _ in three]
