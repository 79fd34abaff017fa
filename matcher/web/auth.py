"""Log in, log out, change the password; and the address that opens an expert's personal link."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from matcher.db import db
from matcher.demo.logins import LOGINS
from matcher.errors import BadInput
from matcher.models import Actor, Role, User
from matcher.services import accounts, links
from matcher.web.errors import put_on_form
from matcher.web.gates import anyone, put_gate, staff
from matcher.web.throttle import limiter

bp = Blueprint("auth", __name__)
put_gate(bp, anyone())
login_manager = LoginManager()


class LoginForm(FlaskForm):
    """Who, and the password."""

    login = StringField(_l("账号或邮箱"), [InputRequired(_l("请填写账号或邮箱。")), Length(max=120)])
    password = PasswordField(_l("密码"), [InputRequired(_l("请填写密码。")), Length(max=200)])
    next = HiddenField()


class PasswordForm(FlaskForm):
    """The old password, and the new one twice."""

    current = PasswordField(_l("当前密码"), [InputRequired(_l("请填写当前密码。"))])
    new = PasswordField(_l("新密码"), [InputRequired(_l("请填写新密码。")), Length(max=200)])
    again = PasswordField(_l("再填一次新密码"), [InputRequired(_l("请再填一次新密码。"))])


def init_login(app: Flask) -> None:
    """Remember who is logged in; idle sessions end, and an old password is changed first."""
    login_manager.init_app(app)
    login_manager.login_view = "auth.login"
    login_manager.user_loader(_load)
    app.before_request(_change_old_password)
    app.permanent_session_lifetime = timedelta(seconds=app.config["PERMANENT_SESSION_LIFETIME"])


@bp.route("/login", methods=["GET", "POST"])
@limiter.limit("20 per minute", methods=["POST"])
def login() -> str | Response | tuple[str, int]:
    """Log in with a name or e-mail and the password."""
    form = LoginForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return _login_page(form)
    hasher = current_app.extensions["hasher"]
    user = accounts.log_in(form.login.data, form.password.data, hasher=hasher, address=request.remote_addr)
    db.session.commit()
    if user is None:
        form.form_errors = [_("账号或密码不对；连续输错 5 次，账号会锁定 15 分钟。")]
        return _login_page(form), 422
    session.clear()
    login_user(user)
    session.permanent = True
    return redirect(_inside(form.next.data) or home_of(user))


@bp.post("/logout")
def logout() -> Response:
    """Log out."""
    logout_user()
    session.clear()
    return redirect(url_for("public.home"))


@bp.route("/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change one's own password."""
    if not current_user.is_authenticated:
        return redirect(url_for("auth.login", next=url_for("auth.password")))
    form, user = PasswordForm(), staff()
    must_change = accounts.is_password_old(user, current_app.config["PASSWORD_DAYS"])
    if form.validate_on_submit():
        try:
            if form.new.data != form.again.data:
                raise BadInput("两次填写的新密码不一样。", field="again")
            by = Actor(user=user, address=request.remote_addr)
            hasher = current_app.extensions["hasher"]
            accounts.change_password(user, form.current.data, form.new.data, hasher=hasher, by=by)
            db.session.commit()
            login_user(user)
            flash(_("密码已修改。"))
            return redirect(home_of(user))
        except BadInput as error:
            db.session.rollback()
            put_on_form(form, error)
    page = render_template("auth/password.html", form=form, must_change=must_change)
    return (page, 422) if form.errors or form.form_errors else page


@bp.get("/e/<token>")
def open_expert_link(token: str) -> Response:
    """An expert's personal link: this browser now shows their pages. Nothing else changes by opening it."""
    link = links.open_link(token)
    if links.expert_of(link) is None:
        return redirect(url_for("public.home"))
    logout_user()
    session["expert_link"] = link.id
    session.permanent = True
    return redirect(url_for("expert.home"))


def home_of(user: User) -> str:
    """Where a log-in leads: each hat has its own first page."""
    if user.has(Role.EXPERT) and user.expert is not None:
        return url_for("expert.home")
    if user.has(Role.DISPATCHER):
        return url_for("desk.queue")
    if user.has(Role.LEADER, Role.WRITER):
        return url_for("reports.figures")
    if user.has(Role.VERIFIER):
        return url_for("reports.ledger", standing="estimated")
    return url_for("admin.home") if user.has(Role.ADMIN) else url_for("admin.log")


def _login_page(form: LoginForm) -> str:
    demo = LOGINS if current_app.config["DEMO"] else ()
    return render_template("auth/login.html", form=form, demo_logins=demo)


def _load(name: str) -> User | None:
    """The account of a session, unless it was closed or its stamp is new (password changed, logged out by force)."""
    number, _colon, stamp = name.partition(":")
    user = db.session.get(User, int(number)) if number.isdigit() else None
    return user if user is not None and user.is_active and user.session_stamp == stamp else None


def _change_old_password() -> Response | None:
    if request.endpoint in (None, "auth.password", "auth.logout", "static", "bootstrap.static", "assets.htmx"):
        return None
    if current_user.is_authenticated and accounts.is_password_old(staff(), current_app.config["PASSWORD_DAYS"]):
        return redirect(url_for("auth.password"))
    return None


def _inside(address: str | None) -> str | None:
    """The address if it lies on this site: nobody is led elsewhere by a crafted link."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None
