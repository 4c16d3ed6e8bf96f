"""A one-time code as it is handed over: to be typed, followed as a link and photographed."""

from tutor.accounts.addresses import reset_address, typing_address
from tutor.accounts.codes import spelled
from tutor.qr import qr_image


def reset_code_context(code: str) -> dict[str, str]:
    """The context of ``account/one_time_code.html``, beside whom the code is for and where one goes back to."""
    address = reset_address(code)
    return {"code": spelled(code), "typed_at": typing_address(), "address": address, "qr": qr_image(address)}
