"""Start and keep running: seed, serve, and the one process for the timetable."""

from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from matcher import jobs
from matcher.db import db
from matcher.services import seed


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Load vocabularies and offices into an empty database."""
    words, offices = seed.load_words(), seed.load_offices()
    db.session.commit()
    click.echo(f"{words} 个词条，{offices} 个工会组织。")


@click.command("run-jobs")
def run_jobs() -> None:
    """Run the timetable: send notices, expire offers, tell of delays. One process per installation."""
    jobs.run(_app())


@click.command("tick")
@with_appcontext
def tick_command() -> None:
    """Do once what the timetable does again and again."""
    done = jobs.tick(_app())
    click.echo(" ".join(f"{name}={count}" for name, count in done.items()))


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True)
def serve(host: str, port: int, threads: int) -> None:
    """Serve the site with waitress."""
    import waitress

    app = _app()
    waitress.serve(app, host=host, port=port, threads=threads, **serving(app))


def serving(app: Flask) -> dict[str, Any]:
    """What waitress is told besides the address: it leaves a proxy's headers to us where one is named."""
    return {"ident": None, "clear_untrusted_proxy_headers": not app.config["TRUSTED_PROXIES"]}


def _app() -> Flask:
    """The application itself, not the proxy: threads and jobs outlive this context."""
    return cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
