"""A snapshot with an engine of one rule: equal to the observation, or refuted.

The real rules are dbt models with tests of their own; what is tested with this is that SQL is
carried, run and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb

from orchestration.publishing.claims_engine import write_engine
from orchestration.publishing.snapshot import Snapshot, publish
from tests.publishing.staging import FACTS, judge

CLAIM_COLUMNS = """
    claim_id VARCHAR, document_id VARCHAR, sentence_number INTEGER, statement VARCHAR,
    claim_kind VARCHAR, subject_id VARCHAR, metric_id VARCHAR, variant_id VARCHAR,
    published_value DOUBLE, published_decimals INTEGER, unit VARCHAR, comparator VARCHAR,
    period_start DATE, period_end DATE, period_text VARCHAR, since_date DATE,
    benchmark_subject_id VARCHAR, parent_claim_id VARCHAR, parent_relation VARCHAR,
    cited_source VARCHAR, attributed_to VARCHAR, world VARCHAR
"""
HYPOTHESES = """
    select claim_id, 'h1' as hypothesis_id, 'as_stated' as transform, null as transform_detail,
        metric_id, variant_id, subject_id, period_start, period_end,
        published_value as value_in_metric_unit, 'figure' as form, 1 as step
    from "hkflow"."staging"."claim"
"""
EVIDENCE = """
    select h.claim_id, h.hypothesis_id, 'fct_flow' as source, o.evidence_grade, o.known_at,
        o.value as evidence_value, h.value_in_metric_unit - o.value as difference,
        h.value_in_metric_unit / o.value - 1 as relative_difference, 0.005 as tolerance,
        'half of the last digit' as tolerance_basis,
        abs(h.value_in_metric_unit - o.value) <= 0.005 as is_within, 'point' as resolver,
        'figure' as form, true as is_admissible
    from "hkflow"."claims"."int_claims__hypotheses" as h
    inner join "hkflow"."core"."mart_metric_observations" as o
        on h.metric_id = o.metric_id and h.subject_id = o.subject_id
            and h.period_end = o.period_end
"""
VERDICTS = """
    select c.claim_id, c.document_id, c.subject_id, c.metric_id, c.statement, c.published_value,
        c.unit as published_unit,
        case when e.is_within then 'confirmed' when e.is_within is null then 'not checkable'
            else 'refuted' end as verdict,
        case when e.is_within is null then 'no_evidence,out_of_lake' end as reason_codes,
        e.evidence_value as warehouse_value, u.unit_code as warehouse_unit, e.evidence_grade,
        'It is what it is.' as explanation, null as rival_readings, 0.9 as confidence,
        case when e.is_within is null then 'a row of that day' end as missing_evidence,
        'select 1' as sql_to_reproduce
    from "hkflow"."staging"."claim" as c
    left join "hkflow"."claims"."int_claims__evidence" as e on c.claim_id = e.claim_id
    left join "hkflow"."staging"."unit" as u on c.unit = u.unit_code
"""
CONSISTENCY = """
    select 'R-SUM' as rule_id, document_id, claim_id as claim_ids, claim_id,
        published_value >= 0 as passed, 'error' as severity, 'logic' as error_class,
        'a part is negative' as message
    from "hkflow"."staging"."claim"
"""
MODELS = (
    ("int_claims__hypotheses", HYPOTHESES, ["seed.claim"]),
    ("int_claims__evidence", EVIDENCE, ["model.int_claims__hypotheses", "model.mart"]),
    (
        "mart_claim_verification",
        VERDICTS,
        ["seed.claim", "seed.unit", "seed.claim_document", "model.int_claims__evidence"],
    ),
    ("mart_claim_consistency", CONSISTENCY, ["seed.claim"]),
)


def build(path: Path, claims: Sequence[tuple[str, float | None]] = ()) -> list[Any]:
    """Write a staged file with one observation and some claims; return what dbt would say."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            CREATE SCHEMA core; CREATE SCHEMA staging; CREATE SCHEMA claims;
            CREATE TABLE core.dim_metric AS
                SELECT 'southbound_net_buy' AS metric_id, 'net_buy_hkd' AS variant_id,
                       'hkd_mn' AS unit;
            CREATE TABLE core.mart_metric_observations AS
                SELECT 'southbound_net_buy' AS metric_id, 'ALL' AS subject_id,
                       DATE '2025-02-18' AS period_end, 22.42::DOUBLE AS value,
                       'official' AS evidence_grade,
                       TIMESTAMPTZ '2025-02-18 18:00:00+08' AS known_at;
            CREATE TABLE staging.unit AS
                SELECT * FROM (VALUES ('hkd_mn', 'money', 'HKD', 1e6, 'HKD mn', '百万港元'),
                    ('hkd_bn', 'money', 'HKD', 1e9, 'HKD bn', '十亿港元'))
                AS u (unit_code, dimension, currency, factor_to_base, label, chinese_label);
            CREATE TABLE staging.claim_document (document_id VARCHAR, title VARCHAR,
                publisher VARCHAR, published_on DATE, language VARCHAR, text_sha256 VARCHAR,
                inferred_year INTEGER, inferred_year_basis VARCHAR);
            CREATE TABLE staging.claim ({CLAIM_COLUMNS});
        """)
        for name, value in claims:
            connection.execute(
                "INSERT INTO staging.claim BY NAME SELECT ? AS claim_id, 'D1' AS document_id, "
                "'=Net | buy' AS statement, 'ALL' AS subject_id, ?::DOUBLE AS published_value, "
                "'southbound_net_buy' AS metric_id, 'hkd_mn' AS unit, "
                "DATE '2025-02-18' AS period_start, DATE '2025-02-18' AS period_end",
                [name, value],
            )
        connection.execute("ATTACH ':memory:' AS hkflow")
        for schema in ("core", "staging"):
            connection.execute(f"CREATE SCHEMA hkflow.{schema}")
        for table in ("core.mart_metric_observations", "staging.claim", "staging.unit"):
            connection.execute(f"CREATE VIEW hkflow.{table} AS FROM {path.stem}.{table}")
        connection.execute("CREATE SCHEMA hkflow.claims")
        for name, sql, _ in MODELS:
            connection.execute(f"CREATE TABLE hkflow.claims.{name} AS {sql}")
            if name.startswith("mart"):
                connection.execute(f"CREATE TABLE claims.{name} AS FROM hkflow.claims.{name}")
    return results()


def results() -> list[Any]:
    """Return dbt's results of the build, as far as the writer of the engine looks at them."""
    seeds = [
        _result("seed", name, "staging") for name in ("claim", "claim_document", "unit", "other")
    ]
    marts = [_result("model", "mart", "core", alias="mart_metric_observations")]
    tests = [SimpleNamespace(node=SimpleNamespace(unique_id="test.x", resource_type="test"))]
    engine = [
        _result("model", name, "claims", sql, reads, ["claims_engine"])
        for name, sql, reads in MODELS
    ]
    return [*seeds, *marts, *engine, *tests]


def _result(
    kind: str,
    name: str,
    schema: str,
    sql: str | None = None,
    reads: Sequence[str] = (),
    tags: Sequence[str] = (),
    alias: str | None = None,
) -> Any:
    node = SimpleNamespace(
        unique_id=f"{kind}.{name}",
        resource_type=kind,
        database="hkflow",
        schema=schema,
        alias=alias or name,
        tags=list(tags),
        compiled_code=sql,
        columns={},
        config=SimpleNamespace(contract=SimpleNamespace(enforced=False)),
        depends_on=SimpleNamespace(nodes=list(reads)),
    )
    return SimpleNamespace(node=node)


def snapshot_with_engine(
    snapshots: Path, claims: Sequence[tuple[str, float | None]] = (), *, engine: bool = True
) -> Snapshot:
    """Publish a snapshot whose engine has one rule."""
    staged = snapshots / ".staging" / "run" / "staged.duckdb"
    found = build(staged, claims)
    if engine:
        write_engine(staged, found)
    suites = snapshots.parent / "suites"
    suites.mkdir(parents=True, exist_ok=True)
    for mart in ("dim_metric", "mart_metric_observations"):
        (suites / f"{mart}.json").write_text("{}")
    for name, _, _ in MODELS:
        (suites / f"{name}.json").write_text("{}")
    return publish(staged, snapshots, suites, FACTS, judge)
