"""TLS: certificates are checked, by a context that all clients share."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tutor.ollama import AsyncClient, ConnectionFailed, tls
from tutor.ollama.testing import ScriptedOllama


@pytest.fixture(autouse=True)
def _fresh_context() -> Iterator[None]:
    tls.shared_context.cache_clear()
    yield
    tls.shared_context.cache_clear()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return pem


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", None])
async def test_a_certificate_counts_if_it_is_trusted(
    monkeypatch: pytest.MonkeyPatch, certificate: Path, variable: str | None
) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    if variable:
        is_file = variable == "SSL_CERT_FILE"
        monkeypatch.setenv(variable, str(certificate if is_file else certificate.parent))
    server = ScriptedOllama(tls=serving(certificate))
    async with server, AsyncClient(server.base_url, trust_env=False) as client:
        if variable == "SSL_CERT_FILE":
            for _ in range(2):
                assert str(await client.version()) == server.version
        else:  # a folder counts only with hashed names, which this one lacks
            with pytest.raises(ConnectionFailed):
                await client.version()


def test_one_context_for_all() -> None:
    assert tls.shared_context() is tls.shared_context()
    assert tls.shared_context().verify_mode is ssl.CERT_REQUIRED
    assert tls.shared_context().check_hostname


def test_sockets_without_asyncio_load_it_too(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(1)
        tls.shared_context().wrap_socket(ours, server_hostname="x", do_handshake_on_connect=False).close()
    assert tls.shared_context().cert_store_stats()["x509"] == 1
