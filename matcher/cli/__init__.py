"""Commands: one more door to the services, with one commit and one line that says what was done."""

from flask import Flask

from matcher.cli import accounts, demo, imports, knowledge, reports, running


def init_app(app: Flask) -> None:
    """Hang the commands on `flask`."""
    for command in (
        running.seed_command,
        running.run_jobs,
        running.tick_command,
        running.serve,
        accounts.add_user,
        demo.demo,
        imports.import_roster,
        imports.import_menus,
        knowledge.propose,
        knowledge.learn,
        knowledge.refit,
        reports.report,
    ):
        app.cli.add_command(command)
