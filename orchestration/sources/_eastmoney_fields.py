"""The fields of Eastmoney's two southbound reports, by the vendor's own names.

Every record has all of them; one that is new or gone is an error. What they mean stands in
`eastmoney_southbound`; most are not read.
"""

DAILY_FIELDS = (
    "MUTUAL_TYPE",
    "TRADE_DATE",
    "FUND_INFLOW",
    "NET_DEAL_AMT",
    "QUOTA_BALANCE",
    "ACCUM_DEAL_AMT",
    "BUY_AMT",
    "SELL_AMT",
    "LEAD_STOCKS_CODE",
    "LEAD_STOCKS_NAME",
    "LS_CHANGE_RATE",
    "INDEX_CLOSE_PRICE",
    "INDEX_CHANGE_RATE",
    "HOLD_MARKET_CAP",
    "DEAL_AMT",
    "QUOTA_BALANCE_TEXT",
    "DEAL_NUM",
)
"""Of RPT_MUTUAL_DEAL_HISTORY."""
HOLDINGS_FIELDS = (
    "MUTUAL_TYPE",
    "HOLD_DATE",
    "SECUCODE",
    "INTERVAL_TYPE",
    "SECURITY_NAME",
    "SECURITY_CODE",
    "ADD_MARKET_CAP",
    "ADD_SHARES_AMP",
    "ADD_SHARES_REPAIR",
    "HOLD_SHARES_CHANGE",
    "HOLD_MARKET_CAP",
    "HOLD_SHARES",
    "HOLD_SHARES_FADJ",
    "HOLD_SHARES_ADJ",
    "FREE_SHARES_RATIO",
    "TOTAL_SHARES_RATIO",
    "CLOSE_PRICE",
    "CHANGE_RATE",
    "INDUSTRY",
    "PARTICIPANT_NUM",
    "IS_ADJ_DATE",
    "EX_DIVIDEND_DATE",
    "EQUITY_RECORD_DATE",
    "HOLD_SHARES_RATIO",
    "TRADE_DATE",
    "HOLD_MARKETCAP_CHG1",
    "HOLD_MARKETCAP_CHG5",
    "HOLD_MARKETCAP_CHG10",
    "RN",
)
"""Of RPT_MUTUAL_STOCK_HOLDRANKS."""
