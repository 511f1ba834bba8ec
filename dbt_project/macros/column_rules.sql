{# The rules that stand beside a column in its `config.meta.rules`; tests/generic/columns_hold.sql
   names them and holds the columns to them. #}
{% macro column_rules(name) %}
    {# Return column, name and condition of each rule of a model or seed. #}
    {% set nodes = graph.nodes.values() | selectattr("name", "equalto", name) | list %}
    {% set found = [] %}
    {% for column in nodes[0].columns.values() %}
        {% for rule, value in (column.config.meta or column.meta).get("rules", {}).items() %}
            {% do found.append({
                "column": column.name,
                "name": rule,
                "holds": column_rule(column.name, rule, value),
            }) %}
        {% endfor %}
    {% endfor %}
    {% if not found %}
        {{ exceptions.raise_compiler_error("no column of " ~ name ~ " has a rule to hold") }}
    {% endif %}
    {{ return(found) }}
{% endmacro %}


{% macro column_rule(column, rule, value) %}
    {% set infinity = "cast('Infinity' as double)" %}
    {% if rule == "not_null" %}
        {{ return(column ~ " is not null") }}
    {% elif rule == "low" %}
        {{ return("coalesce(" ~ column ~ " >= " ~ value ~ " and " ~ column ~ " < " ~ infinity ~ ", true)") }}
    {% elif rule == "high" %}
        {{ return("coalesce(" ~ column ~ " <= " ~ value ~ " and " ~ column ~ " > -" ~ infinity ~ ", true)") }}
    {% elif rule == "values" %}
        {% set texts = [] %}
        {% for each in value %}
            {% do texts.append("'" ~ each ~ "'" if each is string else each | string) %}
        {% endfor %}
        {{ return("coalesce(" ~ column ~ " in (" ~ texts | join(", ") ~ "), true)") }}
    {% elif rule == "null_reason" %}
        {{ return("(" ~ column ~ " is null) = (" ~ value ~ " is not null)") }}
    {% endif %}
    {{ exceptions.raise_compiler_error(column ~ " has the rule " ~ rule ~ ", which is none of columns_hold") }}
{% endmacro %}
