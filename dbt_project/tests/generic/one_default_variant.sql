{% test one_default_variant(model) %}
    {# Of every measure one variant is meant when nothing else is said. #}
    select
        metric_id,
        count(distinct case when is_default then variant_id end) as default_count
    from {{ model }}
    group by metric_id
    having count(distinct case when is_default then variant_id end) != 1
{% endtest %}
