{#
    The only way into the lake. `known_rows` (every version) and `current_rows` (the newest) answer
    as of HKFLOW_AS_OF (ISO time with offset) where it is set, else as of now. It is read when a
    model runs, so that a manifest parsed once serves every date. What staging reads is corrected.
#}

{% macro lake_table(name) -%}
    {#- Every version of every row. A table without files is an empty relation of the same type. -#}
    {%- set relation = source('lake', name) -%}
    {%- if not execute or (relation.is_cte is defined and relation.is_cte) -%}
        {{ relation }}
    {%- else -%}
        {%- set root = env_var('HKFLOW_LAKE_TABLES', '') -%}
        {%- if not root -%}
            {{ exceptions.raise_compiler_error(
                "HKFLOW_LAKE_TABLES is not set; set it to the folder that holds the lake's tables"
            ) }}
        {%- endif -%}
        {%- set folder = root.rstrip('/') ~ '/' ~ name -%}
        {%- if has_parquet_files(folder) -%}
            {{ parquet_rows(folder) }}
        {%- else -%}
            {{ no_rows(lake_source(name).columns) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro as_of() -%}
    {{ return(env_var('HKFLOW_AS_OF', '') or var('as_of', '')) }}
{%- endmacro %}

{% macro where_known(known_at='known_at') -%}
    {#- Leaves out what was not known at the date asked about, or not on a day that is known. -#}
    {%- if as_of() -%}
        {%- set instant = column_type('timestamp with time zone') -%}
        where cast({{ known_at }} as {{ instant }}) <= cast('{{ as_of() }}' as {{ instant }})
    {%- endif -%}
{%- endmacro %}

{% macro rows_as_published(name) -%}
    {#- Every version that was known at the date asked about, without corrections. -#}
    (
        select * from {{ lake_table(name) }}
        {{ where_known() }}
    )
{%- endmacro %}

{% macro known_rows(name) -%}
    {{ corrected(name, rows_as_published(name), as_of()) }}
{%- endmacro %}

{% macro current_rows(name) -%}
    {{ newest_versions(name, rows_as_published(name), as_of()) }}
{%- endmacro %}

{% macro newest_versions(name, rows, as_of='') -%}
    {{ corrected(name, newest_as_published(name, rows), as_of) }}
{%- endmacro %}

{% macro newest_as_published(name, rows) -%}
    {#-
        The version published last counts; among versions of one publication, the one known last.
        A publisher's correction is thereby not undone when the file it corrects is fetched again.
    -#}
    (
        select * from {{ rows }}
        qualify row_number() over (
            partition by {{ lake_source(name).config.meta.key | join(', ') if execute else '1' }}
            order by published_at desc, known_at desc
        ) = 1
    )
{%- endmacro %}

{% macro session_file() -%}
    {#- The sessions of every calendar, as `orchestration/calendar.py` knows them. -#}
    {%- set path = env_var('HKFLOW_SESSIONS', '') -%}
    {%- if execute and not path -%}
        {{ exceptions.raise_compiler_error(
            "HKFLOW_SESSIONS is not set; set it to the Parquet file of calendar sessions"
        ) }}
    {%- endif -%}
    {{ parquet_rows(path or 'sessions.parquet') }}
{%- endmacro %}

{% macro lake_source(name) -%}
    {%- set found = graph.sources.values() | selectattr('name', 'equalto', name) | list -%}
    {{ return(found[0]) }}
{%- endmacro %}

{% macro no_rows(columns) -%}
    (
        select
            {% for column in columns.values() -%}
                cast(null as {{ column_type(column.data_type) }}) as {{ column.name }}
                {{- ',' if not loop.last }}
            {% endfor %}
        where false
    )
{%- endmacro %}
