"""The keys of [station.security_log]: where security events are kept (A04)."""

from typing import Annotated

from msgspec import Meta

from .fields import Settings


class SecurityLog(Settings, frozen=True, kw_only=True):
    """The log of security events: security.log in the station's directory."""

    max_file_bytes: Annotated[
        int,
        Meta(ge=4096, description="Size at which the file gives way to a new one"),
    ] = 1_000_000
    max_files: Annotated[int, Meta(ge=1, le=1000, description="Old files that are kept")] = 4
