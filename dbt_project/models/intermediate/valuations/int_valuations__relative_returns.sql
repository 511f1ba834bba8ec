-- Returns less those of the Hang Seng Index over the same dates; both must have a price on them.
with positions as (
    select * from {{ ref('int_valuations__price_positions') }}
    where exchange_calendar = 'XHKG'
),

final as (
    select
        {% for sessions in [5, 20, 60] -%}
            positions.return_{{ sessions }}_sessions_pct
            - benchmark.return_{{ sessions }}_sessions_pct
                as relative_return_{{ sessions }}_sessions_pct,
        {% endfor -%}
        positions.subject_id,
        positions.trade_date,
        positions.is_synthetic
    from positions
    inner join positions as benchmark
        on
            positions.trade_date = benchmark.trade_date
            and positions.is_synthetic = benchmark.is_synthetic
            and benchmark.subject_id = '^HSI'
    where positions.subject_id != '^HSI'
)

select * from final
