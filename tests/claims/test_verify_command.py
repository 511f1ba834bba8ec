"""`hkflow verify`: what it prints, in every format, and how it ends."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from orchestration.claims.coverage import coverage, coverage_sentences
from orchestration.claims.report import as_json
from orchestration.cli import main
from orchestration.settings import settings
from tests.claims.small_engine import snapshot_with_engine
from tests.claims.words import claim

LEDGER = [("C01", 22.42), ("C02", -22.623)]
MISSING = {"day": "2024-02-18"}


@pytest.fixture
def verify(tmp_path):
    zones = tmp_path / "zones"
    settings.cache_clear()

    def run(*words, ledger=LEDGER, **options):
        if ledger is not None and not (zones / "snapshots" / "current").exists():
            snapshot_with_engine(zones / "snapshots", ledger, **options)
        return CliRunner().invoke(
            main,
            ["verify", *map(str, words)],
            env={"HKFLOW_LAKE": str(zones)},
            catch_exceptions=False,
        )

    yield run
    settings.cache_clear()


@pytest.fixture
def file(tmp_path):
    def written(*claims):
        path = tmp_path / "mine.yml"
        path.write_text("claims:\n" + "".join(claims))
        return path

    return written


MINE = [claim(unit="hkd_mn"), claim(id="T2", unit="hkd_mn", value="1.0"), claim(id="T3", **MISSING)]


def test_ledger_is_a_table_that_ends_with_its_coverage(verify):
    result = verify()
    assert result.exit_code == 0
    [first] = [line for line in result.stdout.splitlines() if "C01" in line and "│" in line]
    assert "22.42 hkd_mn" in first
    assert "confirmed" in first
    assert "2 of 2 claims were checked: 2 on official evidence." in result.stdout
    assert "Verdicts: 1 confirmed, 1 refuted." in result.stdout
    assert "R-SUM error (C02): a part is negative" in result.stdout
    assert "SYNTHETIC" in result.stdout.splitlines()[-1]


def test_own_file_is_checked_by_the_same_rules(verify, file):
    result = verify(file(*MINE))
    assert result.exit_code == 0
    assert "2 of 3 claims were checked" in result.stdout
    assert "1 could not be checked: 1 no_evidence,out_of_lake." in result.stdout
    assert "C01" not in result.stdout


def test_subject_without_figures_is_told_of_with_the_nearest_ones(verify, file):
    result = verify(file(claim(unit="hkd_mn", subject="AL"), *MINE[1:]))
    assert result.exit_code == 0
    [told] = result.stderr.splitlines()
    assert told.endswith("T1: the snapshot has no figure of subject 'AL'; did you mean ALL?")
    assert "mine.yml" in told


def test_json_has_verdicts_rules_and_coverage(verify, file):
    told = json.loads(verify(file(*MINE), "--format", "json").stdout)
    assert [row["verdict"] for row in told["claims"]] == ["confirmed", "refuted", "not checkable"]
    assert told["coverage"]["checked_by_grade"] == {"official": 2}
    assert told["coverage_by_document"]["mine"]["claims"] == 3
    assert told["snapshot"]["world"] == "sandbox"
    assert json.loads(verify("--format", "json").stdout)["failed_rules"][0]["rule_id"] == "R-SUM"


def test_csv_has_every_column_and_no_formula(verify):
    result = verify("--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["verdict"] for row in rows] == ["confirmed", "refuted"]
    assert {row["statement"] for row in rows} == {"'=Net | buy"}
    assert "2 of 2 claims were checked" in result.stderr


def test_markdown_is_a_table_whose_cells_cannot_break_it(verify):
    lines = verify("--format", "md").stdout.splitlines()
    assert lines[0].startswith("| claim | statement |")
    assert lines[2].startswith("| C01 | =Net \\| buy | 22.42 hkd_mn |")
    assert "- R-SUM error (C02): a part is negative" in lines
    assert lines[-2:] == [
        "2 of 2 claims were checked: 2 on official evidence.",
        "Verdicts: 1 confirmed, 1 refuted.",
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("refuted", 3),
        ("unit,date", 0),
        ("unit,refuted", 3),
        ("unchecked", 0),
        ("refuted,unit,date", 3),
    ],
)
def test_fail_on_ends_with_3_only_for_verdicts_that_occur(verify, words, code):
    assert verify("--fail-on", words).exit_code == code


def test_fail_on_looks_at_the_one_claim_that_is_explained(verify):
    assert verify("--explain", "C01", "--fail-on", "refuted").exit_code == 0
    assert verify("--explain", "C02", "--fail-on", "refuted").exit_code == 3


def test_fail_on_knows_its_words(verify):
    result = verify("--fail-on", "confirmed,unit")
    assert result.exit_code == 2
    assert "'confirmed' is none of refuted, unit, date, unchecked" in result.stderr


def test_story_tells_readings_numbers_rules_and_sql(verify):
    result = verify("--explain", "C02")
    assert result.exit_code == 0
    for part in (
        "# C02: =Net | buy",
        "Verdict: refuted, confidence 0.90.",
        "It is what it is.",
        "## Readings tried: 1",
        "- [1] 22.42, fct_flow, official, point",
        "Step 1, as stated:\n- as_stated: -22.623 (southbound_net_buy, 2025-02-18), against [1]: "
        "does not fit, off by -45.043 (-201 %) where 0.005 is tolerated (half of the last digit)",
        "R-SUM failed, error, logic: a part is negative",
        "select 1",
    ):
        assert part in result.stdout


def test_story_says_what_would_settle_a_claim(verify, file):
    text = verify(file(*MINE), "--explain", "T3").stdout
    assert "## What would settle it\n\na row of that day" in text
    assert "## Figures on file\n\n- none" in text
    assert "- as_stated: 22.42 (southbound_net_buy, 2024-02-18): no figure on file" in text


def test_story_as_json_has_all_its_rows(verify):
    told = json.loads(verify("--explain", "C02", "--format", "json").stdout)
    assert told["verdict"]["claim_id"] == "C02"
    assert (len(told["hypotheses"]), len(told["evidence"]), len(told["rules"])) == (1, 1, 1)


def test_story_is_no_csv(verify):
    assert verify("--explain", "C02", "--format", "csv").exit_code == 2


def test_unknown_claim_offers_the_nearest(verify):
    result = verify("--explain", "C2")
    assert result.exit_code == 2
    assert "there is no claim 'C2'; did you mean C0" in result.stderr


def test_faults_of_a_file_end_with_2_and_one_line_each(verify, file):
    path = file(claim(metric="southbound_net_by"), claim(unit="hkd_bm"))
    result = verify(path)
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"{path}:4: T1, metric: 'southbound_net_by' is no metric; did you")
    assert [line.split(": ")[0] for line in lines] == [f"{path}:{n}" for n in (4, 8, 12)]


@pytest.mark.parametrize("name", ["nowhere.yml", "."])
def test_file_that_is_not_there_ends_with_2(verify, tmp_path, name):
    result = verify(tmp_path / name)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("words", [[], ["--explain", "C01"]])
def test_no_snapshot_ends_with_1_and_what_to_do(verify, words):
    result = verify(*words, ledger=None)
    assert result.exit_code == 1
    assert "has no published snapshot; `hkflow run` makes one" in result.stderr


def test_snapshot_without_engine_still_shows_its_verdicts(verify, file):
    assert verify(engine=False).exit_code == 0
    result = verify(file(*MINE))
    assert result.exit_code == 1
    assert "published without the claims engine" in result.stderr


def test_many_verdicts_are_plain_lines(verify):
    result = verify(ledger=[(f"C{n:03d}", 22.42) for n in range(400)])
    lines = [line for line in result.stdout.splitlines() if line.startswith("C")]
    assert len(lines) == 400
    assert "│" not in result.stdout


def test_json_has_null_where_a_number_is_none():
    row = dict.fromkeys(("claim_id", "document_id", "reason_codes", "evidence_grade"), "x")
    row |= {"verdict": "refuted", "difference": float("inf"), "tolerance": float("nan")}
    [told] = json.loads(as_json([row], [], {}))["claims"]
    assert (told["difference"], told["tolerance"]) == (None, None)


def row_of(verdict, grade=None, reasons=None):
    return {
        "document_id": "D",
        "verdict": verdict,
        "evidence_grade": grade,
        "reason_codes": reasons,
    }


def test_coverage_counts_grades_and_reasons():
    rows = [
        row_of("confirmed", "official"),
        row_of("refuted", "published_secondary"),
        row_of("date error suspected", "internal"),
        row_of("not checkable", "synthetic", "synthetic_only"),
        row_of("not checkable", "none", "qualitative"),
        row_of("not checkable", "none", "attribution_mismatch,qualitative"),
    ]
    counts = coverage(rows)
    assert (counts["checked"], counts["not_checkable"]) == (3, 3)
    assert counts["checked_by_grade"] == {
        "official": 1,
        "published_secondary": 1,
        "internal": 1,
    }
    assert counts["not_checkable_because"] == {"qualitative": 2, "synthetic_only": 1}
    assert coverage_sentences(counts)[-1] == (
        "3 could not be checked: 2 qualitative, 1 synthetic_only."
    )


def test_coverage_of_nothing_is_said():
    assert coverage_sentences(coverage([])) == ["0 of 0 claims were checked."]
