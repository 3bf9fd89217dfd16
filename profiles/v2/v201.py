"""The station's face in 2.0.1."""

from ..family import OCPP_201
from ..messages import of
from .face import Face

FACE = Face(OCPP_201, of("2.0.1"))
