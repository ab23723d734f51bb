"""What every widget of ours refuses: a browser may ask and tell, but never set a trait."""

from __future__ import annotations

from typing import Any

import anywidget


class GuardedWidget(anywidget.AnyWidget):
    """An anywidget whose traits only the kernel writes; a browser's custom messages go to `_received`."""

    def _handle_msg(self, msg: Any) -> None:
        """Take what a browser sends: custom messages and requests for the state, never an update of it.

        ipywidgets' own method would set any synced trait, and show a traceback when a message is junk.
        """
        content = msg.get("content")
        data = content.get("data") if isinstance(content, dict) else None
        if not isinstance(data, dict):
            return
        if data.get("method") == "request_state":
            self.send_state()
        elif data.get("method") == "custom":
            self._received(data.get("content"))

    def _received(self, content: Any) -> None:
        """Take a custom message, read as hostile."""
        raise NotImplementedError
