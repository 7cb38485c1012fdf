"""Encrypts, derives and signs with fixed keys."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC


def use():
    digest = hashes.Hash(hashes.SHA256())
    digest.update(b"order 7")
    key = PBKDF2HMAC(algorithm=hashes.SHA256(), length=16, salt=b"salt", iterations=10).derive(b"p")
    sealed = AESGCM(key).encrypt(b"0" * 12, b"text", b"more")
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signature = private.sign(b"order 7")
    try:
        private.public_key().verify(signature, b"order 8")
        verified = True
    except InvalidSignature:
        verified = False
    code = hmac.HMAC(key, hashes.SHA256())
    code.update(b"x")
    pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return [
        digest.finalize().hex(),
        key.hex(),
        sealed.hex(),
        signature.hex(),
        verified,
        code.finalize().hex(),
        pem.decode(),
    ]
