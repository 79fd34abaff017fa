"""Workbooks that no library of ours writes: the old .xls, and an .xlsx under a password, byte by byte.

Formats: [MS-CFB] compound file, version 3; [MS-XLS] records BOF, BOUNDSHEET, LABEL, EOF.
"""

import struct

SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
#: Shorter streams would need the file's second, smaller kind of sectors.
SHORTEST_STREAM = 4096


def old_workbook(rows: list[list[str]]) -> bytes:
    """An .xls (BIFF8) with one sheet of texts."""
    sheet = _bof(0x0010)
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            label = struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
            sheet += _record(0x0204, label)
    sheet += _record(0x000A, b"")
    name = "名册"
    before = len(_bof(0x0005)) + len(_bound(0, name)) + len(_record(0x000A, b""))
    book = _bof(0x0005) + _bound(before, name) + _record(0x000A, b"") + sheet
    return compound_file("Workbook", book)


def encrypted() -> bytes:
    """What Excel writes for an .xlsx with a password: the package sealed in a compound file."""
    return compound_file("EncryptedPackage", bytes(range(256)) * 8)


def compound_file(name: str, stream: bytes) -> bytes:
    """A compound file with a single stream: header, one FAT sector, one directory sector, the stream."""
    stream = stream.ljust(SHORTEST_STREAM, b"\0")
    count = -(-len(stream) // SECTOR)
    chain = [FAT, END, *range(3, 2 + count), END]
    fat = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, child=1, start=END, size=0)
    directory += _entry(name, 2, child=FREE, start=2, size=len(stream))
    directory += _entry("", 0, child=FREE, start=0, size=0) * 2
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, SHORTEST_STREAM, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    return header + fat + directory + stream.ljust(count * SECTOR, b"\0")


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le")
    length = len(coded) + 2 if name else 0
    links = struct.pack("<III", FREE, FREE, child)
    return (
        coded.ljust(64, b"\0")
        + struct.pack("<HBB", length, kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _bof(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _bound(place: int, name: str) -> bytes:
    return _record(0x0085, struct.pack("<IHBB", place, 0, len(name), 1) + name.encode("utf-16-le"))
