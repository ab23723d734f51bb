"""Opens the store in the folder given, says so, and waits for its end."""

import sys

from bdhvs.store import Store

with Store.open(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.read()
