"""Uploads: photos are re-encoded without where and when they were taken; papers are looked into."""

import hashlib
import io
import warnings
import zipfile
from dataclasses import dataclass

from matcher.plain.errors import PlainError

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
PHOTO_KINDS = ("image/jpeg", "image/png", "image/webp")
#: What a zip-based paper must hold to be what its name says.
OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
PAPER_MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class UploadError(PlainError):
    """The file is not what may be uploaded."""

    field = "photos"


@dataclass(frozen=True, slots=True)
class Picture:
    """A clean photo: JPEG bytes, its size in pixels and its hash."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked paper: its kind, a harmless name, its hash."""

    mime: str
    name: str
    sha256: str


def clean_picture(data: bytes) -> Picture:
    """Decode, turn upright, shrink and encode again, so that nothing but the picture is left."""
    import filetype

    _check_size(data)
    kind = filetype.guess(data)
    if kind is None or kind.mime not in PHOTO_KINDS:
        raise UploadError("只能上传 JPG、PNG 或 WebP 格式的照片。")
    image_bytes, width, height = _encode_again(data)
    return Picture(image_bytes, "image/jpeg", width, height, hashlib.sha256(image_bytes).hexdigest())


def check_file(data: bytes, filename: str) -> Paper:
    """A pdf, docx or xlsx that is what its name says, or UploadError."""
    import filetype

    _check_size(data)
    ending = filename.rsplit(".", 1)[-1].lower()
    if ending not in PAPER_MIMES:
        raise UploadError("只能上传 PDF、Word（docx）或 Excel（xlsx）文件。")
    kind = filetype.guess(data)
    if ending == "pdf" and (kind is None or kind.mime != PAPER_MIMES["pdf"]):
        raise UploadError("这个文件的内容不是 PDF。")
    if ending in OFFICE_PARTS and not _holds(data, OFFICE_PARTS[ending]):
        raise UploadError("这个文件打不开，可能已损坏或设了密码。")
    return Paper(PAPER_MIMES[ending], _harmless(filename), hashlib.sha256(data).hexdigest())


def _encode_again(data: bytes) -> tuple[bytes, int, int]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadError("照片的像素太大，请换一张。") from error
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise UploadError("照片打不开，可能已损坏。") from error
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image.info.clear()  # the comment of a JPEG would be written again
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), image.width, image.height


def _check_size(data: bytes) -> None:
    if not data:
        raise UploadError("文件是空的。")
    if len(data) > MOST_BYTES:
        raise UploadError("文件太大，每个不超过 %(most)d MB。", most=MOST_BYTES // 1024 // 1024)


def _holds(data: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sizes = sum(info.file_size for info in parts.infolist())
            has_macros = any(name.lower().endswith("vbaproject.bin") for name in parts.namelist())
            return part in parts.namelist() and not has_macros and sizes < 40 * MOST_BYTES
    except (zipfile.BadZipFile, OSError):
        return False


def _harmless(filename: str) -> str:
    return "".join(c for c in filename.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[-120:]
