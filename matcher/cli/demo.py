"""The demo county, played into an empty database."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from matcher.db import db, today
from matcher.demo.logins import LOGINS
from matcher.demo.scenario import fill
from matcher.errors import MatcherError
from matcher.services import proposals, seed


@click.command("demo")
@click.option("--today", "last", type=click.DateTime(["%Y-%m-%d"]), help="演示的最后一天，默认今天")
@with_appcontext
def demo(last: datetime | None) -> None:
    """Fill an empty database with the demo county, up to today."""
    day = last.date() if last is not None else today()
    if day > today():
        raise click.ClickException("演示的最后一天不能晚于今天。")
    try:
        seed.load_words()
        seed.load_offices()
        fill(day, hasher=current_app.extensions["hasher"])
        proposals.propose_for_open_problems(after_each=db.session.flush)
    except MatcherError as error:
        db.session.rollback()
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(f"演示数据已装好，最后一天是 {day}。登录账号：")
    for role, login, password in LOGINS:
        click.echo(f"  {role}：{login} / {password}")
