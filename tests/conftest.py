"""A real database for every test: migrated once per run, copied (SQLite) or emptied (PostgreSQL) per test.

MATCHER_TEST_DATABASE_URL=postgresql://… runs the same tests on PostgreSQL. MATCHER_TEST_POSTGRES=postgresql://… lets
the tests that need PostgreSQL beside SQLite make databases of their own on that server.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import URL, create_engine, make_url, text

from config import TestConfig
from matcher.app import create_app
from matcher.db import Base, db, today
from matcher.demo.scenario import fill
from matcher.services import seed

TEST_DATABASE = os.environ.get("MATCHER_TEST_DATABASE_URL", "")
POSTGRES = os.environ.get("MATCHER_TEST_POSTGRES", "")


def _make_app(folder: Path, url: str, **overrides: object) -> Flask:
    return create_app(
        TestConfig(
            SQLALCHEMY_DATABASE_URI=url,
            INSTANCE=str(folder),
            UPLOADS=str(folder / "uploads"),
            INDEX_DIR=str(folder / "index"),
            **overrides,
        )
    )


def _migrate(app: Flask) -> None:
    with app.app_context():
        upgrade()
    _put_away(app)


def _put_away(app: Flask) -> None:
    """Close what the application holds of its database."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, seeded SQLite file that each test copies; or the sign that PostgreSQL is migrated."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    app = _make_app(folder, TEST_DATABASE or f"sqlite:///{path}")
    with app.app_context():
        if TEST_DATABASE:
            db.session.execute(text("DROP SCHEMA public CASCADE"))
            db.session.execute(text("CREATE SCHEMA public"))
            db.session.commit()
    _migrate(app)
    if not TEST_DATABASE:
        _seed(app)
    return path


@pytest.fixture
def app(template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, with vocabularies and offices and nothing else."""
    if TEST_DATABASE:
        app = _make_app(tmp_path, TEST_DATABASE)
        _empty(app)
        _seed(app)
    else:
        shutil.copy(template, tmp_path / "test.db")
        app = _make_app(tmp_path, f"sqlite:///{tmp_path / 'test.db'}")
    yield app
    _put_away(app)


@pytest.fixture(scope="session")
def postgres_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A migrated database on the PostgreSQL server, one for each process that runs tests."""
    if not POSTGRES:
        pytest.skip("no PostgreSQL server: set MATCHER_TEST_POSTGRES=postgresql+psycopg://…")
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"{make_url(POSTGRES).database}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    url = make_url(POSTGRES).set(database=name)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0"))
    _migrate(_make_app(tmp_path_factory.mktemp("postgres"), url.render_as_string(hide_password=False)))
    yield url
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture
def postgres(postgres_database: URL, tmp_path: Path) -> Iterator[Flask]:
    """An application on PostgreSQL, with vocabularies and offices and nothing else."""
    app = _make_app(tmp_path, postgres_database.render_as_string(hide_password=False))
    _empty(app)
    _seed(app)
    yield app
    _put_away(app)


@pytest.fixture(scope="session")
def demo_folder(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county as of today, on SQLite, made once; whoever writes takes a copy."""
    folder = tmp_path_factory.mktemp("demo")
    app = _make_app(folder, f"sqlite:///{folder / 'demo.db'}", DEMO=True, PASSWORD_DAYS=0)
    _migrate(app)
    with app.app_context():
        seed.load_words()
        seed.load_offices()
        fill(today(), hasher=app.extensions["hasher"])
        db.session.commit()
    _put_away(app)
    return folder


@contextmanager
def copied_demo(original: Path, folder: Path) -> Iterator[Flask]:
    """The demo county on a database of its own, with CSRF as in real life."""
    shutil.copytree(original, folder)
    url = f"sqlite:///{folder / 'demo.db'}"
    app = _make_app(folder, url, DEMO=True, PASSWORD_DAYS=0, WTF_CSRF_ENABLED=True)
    yield app
    _put_away(app)


@pytest.fixture
def demo(demo_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """The demo county, to write into."""
    with copied_demo(demo_folder, tmp_path / "demo") as app:
        yield app


@pytest.fixture
def ctx(app: Flask) -> Iterator[None]:
    """An application context for tests of services (never held around a test client)."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    return app.test_client()


def _seed(app: Flask) -> None:
    with app.app_context():
        seed.load_words()
        seed.load_offices()
        db.session.commit()
    _put_away(app)


def _empty(app: Flask) -> None:
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with app.app_context():
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        db.session.commit()
