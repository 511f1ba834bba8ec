{% test not_all_null(model, column_name) %}
    {# A table with rows has at least one value in the column: a lost join would empty it. #}
    select count(*) as row_count
    from {{ model }}
    having
        count(*) > 0
        and count({{ column_name }}) = 0
{% endtest %}
