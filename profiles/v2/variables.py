"""Functional block B, its variables: set (B05) and get (B06) them. Reports: reports.py."""

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ..context import Kept, Reconnect, StationContext
from ..device_model import Key
from ..network import PASSWORD, is_password
from ..passwords import changed, is_in_use
from .addressing import key_of
from .device_data import check_size, told_text
from .handling import Handlers, because

if TYPE_CHECKING:
    from ..messages.v2 import Messages
    from ..messages.v21 import (
        GetVariableDataType,
        GetVariableResultType,
        GetVariablesRequest,
        GetVariablesResponse,
        GetVariableStatusEnumType,
        SetVariableDataType,
        SetVariableResultType,
        SetVariablesRequest,
        SetVariablesResponse,
        SetVariableStatusEnumType,
        StatusInfoType,
    )

_LONGEST_SET = Key("DeviceDataCtrlr", "ConfigurationValueSize")


def get_variables(
    v2: "Messages", context: StationContext, request: "GetVariablesRequest"
) -> "GetVariablesResponse":
    """Tell each variable asked for, in the order of the request (B06.FR.01)."""
    check_size(context, request, len(request.get_variable_data))
    results = tuple(_get(v2, context, item) for item in request.get_variable_data)
    return request.response(get_variable_result=results)


def _get(
    v2: "Messages", context: StationContext, item: "GetVariableDataType"
) -> "GetVariableResultType":
    model = context.model
    kind = "Actual" if item.attribute_type is UNSET else item.attribute_type  # B06.FR.11
    found = model.find(key_of(item.component, item.variable))
    status: GetVariableStatusEnumType
    value: str | UnsetType = UNSET
    info: StatusInfoType | UnsetType = UNSET
    if not isinstance(found, Key):
        status = found  # B06.FR.06-07
    elif (attribute := model.definition(found).attribute(kind)) is None:
        status = "NotSupportedAttributeType"  # B06.FR.08
    elif attribute.mutability == "WriteOnly":
        status, info = "Rejected", because(v2, "WriteOnly")  # B06.FR.09
    else:
        # B06.FR.10, B06.FR.13
        status, value = "Accepted", told_text(model, found, kind)
    return v2.GetVariableResultType(
        attribute_status=status,
        component=item.component,
        variable=item.variable,
        attribute_type=kind,
        attribute_value=value,
        attribute_status_info=info,
    )


def set_variables(
    v2: "Messages", context: StationContext, request: "SetVariablesRequest"
) -> "SetVariablesResponse | Kept":
    """Set each variable, in the order of the request; one that fails leaves the others alone."""
    check_size(context, request, len(request.set_variable_data))
    results = tuple(_set(v2, context, item) for item in request.set_variable_data)
    response = request.response(set_variable_result=results)  # B05.FR.01
    passwords = [
        item.attribute_value
        for item, result in zip(request.set_variable_data, results, strict=True)
        if _is_of_password(context, item) and result.attribute_status == "Accepted"
    ]
    if not passwords:
        return response
    if is_in_use(context.model):
        context.do(Reconnect())
    unkept = tuple(
        _rejected(v2, result) if _is_of_password(context, item) else result
        for item, result in zip(request.set_variable_data, results, strict=True)
    )
    return Kept(
        changed(context.model, passwords[-1]),
        response,
        request.response(set_variable_result=unkept),
    )


def _is_of_password(context: StationContext, item: "SetVariableDataType") -> bool:
    kind = item.attribute_type or "Actual"
    return (
        kind == "Actual" and context.model.find(key_of(item.component, item.variable)) == PASSWORD
    )


def _rejected(v2: "Messages", result: "SetVariableResultType") -> "SetVariableResultType":
    info = because(v2, "InternalError", "it could not be kept")
    return replace(result, attribute_status="Rejected", attribute_status_info=info)


def _set(
    v2: "Messages", context: StationContext, item: "SetVariableDataType"
) -> "SetVariableResultType":
    kind = "Actual" if item.attribute_type is UNSET else item.attribute_type  # B05.FR.12
    found = context.model.find(key_of(item.component, item.variable))
    status: SetVariableStatusEnumType
    info: StatusInfoType | UnsetType = UNSET
    if not isinstance(found, Key):
        status = found  # B05.FR.04-05
    elif found == PASSWORD and kind == "Actual":  # A01: it is kept by its own rules
        is_fit = is_password(item.attribute_value)
        status = "Accepted" if is_fit else "Rejected"
        info = UNSET if is_fit else because(v2, "InvalidValue")
    elif len(item.attribute_value) > context.model.integer(_LONGEST_SET):
        status, info = "Rejected", because(v2, "TooLargeElement")
    else:
        outcome = context.model.take(found, item.attribute_value, kind)  # B05.FR.06-10
        status = outcome.status
        context.change(found, item.attribute_value, status, kind)
        if outcome.reason:
            info = because(v2, outcome.reason, outcome.info)
    return v2.SetVariableResultType(
        attribute_status=status,
        component=item.component,
        variable=item.variable,
        attribute_type=kind,
        attribute_status_info=info,
    )


STATION: Handlers = {"GetVariables": get_variables, "SetVariables": set_variables}
