{% test corrections_are_possible(model) %}
    {# Every correction names a table, a figure and values that the lake could hold. #}
    {%- set faults = correction_faults(run_query('select * from ' ~ model).rows) if execute else [] -%}
    {%- if faults -%}
        {{ exceptions.raise_compiler_error(faults | join('; ')) }}
    {%- endif %}
    select lake_table
    from {{ model }}
    where false
{% endtest %}
