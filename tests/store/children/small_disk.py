"""On a small disk of its own (run in a new mount namespace): fill it, be refused, make room, go on; then read-only.

Argument: an empty folder to mount the disk on. Prints JSON.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from bdhvs.errors import StoreUnavailable
from bdhvs.store import ClassroomRow, Store

PLACE = Path(sys.argv[1])


async def main() -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(PLACE)], check=True)
    said = {}
    with Store.open(PLACE / "data") as store:
        await store.open_classroom(ClassroomRow("a", "A", "first", 1))
        ballast = PLACE / "ballast"
        fill(ballast)
        room = ClassroomRow("b", "B", "second " * 2000, 2)
        try:
            await store.open_classroom(room)
        except StoreUnavailable as exc:
            said["reason"] = exc.reason
        ballast.unlink()
        await store.open_classroom(room)
        said["health"] = store.health
    subprocess.run(["mount", "-o", "remount,ro", str(PLACE)], check=True)
    try:
        Store.open(PLACE / "data")
    except StoreUnavailable as exc:
        said["read_only"] = exc.reason
    with Store.read_only(PLACE / "data") as store:
        said["classes"] = [one.code for one in store.classrooms()]
    print(json.dumps(said))


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass  # full: that is what it was for


asyncio.run(main())
