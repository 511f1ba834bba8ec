{% test expression_is_true(model, expression) %}
    {# The expression holds on every row; where it is null there is nothing to compare. #}
    select *
    from {{ changed_rows(model) }}
    where not ({{ expression }})
{% endtest %}
