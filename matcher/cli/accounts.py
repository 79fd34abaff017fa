"""Accounts from the command line, for the first administrator above all."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from matcher.db import db
from matcher.errors import MatcherError
from matcher.models import Actor, Office, Role
from matcher.services import accounts


@click.command("add-user")
@click.argument("login")
@click.option("--name", required=True, help="姓名")
@click.option("--office", "code", required=True, help="工会组织代码，如 320923")
@click.option("--role", "roles", multiple=True, type=click.Choice([r.value for r in Role]), required=True)
@click.option("--email")
@click.password_option(help="首次密码；第一次登录必须修改")
@with_appcontext
def add_user(login: str, name: str, code: str, roles: tuple[str, ...], email: str | None, password: str) -> None:
    """Add an account whose owner must change the password at the first log-in."""
    try:
        accounts.check_strength(password)
        accounts.add_account(
            office_of(code),
            name=name,
            login=login,
            password=password,
            roles=[Role(role) for role in roles],
            hasher=current_app.extensions["hasher"],
            by=Actor.system(),
            email=email,
        )
    except MatcherError as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    click.echo(f"已添加账号 {login}。")


def office_of(code: str) -> Office:
    """The office with this code, or a clear sentence."""
    office = db.session.scalar(select(Office).filter_by(code=code))
    if office is None:
        raise click.ClickException(f"没有代码为 {code} 的工会组织；先运行 flask seed。")
    return office
