{% macro metric_marts() -%}
    {#- The marts that hold figures. dbt must know them before it can read the registry. -#}
    {{ return([
        'fct_ah_premium_daily',
        'fct_etf_flow_daily',
        'fct_etf_flow_weekly',
        'fct_index_valuations_daily',
        'fct_prices_daily',
        'fct_reference_rates',
        'fct_security_valuations_daily',
        'fct_short_positions_weekly',
        'fct_short_selling_daily',
        'fct_southbound_daily',
        'fct_southbound_holdings',
        'fct_southbound_monthly',
        'fct_southbound_security_flow',
        'fct_southbound_top10',
        'fct_southbound_vendor_daily',
        'fct_southbound_vendor_holdings',
        'mart_inflows_daily',
        'mart_sentiment_components',
        'mart_sentiment_daily',
        'mart_sentiment_security',
        'mart_valuations_daily',
    ]) }}
{%- endmacro %}
