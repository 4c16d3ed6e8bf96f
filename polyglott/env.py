"""What varies from house to house, read once from the environment into one frozen model."""

import contextlib
import re
import secrets
import socket
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """Each field is an environment variable with the prefix ``POLYGLOTT_`` (``.env`` is read too)."""

    model_config = SettingsConfigDict(
        env_prefix="POLYGLOTT_",
        env_file=BASE_DIR / ".env",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    var_dir: Path = BASE_DIR / "var"
    public_url: str = ""
    port: int = Field(8000, ge=1, le=65535)
    lan: bool = False
    debug: bool = False
    secret_key: str = ""
    ollama_host: str = Field("", validation_alias="OLLAMA_HOST")
    engine: Literal["auto", "off"] = "auto"
    engine_model: str = ""
    allow_cloud: bool = False
    # Who looks at what learners write: rules, a dictionary and the model; the first two; nobody.
    corrections: Literal["model", "rules", "off"] = "model"
    # Another LanguageTool than the one that `manage.py languagetool` runs here.
    languagetool_url: str = Field("", validation_alias="LANGUAGETOOL_URL")
    # Who makes the report of a talk: code, and a model that may add to it; code alone.
    reports: Literal["model", "code"] = "model"
    time_scale: float = Field(1.0, gt=0, le=10)
    probe_every_s: float = Field(30.0, gt=0)
    undo_s: float = Field(30.0, ge=0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("public_url")
    @classmethod
    def _whole_origin(cls, value: str) -> str:
        if value and not _is_origin(value):
            raise ValueError("must be a whole address and nothing behind it, such as https://tutor.school.example")
        # As browsers name it: what they send is compared with it letter by letter.
        origin = value.lower().rstrip("/")
        return origin.removesuffix(":443" if origin.startswith("https:") else ":80")

    @field_validator("languagetool_url")
    @classmethod
    def _of_a_server(cls, value: str) -> str:
        if value and not _is_origin(value):
            raise ValueError("must be an address such as http://127.0.0.1:8081, and nothing behind it")
        return value.rstrip("/")

    @cached_property
    def base_url(self) -> str:
        """The one address that links are built from, without a trailing slash."""
        return self.public_url or f"http://{lan_address() if self.lan else '127.0.0.1'}:{self.port}"

    @cached_property
    def origins(self) -> list[str]:
        """Origins a browser may send commands from: the public one, and loopback on the same port."""
        own = urlsplit(self.base_url)
        loopback = [f"http://{name}:{self.port}" for name in ("127.0.0.1", "localhost")]
        return list(dict.fromkeys([f"{own.scheme}://{own.netloc}", *loopback]))

    @cached_property
    def hosts(self) -> list[str]:
        return sorted({urlsplit(origin).hostname or "" for origin in self.origins})

    @cached_property
    def secure(self) -> bool:
        return self.base_url.startswith("https://")

    @cached_property
    def behind_proxy(self) -> bool:
        """Whether all who come through the network come by way of a web server on this computer.

        Then ``X-Forwarded-For`` is that server's word; else anybody could write it.
        """
        return self.secure and not self.lan

    def key(self) -> str:
        """The signing key: from the environment, else from ``var/secret_key`` (made on first use, mode 0600)."""
        return self.secret_key or _kept_key(self.var_dir / "secret_key")


def _is_origin(value: str) -> bool:
    """Scheme, host and perhaps a port: no user, path, query or second address."""
    if re.fullmatch(r"https?://([^][\s/?#@:,\\]+|\[[0-9a-f:.]+\])(:\d+)?/?", value, re.IGNORECASE) is None:
        return False
    try:
        return urlsplit(value).port != 0
    except ValueError:
        return False


def lan_address() -> str:
    """This machine's address in the local network. Nothing is sent: a UDP socket only picks its route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _kept_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


def read() -> Environment:
    """The environment of this process. Ends it with a sentence for each value that makes no sense."""
    try:
        return Environment()
    except ValidationError as fault:
        raise SystemExit("\n".join(_complaint(error) for error in fault.errors(include_input=False))) from None


def _complaint(error: ErrorDetails) -> str:
    name = str(error["loc"][0]) if error["loc"] else "environment"
    variable = name if name.isupper() else f"POLYGLOTT_{name.upper()}"
    return f"{variable}: {error['msg'].removeprefix('Value error, ')}"


env = read()
