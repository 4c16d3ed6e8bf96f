"""A caller who has met every refusal: each error is caught by the name that programs know it by."""

from __future__ import annotations

import httpx
import ollama
from ollama import Client, ResponseError

HELLO = [{"role": "user", "content": "Hello"}]

try:
    ollama.chat("no-such-model", HELLO)
except ResponseError as error:
    print(error, "|", error.error, "|", error.status_code)

try:
    for part in ollama.chat("no-such-model", HELLO, stream=True):
        print("never", part)
except ollama.ResponseError as error:
    print(error.status_code, error.error, isinstance(error, Exception))

try:
    for piece in ollama.generate("gemma3", "Hello", stream=True):
        print(piece["response"])
except ollama.ResponseError as error:
    print("in the middle:", error.error, error.status_code)

try:
    ollama.show("nothing")
except ResponseError as error:
    print(error.status_code)

try:
    Client(host="http://127.0.0.1:1").list()
except ConnectionError as error:
    print("not connected", "ollama.com/download" in str(error))

try:
    for part in Client("127.0.0.1:1").chat("gemma3", HELLO, stream=True):
        print("never", part)
except httpx.ConnectError:
    print("nobody there")

hasty = Client(timeout=1, headers={"X-Hasty": "yes"})
calm = Client(timeout=30, headers={"X-Hasty": "no"})
try:
    hasty.chat("gemma3", HELLO)
except httpx.TimeoutException:
    print("too slow")
print(calm.chat(model="gemma3", messages=HELLO, keep_alive=0)["message"]["content"])

try:
    calm.generate("gemma3", "Hello")
except httpx.TransportError:
    print("hung up")

try:
    ollama.chat("", HELLO)
except ValueError as error:
    print("no model", isinstance(error, ValueError))

try:
    ollama.chat("gemma3", [{"role": "user", "content": "Look", "images": ["missing.png"]}])
except ValueError:
    print("no picture")

oops = ResponseError('{"error": "boiled over"}', 418)
print(oops.error, oops.status_code, str(oops), ResponseError("plain").status_code)
print(ollama.RequestError("what?").error)
print("That was all.")
