"""A server built with the official library: `stdio`, or HTTP answering in `json` or `sse`."""

import socket
import sys

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError

server = MCPServer("oracle", version="4.5.6", log_level="ERROR")


@server.tool()
async def add(a: int, b: int, ctx: Context) -> int:
    """Adds two numbers."""
    await ctx.report_progress(1, 2, "half way")
    return a + b


@server.tool()
def fail() -> str:
    """Always fails."""
    raise ToolError("as promised")


def serve_http(json_response):
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    app = server.streamable_http_app(json_response=json_response)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


if sys.argv[1] == "stdio":
    server.run()
else:
    serve_http(sys.argv[1] == "json")
