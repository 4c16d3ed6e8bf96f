"""What anybody would write first: a Channels consumer that asks the published client and sends a frame a token.

All of it happens in ``receive()``, as tutorials show it. It keeps nothing, knows nobody, and loses a reply with its
socket; it stands under the same Daphne as ours, with the same options.
"""

from __future__ import annotations

import os
import sys
from typing import Any, cast

import django
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from daphne.server import Server
from django.conf import settings
from ollama import AsyncClient

from tests.live.house import free_port


class ObviousConsumer(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        messages = [{"role": "user", "content": content["text"]}]
        stream = await AsyncClient().chat("qwen2.5:7b", messages, stream=True)
        async for chunk in stream:
            await self.send_json({"message": {"content": chunk.message.content}, "done": chunk.done})


def main(ollama: str) -> None:
    settings.configure(INSTALLED_APPS=["channels"], SECRET_KEY="of a neighbour", ALLOWED_HOSTS=["127.0.0.1"])
    django.setup()
    os.environ["OLLAMA_HOST"] = ollama
    port = free_port()

    def ready() -> None:
        sys.stdout.write(f"ws://127.0.0.1:{port}\n")
        sys.stdout.flush()

    consumer = cast("Any", ObviousConsumer.as_asgi())
    Server(
        application=ProtocolTypeRouter({"websocket": consumer}),
        endpoints=[f"tcp:port={port}:interface=127.0.0.1"],
        verbosity=0,
        websocket_timeout=4 * 3600,
        ready_callable=ready,
    ).run()


if __name__ == "__main__":
    main(sys.argv[1])
