"""The page stands by itself: nothing is fetched, texts are escaped, no figure is silent."""

import json
import re

import altair as alt
import pytest
import vl_convert

from orchestration.report import charts
from orchestration.report.panels import buying, claimed, dear, overheated, trusted
from orchestration.report.write import report, write_report
from tests.report import tiny

LIBRARY = re.compile(r"<script>.*?</script>", re.S)
CHART = re.compile(r'<script type="application/json" data-for="([\w-]+)">(.*?)</script>', re.S)
PANELS = (buying, dear, overheated, claimed, trusted)


def test_the_file_is_small_enough_to_send(written):
    assert written.stat().st_size < 3_000_000


def test_nothing_is_fetched_from_anywhere(html):
    own = LIBRARY.sub("", html)
    assert not re.search(r"https?://|@import|\burl\(", own)
    assert not re.search(r"<(?:script|img|iframe|link|object|embed)\b[^>]*\b(?:src|href)=", own)
    assert "default-src 'none'" in html


def test_links_lead_to_files_beside_it_or_into_it(html, market):
    targets = re.findall(r'href="([^"]+)"', LIBRARY.sub("", html))
    anchors = {target[1:] for target in targets if target.startswith("#")}
    assert anchors <= set(re.findall(r'\bid="([^"]+)"', html))
    beside = {target for target in targets if not target.startswith("#")}
    assert beside == {"marts.duckdb", "manifest.json"}


def test_a_copy_elsewhere_has_no_links_to_files_that_are_not_there(market, tmp_path):
    page = write_report(market, tmp_path / "copy.html").read_text(encoding="utf-8")
    assert "marts.duckdb" not in re.findall(r'href="([^"]+)"', page)


def test_five_questions_come_in_their_order(html):
    asked = re.findall(r"<h2 [^>]*><span>(\d)</span> ([^<]+)</h2>", html)
    assert asked == [
        ("1", "Who is buying?"),
        ("2", "Is it dear?"),
        ("3", "Is it overheated?"),
        ("4", "What was claimed?"),
        ("5", "Can it be trusted?"),
    ]


@pytest.mark.parametrize("module", PANELS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_figure_has_charts_or_a_table_or_a_reason(module, market):
    for figure in module.panel(market).figures:
        assert figure.charts or figure.grid or figure.reason
        assert figure.unit, "a figure without its unit"
        for chart in figure.charts:
            assert chart.rows and chart.summary
            assert all(field in row for row in chart.rows for field in chart.fields[:2])


def test_every_chart_over_time_or_rank_has_its_table_in_its_figure_or_says_where(market):
    figures = [figure for module in PANELS for figure in module.panel(market).figures]
    without = {figure.key for figure in figures if figure.charts and not figure.grid}
    assert without == {"window", "buying-value"}


def test_every_specification_is_valid_vega_lite(html):
    found = CHART.findall(html)
    assert len(found) >= 15
    for _, body in found:
        spec = json.loads(body)["spec"]
        alt.Chart.from_dict({**spec, "$schema": alt.SCHEMA_URL}, validate=True)


def test_the_library_inside_reads_the_version_that_altair_writes():
    minor = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    assert vl_convert.get_vegalite_versions()[-1] == minor


def test_sql_below_a_panel_is_what_was_run_with_its_publishers(html, market):
    assert "FROM fct_southbound_daily" in html
    assert "Published by: HKEX Stock Connect daily statistics." in html
    for answer in dear.panel(market).answers:
        assert answer.sql.replace("&", "&amp;").replace("<", "&lt;").splitlines()[0] in html


def test_names_from_publishers_cannot_become_markup(tmp_path):
    hostile = "</script><b onclick=alert(1)>&"
    marts = dict(tiny.MARKET)
    marts["fct_southbound_security_flow"] = tiny.MARKET["fct_southbound_security_flow"].replace(
        "name_en AS security_name", f"'{hostile}' AS security_name"
    )
    page = report(tiny.snapshot(tmp_path, marts), tmp_path)
    assert hostile not in page and "<b onclick" not in page
    assert "&lt;/script&gt;&lt;b onclick" in page
    assert all(json.loads(body)["rows"] for _, body in CHART.findall(page))


def test_the_banner_is_there_in_the_sandbox_and_only_there(html, tmp_path):
    assert "Synthetic data." in html
    real = tiny.snapshot(tmp_path, {"dim_other": "SELECT 1 AS x"}, world="real")
    assert "Synthetic data." not in report(real, tmp_path)


def test_a_page_without_charts_carries_no_chart_library(tmp_path):
    page = report(tiny.snapshot(tmp_path, {"dim_other": "SELECT 1 AS x"}), tmp_path)
    assert len(page) < 60_000 and "vega" not in page


def test_a_fault_in_one_panel_leaves_the_others(market, tmp_path, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("no rows")

    monkeypatch.setattr(dear, "panel", fail)
    page = report(market, tmp_path)
    assert "This cannot be answered: the report failed (ZeroDivisionError: no rows)." in page
    assert "mainland investors" in page


def test_colours_are_roles_and_never_fixed():
    spec = json.dumps(charts.bars_over_time("value", (charts.DAY,)))
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", spec)
