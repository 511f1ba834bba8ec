-- Half a percent apart, vendor and exchange mean different days, counters or splits. The exchange's
-- figure is the one that is used, so that this is a warning; owner: data-engineering.
{{ config(severity='warn') }}

with bars as (
    select * from {{ ref('int_valuations__vendor_bars_unadjusted') }}
),

prices as (
    select * from {{ ref('fct_prices_daily') }}
    where price_source = 'hkex_quotation_sheet'
)

select
    prices.trade_date,
    prices.security_id,
    prices.close_price,
    bars.close_price as vendor_close_price
from prices
inner join bars
    on
        prices.trade_date = bars.trade_date
        and prices.security_id = bars.security_id
where abs(bars.close_price / prices.close_price - 1) > 0.005
