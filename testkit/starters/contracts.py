"""Pinned contracts of a made-up server, with an answer to each call for the stand-in."""

READING = {"readOnlyHint": True, "openWorldHint": False}
WRITING = {"readOnlyHint": False, "destructiveHint": False, "openWorldHint": False}
DECIDING = {"readOnlyHint": False, "destructiveHint": True, "openWorldHint": False}


def kind(value):
    return {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}[type(value)]


def tool(name, says, properties, annotations, example, required=None):
    """A tool that takes `properties`, all of them unless `required` names fewer, and answers with `example`."""
    required = list(properties) if required is None else required
    schema = {"type": "object", "additionalProperties": False, "properties": properties, "required": required}
    members = {member: {"type": kind(value)} for member, value in example.items()}
    output = {"type": "object", "properties": members, "required": sorted(members), "examples": [example]}
    return {"name": name, "description": says, "inputSchema": schema, "outputSchema": output, "annotations": annotations}


def server(name, tools):
    return {"protocolVersion": "2025-11-25", "serverInfo": {"name": name, "version": "1.0.0"}, "tools": tools}


def contracts(**servers):
    return {"schema": "behavior.contracts/v1", "servers": servers}
