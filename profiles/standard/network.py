"""NetworkConfiguration: the slots of network profiles (2.x B09), and how they are used."""

from ..device_model import Definition, Key, PresetMonitor
from ..network import (
    ACTIVE,
    INTERFACES,
    LONGEST_URL,
    MAY_DOWNGRADE,
    PASSWORD,
    PRIORITY,
    SUBPROTOCOLS,
    variable,
)


def network_profiles(slots: tuple[int, ...]) -> tuple[Definition, ...]:
    """Give the variables of these slots and of the choice between them; B09.FR.06 wants two."""
    found = [
        Definition(
            key=PRIORITY,
            type="SequenceList",
            default=(str(slots[0]),),
            meaning="Slots of network profiles in the order in which they are dialled",
            options=tuple(str(slot) for slot in slots),
            minimum=1,
        ),
        Definition(
            key=ACTIVE,
            type="integer",
            default=None,
            meaning="Slot of the network profile that the link goes by",
            mutability="ReadOnly",
            persistent=False,
            # Whoever is failed over to hears that it was.
            monitors=(PresetMonitor(type="Delta", value=0, severity=6),),
        ),
        Definition(
            key=Key("OCPPCommCtrlr", "NetworkProfileConnectionAttempts"),
            type="integer",
            default=3,
            meaning="Dials of a network profile before the next one's turn",
            minimum=1,
            maximum=1000,
        ),
        Definition(
            key=MAY_DOWNGRADE,
            type="boolean",
            default=False,
            meaning="The CSMS may go back from security profile 3 to 2",
            mutability="ReadOnly",
        ),
        Definition(
            key=PASSWORD,
            type="string",
            default="",
            meaning="The station's password, where a network profile has none",
            mutability="WriteOnly",
            maximum=64,
        ),
    ]
    for slot in slots:
        found.extend(_slot(slot))
    return tuple(found)


def _slot(slot: int) -> tuple[Definition, ...]:
    return (
        Definition(
            key=variable(slot, "OcppCsmsUrl"),
            type="string",
            default=None,
            meaning="The CSMS's address, without the station's identity",
            maximum=LONGEST_URL,
        ),
        Definition(
            key=variable(slot, "SecurityProfile"),
            type="integer",
            default=None,
            meaning="0 none, 1 password, 2 TLS and password, 3 TLS and client certificate",
            minimum=0,
            maximum=3,
        ),
        Definition(
            key=variable(slot, "OcppInterface"),
            type="OptionList",
            default="Any",
            meaning="The way out",
            options=INTERFACES,
        ),
        Definition(
            key=variable(slot, "OcppTransport"),
            type="OptionList",
            default="JSON",
            meaning="The transport",
            mutability="ReadOnly",
            options=("JSON",),
        ),
        Definition(
            key=variable(slot, "OcppVersion"),
            type="OptionList",
            default=None,
            meaning="The only version that is offered; none: those of the station",
            options=tuple(SUBPROTOCOLS),
        ),
        Definition(
            key=variable(slot, "MessageTimeout"),
            type="integer",
            default=30,
            meaning="How long the answer to a message may take",
            unit="s",
            minimum=1,
            maximum=86_400,
        ),
        Definition(
            key=variable(slot, "Identity"),
            type="string",
            default=None,
            meaning="The station's identity there, if it is not the usual one",
            maximum=48,
        ),
        Definition(
            key=variable(slot, "BasicAuthPassword"),
            type="string",
            default=None,
            meaning="The station's password there, if it is not the usual one",
            mutability="WriteOnly",
            maximum=64,
        ),
        *(
            Definition(
                key=variable(slot, name),
                type="boolean",
                default=False,
                meaning=meaning,
                mutability="ReadOnly",
                constant=True,
            )
            for name, meaning in (("VpnEnabled", "By a VPN"), ("ApnEnabled", "By an APN"))
        ),
    )
