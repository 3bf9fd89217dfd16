"""What a station has whose meters sign their readings (2.x part 2 chapter 2.7, signed meter values
4.3); another does not tell of it.
"""

from ..device_model import Definition
from .define import boolean, option

SIGNING: tuple[Definition, ...] = (
    boolean(
        "SampledDataCtrlr.SignReadings",
        True,
        "Have sampled readings signed: those told at a transaction's end, and those below",
    ),
    boolean(
        "SampledDataCtrlr.SignStartedReadings",
        True,
        "And those told at its start",
    ),
    boolean(
        "SampledDataCtrlr.SignUpdatedReadings",
        True,
        "And those told while it runs",
    ),
    boolean(
        "AlignedDataCtrlr.SignReadings",
        False,
        "Have clock-aligned readings signed: those told at a transaction's end or without one, and "
        "those below",
    ),
    boolean(
        "AlignedDataCtrlr.SignUpdatedReadings",
        True,
        "And those told while it runs",
    ),
    option(
        "OCPPCommCtrlr.PublicKeyWithSignedMeterValue",
        "OncePerTransaction",
        "How often the meter's public key is told with what it signed",
        options=("Never", "OncePerTransaction", "EveryMeterValue"),
    ),
)
