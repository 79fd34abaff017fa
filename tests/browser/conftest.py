"""A real browser before a real server. Skipped with a reason where there is no Chromium, never in CI."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from matcher.db import db
from matcher.models import Actor, Role
from matcher.services import accounts, enterprises, experts
from tests.browser.visitor import Site, Visitor
from tests.conftest import _make_app
from tests.factories import PASSWORD, make_office

CHROMIUM = Path(os.environ.get("MATCHER_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, headless."""
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def site(app: Flask, tmp_path: Path) -> Iterator[Site]:
    """The site on a port of its own, with CSRF as in real life, a small office and two experts."""
    folder = Path(app.config["INSTANCE"])
    real = _make_app(folder, app.config["SQLALCHEMY_DATABASE_URI"], WTF_CSRF_ENABLED=True, PASSWORD_DAYS=0)
    with real.app_context():
        _people(real)
        db.session.commit()
        db.session.remove()
    server = make_server("127.0.0.1", 0, real, threaded=True)
    real.config["BASE_URL"] = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(real, real.config["BASE_URL"])
    server.shutdown()
    thread.join()
    server.server_close()
    with real.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[object]:
    """visitor(390) opens a browser window of that width; all windows are watched and closed at the end."""
    opened: list[Visitor] = []

    def open_window(width: int, *, scripts: bool = True) -> Visitor:
        opened.append(Visitor(browser, site, width, scripts=scripts))
        return opened[-1]

    yield open_window
    for window in opened:
        window.close()


def _people(app: Flask) -> None:
    office, hasher = make_office(), app.extensions["hasher"]
    logins = {
        "dispatcher": [Role.DISPATCHER],
        "colleague": [Role.DISPATCHER],
        "writer": [Role.WRITER],
        "verifier": [Role.VERIFIER],
        "admin": [Role.ADMIN],
    }
    for login, roles in logins.items():
        accounts.add_account(
            office,
            name=login,
            login=login,
            password=PASSWORD,
            roles=roles,
            hasher=hasher,
            by=Actor.system(),
            must_change=False,
        )
    city = make_office("320900")
    for login, roles in {"city": [Role.DISPATCHER, Role.WRITER], "cityleader": [Role.LEADER]}.items():
        accounts.add_account(
            city,
            name=login,
            login=login,
            password=PASSWORD,
            roles=roles,
            hasher=hasher,
            by=Actor.system(),
            must_change=False,
        )
    experts.add_expert(
        office,
        "周州",
        by=Actor.system(),
        employer="赛得利(盐城)纤维有限公司",
        title="维保部副部长",
        trade="电气仪表维修",
        profile="多年从事仪表、流量计、控制器和配电柜、电缆头的维护检修，会数据采集分析和量值溯源。",
        phone="19900001001",
        capacity=5,
    )
    experts.add_expert(
        office,
        "示例种植专家",
        by=Actor.system(),
        employer="示例果蔬合作社",
        trade="果树栽培",
        phone="19900001002",
    )
    enterprises.register(office, "示例种子有限公司", by=Actor.system(), phone="19900001003")
