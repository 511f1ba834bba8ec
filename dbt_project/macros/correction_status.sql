{#
    What became of each correction, and which ones ask for what the lake does not have.
#}

{% macro correction_status() -%}
    {#- One row per reported correction, beside the published value it is about. -#}
    {%- set found = corrections_reported('', as_of()) -%}
    {%- if not found -%}
        (
            select
                *,
                cast(null as {{ column_type('varchar') }}) as published_value,
                cast(null as {{ column_type('varchar') }}) as status
            from {{ ref('correction') }}
            where false
        )
    {%- else -%}
        (
            {% for each in found -%}
                {{ 'union all' if not loop.first }}
                {{ status_of(each) }}
            {% endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{% macro status_of(correction) -%}
    {%- set name = correction.lake_table -%}
    select
        corrections.*,
        cast(versions.{{ correction.column_name }} as {{ column_type('varchar') }})
            as published_value,
        case
            when versions.row_key is null then 'no_such_row'
            when {{ is_expected(name, correction, 'versions.' ~ correction.column_name) }}
                then 'applied'
            else 'healed'
        end as status
    from {{ ref('correction') }} as corrections
    left join (
        select *, {{ row_key(name) }} as row_key
        from {{ newest_as_published(name, rows_as_published(name)) }}
    ) as versions
        on corrections.row_key = versions.row_key
    where
        corrections.lake_table = '{{ name }}'
        and corrections.column_name = '{{ correction.column_name }}'
        and corrections.row_key = {{ text_literal(correction.row_key) }}
        and corrections.expected_value is not distinct from
            {{ text_literal(correction.expected_value) }}
{%- endmacro %}

{% macro correction_faults(corrections) -%}
    {#- One sentence per correction that no row of the lake could ever answer to. -#}
    {%- set faults = [] -%}
    {%- set seen = [] -%}
    {%- set tables = graph.sources.values() | map(attribute='name') | list -%}
    {%- for each in corrections -%}
        {%- set cell = [each.lake_table, each.row_key, each.column_name, each.expected_value] -%}
        {%- set fault = correction_fault(each, tables) or
            ('is there twice; leave one' if cell in seen else '') -%}
        {%- do seen.append(cell) -%}
        {%- if fault -%}
            {%- do faults.append(
                'correction.csv: ' ~ each.lake_table ~ ' ' ~ each.row_key ~ ' ' ~ each.column_name
                ~ ' ' ~ fault
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{% macro correction_fault(each, tables) -%}
    {%- if each.lake_table not in tables -%}
        {{ return('names no table of the lake; it has ' ~ tables | sort | join(', ')) }}
    {%- endif -%}
    {%- set table = lake_source(each.lake_table) -%}
    {%- set key = table.config.meta.key -%}
    {%- set names = table.columns.keys() | list -%}
    {%- set figures = names[: names.index('source')] | reject('in', key) | list -%}
    {%- if each.column_name not in figures -%}
        {{ return('names no figure of the table; it has ' ~ figures | join(', ')) }}
    {%- elif each.action not in ['override', 'drop'] -%}
        {{ return('asks for ' ~ each.action ~ '; write override or drop') }}
    {%- elif each.row_key.split('|') | length != key | length -%}
        {{ return('has no key of the table; write ' ~ key | join('|')) }}
    {%- endif -%}
    {%- set type = column_type(table.columns[each.column_name].data_type) -%}
    {%- for value in [each.expected_value, each.corrected_value] if value is not none -%}
        {%- set query = 'select try_cast(' ~ text_literal(value) ~ ' as ' ~ type ~ ') is null' -%}
        {%- if run_query(query).columns[0].values()[0] -%}
            {{ return('has the value ' ~ value ~ ', which is no ' ~ type) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}
