{#
    Parts of the models of prices that are queries of their own.
#}

{% macro dividends_of_bars(bars, days_before) -%}
{#-
    Cash dividends by the bar they lower: the first on or after the ex-date. Where only the last days
    of bars are read, those from before them are one dividend, of the first bar.
-#}
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
        min(bars.trade_date) as trade_date,
        max(paid.base_dividend) as base_dividend,
        max(paid.grade_rank) as grade_rank,
        max(paid.known_at) as known_at
    from (
        select
            subject_id,
            is_synthetic,
            currency,
            {{ first_day_read('ex_date', days_before) }} as ex_date,
            sum(base_dividend) as base_dividend,
            max(grade_rank) as grade_rank,
            max(known_at) as known_at
        from {{ ref('int_valuations__dividends_carried') }}
        group by
            subject_id, is_synthetic, currency, {{ first_day_read('ex_date', days_before) }}
    ) as paid
    inner join {{ bars }} as bars
        on
            paid.subject_id = bars.subject_id
            and paid.is_synthetic = bars.is_synthetic
            and paid.currency = bars.currency
            and paid.ex_date <= bars.trade_date
    group by bars.subject_id, bars.is_synthetic, paid.currency, paid.ex_date
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
