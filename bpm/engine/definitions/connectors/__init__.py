"""How tasks of systems are connected, set by hand beside the model."""

from bpm.engine.definitions.connectors.set_by_hand import (
    AS_MODELLED,
    SET_BY_HAND,
    Connector,
    connector_of,
    get_connectors,
    set_connector,
)

__all__ = ["AS_MODELLED", "SET_BY_HAND", "Connector", "connector_of", "get_connectors", "set_connector"]
