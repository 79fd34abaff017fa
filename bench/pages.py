"""Server time and SQL statements of a desk page and of report pages over 10,000 cases of a year: `make bench`."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bench.work import fill
from config import TestConfig
from matcher.app import create_app
from matcher.db import db
from matcher.models import Actor, Office, Role
from matcher.services import accounts, seed
from matcher.services.figures import tallies

COUNTY = "320923"
PASSWORD = "Funing-2026"
PAGES = (
    ("desk queue", "/desk/"),
    ("desk search", "/desk/search?q=示例企业77"),
    ("one problem", "/desk/problems/5000"),
    ("report, a year", "/reports/?period=all"),
    ("report, this year", "/reports/?period=year"),
    ("list behind a number", "/reports/lines/solved?period=all"),
    ("leaders' page", "/reports/overview?period=all"),
)
#: Pages that are asked for a second time once the offices are tallied.
TALLIED = ("report, a year", "report, this year", "leaders' page")
ROUNDS = 20


def main() -> int:
    """Make the data, ask for each page, print p50, p99 and the statements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--url", default="", help="a PostgreSQL address; an SQLite file otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = app_on(Path(folder), options.url)
        with app.app_context():
            started = time.perf_counter()
            _people_and_work(app, options.cases)
            print(f"{options.cases:,} cases made in {time.perf_counter() - started:.1f} s")
            db.session.remove()
        client = app.test_client()
        _measure(client, PAGES)
        with app.app_context():
            tallies.refresh_stale(after_each=db.session.commit)
            db.session.remove()
        _measure(client, [(f"{name}, tallied", address) for name, address in PAGES if name in TALLIED])
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    return 0


def app_on(folder: Path, url: str, *, again: bool = False) -> Flask:
    """An application on a database that is emptied first, or on one that an earlier run has filled."""
    app = create_app(
        TestConfig(
            SQLALCHEMY_DATABASE_URI=url or f"sqlite:///{folder / 'bench.db'}",
            INSTANCE=str(folder),
            UPLOADS=str(folder / "uploads"),
            INDEX_DIR=str(folder / "index"),
        )
    )
    with app.app_context():
        if url and not again:
            db.session.execute(sa.text("DROP SCHEMA public CASCADE"))
            db.session.execute(sa.text("CREATE SCHEMA public"))
            db.session.commit()
        upgrade()
    return app


def _people_and_work(app: Flask, cases: int) -> None:
    seed.load_words()
    seed.load_offices()
    county = db.session.scalars(select(Office).filter_by(code=COUNTY)).one()
    county.settings = {"started_on": "2020-01-01"}
    accounts.add_account(
        county,
        name="bench",
        login="bench",
        password=PASSWORD,
        roles=[Role.DISPATCHER, Role.WRITER],
        hasher=app.extensions["hasher"],
        by=Actor.system(),
        must_change=False,
    )
    fill([county], cases)
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def _measure(client: FlaskClient, pages: Sequence[tuple[str, str]]) -> None:
    counted = [0]

    def count(*_details: object) -> None:
        counted[0] += 1

    sa.event.listen(Engine, "before_cursor_execute", count)
    client.post("/login", data={"login": "bench", "password": PASSWORD})
    print(f"{'page':28} {'p50 ms':>8} {'p99 ms':>8} {'SQL':>5}")
    for name, address in pages:
        client.get(address)
        times = []
        for _round in range(ROUNDS):
            counted[0] = 0
            started = time.perf_counter()
            answer = client.get(address)
            times.append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{address}: {answer.status}")
        print(f"{name:28} {statistics.median(times):8.1f} {max(times):8.1f} {counted[0]:5d}")
    sa.event.remove(Engine, "before_cursor_execute", count)


if __name__ == "__main__":
    sys.exit(main())
