"""What is alike in all versions of what a meter has signed (signed meter values 3.2)."""

from base64 import b64encode

from ..machines.meter import SignedReading


def signed_data(signed: SignedReading) -> str:
    """Give signedMeterData."""
    return b64encode(signed.data).decode()


def key_text(public_key: str) -> str:
    """Give publicKey of a key as printed on the meter, "" of none (3.2.2)."""
    return b64encode(public_key.encode()).decode()
