"""Why a command was not sent. What went wrong with one that was sent is a `CallFailed` of wire."""

from ...profiles.family import Version


class CommandNotSent(Exception):
    """The command never left."""


class StationNotConnected(CommandNotSent):
    """There is no connection to the station."""

    def __init__(self, station_id: str) -> None:
        super().__init__(f"{station_id} is not connected")
        self.station_id = station_id


class WrongVersion(CommandNotSent):
    """The request is not one that a central system sends in the version of the connection."""

    def __init__(self, station_id: str, request: str, version: Version) -> None:
        super().__init__(
            f"{station_id} speaks {version.subprotocol}: no central system sends {request} there"
        )
        self.station_id = station_id


class StationNotAccepted(CommandNotSent):
    """The station's registration is such that the request must not be sent to it (1.6 4.2)."""

    def __init__(self, station_id: str, action: str, registration: str) -> None:
        super().__init__(f"{station_id} is {registration}: {action} is not sent to it")
        self.station_id = station_id
