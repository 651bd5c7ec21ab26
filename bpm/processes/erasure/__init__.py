"""A customer is handed out whole, or erased everywhere: by the register that every room declares."""

from bpm.processes.erasure.erase import erase_person, preview_erasure
from bpm.processes.erasure.export import export_person, plain
from bpm.processes.erasure.register import REGISTER
from bpm.processes.erasure.write_over import backups_in, write_over

__all__ = ["REGISTER", "backups_in", "erase_person", "export_person", "plain", "preview_erasure", "write_over"]
