"""QR codes: the culture in which a form is found."""

import io


def qr_svg(text: str, *, title: str, scale: int = 4) -> str:
    """The code as an SVG element to put into a page (no style attribute, so a strict policy lets it pass)."""
    import segno

    return segno.make(text, error="m").svg_inline(scale=scale, border=2, title=title, omitsize=False)


def qr_file(text: str, kind: str, *, scale: int = 12) -> bytes:
    """The code as a file; kind is "svg" or "png"."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind=kind, scale=scale, border=4)
    return out.getvalue()
