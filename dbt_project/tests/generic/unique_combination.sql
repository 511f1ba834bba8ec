{% test unique_combination(model, columns) %}
    {# The columns are a key: no two rows share them and none of them is null. #}
    select
        {{ columns | join(', ') }},
        count(*) as row_count
    from {{ changed_rows(model) }}
    group by {{ columns | join(', ') }}
    having
        count(*) > 1
        {% for column in columns -%}
            or {{ column }} is null
        {% endfor %}
{% endtest %}
