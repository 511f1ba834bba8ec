{#
    Wrong figures of publishers, put right from the seed `correction`. A correction stands while the
    current version of its row still has the value it expects; when the source heals, it stops.
    A table without corrections renders as if this file did not exist.
#}

{% macro corrected(name, rows, as_of='') -%}
    {#-
        An override changes the current version of a row, a drop leaves all its versions out.
        A row that was changed is known since the correction was reported.
    -#}
    {%- set found = corrections_reported(name, as_of) -%}
    {%- if not found -%}
        {{ rows }}
    {%- else -%}
        {%- set key = lake_source(name).config.meta.key -%}
        {%- set overrides = found | selectattr('action', 'equalto', 'override') | list -%}
        {%- set drops = found | selectattr('action', 'equalto', 'drop') | list -%}
        (
            select
                {% for column in lake_source(name).columns.values() -%}
                    {{ overridden(column, overrides) }} as {{ column.name }}{{ ',' if not loop.last }}
                {% endfor %}
            from (
                select
                    *,
                    {% for column in drops | map(attribute='column_name') | unique -%}
                        first_value({{ column }}) over newest_first as newest_{{ column }},
                    {% endfor -%}
                    {{ row_key(name) }} as row_key,
                    row_number() over newest_first = 1 as is_newest
                from {{ rows }}
                window newest_first as (
                    partition by {{ key | join(', ') }} order by published_at desc, known_at desc
                )
            ) as versions
            where
                true
                {% for each in drops -%}
                    and not ({{ guard(name, each, 'newest_' ~ each.column_name) }})
                {% endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{% macro overridden(column, overrides) -%}
    {#- The value of one column: as published, unless a correction of it stands. -#}
    {%- set name = column.name -%}
    {%- set type = column_type(column.data_type) -%}
    {%- set own = overrides | selectattr('column_name', 'equalto', name) | list -%}
    {%- if name == 'known_at' -%}
        greatest(
            known_at
            {% for each in overrides -%}
                , case
                    when is_newest and {{ guard(each.lake_table, each, each.column_name) }}
                        then cast('{{ each.reported_on }}' as {{ type }})
                end
            {% endfor %}
        )
    {%- elif own -%}
        case
            {% for each in own -%}
                when is_newest and {{ guard(each.lake_table, each, name) }}
                    then cast({{ text_literal(each.corrected_value) }} as {{ type }})
            {% endfor -%}
            else {{ name }}
        end
    {%- else -%}
        {{ name }}
    {%- endif -%}
{%- endmacro %}

{% macro guard(name, correction, value) -%}
    row_key = {{ text_literal(correction.row_key) }} and {{ is_expected(name, correction, value) }}
{%- endmacro %}

{% macro is_expected(name, correction, value) -%}
    {%- set type = column_type(lake_source(name).columns[correction.column_name].data_type) -%}
    {{ value }} is not distinct from
        cast({{ text_literal(correction.expected_value) }} as {{ type }})
{%- endmacro %}

{% macro row_key(name) -%}
    {#- The key of a row as one text: `2024-01-15|00700`. -#}
    concat_ws(
        '|'
        {%- for column in lake_source(name).config.meta.key -%}
            , cast({{ column }} as {{ column_type('varchar') }})
        {%- endfor -%}
    )
{%- endmacro %}

{% macro text_literal(text) -%}
    {{ return('null' if text is none else "'" ~ text | replace("'", "''") ~ "'") }}
{%- endmacro %}

{% macro corrections_reported(name='', as_of='') -%}
    {#- The corrections of a table, or of all, that were reported at the date asked about. -#}
    {%- set seed = ref('correction') -%}
    {%- if not execute or (seed.is_cte is defined and seed.is_cte) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- if adapter.get_relation(seed.database, seed.schema, seed.identifier) is none -%}
        {{ exceptions.raise_compiler_error(
            "the seed `correction` is not loaded; select it together with this model"
        ) }}
    {%- endif -%}
    {%- set instant = column_type('timestamp with time zone') -%}
    {%- set query -%}
        select * from {{ seed }}
        where
            true
            {% if name -%} and lake_table = '{{ name }}' {%- endif %}
            {% if as_of -%}
                and cast(reported_on as {{ instant }}) <= cast('{{ as_of }}' as {{ instant }})
            {%- endif %}
        order by lake_table, row_key, column_name, reported_on
    {%- endset -%}
    {%- set found = [] -%}
    {%- for each in run_query(query).rows -%}
        {%- do found.append(each.dict()) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
