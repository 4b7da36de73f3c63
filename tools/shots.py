"""Takes the README's pictures: a demo district of its own, each page as the person who uses it sees it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tools import browser

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".shots-data"
PICTURES = ROOT / "docs" / "pictures"
PATIENCE = 300  # seconds for the district to be built
WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Shot:
    """One page: its name, whose it is, where it is, how wide, and what to click when one is there."""

    name: str
    who: str
    path: str
    width: str
    click: str = ""


SHOTS = [
    Shot("sign-in", "", "/account/login/", "desk"),
    Shot("report", "", "/report/", "phone"),
    Shot("track", "", "/track/", "phone"),
    Shot("desk", "dispatcher", "/desk/", "desk"),
    Shot("desk", "grid_worker", "/desk/", "phone"),
    Shot("cases", "dispatcher", "/cases/", "desk"),
    Shot("case", "dispatcher", "/cases/", "desk", click="main a[href^='/cases/2']"),
    Shot("case", "handler", "/desk/", "phone", click="main a[href^='/cases/2']"),
    Shot("catalogue", "administrator", "/catalogue/", "desk"),
    Shot("areas", "administrator", "/areas/", "desk"),
    Shot("people", "administrator", "/people/", "desk"),
    Shot("calendar", "administrator", "/calendar/", "desk"),
    Shot("inbox", "clerk", "/inbox/", "phone"),
    Shot("help", "clerk", "/help/", "desk"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_demo(port: int) -> subprocess.Popen[bytes]:
    ours = {"BIHUAN_DATA": str(DATA), "BIHUAN_PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-m", "bihuan", "demo"], cwd=ROOT, env=os.environ | ours)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
                return server
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    server.terminate()
    sys.exit("The demo district did not start.")


def take(chromium: Browser, address: str, shot: Shot, code: str) -> None:
    width, height = WIDTHS[shot.width]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if shot.width == "phone" else 1,
        is_mobile=shot.width == "phone",
        has_touch=shot.width == "phone",
        locale="zh-CN" if code == "zh" else "en",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "django_language", "value": LANGUAGES[code], "url": address}])
    page = context.new_page()
    if shot.who:
        sign_in(page, address, shot.who)
    page.goto(address + shot.path, wait_until="networkidle")
    if shot.click and page.locator(shot.click).count():
        page.locator(shot.click).first.click()
        page.wait_for_load_state("networkidle")
    target = PICTURES / f"{shot.name}-{shot.width}-{code}.png"
    page.screenshot(path=target)
    print(f"{target.relative_to(ROOT)}  {page.url.removeprefix(address)}", flush=True)
    context.close()


def sign_in(page: Page, address: str, username: str) -> None:
    page.goto(address + "/account/login/")
    page.locator(f"form[action='/demo/sign-in/{username}/'] button").first.click()
    page.wait_for_load_state("networkidle")


def main() -> None:
    """All pictures, or those whose name is given."""
    wanted = set(sys.argv[1:])
    path = browser.find()
    if path is None:
        sys.exit(browser.NO_BROWSER)
    PICTURES.mkdir(parents=True, exist_ok=True)
    port = free_port()
    server = start_demo(port)
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=browser.OPTIONS)
            for shot in SHOTS:
                if not wanted or shot.name in wanted:
                    for code in LANGUAGES:
                        take(chromium, f"http://127.0.0.1:{port}", shot, code)
            chromium.close()
    finally:
        server.terminate()
        server.wait(60)


if __name__ == "__main__":
    main()
