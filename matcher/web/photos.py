"""Photos of forms: cleaned when they arrive, kept (signed) while the form is shown again, sent when looked at."""

from collections.abc import Sequence
from dataclasses import asdict

from flask import current_app, request, send_file
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matcher.models import Attachment, FileKind
from matcher.plain.pictures import UploadError
from matcher.services.attachments import Folder, Kept, keep_picture

MOST = 6
FIELD = "kept_photos"


def store() -> Folder:
    """Where this installation keeps its uploads."""
    found: Folder = current_app.extensions["store"]
    return found


def kept_photos(files: Sequence[FileStorage | str | None]) -> list[Kept]:
    """Photos of earlier tries of this form, and those that came now; UploadError where one cannot be taken."""
    photos = _earlier()
    for file in files:
        if isinstance(file, FileStorage) and file.filename:
            photos.append(keep_picture(file.read(), store=store()))
    if len(photos) > MOST:
        raise UploadError("最多上传 %(most)d 张照片。", most=MOST)
    return photos


def sign(photos: Sequence[Kept]) -> str:
    """The photos as a hidden field that nobody can make up."""
    return _signer().dumps([asdict(photo) for photo in photos])


def send(attachment: Attachment) -> Response:
    """The bytes; papers are downloaded, never opened in the page."""
    is_picture = attachment.kind is FileKind.PICTURE
    return send_file(
        store().path(attachment.key),
        mimetype=attachment.mime,
        as_attachment=not is_picture,
        download_name=attachment.name or None,
        max_age=0,
    )


def _earlier() -> list[Kept]:
    text = request.form.get(FIELD, "")
    if not text:
        return []
    try:
        return [Kept(**row) for row in _signer().loads(text)]
    except BadSignature:
        return []


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="kept photos")
