{% test between(model, column_name, low=none, high=none, unless_null=true) %}
    {# Every value lies within the bounds, both included; NaN and infinity never do. #}
    select {{ column_name }}
    from {{ model }}
    where
        not (
            true
            {% if low is not none %}and {{ column_name }} >= {{ low }}{% endif %}
            {% if high is not none %}and {{ column_name }} <= {{ high }}{% endif %}
        )
        {% if not unless_null %}or {{ column_name }} is null{% endif %}
{% endtest %}
