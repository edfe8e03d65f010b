"""A notebook without a browser: cells sent to a real kernel as JupyterLab sends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psutil
from jupyter_client.manager import start_new_kernel

from tests.conftest import ROOT


@dataclass(frozen=True)
class Shown:
    """What a cell gave: `html` and `text` of the display as it was in the end, `printed`, and the error's lines."""

    html: str = ""
    text: str = ""
    printed: str = ""
    error: str = ""
    name: str = ""


class Notebook:
    """A kernel; the cells have identifiers, as in JupyterLab and Notebook 7."""

    def __init__(self) -> None:
        self._manager, self._client = start_new_kernel(kernel_name="python3", cwd=str(ROOT))

    def run(
        self,
        source: str,
        cell: str = "",
        deleted: tuple[str, ...] = (),
        interrupt_when: Callable[[str], bool] | None = None,
    ) -> Shown:
        """Runs a cell. `interrupt_when` sees each text that is displayed, and says when to interrupt."""
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        message = self._client.session.msg("execute_request", {**content, "stop_on_error": True})
        message["metadata"] = {"cellId": cell, "deletedCells": list(deleted)} if cell else {}
        self._client.shell_channel.send(message)
        shown: dict[str, str] = {}
        while True:
            reply = self._client.get_iopub_msg(timeout=120)
            if reply["parent_header"].get("msg_id") != message["header"]["msg_id"]:
                continue
            kind, found = reply["msg_type"], reply["content"]
            if kind == "status" and found["execution_state"] == "idle":
                self._client.get_shell_msg(timeout=120)
                return Shown(**shown)
            if kind in ("display_data", "update_display_data", "execute_result"):
                shown.update(html=found["data"].get("text/html", ""), text=found["data"]["text/plain"])
                if interrupt_when is not None and interrupt_when(shown["text"]):
                    interrupt_when = None
                    self._manager.interrupt_kernel()
            elif kind == "stream":
                shown["printed"] = shown.get("printed", "") + found["text"]
            elif kind == "error":
                shown.update(error="\n".join(found["traceback"]), name=found["ename"])

    @property
    def process(self) -> psutil.Process:
        provisioner: Any = self._manager.provisioner
        return psutil.Process(provisioner.pid)

    def forget(self) -> None:
        """As a new notebook, in the same kernel."""
        self.run("%reset -f\n%load_ext autograder")
        self.run("get_ipython()._autograder.history.clear()")

    def close(self) -> None:
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)
