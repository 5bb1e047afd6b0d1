"""A port as data: ``port.toml``, zones and routes as geometry, the local calendar."""

from inventories.port.port import Port as Port
from inventories.port.refusals import PortError as PortError
