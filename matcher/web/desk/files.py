"""Photos and papers of things among ours."""

from flask import current_app, send_file
from werkzeug.wrappers import Response

from matcher.access.doors import attachment_for
from matcher.models import FileKind
from matcher.services.attachments import Store
from matcher.web.desk.blueprint import bp
from matcher.web.gates import staff


@bp.get("/files/<int:attachment_id>")
def file(attachment_id: int) -> Response:
    """A picture is shown, a paper is downloaded: what strangers sent never opens inside the site."""
    found = attachment_for(staff(), attachment_id)
    store: Store = current_app.extensions["store"]
    is_paper = found.kind is not FileKind.PICTURE
    return send_file(
        store.path(found.key).resolve(),
        mimetype=found.mime,
        as_attachment=is_paper,
        download_name=found.name or None if is_paper else None,
    )
