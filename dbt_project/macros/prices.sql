{#
    Parts of the models of prices that are queries of their own.
#}

{% macro price_frames() -%}
{#-
    Each bar's price on three bases beside those of the year before and after it, and how many bars
    the longer windows have. Of a few days, counting one by one is cheaper than a window over all.
-#}
{% set bases = ['intraday', 'close', 'adjusted'] -%}
{% set long_windows = {3: 'three_years', 5: 'five_years'} -%}

with bars as (
    select
        trade_date,
        subject_id,
        is_synthetic,
        base_high as price_intraday,
        base_close as price_close,
        base_adjusted_close as price_adjusted
    from {{ ref('int_valuations__price_windows') }}
),

firsts as (
    select
        subject_id,
        is_synthetic,
        min(trade_date) as first_date
    from bars
    group by subject_id, is_synthetic
),

framed as (
    select
        *,
        {% for basis in bases -%}
            max(price_{{ basis }}) over year_before as year_before_{{ basis }},
        {% endfor -%}
        {% if not first_changed_day() -%}
            {% for basis in bases -%}
                max(price_{{ basis }}) over year_after as year_after_{{ basis }},
            {% endfor -%}
            {% for window in long_windows.values() -%}
                count(*) over {{ window }} - 1 as bars_of_{{ window }},
            {% endfor -%}
        {% endif -%}
        count(*) over year_before as bars_of_year
    from bars
    where {{ is_changed('trade_date', 366) }}
    window
        {% if not first_changed_day() -%}
            year_after as (
                partition by subject_id, is_synthetic order by trade_date
                range between interval '1' day following and interval '365' day following
            ),
            {% for years, window in long_windows.items() -%}
                {{ window }} as (
                    partition by subject_id, is_synthetic order by trade_date
                    range between interval '{{ years }}' year preceding and current row
                ),
            {% endfor -%}
        {% endif -%}
        year_before as (
            partition by subject_id, is_synthetic order by trade_date
            range between interval '365' day preceding and interval '1' day preceding
        )
),

{% if first_changed_day() -%}
    counted as (
        select
            framed.trade_date,
            framed.subject_id,
            framed.is_synthetic,
        {% for years, window in long_windows.items() -%}
            count(*) filter (
                where earlier.trade_date >= framed.trade_date - interval '{{ years }}' year
            ) as bars_of_{{ window }}{{ ',' if not loop.last }}
        {% endfor %}
        from framed
        inner join bars as earlier
            on
                framed.subject_id = earlier.subject_id
                and framed.is_synthetic = earlier.is_synthetic
                and framed.trade_date > earlier.trade_date
                and framed.trade_date - interval '5' year <= earlier.trade_date
        where {{ is_changed('framed.trade_date') }}
        group by framed.trade_date, framed.subject_id, framed.is_synthetic
    ),

{% endif -%}
final as (
    select
        framed.*,
        {% if first_changed_day() -%}
            {% for window in long_windows.values() -%}
                coalesce(counted.bars_of_{{ window }}, 0) as bars_of_{{ window }},
            {% endfor -%}
        {% endif -%}
        firsts.first_date
    from framed
    inner join firsts
        on
            framed.subject_id = firsts.subject_id
            and framed.is_synthetic = firsts.is_synthetic
    {% if first_changed_day() -%}
        left join counted
            on
                framed.trade_date = counted.trade_date
                and framed.subject_id = counted.subject_id
                and framed.is_synthetic = counted.is_synthetic
    {% endif -%}
    where {{ is_changed('framed.trade_date') }}
)

select * from final
{%- endmacro %}

{% macro dividends_of_bars(bars) -%}
{#- Cash dividends by the bar they lower: the first on or after the ex-date. -#}
select
    subject_id,
    is_synthetic,
    trade_date,
    sum(base_dividend) as base_dividend,
    max(grade_rank) as grade_rank,
    max(known_at) as known_at
from (
    select
        bars.subject_id,
        bars.is_synthetic,
        paid.ex_date,
        paid.base_dividend,
        min(bars.trade_date) as trade_date,
        max(paid.grade_rank) as grade_rank,
        max(paid.known_at) as known_at
    from {{ ref('int_valuations__dividends_carried') }} as paid
    inner join {{ bars }} as bars
        on
            paid.subject_id = bars.subject_id
            and paid.is_synthetic = bars.is_synthetic
            and paid.currency = bars.currency
            and paid.ex_date <= bars.trade_date
    group by bars.subject_id, bars.is_synthetic, paid.ex_date, paid.base_dividend
) as dividends
group by subject_id, is_synthetic, trade_date
{%- endmacro %}

{% macro carried_indicators(days_before) -%}
{#- What the days before the first bar gave to it, as weighted sums: see int_sentiment__price_indicators. -#}
select
    *,
    base_average_gain * power(cast(14 as double) / 13, bar_number - 1) as weighted_gain,
    base_average_loss * power(cast(14 as double) / 13, bar_number - 1) as weighted_loss,
    known_at as latest_known_at,
    {{ grade_rank('evidence_grade') }} as grade_rank
from ({{ carried_rows('security_id, is_synthetic', days_before) }}) as own
{%- endmacro %}

{% macro lagged_within(figure, rows, day='trade_date', days=14) -%}
    {#- The figure so many rows before, unless that is more than so many days ago. -#}
    case
        when lag({{ day }}, {{ rows }}) over in_order >= {{ day }} - interval '{{ days }}' day
            then lag({{ figure }}, {{ rows }}) over in_order
    end
{%- endmacro %}

{% macro led_within(figure, rows, day='trade_date', days=14) -%}
    {#- The figure so many rows later, unless that is more than so many days on. -#}
    case
        when lead({{ day }}, {{ rows }}) over in_order <= {{ day }} + interval '{{ days }}' day
            then lead({{ figure }}, {{ rows }}) over in_order
    end
{%- endmacro %}
