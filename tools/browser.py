"""Finds the browser that the tests and pictures drive, and can install one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
CHINESE_FONTS = ("*CJK*", "*wqy*", "*SourceHan*", "*simsun*", "*msyh*")
OPTIONS = [
    "--no-sandbox",  # root may not use it, and only our own pages are opened
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
NO_BROWSER = (
    "The browser tests need Chromium, and none was found. Install one "
    "(Debian, Ubuntu: apt-get install chromium; elsewhere: .venv/bin/playwright install chromium) "
    "or say where it is: BIHUAN_CHROMIUM=/path/to/chromium"
)
NO_FONT = (
    "No Chinese font was found, so Chinese text in pictures would be empty boxes. "
    "Install one (Debian, Ubuntu: apt-get install fonts-noto-cjk)."
)


def find() -> str | None:
    """The path of a Chromium that is there, or None."""
    if given := os.environ.get("BIHUAN_CHROMIUM"):
        return given if os.access(given, os.X_OK) else None
    for name in NAMES:
        if path := shutil.which(name):
            return path
    for place in PLACES:
        if os.access(place, os.X_OK):
            return place
    return _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        said = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
        return bool(said.stdout.strip())
    if sys.platform == "darwin":
        return True  # every Mac has PingFang
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(
        next(folder.rglob(name), None) for folder in folders if folder.is_dir() for name in CHINESE_FONTS
    )


def install_browser() -> None:
    """Playwright's own download first; on Debian as root also the package."""
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not find():
        install_packages("chromium", "fonts-noto-cjk")


def install_packages(*packages: str) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=quiet, check=False
    )


def main() -> None:
    wishes = sys.argv[1:]
    if not find() and "--install" in wishes:
        install_browser()
    path = find()
    if not path:
        sys.exit(NO_BROWSER)
    if not has_chinese_font() and "--install" in wishes:
        install_packages("fonts-noto-cjk")
    if not has_chinese_font():
        if "--fonts" in wishes:
            sys.exit(NO_FONT)
        print(NO_FONT)
    print(f"Browser: {path}")


if __name__ == "__main__":
    main()
