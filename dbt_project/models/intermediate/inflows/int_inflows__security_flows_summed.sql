-- Sums of the estimated flow, null unless no session is missing, and changes of holding value over
-- the same numbers of sessions, made from the values at both ends.
with flows as (
    select
        flows.*,
        months.month_start,
        months.session_of_month,
        settled_months.session_of_month as holding_session_of_month
    from {{ ref('int_inflows__security_flows') }} as flows
    left join {{ ref('int_inflows__hong_kong_sessions_of_month') }} as months
        on flows.trade_date = months.trade_date
    left join {{ ref('int_inflows__hong_kong_sessions_of_month') }} as settled_months
        on flows.holding_date = settled_months.trade_date
),

-- The value at the end of the month before the holding date.
based as (
    select
        flows.*,
        cast(flows.held_value_hkd - before.held_value_hkd as double) as held_value_change_mtd_hkd
    from flows
    left join flows as before
        on
            flows.security_code = before.security_code
            and flows.is_synthetic = before.is_synthetic
            and flows.holding_session_number - flows.holding_session_of_month
            = before.holding_session_number
),

summed as (
    select
        *,
        {% for sessions in [5, 20, 60] -%}
            case
                when
                    session_number - lag(session_number, {{ sessions - 1 }}) over in_order
                    = {{ sessions - 1 }}
                    and count(estimated_flow_vwap_hkd) over last_{{ sessions }} = {{ sessions }}
                    then sum(estimated_flow_vwap_hkd) over last_{{ sessions }}
            end as estimated_flow_{{ sessions }}_sessions_hkd,
            case
                when
                    holding_session_number
                    - lag(holding_session_number, {{ sessions }}) over in_order = {{ sessions }}
                    then cast(
                        held_value_hkd - lag(held_value_hkd, {{ sessions }}) over in_order as double
                    )
            end as held_value_change_{{ sessions }}_sessions_hkd,
        {% endfor -%}
        case
            when count(estimated_flow_vwap_hkd) over month_to_date = session_of_month
                then sum(estimated_flow_vwap_hkd) over month_to_date
        end as estimated_flow_mtd_hkd,
        max(known_at) over last_60_and_base as sums_known_at
    from based
    window
        in_order as (partition by security_code, is_synthetic order by trade_date),
        month_to_date as (
            partition by security_code, is_synthetic, month_start order by trade_date
        ),
        last_60_and_base as (
            partition by security_code, is_synthetic order by session_number
            range between 60 preceding and current row
        ),
    {% for sessions in [5, 20, 60] -%}
        last_{{ sessions }} as (
            partition by security_code, is_synthetic order by trade_date
            rows between {{ sessions - 1 }} preceding and current row
        ){{ ',' if not loop.last }}
    {% endfor %}
)

select * from summed
