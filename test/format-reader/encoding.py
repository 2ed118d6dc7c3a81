"""The outer forms: b64u, JSON and its one spelling, JWS, JWE, commitments (docs/vault-format.md)."""

import base64
import hashlib
import json
import math
import re
from decimal import Decimal

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KID = re.compile(r"([0-9A-Za-z_-]{1,64})\.([1-9][0-9]{0,8})", re.ASCII)
MAX_JSON_MARKS = 1_000_000
JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
JSON_MARK = re.compile(r"[,\[{]")


class Malformed(Exception):
    """What is stored has another form; the message says which."""


def b64u_encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64u(text: str) -> bytes:
    """Decodes the one spelling."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text, re.ASCII) or len(text) % 4 == 1:
        raise Malformed("not b64u")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64u_encode(data) != text:
        raise Malformed("not the one spelling of b64u")
    return data


def sha256(text: str) -> str:
    return b64u_encode(hashlib.sha256(text.encode("latin-1")).digest())


def parse_json(text: str):
    def no_constant(name):
        raise Malformed(f"{name} is no JSON")

    if len(text) > MAX_JSON_MARKS and len(JSON_MARK.findall(JSON_TEXT.sub("", text))) > MAX_JSON_MARKS:
        raise Malformed("too many values")
    try:
        return json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def jcs(value) -> str:
    """RFC 8785."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{jcs(name)}:{jcs(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Malformed("half a surrogate pair") from error
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value)


def _number(value: float) -> str:
    """As ECMAScript writes it."""
    if not math.isfinite(value):
        raise Malformed("not a number")
    if value == 0:
        return "0"
    # repr gives the shortest digits that mean this value, as ECMAScript (Number::toString) wants them.
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + exponent
    if len(text) <= point <= 21:
        shown = text.ljust(point, "0")
    elif 0 < point <= 21:
        shown = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        shown = f"0.{'0' * -point}{text}"
    else:
        shown = f"{text[0]}{'.' if len(text) > 1 else ''}{text[1:]}e{point - 1:+d}"
    return ("-" if sign else "") + shown


def is_jcs(text: str, value) -> bool:
    try:
        return jcs(value) == text
    except (Malformed, RecursionError):
        return False


def utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error


class Jws:
    """A JWS taken apart; nothing is proved yet."""

    def __init__(self, text: str, typ: str):
        parts = text.split(".")
        if len(parts) != 3:
            raise Malformed("not three parts")
        header_bytes, payload_bytes, self._signature = map(b64u, parts)
        header_text = utf8(header_bytes)
        header = parse_json(header_text)
        if not isinstance(header, dict) or header.get("typ") != typ:
            raise Malformed(f"not a signature of the type {typ}")
        kid = header.get("kid")
        match = KID.fullmatch(kid) if isinstance(kid, str) else None
        if match is None:
            raise Malformed("no kid")
        self.kid = kid
        self.signer = match[1]
        self.has_plain_header = header_text == jcs({"alg": "EdDSA", "kid": kid, "typ": typ})
        self.payload_text = utf8(payload_bytes)
        self.payload = parse_json(self.payload_text)
        if not isinstance(self.payload, dict):
            raise Malformed("the payload is no object")
        self._signed = text.rpartition(".")[0].encode("ascii")

    def holds_under(self, sign_key: dict) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(b64u(sign_key["x"])).verify(self._signature, self._signed)
            return True
        except InvalidSignature:
            return False


def open_sealed(key: bytes, jwe: str, lk: dict) -> str:
    """The plaintext of a JWE under a symmetric key, for this place only."""
    parts = jwe.split(".")
    if len(parts) != 5:
        raise Malformed("not a JWE")
    header, wrapped, *rest = parts
    if utf8(b64u(header)) != jcs({"alg": "dir", "enc": "A256GCM", "lk": lk}) or wrapped != "":
        raise Malformed("the ciphertext belongs to another place")
    return utf8(_decrypt(key, header, *map(b64u, rest)))


def open_grant(private_jwk: dict, jwe: str, lk: dict) -> bytes:
    """A key that was granted by ECDH-ES (RFC 7518 §4.6)."""
    parts = jwe.split(".")
    if len(parts) != 5:
        raise Malformed("not a JWE")
    header_part, wrapped, *rest = parts
    header = parse_json(utf8(b64u(header_part)))
    if not isinstance(header, dict) or header.get("alg") != "ECDH-ES" or header.get("enc") != "A256GCM":
        raise Malformed("another algorithm")
    if jcs(header.get("lk")) != jcs(lk) or wrapped != "":
        raise Malformed("the key belongs to another place")
    epk = header["epk"]
    if epk.get("kty") != "OKP" or epk.get("crv") != "X25519":
        raise Malformed("another curve")
    private = X25519PrivateKey.from_private_bytes(b64u(private_jwk["d"]))
    shared = private.exchange(X25519PublicKey.from_public_bytes(b64u(epk["x"])))
    algorithm = b"A256GCM"
    info = b"".join([_sized(algorithm), _sized(b""), _sized(b""), (256).to_bytes(4, "big")])
    key = ConcatKDFHash(hashes.SHA256(), 32, info).derive(shared)
    return _decrypt(key, header_part, *map(b64u, rest))


def _sized(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _decrypt(key: bytes, header: str, nonce: bytes, ciphertext: bytes, tag: bytes) -> bytes:
    if len(nonce) != 12 or len(tag) != 16:
        raise Malformed("another nonce or tag")
    try:
        return AESGCM(key).decrypt(nonce, ciphertext + tag, header.encode("ascii"))
    except InvalidTag as error:
        raise Malformed("does not open") from error


def commitment(key: bytes, vault: str, name: str, epoch: int) -> str:
    info = jcs(["lk-commit", vault, name, epoch]).encode("utf-8")
    return b64u_encode(HKDF(hashes.SHA256(), 32, b"", info).derive(key))
