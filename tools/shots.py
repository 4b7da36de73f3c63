"""Takes the pictures of the README: builds a small demo of its own, and drives a browser through it.

python -m tools.shots [--cases 1000] [--data FOLDER]

Without --data the demo is built in a temporary folder and thrown away. With it, a demo that stands there is
used again. The pictures go to docs/pictures.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tools import browser, shots_ledgers

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
LARGEST = 120_000  # bytes of a picture
PATIENCE = 60  # seconds until the server answers
CASES_WITH_PHOTOS = [
    ("inspector", "resolved"),
    ("clerk", "inspected"),
    ("supervisor", "resolved"),
    ("supervisor", "closed"),
]
LANGUAGES = {"zh": ("zh-CN", "zh-hans"), "en": ("en-GB", "en")}


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of the README.")
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--data", type=Path, help="keep the demo in this folder and use it again")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bihuan-shots-", ignore_cleanup_errors=True) as temporary:
        folder = wishes.data or Path(temporary)
        folder.chmod(0o755)  # root's database server runs as another user
        with served(folder, cases=wishes.cases) as address:
            take_all(address)


# -- the demo -----------------------------------------------------------------------------------------


@contextmanager
def served(data: Path, *, cases: int) -> Iterator[str]:
    """A demo of its own, whatever the environment says about another one."""
    port = free_port()
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    surroundings.pop("DATABASE_URL", None)
    surroundings |= {"BIHUAN_DATA": str(data), "BIHUAN_DEMO": "1", "BIHUAN_PORT": str(port)}
    bihuan = [sys.executable, "-m", "bihuan"]
    subprocess.run([*bihuan, "manage", "migrate", "-v0"], env=surroundings, cwd=ROOT, check=True)
    build = [*bihuan, "manage", "build_demo", "--if-empty", "--cases", str(cases)]
    subprocess.run(build, env=surroundings, cwd=ROOT, check=True)
    server = subprocess.Popen([*bihuan, "serve"], env=surroundings, cwd=ROOT)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/health/", server)
        yield address
    finally:
        server.terminate()
        server.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if server.poll() is not None or time.monotonic() > patience:
                sys.exit("The demo did not start.")
            time.sleep(0.5)


# -- the pictures -------------------------------------------------------------------------------------


def take_all(address: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = browser.find()
    if path is None:
        sys.exit(browser.NO_BROWSER)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.OPTIONS)
        for language in LANGUAGES:
            Photographer(chromium, address, language).take()
        chromium.close()


class Photographer:
    """Takes the pictures of one language."""

    def __init__(self, chromium: Browser, address: str, language: str):
        self.chromium, self.address, self.language = chromium, address, language

    def take(self) -> None:
        phone = self.visitor(PHONE)
        self.shoot(phone, "/", "home")
        self.report(phone)
        self.track(phone)

        self.desk()
        self.case()

        supervisor = self.visitor(DESK, "supervisor")
        self.shoot(supervisor, "/cases/?view=map", "map", pause=2)

        leader = self.visitor(DESK, "leader")
        self.shoot(leader, "/numbers/", "numbers", pause=2)
        self.shoot(leader, "/supervision/", "supervision")

        administrator = self.visitor(DESK, "administrator")
        self.shoot(administrator, "/areas/", "areas", pause=2)

        shots_ledgers.take(self, PHONE, DESK)

    def report(self, page: Page) -> None:
        english = self.language == "en"
        page.goto(f"{self.address}/report/", wait_until="networkidle")
        page.fill(
            "#id_words",
            "Rubbish is piled up in front of building 3."
            if english
            else "3号楼门前堆了很多垃圾，几天没人清。",
        )
        page.fill("#id_address", "良苑")
        page.wait_for_timeout(1_500)
        self.keep(page, "report")

    def track(self, page: Page) -> None:
        """The page of a report that went round the loop: of the resident of the cast."""
        resident = self.visitor(PHONE, "resident")
        resident.goto(f"{self.address}/my-reports/", wait_until="networkidle")
        links = [
            link.get_attribute("href") or "" for link in resident.locator("main a[href*='/track/']").all()
        ]
        best = max(links, key=lambda link: self.told(resident, link), default=None)
        if best is None:
            sys.exit("The resident of the demo has reported nothing: build more cases.")
        self.shoot(resident, best, "track")

    def told(self, page: Page, link: str) -> int:
        """How much a tracking page has to tell: photos count most."""
        page.goto(self.address + link, wait_until="domcontentloaded")
        return 10 * page.locator("main [data-compare]").count() + page.locator("main time").count()

    def desk(self) -> None:
        """The desk on which most is waiting: in a small demo some are empty."""
        desks = [self.visitor(DESK, username) for username in ("dispatcher", "clerk", "handler", "inspector")]
        for page in desks:
            page.goto(f"{self.address}/desk/", wait_until="networkidle")
        self.keep(max(desks, key=lambda page: len(links_in(page, "/cases/2"))), "desk")

    def case(self) -> None:
        """A case with photos before and after; best one that waits for the person who looks at it."""
        for username, state in CASES_WITH_PHOTOS:
            page = self.visitor(DESK, username)
            page.goto(f"{self.address}/cases/?state={state}", wait_until="networkidle")
            for link in links_in(page, "/cases/2"):
                page.goto(self.address + link, wait_until="networkidle")
                if page.locator("[data-compare]").count():
                    self.keep(page, "case")
                    return
        sys.exit("No case has photos before and after: build more cases.")

    def visitor(self, size: ViewportSize, username: str = "") -> Page:
        """A browser of its own, perhaps signed in as one of the cast."""
        locale, code = LANGUAGES[self.language]
        context = self.chromium.new_context(
            viewport=size,
            is_mobile=size is PHONE,
            has_touch=size is PHONE,
            device_scale_factor=1.5 if size is PHONE else 1,
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "django_language", "value": code, "url": self.address}])
        page = context.new_page()
        if username:
            page.goto(f"{self.address}/account/login/", wait_until="networkidle")
            page.locator(f"form[action='/demo/sign-in/{username}/'] button").click()
            page.wait_for_load_state("networkidle")
        return page

    def shoot(self, page: Page, path: str, name: str, *, pause: float = 0.5) -> None:
        page.goto(self.address + path, wait_until="networkidle")
        page.wait_for_timeout(pause * 1_000)
        self.keep(page, name)

    def keep(self, page: Page, name: str) -> None:
        """Write what the page shows, as small as it must be. Nothing but the demo is ever pictured."""
        if not page.locator(".demo-ribbon").count():
            sys.exit(f"{page.url} does not say that it shows demo data.")
        target = PICTURES / f"{name}-{self.language}.webp"
        size = write_small(Image.open(BytesIO(page.screenshot())), target)
        print(f"  {target.relative_to(ROOT)}  {size // 1_000} kB", flush=True)


def links_in(page: Page, start: str) -> list[str]:
    """The addresses on a page that begin so, each once."""
    links = page.locator(f"main a[href^='{start}']").all()
    return list(dict.fromkeys(link.get_attribute("href") or "" for link in links))


def write_small(picture: Any, target: Path) -> int:
    """WebP with the best quality that fits; returns its size."""
    for quality in range(88, 20, -6):
        draft = BytesIO()
        picture.convert("RGB").save(draft, "WEBP", quality=quality, method=6)
        if draft.tell() <= LARGEST:
            break
    target.write_bytes(draft.getvalue())
    return draft.tell()


if __name__ == "__main__":
    main()
