"""The office's own template of the brief, kept in the store; its key stands in the office's settings."""

import hashlib

from matcher.models import Actor, Office
from matcher.services.attachments import Store
from matcher.services.history import record

SETTING = "brief_docx"


def template_of(office: Office, *, store: Store) -> bytes | None:
    """The template of the office or of the nearest office above that has one; None: the one we ship."""
    key = office.setting(SETTING)
    return store.path(key).read_bytes() if key and store.path(key).exists() else None


def keep_template(office: Office, data: bytes | None, *, store: Store, by: Actor) -> None:
    """Use this template from now on; None goes back to the one we ship."""
    settings = {name: value for name, value in office.settings.items() if name != SETTING}
    if data is not None:
        key = hashlib.sha256(data).hexdigest()
        store.put(key, data)
        settings[SETTING] = key
    office.settings = settings
    record(by, "office.brief_template", office, own=data is not None)
