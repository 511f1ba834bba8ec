"""Who is buying, is it dear, is it overheated: three questions to the marts, in Python.

Open with `marimo edit notebooks/three_questions.py`, or run as a script. Reads the current snapshot
(`HKFLOW_LAKE` names another lake); change `as_of` to ask as of an earlier moment.
"""

import marimo

app = marimo.App(width="medium", app_title="Three questions to the marts")


@app.cell
def setup():
    import altair as alt
    import marimo as mo
    import polars as pl

    from orchestration.marts import read_mart

    as_of = None
    return alt, as_of, mo, pl, read_mart


@app.cell
def who_is_buying(as_of, pl, read_mart):
    southbound = read_mart("fct_southbound_daily", as_of=as_of, to="polars").filter(
        pl.col("channel") == "ALL"
    )
    last = southbound.sort("trade_date").tail(1).to_dicts()[0]
    is_synthetic = last["is_synthetic"]
    last_month = last["trade_date"].replace(day=1)
    added = (
        read_mart("fct_southbound_security_flow", first=last_month, as_of=as_of, to="polars")
        .group_by("security_code", "security_name")
        .agg((pl.col("estimated_flow_vwap_hkd").sum() / 1e6).alias("estimated_flow_hkd_mn"))
        .sort(["estimated_flow_hkd_mn", "security_code"], descending=[True, False])
        .head(5)
    )
    return added, is_synthetic, last, last_month, southbound


@app.cell
def buying_answer(added, alt, is_synthetic, last, mo, southbound):
    def signed(amount):
        return f"{amount:+,.0f}"

    _first = added.to_dicts()[0]
    buying = (
        f"Through southbound Stock Connect mainland investors' net buy was "
        f"{signed(last['net_buy_hkd_mn'])} HKD million on {last['trade_date']} and "
        f"{signed(last['net_buy_ytd_hkd_mn'])} since the year began; by settled holdings they "
        f"added most to {_first['security_name']} ({signed(_first['estimated_flow_hkd_mn'])} HKD "
        "million in the month)."
    )
    _warning = "**All figures are invented by the sandbox.**\n\n" if is_synthetic else ""
    _chart = (
        alt.Chart(southbound.select("trade_date", "net_buy_hkd_mn").cast({"net_buy_hkd_mn": float}))
        .mark_bar()
        .encode(
            x=alt.X("trade_date:T", title=None),
            y=alt.Y("net_buy_hkd_mn:Q", title="net buy, HKD million"),
        )
        .properties(width="container", height=220)
    )
    mo.vstack([mo.md(f"# Who is buying?\n\n{_warning}{buying}"), _chart, mo.ui.table(added)])
    return buying, signed


@app.cell
def is_it_dear(as_of, last, mo, read_mart, signed):
    index = read_mart(
        "mart_valuations_daily",
        first=last["trade_date"],
        last=last["trade_date"],
        securities=["HSTECH.HK", "^HSI"],
        as_of=as_of,
        to="polars",
    )
    _by_index = {row["subject_id"]: row for row in index.to_dicts()}
    _tech = _by_index["HSTECH.HK"]

    def rank(row):
        if row["pe_percentile_3y"] is None:
            return (
                "its place in three years is not known, since the lake holds "
                f"{row['pe_coverage_3y_pct']:.0f} % of them"
            )
        return f"dearer than on {row['pe_percentile_3y']:.0f} % of the days of three years"

    dear = (
        f"The Hang Seng TECH Index stood at {_tech['close_price']:,.2f}, "
        f"{signed(_tech['recovery_from_intraday_low_pct'])} % from its lowest price in the lake "
        f"({_tech['intraday_low_date']}), at {_tech['pe_ttm']} times earnings: {rank(_tech)}."
    )
    mo.vstack([mo.md(f"# Is it dear?\n\n{dear}"), mo.ui.table(index)])
    return (dear,)


@app.cell
def is_it_overheated(alt, as_of, last, mo, pl, read_mart):
    sentiment = read_mart("mart_sentiment_daily", as_of=as_of, to="polars").sort("trade_date")
    scored = sentiment.filter(pl.col("composite_score").is_not_null())
    components = (
        read_mart("mart_sentiment_components", first=last["trade_date"], as_of=as_of, to="polars")
        .filter(pl.col("contribution").is_not_null())
        .sort(pl.col("contribution").abs(), descending=True)
    )
    _now = scored.tail(1).to_dicts()[0]
    heated = (
        f"The composite score of {_now['trade_date']} is {_now['composite_score']:.1f} of 100 "
        f"({_now['composite_band']}), from {_now['component_count']} components; the relative "
        f"strength index of the Hang Seng TECH Index is {_now['hstech_rsi14_wilder']:.1f}."
    )
    _chart = (
        alt.Chart(scored.select("trade_date", "composite_score"))
        .mark_line()
        .encode(
            x=alt.X("trade_date:T", title=None),
            y=alt.Y("composite_score:Q", title="composite score", scale=alt.Scale(domain=[0, 100])),
        )
        .properties(width="container", height=220)
    )
    mo.vstack([mo.md(f"# Is it overheated?\n\n{heated}"), _chart, mo.ui.table(components)])
    return components, heated


if __name__ == "__main__":
    app.run()
