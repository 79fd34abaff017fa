"""A real database for every test: migrated once per run, copied (SQLite) or emptied (PostgreSQL) per test.

MATCHER_TEST_POSTGRES=postgresql+psycopg://… names a PostgreSQL server (as its superuser). Tests that need one make
databases of their own on it, one for each process that runs tests. MATCHER_TEST_ON=postgresql runs all of them there.
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
from sqlalchemy import URL, create_engine, func, make_url, select, text

from config import TestConfig
from matcher.app import create_app
from matcher.db import Base, db, today
from matcher.demo.scenario import fill
from matcher.services import seed

POSTGRES = os.environ.get("MATCHER_TEST_POSTGRES", "")
ON_POSTGRES = os.environ.get("MATCHER_TEST_ON", "sqlite") == "postgresql"

#: Every row away, triggers and foreign keys asleep; then the words and offices back as they were seeded.
RESET = """
SET session_replication_role = replica;
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM public.%I', found.tablename);
  END LOOP;
  FOR found IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER SEQUENCE public.%I RESTART', found.sequencename);
  END LOOP;
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'seeded' LOOP
    EXECUTE format('INSERT INTO public.%1$I SELECT * FROM seeded.%1$I', found.tablename);
    IF pg_get_serial_sequence('public.' || found.tablename, 'id') IS NOT NULL THEN
      EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, ''id''), (SELECT max(id) FROM public.%I))',
        'public.' || found.tablename, found.tablename);
    END IF;
  END LOOP;
END $$;
SET session_replication_role = origin
"""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is installed (CI), what was skipped has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped") and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


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
    """A migrated, seeded SQLite file that each test copies."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "template.db"
    app = _make_app(folder, f"sqlite:///{path}")
    _migrate(app)
    _seed(app)
    return path


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, with vocabularies and offices and nothing else."""
    if ON_POSTGRES:
        yield request.getfixturevalue("postgres")
        return
    shutil.copy(request.getfixturevalue("template"), tmp_path / "test.db")
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
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    app = _make_app(tmp_path_factory.mktemp("postgres"), url.render_as_string(hide_password=False))
    _migrate(app)
    _seed(app)
    _keep_seeded(app)
    yield url
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture
def postgres(postgres_database: URL, tmp_path: Path) -> Iterator[Flask]:
    """An application on PostgreSQL, with vocabularies and offices and nothing else."""
    app = _make_app(tmp_path, postgres_database.render_as_string(hide_password=False))
    with app.app_context():
        _run(RESET)
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


def _keep_seeded(app: Flask) -> None:
    """Copies of the tables that have rows now, for RESET to bring back."""
    with app.app_context():
        _run("CREATE SCHEMA seeded")
        for table in Base.metadata.sorted_tables:
            if db.session.scalar(select(func.count()).select_from(table)):
                _run(f"CREATE TABLE seeded.{table.name} AS TABLE public.{table.name}")
        db.session.commit()
    _put_away(app)


def _run(statements: str) -> None:
    # The driver's own cursor, without values: SQLAlchemy would let it look for placeholders.
    with db.session.connection().connection.cursor() as cursor:
        cursor.execute(statements)
    db.session.commit()
