-- The vendor's net buy is the exchange's, republished. Where it is not, the exchange's figure is
-- the one that other marts use, so that this is a warning; owner: data-engineering.
{{ config(severity='warn') }}

select
    trade_date,
    channel,
    net_buy_hkd_mn,
    exchange_net_buy_hkd_mn,
    difference_hkd_mn
from {{ ref('fct_southbound_vendor_daily') }}
where not is_reconciled
