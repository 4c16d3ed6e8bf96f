"""The least that could stand in our place: one stream's lines from a raw socket to a websocket, and nothing else."""

from __future__ import annotations

import asyncio
import json
import sys
from urllib.parse import urlsplit

from websockets.asyncio.server import ServerConnection, serve


async def relay(socket: ServerConnection, host: str, port: int) -> None:
    """Ask for the text that the browser sent, and pass on each line that is a chunk."""
    async for asked in socket:
        reader, writer = await asyncio.open_connection(host, port)
        message = {"role": "user", "content": json.loads(asked)["text"]}
        body = json.dumps({"model": "qwen2.5:7b", "messages": [message], "stream": True}).encode()
        writer.write(b"POST /api/chat HTTP/1.1\r\nHost: relay\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        # Every chunk of the HTTP body is one line of JSON, between lines of framing.
        async for line in reader:
            if line.startswith(b"{"):
                await socket.send(line.decode())
            elif line == b"0\r\n":
                break
        writer.close()


async def _serve(ollama: str) -> None:
    address = urlsplit(ollama)
    host, port = str(address.hostname), int(address.port or 80)
    async with serve(lambda socket: relay(socket, host, port), "127.0.0.1", 0, compression=None) as server:
        [listening] = server.sockets
        sys.stdout.write(f"ws://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
