"""An authority that nobody trusts but those who are told to, and a certificate from it."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """`trusted` is what SSL_CERT_FILE may name; `serving` is for a server under any of the names."""

    trusted: Path
    serving: ssl.SSLContext


def authority(folder: Path, names: Sequence[str]) -> Authority:
    """Make an authority and, signed by it, one certificate for all these names of hosts."""
    issuer_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer, subject = _name("an authority of the tests"), _name("a server of the tests")
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    ca = _draft(issuer, issuer, issuer_key).add_extension(constraints, critical=True)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    leaf = _draft(issuer, subject, key).add_extension(alternatives, critical=False)
    trusted, served = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(_pem(ca.sign(issuer_key, hashes.SHA256())))
    served.write_bytes(_pem(leaf.sign(issuer_key, hashes.SHA256())) + _private(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served)
    return Authority(trusted, context)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _draft(issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - _DAY, now + _DAY
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
