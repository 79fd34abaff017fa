"""Every setting of an installation, from the environment; what is secret has no default in production."""

import os
import secrets
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
INSTANCE = Path(os.environ.get("MATCHER_INSTANCE", ROOT / "instance"))


def kept_secret(name: str, *, instance: Path = INSTANCE) -> str:
    """The secret from the environment, or one made once and kept under the instance folder.

    Production (MATCHER_ENV=production) takes it from the environment only and refuses to start without it.
    """
    if value := os.environ.get(name):
        return value
    if os.environ.get("MATCHER_ENV") == "production":
        raise RuntimeError(f"{name} is not set. In production secrets come from the environment.")
    path = instance / f"{name.lower()}.secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def flag(name: str, default: bool = False) -> bool:
    """A yes or no from the environment."""
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


class Config:
    """What create_app reads. Names that begin with MATCHER_ in the environment are ours."""

    def __init__(self) -> None:
        env = os.environ
        self.ENV = env.get("MATCHER_ENV", "development")
        self.INSTANCE = str(INSTANCE)
        self.SECRET_KEY = kept_secret("MATCHER_SECRET_KEY")
        #: Keys that seal phones and names, comma separated, the newest in front (rotation).
        self.SEALING_KEYS = kept_secret("MATCHER_SEALING_KEYS")
        self.SQLALCHEMY_DATABASE_URI = env.get("MATCHER_DATABASE_URL", f"sqlite:///{INSTANCE / 'dianjiang.db'}")
        self.UPLOADS = env.get("MATCHER_UPLOADS", str(INSTANCE / "uploads"))
        self.INDEX_DIR = env.get("MATCHER_INDEX_DIR", str(INSTANCE / "index"))
        #: The address people reach the site under; personal links in notices begin with it.
        self.BASE_URL = env.get("MATCHER_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        #: The office whose front page strangers see when the address names none.
        self.HOME_OFFICE = env.get("MATCHER_HOME_OFFICE", "320923")
        self.DEMO = flag("MATCHER_DEMO")
        self.TRUSTED_PROXIES = int(env.get("MATCHER_TRUSTED_PROXIES", "0"))

        self.SMTP_HOST = env.get("MATCHER_SMTP_HOST", "")
        self.SMTP_PORT = int(env.get("MATCHER_SMTP_PORT", "25"))
        self.SMTP_USER = env.get("MATCHER_SMTP_USER", "")
        self.SMTP_PASSWORD = env.get("MATCHER_SMTP_PASSWORD", "")
        self.SMTP_STARTTLS = flag("MATCHER_SMTP_STARTTLS")
        self.MAIL_FROM = env.get("MATCHER_MAIL_FROM", "dianjiang@localhost")

        #: The optional model: a folder with an ONNX model or an OpenAI-compatible address. Empty: none. Each office
        #: turns it on for itself; to an address only masked text goes.
        self.EMBEDDINGS = env.get("MATCHER_EMBEDDINGS", "")
        self.EMBEDDINGS_MODEL = env.get("MATCHER_EMBEDDINGS_MODEL", "")
        self.EMBEDDINGS_KEY = env.get("MATCHER_EMBEDDINGS_KEY", "")
        self.EMBEDDINGS_TIMEOUT = float(env.get("MATCHER_EMBEDDINGS_TIMEOUT", "10"))

        #: argon2 costs; tests make them cheap, installations do not.
        self.ARGON2 = {"time_cost": 3, "memory_cost": 65536, "parallelism": 4}
        #: A password is changed after so many days; 0: never, so that the logins a demo prints stay true.
        self.PASSWORD_DAYS = int(env.get("MATCHER_PASSWORD_DAYS", "0" if self.DEMO else "90"))

        self.MAX_CONTENT_LENGTH = 80 * 1024 * 1024
        self.MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
        self.PERMANENT_SESSION_LIFETIME = 30 * 60
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_SECURE = self.BASE_URL.startswith("https://")
        self.WTF_CSRF_TIME_LIMIT = 12 * 3600
        self.BABEL_DEFAULT_LOCALE = "zh_Hans_CN"
        self.BABEL_DEFAULT_TIMEZONE = "Asia/Shanghai"
        self.BABEL_TRANSLATION_DIRECTORIES = str(ROOT / "matcher" / "translations")
        self.BOOTSTRAP_SERVE_LOCAL = True
        self.RATELIMIT_ENABLED = True


class TestConfig(Config):
    """Cheap hashes, no limits, a database of its own."""

    def __init__(self, **overrides: Any) -> None:
        os.environ.setdefault("MATCHER_SECRET_KEY", "tests-only")
        os.environ.setdefault("MATCHER_SEALING_KEYS", "tests-only")
        super().__init__()
        self.TESTING = True
        self.ARGON2 = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
        self.WTF_CSRF_ENABLED = False
        self.RATELIMIT_ENABLED = False
        self.__dict__.update(overrides)
