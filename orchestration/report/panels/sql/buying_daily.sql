SELECT
    trade_date,
    net_buy_hkd_mn::DOUBLE AS net_buy_hkd_mn,
    net_buy_20_sessions_hkd_mn::DOUBLE AS net_buy_20_sessions_hkd_mn,
    net_buy_mtd_hkd_mn::DOUBLE AS net_buy_mtd_hkd_mn,
    is_mtd_complete,
    net_buy_ytd_hkd_mn::DOUBLE AS net_buy_ytd_hkd_mn,
    is_ytd_complete,
    turnover_share_hkex_pct
FROM fct_southbound_daily
WHERE channel = 'ALL' AND net_buy_hkd_mn IS NOT NULL
ORDER BY trade_date DESC
LIMIT 1250
