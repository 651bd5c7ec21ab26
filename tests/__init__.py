"""The tests; what they import is compiled once and kept, however the machine is set up.

Where PYTHONDONTWRITEBYTECODE is set, every worker and each of the hundreds of processes that tests start would compile
the product, its libraries and the rewritten tests anew: a minute of each.
"""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
