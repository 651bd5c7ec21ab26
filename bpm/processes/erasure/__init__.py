"""A customer is handed out whole, or erased everywhere: by the register that every room declares."""

from bpm.processes.erasure.erase import erase_person, preview_erasure, write_over
from bpm.processes.erasure.export import export_person
from bpm.processes.erasure.register import REGISTER

__all__ = ["REGISTER", "erase_person", "export_person", "preview_erasure", "write_over"]
