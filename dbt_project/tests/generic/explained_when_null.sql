{% test explained_when_null(model, column_name, reason) %}
    {# A figure and the reason for its absence exclude each other, and one of them is there. #}
    select
        {{ column_name }},
        {{ reason }}
    from {{ model }}
    where ({{ column_name }} is null) != ({{ reason }} is not null)
{% endtest %}
