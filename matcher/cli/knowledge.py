"""The matcher from the command line."""

import click
from flask.cli import with_appcontext

from matcher.db import db
from matcher.services import proposals


@click.command("propose")
@with_appcontext
def propose() -> None:
    """Refresh the proposals of every problem that waits for an expert."""
    count = proposals.propose_for_open_problems(after_each=db.session.commit)
    click.echo(f"{count} 个难题已重新推荐。")
