-- One price a day and security: the exchange's sheet where the lake has it, else the vendor's bar.
with quotations as (
    select * from {{ ref('stg_hkex_quotation_sheet__quotations') }}
    where {{ is_changed('trade_date', 15) }}
),

bars as (
    select * from {{ ref('int_valuations__vendor_bars_unadjusted') }}
    where {{ is_changed('trade_date', 15) }}
),

counters as (
    select * from {{ ref('counter') }}
),

-- Prices never mix counters: a counter that is another one of a known security is left out.
sheet as (
    select
        quotations.*,
        quotations.close_price is not null as has_price,
        case
            when quotations.close_price is not null then null
            when quotations.is_suspended then 'suspended'
            else 'no_data'
        end as reason
    from quotations
    left join counters
        on quotations.counter_code = counters.counter_code
    where coalesce(counters.security_code, quotations.counter_code) = quotations.counter_code
),

joined as (
    select
        coalesce(sheet.trade_date, bars.trade_date) as trade_date,
        coalesce(sheet.counter_code, bars.security_id) as security_id,
        coalesce(sheet.counter_code, bars.security_code) as security_code,
        sheet.counter_code is not null as has_sheet,
        case when sheet.counter_code is null then bars.exchange_calendar else 'XHKG' end
            as exchange_calendar,
        coalesce(sheet.currency, bars.currency) as currency,
        bars.open_price as vendor_open_price,
        case when sheet.counter_code is null then bars.high_price else sheet.high_price end
            as high_price,
        case when sheet.counter_code is null then bars.low_price else sheet.low_price end
            as low_price,
        case when sheet.counter_code is null then bars.close_price else sheet.close_price end
            as close_price,
        bars.adjusted_close_price,
        sheet.previous_close as printed_previous_close,
        case when sheet.counter_code is null then bars.volume_shares else sheet.traded_shares end
            as volume_shares,
        case when sheet.currency = 'HKD' then sheet.turnover_amount end as turnover_hkd,
        case when sheet.counter_code is null then 'yahoo_chart' else sheet.source end
            as price_source,
        case when sheet.counter_code is null then bars.missing_price_reason else sheet.reason end
            as missing_price_reason,
        coalesce(sheet.evidence_grade, bars.evidence_grade) as price_grade,
        coalesce(sheet.is_synthetic, false) or coalesce(bars.is_synthetic, false) as is_synthetic,
        greatest(sheet.known_at, bars.known_at) as known_at
    from sheet
    full outer join bars
        on
            sheet.trade_date = bars.trade_date
            and sheet.counter_code = bars.security_id
),

-- A vendor's open outside the official range is of another counter, day or split: not taken.
final as (
    select
        *,
        case when is_synthetic then 'synthetic' else price_grade end as evidence_grade,
        case
            when not has_sheet or vendor_open_price between low_price and high_price
                then vendor_open_price
        end as open_price
    from joined
)

select * from final
