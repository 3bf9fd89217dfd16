"""The station's face in 2.1."""

from ..family import OCPP_21
from ..messages import of
from .face import Face

FACE = Face(OCPP_21, of("2.1"), tells_status_by_event=True)  # G01: StatusNotification is deprecated
