"""Vendors' own messages (DataTransfer): an integrator's functions, named in the configuration as
`package.module:function`.

They are imported like any other, with the rights of this program.
"""

import importlib
from collections.abc import Mapping
from typing import cast

from ..profiles.context import VendorHandler
from .config.source import ConfigError


def vendor_handlers(named: Mapping[str, str]) -> dict[str, VendorHandler]:
    """Give the function of each vendorId. Raises ConfigError for one that is not there."""
    return {vendor_id: _handler(vendor_id, name) for vendor_id, name in named.items()}


def _handler(vendor_id: str, name: str) -> VendorHandler:
    key = f'station.vendor_handlers."{vendor_id}"'
    module_name, _, function_name = name.partition(":")
    try:
        module = importlib.import_module(module_name)
    except (ImportError, SyntaxError) as error:
        problem = f"{module_name} cannot be imported: {error}"
        raise ConfigError("configuration", key, problem) from error
    function = getattr(module, function_name, None)
    if not callable(function):
        problem = f"{module_name} has no function {function_name}"
        raise ConfigError("configuration", key, problem)
    return cast("VendorHandler", function)  # called with messageId and data
