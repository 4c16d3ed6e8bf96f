"""The application as servers see it: guard, then pages, sockets and the process's own lifetime."""

import os
from typing import Any, cast

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator, WebsocketDenier
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")
pages = get_asgi_application()

from django.conf import settings  # noqa: E402 - apps first
from django.urls import path, re_path  # noqa: E402

from polyglott.guard import Guard  # noqa: E402
from polyglott.lifetime import lifespan  # noqa: E402
from polyglott.open_files import most_sockets  # noqa: E402
from tutor.chat.consumer import TalkConsumer  # noqa: E402

talk: Any = path("ws/talk", cast("Any", TalkConsumer.as_asgi()))
nowhere: Any = re_path("", cast("Any", WebsocketDenier.as_asgi()))
sockets = OriginValidator(URLRouter([talk, nowhere]), settings.CSRF_TRUSTED_ORIGINS)
application = Guard(
    ProtocolTypeRouter({"http": pages, "websocket": sockets, "lifespan": lifespan}), sockets=most_sockets()
)
