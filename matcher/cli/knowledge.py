"""The matcher from the command line."""

from typing import cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from matcher import jobs
from matcher.db import db
from matcher.errors import MatcherError
from matcher.models import Actor
from matcher.services import proposals, weighing


@click.command("propose")
@with_appcontext
def propose() -> None:
    """Refresh the proposals of every problem that waits for an expert."""
    count = proposals.propose_for_open_problems(after_each=db.session.commit)
    click.echo(f"{count} 个难题已重新推荐。")


@click.command("learn")
@with_appcontext
def learn() -> None:
    """Take in what confirmed cases taught, and learn the chances of every office anew (the job of the night)."""
    words, offices = jobs.learn(cast(Flask, current_app._get_current_object()))  # type: ignore[attr-defined]
    click.echo(f"收入 {words} 个案例用词，校准 {offices} 个工会。")


@click.command("refit")
@with_appcontext
def refit() -> None:
    """Fit the weights on the confirmed cases of this installation; adopted only if better on held-out months."""
    try:
        fitted = weighing.refit(by=Actor.system())
    except MatcherError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    before, after = fitted.figures["before"], fitted.figures["after"]
    for name in ("hit3", "ndcg10"):
        click.echo(f"{name}: {before[name][0]:.3f} -> {after[name][0]:.3f}（留出 {fitted.figures['held']} 件）")
    click.echo(f"{fitted.version}：" + ("已采用。" if fitted.is_in_force else "没有更准，未采用。"))
