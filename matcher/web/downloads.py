"""Files on their way out, under the name a person would give them."""

from urllib.parse import quote

from flask import make_response
from werkzeug.wrappers import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FORBIDDEN = str.maketrans('\\/:*?"<>|\n\r\t', "____________")


def as_file(body: bytes, name: str, mime: str) -> Response:
    """A download under a Chinese name (RFC 5987); what no file system takes becomes a line."""
    response = make_response(body)
    response.headers["Content-Type"] = mime
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name.translate(_FORBIDDEN))}"
    return response
