"""A province's report over a million cases on PostgreSQL: `make bench-province`.

The address names a database of its own, which is emptied; its user must be allowed to switch triggers off.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.crowd import COUNTIES, FIRST, fill
from bench.pages import PASSWORD, app_on
from matcher.db import db
from matcher.models import Actor, Office, Role
from matcher.services import accounts, seed
from matcher.services.figures import tallies

ROUNDS = 5
STALE = 3


def main() -> int:
    """Make the data, ask for the report with fresh tallies, with some that are stale, and with none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--url", default="postgresql+psycopg://postgres@127.0.0.1/dianjiang_bench")
    parser.add_argument("--again", action="store_true", help="over the data that are there")
    parser.add_argument("--plain", action="store_true", help="ask once before anything is tallied, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = app_on(Path(folder), options.url, again=options.again)
        if not options.again:
            with app.app_context():
                _timed(f"{options.cases:,} cases made", lambda: _people_and_work(app, options.cases))
        client = app.test_client()
        client.post("/login", data={"login": "bench", "password": PASSWORD})
        addresses = {
            "report, since the start": f"/reports/?office={FIRST}&period=all",
            "report, this year": f"/reports/?office={FIRST}&period=year",
            "leaders' page": f"/reports/overview?office={FIRST}&period=all",
        }
        if options.plain:
            _timed("report without tallies", lambda: _ask(client, addresses["report, since the start"]))
        with app.app_context():
            _timed("every office tallied", lambda: tallies.refresh_stale(after_each=db.session.commit))
        for name, address in addresses.items():
            _measure(client, name, address)
        with app.app_context():
            _touch(STALE)
        _measure(client, f"report, {STALE} of {COUNTIES} counties stale", addresses["report, since the start"])
        with app.app_context():
            county = db.session.get_one(Office, tallies.stale_offices()[0])
            _timed("one county tallied", lambda: tallies.refresh(county))
            db.session.commit()
            db.engine.dispose()
    return 0


def _people_and_work(app: Flask, cases: int) -> None:
    seed.load_words()
    seed.load_offices()
    db.session.commit()
    fill(cases)
    accounts.add_account(
        db.session.get_one(Office, FIRST),
        name="bench",
        login="bench",
        password=PASSWORD,
        roles=[Role.WRITER],
        hasher=app.extensions["hasher"],
        by=Actor.system(),
        must_change=False,
    )
    db.session.commit()


def _touch(counties: int) -> None:
    """Somebody works on what came in last in so many counties."""
    owners = sa.text("SELECT DISTINCT owner_office_id FROM problems ORDER BY 1 LIMIT :n")
    latest = sa.text("SELECT id FROM problems WHERE owner_office_id = :id ORDER BY submitted_at DESC LIMIT 1")
    ids = [db.session.scalar(latest, {"id": owner}) for owner in db.session.scalars(owners, {"n": counties}).all()]
    db.session.execute(sa.text("UPDATE problems SET urgency = 'normal' WHERE id = ANY(:ids)"), {"ids": ids})
    db.session.commit()


def _timed(name: str, doing: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    found = doing()
    print(f"{name:40} {time.perf_counter() - started:8.2f} s", flush=True)
    return found


def _measure(client: FlaskClient, name: str, address: str) -> None:
    _ask(client, address)
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        _ask(client, address)
        times.append(time.perf_counter() - started)
    print(f"{name:40} {statistics.median(times):8.2f} s (most {max(times):.2f})", flush=True)


def _ask(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status}")


if __name__ == "__main__":
    sys.exit(main())
