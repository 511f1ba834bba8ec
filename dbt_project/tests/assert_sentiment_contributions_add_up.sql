-- What the components contribute is the composite's distance from the middle, session by session.
select
    trade_date,
    sum(contribution) as contributed,
    max(composite_score) - 50 as distance
from {{ ref('mart_sentiment_components') }}
group by trade_date
having
    abs(coalesce(sum(contribution), 0) - coalesce(max(composite_score) - 50, 0)) > 0.000001
    or (sum(contribution) is null) != (max(composite_score) is null)
