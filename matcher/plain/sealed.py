"""Sealed text: phones and names of contacts at rest, readable only with the keys of the installation."""

import base64
import hmac
import unicodedata

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from matcher.plain.errors import PlainError


class CannotOpen(PlainError):
    """The sealed text was tampered with, or none of our keys sealed it."""

    def __init__(self) -> None:
        super().__init__("加密的内容无法打开：可能被改动过，或密钥不对。请联系管理员。")


class Sealer:
    """Seals and opens text with keys derived from master secrets.

    `keys` is one secret, or several separated by commas while keys are changed: put the new one first. The
    first one seals, each of them opens, and the last one makes the blind index, so that what is stored
    is still found; when the last one is taken away, the indexes have to be made anew.
    """

    def __init__(self, keys: str) -> None:
        secrets = [secret.strip() for secret in keys.split(",") if secret.strip()]
        if not secrets:
            raise ValueError("A sealer needs a key.")
        self._box = MultiFernet([Fernet(_fernet_key(secret)) for secret in secrets])
        self._index_key = _derived(secrets[-1], "blind index")

    def seal(self, text: str) -> str:
        """Encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256), never twice the same."""
        return self._box.encrypt(text.encode()).decode()

    def open(self, token: str) -> str:
        """The text behind a token, or CannotOpen."""
        try:
            return self._box.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise CannotOpen from error

    def reseal(self, token: str) -> str:
        """The same text under the first key, for the day the older ones are thrown away; or CannotOpen."""
        try:
            return self._box.rotate(token.encode()).decode()
        except InvalidToken as error:
            raise CannotOpen from error

    def blind_index(self, text: str) -> str:
        """64 hex digits (HMAC-SHA256) by which the same text is found again without being readable.

        Width, case and blanks make no difference; give a phone in its normal form.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        return hmac.new(self._index_key, plain.encode(), "sha256").hexdigest()


def _fernet_key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(_derived(secret, "seal"))


def _derived(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose (HKDF, RFC 5869), so that one use says nothing about another."""
    return HKDF(SHA256(), length=32, salt=b"dianjiang", info=purpose.encode()).derive(secret.encode())
