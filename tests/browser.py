"""A headless Chromium, driven by its own protocol: opens a page, clicks, types, looks."""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

CHROMIUM = Path("/usr/bin/chromium")
ENTER = "Enter"


class Browser:
    """One page. `profile` is an empty folder."""

    def __init__(self, profile: Path, wide: int = 1000, high: int = 1100) -> None:
        import websocket

        self._process = subprocess.Popen(
            [
                *(str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"),
                *("--remote-allow-origins=*", f"--user-data-dir={profile}", f"--window-size={wide},{high}"),
                *("--hide-scrollbars", "--force-device-scale-factor=1", "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port = until(lambda: _port(profile), 60)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        self._socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=120)
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            reply = json.loads(self._socket.recv())
            if reply.get("id") == number:
                assert "error" not in reply, reply
                return dict(reply["result"])

    def open(self, address: str) -> None:
        self._call("Page.navigate", url=address)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives in the page; None while it throws."""
        return self._call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait_for(self, expression: str, seconds: float = 120) -> Any:
        return until(lambda: self.value(expression), seconds)

    def focus(self, selector: str, number: int = 0) -> None:
        """Puts the cursor into an element."""
        element = f"document.querySelectorAll({selector!r})[{number}]"
        self.wait_for(f"{element}.focus() || document.activeElement == {element}")

    def show(self, selector: str, number: int = 0) -> None:
        """Scrolls an element to the top."""
        self.value(f"document.querySelectorAll({selector!r})[{number}].scrollIntoView({{block: 'start'}})")

    def type(self, text: str) -> None:
        self._call("Input.insertText", text=text)

    def press(self, key: str, shift: bool = False, control: bool = False) -> None:
        named = {"key": ENTER, "code": ENTER, "windowsVirtualKeyCode": 13, "text": "\r"}
        letter = {"key": key, "code": f"Key{key.upper()}", "windowsVirtualKeyCode": ord(key[0].upper())}
        held: dict[str, Any] = named if key == ENTER else letter
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, modifiers=8 * shift + 2 * control, **held)

    def picture(self, path: Path, **clip: float) -> None:
        """A PNG of the page, or of the part x, y, width, height."""
        more = {"clip": {**clip, "scale": 1}} if clip else {}
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png", **more)["data"]))


def until(look: Any, seconds: float) -> Any:
    """What `look` finds, as soon as it finds something."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"nothing was found in {seconds} s")


def _port(profile: Path) -> int:
    try:
        return int((profile / "DevToolsActivePort").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return 0
