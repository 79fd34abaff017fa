"""Unguessable personal tokens; only their hash is kept."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """SHA-256 in hex: enough for a random token, which no dictionary holds."""
    return hashlib.sha256(token.encode()).hexdigest()
