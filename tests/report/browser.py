"""A headless Chromium for the tests: Playwright's own, or the one of the system.

Run as a program it says which one there is, with exit code 1 where there is none.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const known = new Map();
  const channels = (text) => {
    if (!known.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      known.set(text, [...canvas.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(text);
  };
  const light = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((c) => c / 255).map(
      (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = channels(getComputedStyle(each).backgroundColor);
      if (color[3] > 250) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("script, style, .skip")) continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const ink = light(channels(isDrawn ? style.fill : style.color));
    const page = light(behind(isDrawn ? element.ownerSVGElement.parentElement : element));
    const ratio = (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05);
    if (ratio < 4.5) found.push(`${element.tagName} ${element.textContent.slice(0, 40)} ${ratio}`);
  }
  return found;
}"""


def find(playwright) -> str | None:
    """Return the program to start, or nothing where no Chromium is installed."""
    own = playwright.chromium.executable_path
    return own if Path(own).exists() else next(filter(None, map(shutil.which, SYSTEM)), None)


@contextmanager
def chromium() -> Iterator[object]:
    """Start a headless Chromium."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        program = find(playwright)
        if not program:
            pytest.skip("no Chromium on this machine; `make browser` installs one")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def main() -> None:
    """Print the Chromium that the tests would start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        program = find(playwright)
    print(program or "no Chromium is installed")
    raise SystemExit(0 if program else 1)


if __name__ == "__main__":
    main()
