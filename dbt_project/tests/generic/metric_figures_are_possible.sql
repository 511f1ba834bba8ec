{% test metric_figures_are_possible(model) %}
    {# Every line of the registry names a variant, a mart and columns that are there. #}
    {%- set faults = metric_faults(metric_figures(), metric_marts()) if execute else [] %}
    -- depends_on: {{ ref('metric') }} {{ ref('metric_figure') }}
    {% for fault in faults -%}
        select {{ text_literal(fault) }} as fault
        {{ 'union all' if not loop.last }}
    {% else -%}
        select model as fault
        from {{ ref('metric_figure') }}
        where false
    {% endfor %}
{% endtest %}
