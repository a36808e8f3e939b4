"""Phone numbers at rest: encrypted with rotating keys, looked up by keyed hash; stores nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet

# 16 bytes of HMAC-SHA256: without the key no list of all numbers helps, and none collide.
_HASH_BYTES = 16


class PhoneVault:
    """Encrypts and hashes with the first key, understands every key of the list."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_encryption_key(key)) for key in keys])
        self._index_keys = [_derive(key, b"callbridge phone index") for key in keys]

    def encrypt(self, phone: str) -> str:
        """Return the number (E.164) as text that only the keys' owner can read."""
        return self._fernet.encrypt(phone.encode()).decode()

    def decrypt(self, token: str) -> str:
        """Return the number; raises cryptography's InvalidToken when the key is gone."""
        return self._fernet.decrypt(token.encode()).decode()

    def hash(self, phone: str) -> str:
        """Return the keyed hash that a number is stored under."""
        return self._hash(self._index_keys[0], "phone", phone)

    def hashes(self, phone: str) -> tuple[str, ...]:
        """Return the hashes a number may be stored under, while keys rotate."""
        return tuple(self._hash(key, "phone", phone) for key in self._index_keys)

    def secrets(self, kind: str, text: str) -> tuple[str, ...]:
        """Return what a link of `kind` about `text` carries, by each key, 32 hexadecimal digits.

        The same every time, so that a link can be shown again and yet is stored nowhere.
        """
        return tuple(self._hash(key, f"link {kind}", text) for key in self._index_keys)

    def network(self, network: str) -> str:
        """Return the keyed hash of a network."""
        return self._hash(self._index_keys[0], "network", network)

    def pseudonym(self, receiver: str, text: str) -> str:
        """Return what stands for a supporter or a call at one receiver, and at no other."""
        return self._hash(self._index_keys[0], f"pseudonym {receiver}", text)

    @staticmethod
    def _hash(key: bytes, kind: str, text: str) -> str:
        digest = hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).digest()
        return digest[:_HASH_BYTES].hex()


def fingerprint(secret: str) -> str:
    """Return what a link's secret is stored as."""
    return hashlib.sha256(f"callbridge link:{secret}".encode()).hexdigest()


class Seal:
    """Closes and opens what only a link's own secret opens; no key of ours does."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(_encryption_key(secret))

    def close(self, body: bytes) -> str:
        """Return `body` sealed."""
        return self._fernet.encrypt(body).decode()

    def open(self, sealed: str) -> bytes:
        """Return the body; raises cryptography's InvalidToken when the secret is another."""
        return self._fernet.decrypt(sealed.encode())


def _derive(key: str, label: bytes) -> bytes:
    return hmac.new(key.encode(), label, hashlib.sha256).digest()


def _encryption_key(key: str) -> bytes:
    return base64.urlsafe_b64encode(_derive(key, b"callbridge phone encryption"))
