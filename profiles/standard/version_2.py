"""Variables that only 2.x knows: of meter values, of the connection, of message sizes."""

from ..device_model import Definition
from ..measurands import ENERGY_REGISTER
from .charging import measurands
from .define import DAY, boolean, integer, request_limits, seconds

VERSION_2: tuple[Definition, ...] = (
    measurands(
        "SampledDataCtrlr.TxStartedMeasurands",
        (ENERGY_REGISTER,),
        "Measurands told at a transaction's start",
    ),
    seconds(
        "SampledDataCtrlr.TxEndedInterval",
        0,
        "Between two samples told at a transaction's end; 0: the first and the last only",
        maximum=DAY,
    ),
    seconds(
        "AlignedDataCtrlr.TxEndedInterval",
        0,
        "Between two clock-aligned readings told at a transaction's end; 0: none",
        maximum=DAY,
    ),
    boolean("SampledDataCtrlr.Available", True, "Meters are sampled", mutability="ReadOnly"),
    boolean("SampledDataCtrlr.Enabled", True, "Sample meters within transactions"),
    boolean(
        "SampledDataCtrlr.RegisterValuesWithoutPhases",
        False,
        "Tell the import register as a sum only, not a phase each as well",
    ),
    boolean(
        "AlignedDataCtrlr.Available", True, "Meters are read by the clock", mutability="ReadOnly"
    ),
    boolean("AlignedDataCtrlr.Enabled", True, "Read meters at clock-aligned times"),
    boolean(
        "AlignedDataCtrlr.SendDuringIdle",
        False,
        "Tell clock-aligned readings only while no transaction runs",
    ),
    seconds(
        "OCPPCommCtrlr.OfflineThreshold",
        DAY,
        "Offline for longer, the station tells every connector's status when it is back",
    ),
    integer(
        "DeviceDataCtrlr.ConfigurationValueSize",
        1000,
        "The longest value that can be set, in characters",
        mutability="ReadOnly",
        maximum=1000,
    ),
    integer(
        "DeviceDataCtrlr.ReportingValueSize",
        2500,
        "The longest value that is told, in characters",
        mutability="ReadOnly",
        maximum=2500,
    ),
    *request_limits("DeviceDataCtrlr", "GetReport", "GetVariables", "SetVariables"),
)
