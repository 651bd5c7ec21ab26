"""How rooms declare what their columns hold of customers."""

from bpm.foundation.personal_data.declaring import How, Rows, TableData, free

__all__ = ["How", "Rows", "TableData", "free"]
