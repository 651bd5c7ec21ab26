"""How tasks of systems are connected, set by hand beside the model."""

from bpm.engine.definitions.connectors.set_by_hand import (
    AS_MODELLED,
    Connector,
    connector_of,
    forget,
    get_connectors,
    set_connector,
)

__all__ = ["AS_MODELLED", "Connector", "connector_of", "forget", "get_connectors", "set_connector"]
