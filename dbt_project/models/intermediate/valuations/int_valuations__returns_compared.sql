-- A Hong Kong subject's price returns, and what the Hang Seng Index did between the same sessions.
with windows as (
    select * from {{ ref('int_valuations__price_windows') }}
    where {{ is_changed('trade_date') }}
),

returns as (
    select
        trade_date,
        subject_id,
        exchange_calendar,
        is_synthetic,
        case when subject_id != '^HSI' then '^HSI' end as benchmark_id,
        {% for sessions in [1, 5, 20, 60] -%}
            100 * (base_close / base_close_{{ sessions }}_before - 1) as return_{{ sessions }},
        {% endfor -%}
        grade_rank,
        known_at
    from windows
),

final as (
    select
        returns.trade_date,
        returns.subject_id,
        returns.is_synthetic,
        {% for sessions in [1, 5, 20, 60] -%}
            returns.return_{{ sessions }},
            returns.return_{{ sessions }} - benchmarks.return_{{ sessions }}
                as relative_return_{{ sessions }},
        {% endfor -%}
        greatest(returns.grade_rank, benchmarks.grade_rank) as grade_rank,
        greatest(returns.known_at, benchmarks.known_at) as known_at
    from returns
    left join returns as benchmarks
        on
            returns.benchmark_id = benchmarks.subject_id
            and returns.exchange_calendar = benchmarks.exchange_calendar
            and returns.trade_date = benchmarks.trade_date
            and returns.is_synthetic = benchmarks.is_synthetic
)

select * from final
