"""The password that the station shows its CSMS by HTTP Basic authentication (A00, A01).

2.x's is text, a passwordString; 1.6's AuthorizationKey writes its bytes in hexadecimal digits. Both
are kept as text, 1.6's with a mark before it that no passwordString has.
"""

import re

from .device_model import DeviceModel, Key, Value
from .network import ACTIVE, BYTES, PASSWORD, WITH_CERTIFICATE, read_profile, slots_of, variable

LEAST_BYTES = 16  # 1.6 A00.FR.205
_WRITTEN = re.compile(r"hex:((?:[0-9A-Fa-f]{2}){16,20})")


def of_bytes(password: bytes) -> str:
    """Give the text by which a password that is bytes is kept."""
    return BYTES + password.hex()


def of_file(written: str) -> str:
    """Give the text by which a password is kept that a file writes plainly, or as `hex:` and the
    digits of an AuthorizationKey.
    """
    digits = _WRITTEN.fullmatch(written)
    return written if digits is None else of_bytes(bytes.fromhex(digits[1]))


def revealed(text: str) -> bytes:
    """Give the password itself (A00.FR.205, A00.FR.304, 1.6 A00.FR.205)."""
    return bytes.fromhex(text[1:]) if text.startswith(BYTES) else text.encode()


def password_of(model: DeviceModel, slot: int) -> str | None:
    """Give the password of the profile in a slot: its own, or the station's."""
    profile = read_profile(model, slot)
    if profile is None:
        return None
    text = profile.password or model.value(PASSWORD)
    return text if isinstance(text, str) and text else None


def has_fit_password(model: DeviceModel) -> bool:
    """Say whether there is a password of the least length (1.6 A05.FR.02)."""
    active = model.value(ACTIVE)
    text = None if active is None else password_of(model, model.integer(ACTIVE))
    return text is not None and len(revealed(text)) >= LEAST_BYTES


def is_in_use(model: DeviceModel) -> bool:
    """Say whether the link that stands goes by a password (A01)."""
    active = model.value(ACTIVE)
    profile = None if active is None else read_profile(model, model.integer(ACTIVE))
    return profile is not None and 0 < profile.security_profile < WITH_CERTIFICATE


def changed(model: DeviceModel, text: str) -> dict[Key, Value | None]:
    """Give what a new password changes: it is the station's, and from now on also that of the slot
    that the link goes by (B09.FR.27 as the errata have it), and of each that had the same one. What
    another slot has is for another CSMS, which would not know the new one.
    """
    active = model.value(ACTIVE)
    before = None if active is None else password_of(model, model.integer(ACTIVE))
    values: dict[Key, Value | None] = {PASSWORD: text}
    for slot in slots_of(model):
        own = model.value(variable(slot, "BasicAuthPassword"))
        if own and (slot == active or own == before):
            values[variable(slot, "BasicAuthPassword")] = None
    return values
