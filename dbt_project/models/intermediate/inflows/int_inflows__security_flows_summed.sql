-- Sums of the estimated flow and of the change of holding value; null unless no session is missing.
with flows as (
    select
        flows.*,
        months.month_start,
        months.session_of_month
    from {{ ref('int_inflows__security_flows') }} as flows
    left join {{ ref('int_inflows__hong_kong_sessions_of_month') }} as months
        on flows.trade_date = months.trade_date
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
                    session_number - lag(session_number, {{ sessions - 1 }}) over in_order
                    = {{ sessions - 1 }}
                    and count(held_value_change_hkd) over last_{{ sessions }} = {{ sessions }}
                    then sum(held_value_change_hkd) over last_{{ sessions }}
            end as held_value_change_{{ sessions }}_sessions_hkd,
        {% endfor -%}
        case
            when count(estimated_flow_vwap_hkd) over month_to_date = session_of_month
                then sum(estimated_flow_vwap_hkd) over month_to_date
        end as estimated_flow_mtd_hkd,
        case
            when count(held_value_change_hkd) over month_to_date = session_of_month
                then sum(held_value_change_hkd) over month_to_date
        end as held_value_change_mtd_hkd,
        max(known_at) over last_60 as sums_known_at
    from flows
    window
        in_order as (partition by security_code, is_synthetic order by trade_date),
        month_to_date as (
            partition by security_code, is_synthetic, month_start order by trade_date
        ),
    {% for sessions in [5, 20, 60] -%}
        last_{{ sessions }} as (
            partition by security_code, is_synthetic order by trade_date
            rows between {{ sessions - 1 }} preceding and current row
        ){{ ',' if not loop.last }}
    {% endfor %}
)

select * from summed
