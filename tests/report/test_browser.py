"""The report in a real headless Chromium: drawn, silent, within the screen, readable, operable.

Screenshots go to the folder that HKFLOW_SCREENSHOTS names, for people to look at.
"""

import json
import os
from pathlib import Path

import pytest

from tests.report import browser

SCREENS = [(width, theme) for width in (390, 1440) for theme in ("light", "dark")]
DATES = "['window-start', 'window-end'].map((id) => document.getElementById(id).value)"
OUTSIDE = """() => [...document.querySelectorAll("body *")]
  .filter((each) => !each.closest(".scroll, pre, svg, .skip, script, style"))
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.tagName}.${each.className}`)"""


@pytest.fixture(scope="module")
def chromium():
    with browser.chromium() as started:
        yield started


@pytest.fixture
def open_page(chromium, written):
    opened = []

    def opener(width=1440, theme="light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, offline=True, **options
        )
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.said.append(f"asked for {request.url}"))
        page.goto(written.as_uri())
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        opened.append(context)
        return page

    yield opener
    for context in opened:
        context.close()


@pytest.mark.parametrize(("width", "theme"), SCREENS)
def test_every_panel_is_drawn_without_a_word_on_the_console(open_page, written, width, theme):
    page = open_page(width, theme)
    assert page.said == [f"asked for {written.as_uri()}"]
    drawn = page.evaluate(
        "[...document.querySelectorAll('.chart')].map((each) => "
        "each.dataset.drawn === 'yes' && each.querySelectorAll('.mark-rect path, .mark-line path,"
        " .mark-symbol path, .mark-area path').length > 0)"
    )
    assert len(drawn) >= 15 and all(drawn)
    assert page.locator(".panel").count() == 5
    folder = os.environ.get("HKFLOW_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{theme}-{width}.png", full_page=True)


@pytest.mark.parametrize(("width", "theme"), SCREENS)
def test_nothing_reaches_over_the_edge_of_the_screen(open_page, width, theme):
    page = open_page(width, theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(
        "[...document.querySelectorAll('.chart svg')].every((each) => "
        "each.getBoundingClientRect().right <= innerWidth)"
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(open_page, theme):
    assert open_page(1440, theme).evaluate(browser.CONTRAST) == []


def test_the_theme_button_changes_the_theme_and_its_name(open_page):
    page = open_page(theme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.inner_text("#theme") == "Dark theme"
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.inner_text("#theme") == "Light theme"
    assert page.evaluate(browser.CONTRAST) == []


def test_a_brush_over_the_overview_sets_the_days_of_all_charts(open_page):
    page = open_page()
    before, axis = page.evaluate(DATES), page.text_content("#buying-daily-0 .role-axis-label")
    page.locator("#window-0").scroll_into_view_if_needed()
    box = page.locator("#window-0 svg").bounding_box()
    middle = box["y"] + 25
    page.mouse.move(box["x"] + 0.3 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.45 * box["width"], middle, steps=8)
    page.mouse.up()
    said = json.dumps(before, separators=(",", ":"))
    page.wait_for_function(f"JSON.stringify({DATES}) !== '{said}'")
    start, end = page.evaluate(DATES)
    assert before[0] < start < end < before[1]
    assert page.text_content("#buying-daily-0 .role-axis-label") != axis
    assert page.locator(".presets [aria-pressed=true]").count() == 0


def test_the_days_can_be_set_by_keyboard_alone(open_page):
    page = open_page()
    before = page.evaluate(DATES)
    page.focus(".presets button >> nth=0")
    page.keyboard.press("Enter")
    after = page.evaluate(DATES)
    assert after[0] > before[0] and after[1] == before[1]
    assert page.get_attribute(".presets button >> nth=0", "aria-pressed") == "true"
    page.fill("#window-start", "2024-10-01")
    assert page.evaluate(DATES)[0] == "2024-10-01"


def test_the_first_tab_leads_past_the_head_and_every_control_can_be_reached(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName + document.activeElement.id"))
    assert {"BUTTONtheme", "A", "BUTTON", "INPUTwindow-start", "SUMMARY"} <= reached


def test_headings_images_and_tables_have_names_for_a_screen_reader(open_page):
    page = open_page()
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => +h.tagName[1])")
    assert levels[0] == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    names = page.evaluate(
        "[...document.querySelectorAll('.chart')].map((each) => each.ariaLabel || '')"
    )
    assert all(len(name) > 20 for name in names) and len(set(names)) == len(names)
    assert page.evaluate(
        "[...document.querySelectorAll('table')].every((each) => "
        "each.caption && each.tHead.querySelectorAll('th[scope=col]').length)"
    )


def test_days_are_the_same_west_and_east_of_greenwich(open_page):
    for zone in ("America/Los_Angeles", "Asia/Hong_Kong"):
        page = open_page(timezone_id=zone)
        assert page.evaluate(DATES)[1] == "2025-02-28"


def test_a_pointer_on_a_bar_tells_its_day_and_figure(open_page):
    page = open_page()
    page.click(".presets button >> nth=0")
    bar = page.locator("#buying-monthly-0 .mark-rect path").last
    bar.scroll_into_view_if_needed()
    bar.hover()
    page.wait_for_selector("#tip:not([hidden])", state="attached")
    assert "February 2025" in page.inner_text("#tip")
