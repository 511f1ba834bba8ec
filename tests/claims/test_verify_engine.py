"""The engine beside a snapshot: the SQL of the build, run on the ledger or on other claims."""

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace

import pyarrow as pa
import pytest

from orchestration.claims.engine import Engine, EngineError, published
from orchestration.publishing.claims_engine import ENGINE, write_engine
from orchestration.publishing.manifest import damaged_files
from tests.claims.small_engine import MODELS, build, results, snapshot_with_engine

WANTED = ("mart_claim_verification", "mart_claim_consistency")
LEDGER = [("C01", 22.42), ("C02", 22.623), ("C03", None)]


@pytest.fixture
def zone(tmp_path):
    return tmp_path / "zones" / "snapshots"


def verdicts(tables):
    return dict(
        zip(
            tables[WANTED[0]]["claim_id"].to_pylist(),
            tables[WANTED[0]]["verdict"].to_pylist(),
            strict=True,
        )
    )


def own_claims(engine, **cells):
    schema = engine.table("claim").schema
    row = dict.fromkeys(schema.names) | {
        "claim_id": "T1",
        "subject_id": "ALL",
        "metric_id": "southbound_net_buy",
        "period_end": dt.date(2025, 2, 18),
        "published_value": 22.42,
    }
    return pa.Table.from_pylist([row | cells], schema=schema)


def test_engine_holds_models_in_order_with_their_sql_and_what_they_read(tmp_path):
    staged = tmp_path / "staged.duckdb"
    build(staged, LEDGER)
    plan = json.loads(write_engine(staged, results()).read_text())
    assert [model["name"] for model in plan["models"]] == [name for name, _, _ in MODELS]
    assert [model["sql"] for model in plan["models"]] == [sql for _, sql, _ in MODELS]
    assert plan["marts"] == [{"schema": "core", "name": "mart_metric_observations"}]
    assert sorted(table["name"] for table in plan["tables"]) == ["claim", "claim_document", "unit"]


def test_contract_of_a_model_is_kept(tmp_path, zone):
    staged = zone / ".staging" / "run" / "staged.duckdb"
    found = build(staged, LEDGER)
    verdict = next(each.node for each in found if each.node.alias == "mart_claim_verification")
    verdict.config.contract.enforced = True
    types = {"claim_id": "string", "verdict": "string", "confidence": "double"}
    verdict.columns = {
        name: SimpleNamespace(name=name, data_type=kind) for name, kind in types.items()
    }
    plan = json.loads(write_engine(staged, found).read_text())
    engine = replace(Engine.of(snapshot_with_engine(tmp_path / "other")), plan=plan)
    table = engine.run(WANTED)[WANTED[0]]
    assert table.schema.names == list(types)
    assert table.schema.field("confidence").type == pa.float64()


def test_build_without_an_engine_writes_none(tmp_path):
    staged = tmp_path / "staged.duckdb"
    build(staged)
    plain = [each for each in results() if "claims_engine" not in getattr(each.node, "tags", ())]
    assert write_engine(staged, plain) is None
    assert not staged.with_name(ENGINE).exists()


def test_snapshot_keeps_the_engine_among_its_files(zone):
    snapshot = snapshot_with_engine(zone, LEDGER)
    assert ENGINE in snapshot.files
    assert damaged_files(snapshot) == []


def test_ledger_run_again_gives_what_the_build_gave(zone):
    snapshot = snapshot_with_engine(zone, LEDGER)
    again = Engine.of(snapshot).run(WANTED)
    assert {name: table.to_pylist() for name, table in again.items()} == {
        name: table.to_pylist() for name, table in published(snapshot, WANTED).items()
    }
    assert verdicts(again) == {"C01": "confirmed", "C02": "refuted", "C03": "not checkable"}


def test_other_claims_take_the_place_of_the_ledgers(zone):
    engine = Engine.of(snapshot_with_engine(zone, LEDGER))
    documents = engine.table("claim_document")
    assert verdicts(engine.run(WANTED, own_claims(engine), documents)) == {"T1": "confirmed"}
    wrong = own_claims(engine, published_value=22.44)
    assert verdicts(engine.run(WANTED, wrong, documents)) == {"T1": "refuted"}
    away = own_claims(engine, period_end=dt.date(2024, 2, 18))
    assert verdicts(engine.run(WANTED, away, documents)) == {"T1": "not checkable"}


def test_tables_come_in_their_own_types(zone):
    engine = Engine.of(snapshot_with_engine(zone, LEDGER))
    [first, *_] = engine.table("claim").to_pylist()
    assert (first["period_end"], first["published_value"]) == (dt.date(2025, 2, 18), 22.42)
    assert [type(value) for value in engine.table("unit")["factor_to_base"].to_pylist()] == [
        float,
        float,
    ]


def test_vocabulary_is_the_snapshots_measures_and_the_ledgers_units(zone):
    words = Engine.of(snapshot_with_engine(zone)).vocabulary
    assert words.metrics == {"southbound_net_buy": {"net_buy_hkd": "hkd_mn"}}
    assert words.unit_code("HKD bn") == "hkd_bn"


def test_snapshot_is_not_written_to(zone):
    snapshot = snapshot_with_engine(zone, LEDGER)
    Engine.of(snapshot).run(WANTED)
    assert damaged_files(snapshot) == []


def test_engine_cannot_read_files(zone):
    engine = Engine.of(snapshot_with_engine(zone, LEDGER))
    engine.plan["models"][0]["sql"] = "select * from read_csv('/etc/hostname')"
    with pytest.raises(EngineError, match="int_claims__hypotheses fails"):
        engine.run(WANTED)


def test_snapshot_without_an_engine_says_so(zone):
    snapshot = snapshot_with_engine(zone, LEDGER, engine=False)
    with pytest.raises(EngineError, match="published without the claims engine.*hkflow run"):
        Engine.of(snapshot)


def test_snapshot_without_verdicts_says_so(zone):
    snapshot = snapshot_with_engine(zone)
    with pytest.raises(EngineError, match="has no mart_of_nothing"):
        published(snapshot, ["mart_of_nothing"])


def test_engine_that_is_no_json_says_so(zone):
    snapshot = snapshot_with_engine(zone)
    path = snapshot.path / ENGINE
    path.chmod(0o644)
    path.write_text("{")
    with pytest.raises(EngineError, match=r"claims-engine\.json cannot be read"):
        Engine.of(snapshot)
