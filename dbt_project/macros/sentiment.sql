{# What the sentiment models share: reasons beside figures, and states between thresholds. #}

{% macro sentiment_reason(figure, cases, otherwise) -%}
    {#- Null where the figure is known, else the first reason that applies. -#}
    case
        when {{ figure }} is not null then null
        {% for condition, reason in cases -%}
            when {{ condition }} then '{{ reason }}'
        {% endfor -%}
        else '{{ otherwise }}'
    end
{%- endmacro %}

{% macro within_bounds(value, thresholds) -%}
    {#- The value lies in the state of the row of `sentiment_threshold`; a null lies in none. -#}
    (
        {{ value }} > {{ thresholds }}.lower_bound
        or ({{ value }} = {{ thresholds }}.lower_bound and {{ thresholds }}.is_lower_included)
    )
    and (
        {{ value }} < {{ thresholds }}.upper_bound
        or ({{ value }} = {{ thresholds }}.upper_bound and {{ thresholds }}.is_upper_included)
    )
{%- endmacro %}
