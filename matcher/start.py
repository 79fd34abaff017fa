"""`make run`: migrate, load the demo if the database is empty, serve, and keep one process for the timetable."""

import os
import subprocess
import sys

from flask_migrate import upgrade
from sqlalchemy import select

from config import Config
from matcher.app import create_app
from matcher.db import db
from matcher.demo.logins import LOGINS
from matcher.models import Office

HOST, PORT = "127.0.0.1", int(os.environ.get("MATCHER_PORT", "8000"))


def main() -> int:
    """Start the site and its jobs; end both together."""
    app = create_app(Config())
    with app.app_context():
        upgrade()
        is_empty = db.session.scalar(select(Office.id).limit(1)) is None
        db.session.remove()
    if is_empty:
        print("装入演示数据，请稍候…", flush=True)
        subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "demo"], check=True)
    print(f"点将台：http://{HOST}:{PORT}")
    if app.config["DEMO"]:
        for role, login, password in LOGINS:
            print(f"  {role}：{login} / {password}")
    jobs = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "run-jobs"])
    try:
        import waitress

        waitress.serve(app, host=HOST, port=PORT, threads=8, ident=None)
    except KeyboardInterrupt:
        pass
    finally:
        jobs.terminate()
        jobs.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
