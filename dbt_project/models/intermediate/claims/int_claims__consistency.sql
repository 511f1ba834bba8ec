-- What the claims of one document say about each other, without any figure of the warehouse's own.
{% set rules = ['sums', 'decimals', 'dates', 'holdings', 'rates', 'wording', 'sources'] -%}
with united as (
    {% for rule in rules -%}
        select * from {{ ref('int_claims__rule_' ~ rule) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    rule_id,
    document_id,
    claim_ids,
    claim_id,
    left_value,
    right_value,
    passed,
    severity,
    error_class,
    message
from united
where passed is not null
