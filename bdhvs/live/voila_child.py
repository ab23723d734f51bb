"""The Voilà process of a class: started, spoken to over a socket in a folder of our own, started again when it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import re
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdhvs.live.notebooks import LiveNotebook

if TYPE_CHECKING:
    import httpx
    from websockets.asyncio.client import ClientConnection

log = logging.getLogger("bdhvs.live")
BASE = "/song/"
TEMPLATES = Path(__file__).parents[1] / "share" / "jupyter"
PAGE_S = 90.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
STEADY_S = 60.0  # a process that lived so long is not one that cannot start
MOST_KERNEL_MESSAGE_BYTES = 32 * 2**20
_KERNEL_ID = re.compile(r'"kernelId": "([0-9a-f-]{36})"')
_LINES = 2**20


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page whose kernel has run all its cells."""

    kernel_id: str
    html: str


class VoilaChild:
    """Voilà as a child process.

    Parameters
    ----------
    notebooks : those that it serves, and no others.
    on_kernel_end : told the id of a kernel whose process is gone.
    on_death : told when Voilà itself, and so every kernel, is gone.
    stock : start kernels anew instead of forking them, for comparison.
    """

    def __init__(
        self,
        notebooks: Sequence[LiveNotebook],
        on_kernel_end: Callable[[str], None],
        on_death: Callable[[], None],
        *,
        stock: bool = False,
    ) -> None:
        self._notebooks = {one.id: str(one.path.resolve()) for one in notebooks}
        self._on_kernel_end = on_kernel_end
        self._on_death = on_death
        self._stock = stock
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._client: httpx.AsyncClient | None = None
        self._token = secrets.token_hex(32)
        self._socket = ""
        self.up = asyncio.Event()
        self.forked: bool | None = None  # None: not known yet

    @property
    def pid(self) -> int | None:
        """The process, None while there is none."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def start(self) -> None:
        """Start Voilà, and again whenever it dies. Returns at once; `up` is set when it listens."""
        if self._task is None:
            self._task = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """End Voilà with all its kernels."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def page(self, notebook: str) -> Rendered:
        """A new page, which costs a kernel.

        Raises
        ------
        httpx.HTTPError, ValueError
            when Voilà does not give one.
        """
        assert self._client is not None
        response = await self._client.get(BASE + notebook)
        response.raise_for_status()
        found = _KERNEL_ID.search(response.text)
        if found is None:
            raise ValueError(f"{notebook}: Voilà gave a page without a kernel")
        return Rendered(found[1], response.text)

    async def close_kernel(self, kernel_id: str) -> None:
        """End a kernel; one that is gone already is no error."""
        import httpx

        if self._client is not None:
            with contextlib.suppress(httpx.HTTPError):
                await self._client.delete(f"{BASE}api/kernels/{kernel_id}")

    async def file(self, path: str) -> tuple[bytes, str] | None:
        """A file that belongs to Voilà's pages and its media type; None when it has no such file."""
        import httpx

        if self._client is None:
            return None
        try:
            response = await self._client.get(BASE + path)
        except httpx.HTTPError:
            return None
        if response.status_code != 200:
            return None
        return response.content, response.headers.get("content-type", "application/octet-stream")

    def connect(self, kernel_id: str, session: str, protocol: str | None) -> AbstractAsyncContextManager[ClientConnection]:
        """The websocket of a kernel, while the block lasts; `protocol` is the name of how messages are written.

        Raises
        ------
        OSError, websockets.exceptions.WebSocketException
            when Voilà or the kernel is not there.
        """
        from websockets.asyncio.client import unix_connect
        from websockets.typing import Subprotocol

        return unix_connect(
            self._socket,
            f"ws://live{BASE}api/kernels/{kernel_id}/channels?session_id={session}",
            additional_headers={"Authorization": f"token {self._token}"},
            subprotocols=None if protocol is None else [Subprotocol(protocol)],
            compression=None,
            max_size=MOST_KERNEL_MESSAGE_BYTES,
            ping_interval=None,
            open_timeout=20,
        )

    # ── inside ──────────────────────────────────────────────────────────────────────────────────────

    async def _keep_running(self) -> None:
        wait = FIRST_WAIT_S
        while True:
            begin = asyncio.get_running_loop().time()
            try:
                await self._run_once()
            except OSError as error:
                log.warning("Voilà could not be started: %s", error)
            self._on_death()
            if asyncio.get_running_loop().time() - begin > STEADY_S:
                wait = FIRST_WAIT_S
            log.warning("Voilà has ended; it is started again in %.1f s", wait)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)

    async def _run_once(self) -> None:
        """One life of the process, from start to end."""
        # /tmp and not where the environment says: the path of a socket may have 104 letters, and kernels add 70.
        folder = tempfile.mkdtemp(prefix="bdhvs-", dir="/tmp")
        try:
            await self._live(folder)
        finally:
            self.up.clear()
            if self._client is not None:
                await self._client.aclose()
                self._client = None
            await self._end_process()
            shutil.rmtree(folder, ignore_errors=True)

    async def _live(self, folder: str) -> None:
        import httpx

        self._socket = f"{folder}/voila"
        paths = os.pathsep.join(filter(None, (str(TEMPLATES), os.environ.get("JUPYTER_PATH"))))
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bdhvs.live.voila_app"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=None if os.environ.get("BDHVS_LIVE_LOUD") else asyncio.subprocess.DEVNULL,
            limit=_LINES,
            env={**os.environ, "JUPYTER_PATH": paths, "IPYTHONDIR": f"{folder}/ipython", "BDHVS_LIVE": "1"},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(self._settings(folder)).encode() + b"\n")
        self._client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(uds=self._socket, limits=httpx.Limits(max_connections=64)),
            base_url="http://live",
            headers={"Authorization": f"token {self._token}"},
            timeout=PAGE_S,
        )
        async for line in self._process.stdout:
            self._told(line)

    def _told(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            return  # a library that prints
        if not isinstance(told, dict):
            return
        if told.get("ready"):
            self.forked = bool(told.get("forked"))
            self.up.set()
        if "ended" in told:
            self._on_kernel_end(str(told["ended"]))

    def _settings(self, folder: str) -> dict[str, Any]:
        return {
            "socket": self._socket,
            "folder": folder,
            "base_url": BASE,
            "token": self._token,
            "notebooks": self._notebooks,
            "stock": self._stock,
        }

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 3)
            except TimeoutError:
                process.kill()
                await process.wait()
