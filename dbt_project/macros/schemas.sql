{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- A schema is a layer or a domain, the same on every target. -#}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
