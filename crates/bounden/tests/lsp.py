"""Works on an intent in `bounden lsp` as an editor does, by the client of pygls.

lsp.py BINARY FOLDER: the folder holds the shipped example with its contracts.
Its types (lsprotocol, made from the protocol's own model) refuse every answer
that is not of the shape that the protocol gives it.
"""

import asyncio
import json
import pathlib
import subprocess
import sys

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

BINARY, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
FILE = FOLDER / "behavior.intent"
URI = FILE.as_uri()
DOCUMENT = lsp.TextDocumentIdentifier(uri=URI)


class Editor:
    """An editor with one document, which counts UTF-16 as the protocol does."""

    def __init__(self, text):
        self.client = LanguageClient("test-editor", "1")
        self.text, self.version = text, 1
        self.published = asyncio.Queue()
        self.registered = []

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params):
            self.published.put_nowait(params)

        @self.client.feature(lsp.CLIENT_REGISTER_CAPABILITY)
        def _(params):
            self.registered += params.registrations

    def position(self, at):
        before = self.text[:at]
        line = before.count("\n")
        column = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
        return lsp.Position(line=line, character=column)

    def offset(self, position):
        lines = self.text.split("\n")
        before = sum(len(line) + 1 for line in lines[: position.line])
        units = lines[position.line].encode("utf-16-le")[: 2 * position.character]
        return before + len(units.decode("utf-16-le"))

    def slice(self, range_):
        return self.text[self.offset(range_.start) : self.offset(range_.end)]

    def on(self, text, inside=0):
        """The position of the first occurrence of a text, so far inside."""
        return self.position(self.text.index(text) + inside)

    def replace(self, old, new):
        """Types over the first occurrence of a text; only the change is sent."""
        at = self.text.index(old)
        range_ = lsp.Range(start=self.position(at), end=self.position(at + len(old)))
        self.text = self.text[:at] + new + self.text[at + len(old) :]
        self.version += 1
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=URI, version=self.version),
                content_changes=[lsp.TextDocumentContentChangePartial(range=range_, text=new)],
            )
        )

    def applied(self, edit):
        """The text with an edit of the server."""
        edits = [(self.offset(e.range.start), self.offset(e.range.end), e.new_text) for e in edit.changes[URI]]
        text = self.text
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new + text[end:]
        return text

    async def findings(self):
        """The findings about the text as it is now."""
        while True:
            params = await asyncio.wait_for(self.published.get(), 30)
            assert params.uri == URI, params
            if params.version in (self.version, None):
                return params.diagnostics

    def at(self, kind, text, inside=0):
        return kind(text_document=DOCUMENT, position=self.on(text, inside))


def checked(text):
    """What `bounden check` finds in the text, with the words that it underlines."""
    FILE.write_text(text)
    run = subprocess.run([BINARY, "check", str(FOLDER), "--format", "json"], capture_output=True)
    source = text.encode()
    return sorted(
        (found["code"], source[found["span"]["start"]["byte"] : found["span"]["end"]["byte"]].decode())
        for found in json.loads(run.stdout)["diagnostics"]
    )


def shown(editor, findings):
    return sorted((found.code, editor.slice(found.range)) for found in findings)


async def refused(code, request):
    try:
        answer = await request
    except JsonRpcException as error:
        assert error.code == code, error
    else:
        raise AssertionError(f"{answer} instead of error {code}")


async def start(editor):
    client = editor.client
    await client.start_io(BINARY, "lsp", "--stdio")
    await refused(-32002, client.text_document_hover_async(editor.at(lsp.HoverParams, "agent")))
    watching = lsp.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    workspace = lsp.WorkspaceClientCapabilities(did_change_watched_files=watching)
    started = await client.initialize_async(
        lsp.InitializeParams(capabilities=lsp.ClientCapabilities(workspace=workspace))
    )
    assert started.server_info.name == "bounden", started
    assert started.capabilities.text_document_sync.change == lsp.TextDocumentSyncKind.Incremental
    client.initialized(lsp.InitializedParams())
    for uri, text in ((URI, editor.text), ("file:///values.yaml", "a: {")):
        item = lsp.TextDocumentItem(uri=uri, language_id="yaml", version=1, text=text)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))


async def findings_follow_the_text(editor):
    found = await editor.findings()
    assert shown(editor, found) == checked(editor.text), found
    assert found[0].code_description.href.endswith("/B401.md"), found
    editor.replace("tier: medium", 'tire: "𝄞𝄞", kept: "𝄞"')
    found = await editor.findings()
    assert shown(editor, found) == checked(editor.text), found
    editor.replace("purpose: Help", "purpose: [ \x01 {{ Help")
    broken = await editor.findings()
    assert shown(editor, broken) == checked(editor.text) and broken, broken
    for step in "[{\"'`|>&*!%@,:#-?\\\t é𝄞":
        editor.replace("purpose: [", f"purpose: [{step}")
    await editor.findings()
    for kind in (lsp.HoverParams, lsp.CompletionParams, lsp.DefinitionParams):
        await ask(editor, kind, "invariants:", 3)
    at = editor.text.index("purpose:")
    end = editor.text.index("\n", at)
    editor.replace(editor.text[at:end], "purpose: Help shoppers.")
    editor.replace('tire: "𝄞𝄞", kept: "𝄞"', "tier: medium")
    assert [found.code for found in await editor.findings()] == ["B401"]


async def ask(editor, kind, text, inside=0):
    requests = {
        lsp.HoverParams: editor.client.text_document_hover_async,
        lsp.CompletionParams: editor.client.text_document_completion_async,
        lsp.DefinitionParams: editor.client.text_document_definition_async,
    }
    return await requests[kind](editor.at(kind, text, inside))


async def a_place_is_explained(editor):
    async def said(text, inside=0):
        hover = await ask(editor, lsp.HoverParams, text, inside)
        return hover.contents.value if hover else ""

    assert "How much harm a mistake can do" in await said("tier: medium", 2)
    assert "`low`, `medium`, `high`" in await said("tier: medium", 8)
    tool = await said("trigger: call billing.issue_refund", 20)
    assert "args.amount: number, required" in tool and "`[\"spend\",\"update\"]`" in tool, tool
    assert "sha256:" in tool, tool
    assert "call: desk.escalate_to_human" in await said("escalate: human-desk", 12)
    assert "**B401**" in await said("min_trials: 1, adversarial", 13)
    assert await said("# What an outdoor", 4) == ""


async def names_lead_to_their_declarations(editor):
    for text, inside, declared in (
        ("do: escalate human-desk", 15, "human-desk: {call"),
        ("trigger: call billing.issue_refund", 20, "billing.issue_refund:\n"),
        ('calls("billing.get_order")', 10, "billing.get_order: {version"),
        ("require approval from support-lead", 28, "support-lead: {team"),
        ("  billing.get_order: {version", 5, "billing: {command"),
        ("criterion: return-in-time", 14, "return-in-time:\n"),
        ("fact: order.age_days", 8, "order: {result_of"),
    ):
        found = await ask(editor, lsp.DefinitionParams, text, inside)
        assert found.uri == URI, found
        assert found.range.start == editor.on(declared), (text, found)
    assert await ask(editor, lsp.DefinitionParams, "purpose:", 2) is None


async def what_can_be_written_is_offered(editor):
    async def offered(text, inside):
        items = await ask(editor, lsp.CompletionParams, text, inside)
        return {editor.slice(item.text_edit.range) + ">" + item.text_edit.new_text for item in items}

    editor.replace("  tier: medium", '  id2: "𝄞", ti')
    assert "ti>tier: " not in await offered('"𝄞", ti', 7)
    editor.replace('  id2: "𝄞", ti', "  ti")
    assert "ti>tier: " in await offered("  ti\npurpose", 4)
    editor.replace("  ti\npurpose", "  tier: medium\npurpose")
    editor.replace("when: args.amount > 500", "when: args.am")
    assert "am>amount" in await offered("when: args.am\n", 13)
    editor.replace("when: args.am\n", "when: args.amount > 500\n")
    assert "hum>human-desk" in await offered("escalate: human-desk", 13)


async def repairs_are_offered(editor):
    async def actions(text, kinds=None):
        context = lsp.CodeActionContext(diagnostics=[], only=kinds)
        range_ = lsp.Range(start=editor.on(text), end=editor.on(text, len(text)))
        return await editor.client.text_document_code_action_async(
            lsp.CodeActionParams(text_document=DOCUMENT, range=range_, context=context)
        )

    # The example has a finding, and a safe repair, elsewhere.
    assert [action.kind for action in await actions("version: 1.4.0")] == ["source.fixAll.bounden"]
    editor.replace("version: 1.4.0", "version: 1.4")
    editor.replace("purpose: ", "prupose: ")
    (safe, everything) = await actions("version: 1.4")
    assert (safe.kind, safe.is_preferred) == ("quickfix", True), safe
    assert 'version: "1.4"' in editor.applied(safe.edit)
    assert everything.kind == "source.fixAll.bounden", everything
    assert editor.applied(everything.edit) == editor.text.replace("version: 1.4", 'version: "1.4"')
    (unsafe,) = await actions("prupose: ", ["quickfix"])
    assert not unsafe.is_preferred and unsafe.title.startswith("Did you mean `purpose`?"), unsafe
    assert [a.kind for a in await actions("scope:", ["source"])] == [everything.kind]
    editor.replace("version: 1.4", "version: 1.4.0")
    editor.replace("prupose: ", "purpose: ")


async def the_outline_is_that_of_the_document(editor):
    symbols = await editor.client.text_document_document_symbol_async(
        lsp.DocumentSymbolParams(text_document=DOCUMENT)
    )
    names = {symbol.name: symbol for symbol in symbols}
    assert list(names)[:3] == ["schema", "agent", "purpose"], names
    tools = [child.name for child in names["tools"].children]
    assert tools[0] == "billing.get_order" and len(tools) == 4, tools
    for symbol in symbols:
        assert editor.slice(symbol.selection_range) == symbol.name, symbol


async def pinned_tools_are_read_again(editor):
    assert [options.id for options in editor.registered] == ["contracts"], editor.registered
    await editor.findings()
    contracts = FOLDER / "behavior.contracts.json"
    kept = contracts.read_text()
    change = lsp.FileEvent(uri=contracts.as_uri(), type=lsp.FileChangeType.Changed)
    changed = lsp.DidChangeWatchedFilesParams(changes=[change])
    contracts.write_text("{")
    editor.client.workspace_did_change_watched_files(changed)
    assert "B130" in [found.code for found in await editor.findings()]
    contracts.write_text(kept)
    editor.client.workspace_did_change_watched_files(changed)
    assert [found.code for found in await editor.findings()] == ["B401"]


async def what_is_not_understood_is_answered(editor):
    protocol = editor.client.protocol
    await refused(-32601, protocol.send_request_async("bounden/noSuchThing", {}))
    await refused(-32601, protocol.send_request_async("$/noSuchThing", {}))
    protocol.notify("bounden/noSuchThing", {})
    unknown = lsp.HoverParams(
        text_document=lsp.TextDocumentIdentifier(uri="file:///none"),
        position=lsp.Position(line=9, character=9),
    )
    assert await editor.client.text_document_hover_async(unknown) is None


async def a_text_becomes_an_intent(editor):
    client, uri = editor.client, "untitled:new"
    item = lsp.TextDocumentItem(uri=uri, language_id="yaml", version=1, text="# new\n")
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
    for version, text in ((2, "schema: behavior.intent/v1\n"), (3, "a: 1\n")):
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=uri, version=version),
                content_changes=[lsp.TextDocumentContentChangeWholeDocument(text=text)],
            )
        )
        told = await asyncio.wait_for(editor.published.get(), 30)
        assert (told.uri, told.version) == (uri, version), told
        assert bool(told.diagnostics) == (version == 2), told


async def stop(editor):
    client = editor.client
    closed = lsp.DidCloseTextDocumentParams(text_document=DOCUMENT)
    client.text_document_did_close(closed)
    assert not await editor.findings()
    await client.shutdown_async(None)
    await refused(-32600, client.text_document_hover_async(editor.at(lsp.HoverParams, "agent")))
    client.exit(None)
    assert await asyncio.wait_for(client._server.wait(), 30) == 0
    await client.stop()


async def main():
    editor = Editor(FILE.read_text())
    await start(editor)
    await findings_follow_the_text(editor)
    await a_place_is_explained(editor)
    await names_lead_to_their_declarations(editor)
    await what_can_be_written_is_offered(editor)
    await repairs_are_offered(editor)
    await the_outline_is_that_of_the_document(editor)
    await pinned_tools_are_read_again(editor)
    await what_is_not_understood_is_answered(editor)
    await a_text_becomes_an_intent(editor)
    await stop(editor)


asyncio.run(main())
