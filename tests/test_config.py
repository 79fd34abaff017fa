"""An installation for real: secrets from the environment only, cookies for https only, addresses from the proxy."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from flask import request

import config
from config import ROOT, Config, kept_secret
from matcher.cli.running import serving
from tests.conftest import _make_app

NAME = "MATCHER_SECRET_KEY"


@pytest.fixture(autouse=True)
def _no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.delenv("MATCHER_ENV", raising=False)


def test_production_does_not_start_without_its_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MATCHER_ENV", "production")
    with pytest.raises(RuntimeError, match=NAME):
        kept_secret(NAME, instance=tmp_path)
    monkeypatch.setenv(NAME, "long and random")
    assert kept_secret(NAME, instance=tmp_path) == "long and random"
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_so_too(tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "MATCHER_ENV": "production", "MATCHER_INSTANCE": str(tmp_path)}
    command = [sys.executable, "-c", "import wsgi"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "MATCHER_SECRET_KEY is not set" in ended.stderr


def test_at_home_a_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    first = kept_secret(NAME, instance=tmp_path)
    assert kept_secret(NAME, instance=tmp_path) == first
    assert len(first) > 40
    [kept] = tmp_path.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(("address", "secure"), [("https://dianjiang.example", True), ("http://127.0.0.1:8000", False)])
def test_cookies_follow_the_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, secure: bool
) -> None:
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    monkeypatch.setenv(NAME, "x")
    monkeypatch.setenv("MATCHER_BASE_URL", address)
    settings = Config()
    assert settings.SESSION_COOKIE_SECURE is secure
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize(("hops", "address", "scheme"), [(0, "10.0.0.1", "http"), (1, "203.0.113.7", "https")])
def test_what_a_proxy_says_is_believed_only_where_one_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hops: int, address: str, scheme: str
) -> None:
    monkeypatch.setenv(NAME, "x")
    app = _make_app(tmp_path, "sqlite://", TRUSTED_PROXIES=hops)
    seen: dict[str, str | None] = {}

    def note() -> str:
        seen.update(address=request.remote_addr, scheme=request.scheme)
        return "ok"

    app.add_url_rule("/seen", view_func=note)
    headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
    app.test_client().get("/seen", headers=headers, environ_base={"REMOTE_ADDR": "10.0.0.1"})
    assert seen == {"address": address, "scheme": scheme}
    assert serving(app)["clear_untrusted_proxy_headers"] is (hops == 0), "waitress must not strip what we believe"
