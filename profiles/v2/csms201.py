"""The central system's face in 2.0.1."""

from ..family import OCPP_201
from ..messages import of
from .csms import make_face

FACE = make_face(OCPP_201, of("2.0.1"))
