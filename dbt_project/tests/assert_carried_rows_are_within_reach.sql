-- What has no bound goes on from a subject's own row within so many days before the changed ones.
-- One that had none for longer (a suspension) would begin anew: then everything must be built.
select subject_id
from {{ ref('int_valuations__price_windows') }}
group by subject_id, is_synthetic
having {{ is_beyond_reach('trade_date', price_reach_days()) }}
union all
select security_id as subject_id
from {{ ref('int_sentiment__price_indicators') }}
group by security_id, is_synthetic
having {{ is_beyond_reach('trade_date', price_reach_days()) }}
union all
select security_code as subject_id
from {{ ref('int_sentiment__security_windows') }}
group by security_code, is_synthetic
having {{ is_beyond_reach('trade_date', short_sales_reach_days()) }}
