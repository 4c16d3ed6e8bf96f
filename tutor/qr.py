"""An address as a picture that a phone's camera reads."""

import segno


def qr_image(address: str) -> str:
    """A ``data:`` address of an SVG with a white ground of its own, so that it scans on a dark page too."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_data_uri(scale=5, border=3, dark="#23201b", light="#ffffff"))
