"""The central system's face in 2.1."""

from ..family import OCPP_21
from ..messages import of
from .csms import make_face

FACE = make_face(OCPP_21, of("2.1"))
