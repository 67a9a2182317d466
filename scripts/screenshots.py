#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The Brobygger contributors
# SPDX-License-Identifier: MPL-2.0
"""Take the screenshots of the main pages for docs/, from the demo municipality in a scratch folder.

Usage: make screenshots. Needs Chromium on the machine (apt-get install chromium). Writes docs/screenshots/*.png.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "screenshots"
PORT = "8765"
URL = f"http://localhost:{PORT}"
PASSWORD = "kun-til-skaermbilleder"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
TALLEST = 1700  # pixels: what a reader of the docs looks at; a list goes on below
COLOURS = 256
CONSULTANT, FIRM, HEAD = "konsulent@demo.invalid", "virksomhed@demo.invalid", "chef@demo.invalid"
# name, who, address, text of a link or button to follow from there
PAGES = [
    ("01-forside", None, "/", None),
    ("02-i-dag", CONSULTANT, "/i-dag/", None),
    ("03-virksomheder", CONSULTANT, "/virksomheder/", None),
    ("04-virksomhed", CONSULTANT, "/virksomheder/?q=herslev+bryghus", "Herslev Bryghus"),
    ("05-har-og-mangler", CONSULTANT, "/har-og-mangler/", None),
    ("06-listing", CONSULTANT, "/har-og-mangler/?q=mask", "Vi har 4 tons mask om ugen fra ølbrygning"),
    ("07-forslag", CONSULTANT, "/forslag/?q=lindevang+mejeri", "Lindevang Mejeri ApS →"),
    ("08-match", CONSULTANT, "/match/?q=Østagergård", "Herslev Bryghus"),
    ("09-kredsloeb", CONSULTANT, "/kredsloeb/", None),
    ("10-plan", HEAD, "/plan/", None),
    ("11-maal", HEAD, "/plan/", "Tons restprodukter, der er flyttet i stedet for smidt ud"),
    ("12-min-side", FIRM, "/min-side/", None),
    ("13-hele-netvaerket", CONSULTANT, "/netvaerk/", "Læg planen"),
]


def main() -> None:
    from playwright.sync_api import sync_playwright

    TARGET.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ, "BROBYGGER_DATA": tempfile.mkdtemp(), "DEMO_PASSWORD": PASSWORD, "PORT": PORT,
        "SITE_URL": URL, "WEB_WORKERS": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "brobygger.config.command"]
    for step in (["migrate", "--verbosity", "0"], ["demo"]):
        subprocess.run([*command, *step], env=environment, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([*command, "serve"], env=environment)
    try:
        _wait()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for width, suffix in ((1280, ""), (390, "-mobil")):
                _take(browser, width, suffix)
            browser.close()
    finally:
        server.terminate()


def _wait() -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{URL}/healthz", timeout=2).read()  # noqa: S310
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("webserveren svarer ikke")


def _take(browser, width: int, suffix: str) -> None:
    contexts = {}
    for name, who, address, link in PAGES:
        if who not in contexts:
            contexts[who] = browser.new_context(viewport={"width": width, "height": 900}, locale="da-DK")
            if who:
                _sign_in(contexts[who].new_page(), who)
        page = contexts[who].new_page()
        page.goto(URL + address)
        if link:
            main = page.locator("main")
            main.get_by_role("link", name=link).or_(main.get_by_role("button", name=link)).first.click()
        page.wait_for_load_state("networkidle")
        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": width, "height": height}
        picture = page.screenshot(full_page=True, clip=clip)
        few = Image.open(io.BytesIO(picture)).quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE)
        few.save(TARGET / f"{name}{suffix}.png", optimize=True)
        page.close()
        print(f"{name}{suffix}.png", flush=True)


def _sign_in(page, who: str) -> None:
    page.goto(f"{URL}/konto/login/")
    page.get_by_label("E-mail").fill(who)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_load_state()
    page.close()


if __name__ == "__main__":
    main()
