"""The county's report from the command line: the paragraph, or all figures as JSON or CSV."""

import click
from flask.cli import with_appcontext

from matcher.cli.accounts import office_of
from matcher.db import today
from matcher.plain.errors import PlainError
from matcher.plain.periods import parse
from matcher.services import briefs
from matcher.services.figures import Scope, measure, table


@click.command("report")
@click.option("--office", "code", required=True, help="工会组织代码，如 320923")
@click.option("--period", default="all", show_default=True, help="all、month、2026、2026H1、2026Q3、2026-06 或起止日期")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--samples", is_flag=True, help="把样例数据也算在内")
@with_appcontext
def report(code: str, period: str, form: str, samples: bool) -> None:
    """Print what an office's programme did in a period."""
    office = office_of(code)
    try:
        scope = Scope(office, parse(period, today(), office.started_on), with_samples=samples)
    except PlainError as error:
        raise click.ClickException(str(error)) from error
    figures = measure(scope)
    if form == "text":
        click.echo(briefs.paragraph(figures, scope))
    elif form == "json":
        click.echo(table.as_json(figures, scope))
    else:
        click.echo(table.as_csv(figures, scope), nl=False)
