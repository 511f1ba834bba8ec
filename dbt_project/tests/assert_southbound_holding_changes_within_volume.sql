-- More shares cannot settle than changed hands on the day whose trades they are: else the holding
-- is dated wrongly. Shares moved between custodians break it too, so that this is a warning; owner:
-- data-engineering.
{{ config(severity='warn') }}

with holdings as (
    select * from {{ ref('fct_southbound_holdings') }}
),

prices as (
    select * from {{ ref('fct_prices_daily') }}
    where volume_shares is not null
)

select
    holdings.holding_date,
    holdings.security_code,
    holdings.share_change_shares,
    prices.volume_shares
from holdings
inner join prices
    on
        holdings.security_code = prices.security_id
        and holdings.implied_trade_date = prices.trade_date
        and holdings.is_synthetic = prices.is_synthetic
where abs(holdings.share_change_shares) > prices.volume_shares
