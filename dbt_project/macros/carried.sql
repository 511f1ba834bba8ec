{#
    Builds that carry on from the warehouse of the last publish. HKFLOW_FIRST_CHANGED_DAY is the first
    day of which the lake holds other rows than it did then; without it everything is built.

    A model that carries on is incremental and names its day in `config.meta.day_column`: its rows
    from the first changed day on are taken away and made anew, those before it stand. It reads what
    it is made of from so many days earlier as its windows are long, and takes what has no bound (a
    highest price of all, Wilder's averages) from its own row on the first of those days.
#}

{% macro first_changed_day() -%}
    {{ return(env_var('HKFLOW_FIRST_CHANGED_DAY', '')) }}
{%- endmacro %}

{% macro is_changed(day_column, days_before=0) -%}
    {#- A row may differ from the last build's, or lies at most so many days before those that do. -#}
    {%- if first_changed_day() -%}
        {{ day_column }} >= date '{{ first_changed_day() }}' - interval '{{ days_before }}' day
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro forget_changed_days() -%}
    {#- Before a model that carries on adds its days: take away those that it will make anew. -#}
    {%- set day_column = model.config.get('meta', {}).get('day_column') -%}
    {%- if first_changed_day() and day_column -%}
        delete from {{ this }} where {{ is_changed(day_column) }}
    {%- endif -%}
{%- endmacro %}

{% macro changed_rows(relation) -%}
    {#- What a test judges of a relation: all of it, or the days that this build made. -#}
    {%- set node = mart_node(relation.identifier) if execute and relation is not string -%}
    {%- set day_column = node.config.get('meta', {}).get('day_column') if node -%}
    {%- if first_changed_day() and day_column -%}
        (select * from {{ relation }} where {{ is_changed(day_column) }}) as changed_rows
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{% macro accrued(operation, figure) -%}
    {#- A figure of all bars up to one: what the windowed bars say, and the carried row before them. -#}
    {%- if not first_changed_day() -%}
        windowed.{{ figure }}
    {%- elif operation == 'greatest' -%}
        greatest(windowed.{{ figure }}, carried.{{ figure }})
    {%- else -%}
        windowed.{{ figure }} + coalesce(carried.{{ figure }}, 0)
    {%- endif -%}
{%- endmacro %}
