"""The timetable, and the one process that runs it. A job is a context, a service, a commit and a log line."""

from datetime import timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from matcher.db import db, now
from matcher.services import calibrations, evidence, meanings, notices, proposals, roster_index, ticking
from matcher.services.figures import tallies
from matcher.services.imports import filed as files

SETTINGS = {"timezone": "Asia/Shanghai", "job_defaults": {"coalesce": True, "max_instances": 1}}

#: Words that are younger may belong to transactions that are still on their way.
SETTLED = timedelta(hours=1)


def run(app: Flask) -> None:
    """Run the timetable until the process is stopped."""
    scheduler = BlockingScheduler(**SETTINGS)
    plan(scheduler, app)
    scheduler.start()


def plan(scheduler: BaseScheduler, app: Flask) -> None:
    """Enter every job with its times, under the function's name."""
    scheduler.add_job(send_notices, "interval", seconds=20, args=[app], id="send_notices")
    scheduler.add_job(tick, "interval", minutes=1, args=[app], id="tick")
    scheduler.add_job(work_off_imports, "interval", seconds=3, args=[app], id="work_off_imports")
    scheduler.add_job(refresh_tallies, "interval", minutes=2, args=[app], id="refresh_tallies")
    scheduler.add_job(refresh_proposals, "cron", hour=3, args=[app], id="refresh_proposals")
    scheduler.add_job(tidy, "cron", hour=4, args=[app], id="tidy")


def send_notices(app: Flask) -> int:
    """Send the e-mails that wait."""
    with app.app_context():
        sent = notices.send_waiting(mail_server(app), after_each=db.session.commit)
        if sent:
            app.logger.info("Sent %d notices.", sent)
        return sent


def tick(app: Flask) -> dict[str, int]:
    """Do what the clock demands."""
    with app.app_context():
        done = ticking.tick(after_each=db.session.commit)
        if any(done.values()):
            app.logger.info("The clock moved %s.", done)
        return done


def learn(app: Flask) -> tuple[int, int]:
    """Take in what confirmed cases taught during the day, and learn the chances anew."""
    with app.app_context():
        words = evidence.adopt(until=now() - SETTLED)
        learnt = calibrations.refresh()
        db.session.commit()
        app.logger.info("Took in %d words of cases and calibrated %d offices.", words, len(learnt))
        return words, len(learnt)


def embed(app: Flask) -> int:
    """Let the optional model read what it has not read yet."""
    with app.app_context():
        count = meanings.embed_waiting(after_each=db.session.commit)
        if count:
            app.logger.info("The model read %d texts.", count)
        return count


def build_index(app: Flask) -> int | None:
    """Build the index of a large roster anew where the lexicon or many experts changed."""
    with app.app_context():
        experts = roster_index.build_files()
        if experts is not None:
            app.logger.info("Built the index of %d experts.", experts)
        return experts


def refresh_proposals(app: Flask) -> int:
    """Propose again for every problem that waits for an expert."""
    with app.app_context():
        count = proposals.propose_for_open_problems(after_each=db.session.commit)
        app.logger.info("Refreshed the proposals of %d problems.", count)
        return count


def refresh_tallies(app: Flask) -> int:
    """Count anew for reports where something changed."""
    with app.app_context():
        count = tallies.refresh_stale(after_each=db.session.commit)
        if count:
            app.logger.info("Tallied %d offices.", count)
        return count


def work_off_imports(app: Flask) -> int:
    """Check and load the large files that wait."""
    with app.app_context():
        count = files.work_off(files.Keeper(app.extensions["store"], db.session.commit))
        if count:
            app.logger.info("Worked on %d files.", count)
        return count


def tidy(app: Flask) -> int:
    """Forget form keys that nobody will press again, and files that nobody loaded."""
    with app.app_context():
        count = ticking.forget_old_forms() + files.throw_old_away(store=app.extensions["store"])
        db.session.commit()
        return count


def mail_server(app: Flask) -> notices.MailServer:
    """The mail server of the configuration."""
    settings = app.config
    return notices.MailServer(
        host=settings["SMTP_HOST"],
        port=settings["SMTP_PORT"],
        user=settings["SMTP_USER"],
        password=settings["SMTP_PASSWORD"],
        starttls=settings["SMTP_STARTTLS"],
        sender=settings["MAIL_FROM"],
        base_url=settings["BASE_URL"],
    )
