"""The data dictionary says of every mart and column what the database says."""

from __future__ import annotations

import duckdb

from orchestration.publishing.dictionary import DICTIONARY


def text_of(put) -> str:
    return (put(1).path / DICTIONARY).read_text(encoding="utf-8")


def test_every_mart_has_a_section_with_its_grain(put):
    text = text_of(put)
    assert "## inflows.fct_flow\n\nOne row per day; the desk's flow\n" in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## inflows.fct_flow",
        "## valuations.fct_empty",
        "## valuations.fct_price",
    ]


def test_every_published_column_has_its_line_in_order(put):
    snapshot = put(1)
    text = (snapshot.path / DICTIONARY).read_text(encoding="utf-8")
    with duckdb.connect(str(snapshot.database), read_only=True) as connection:
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() where schema_name != 'main' "
            "and not internal order by schema_name, table_name, column_index"
        ).fetchall()
    lines = [line.split(" | ")[:2] for line in text.splitlines() if line.startswith("| `")]
    assert [(name[3:-1], kind) for name, kind in lines] == [
        (name, kind.lower()) for name, kind in columns
    ]
    assert "| `net_hkd_mn` | decimal(18,2) | Bought minus sold |" in text


def test_what_nobody_described_is_said_to_be_so(put):
    assert "| `close_price` | double | Not described. |" in text_of(put)


def test_a_description_stays_in_its_cell(tmp_path):
    from orchestration.publishing.build import list_marts, open_staged
    from orchestration.publishing.dictionary import write_dictionary
    from orchestration.publishing.layout import Layout

    staged = tmp_path / "staged.duckdb"
    with duckdb.connect(str(staged)) as connection:
        connection.execute("create schema core; create table core.dim_x (a integer)")
        connection.execute("comment on column core.dim_x.a is 'yes | no\nnever both'")
    with open_staged(staged) as connection:
        path = write_dictionary(connection, list_marts(connection, Layout()), tmp_path)
    assert "| `a` | integer | yes \\| no never both |" in path.read_text(encoding="utf-8")
