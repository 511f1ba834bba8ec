{#
    All that differs between DuckDB and Spark. A model calls these macros and is otherwise standard
    SQL. The one thing that cannot be a macro is the type of an instant in a mart's YAML.
#}

{% macro parquet_rows(folder) -%}
    {{ return(adapter.dispatch('parquet_rows')(folder)) }}
{%- endmacro %}

{% macro default__parquet_rows(folder) -%}
    {#- A plain file is taken as it is; of a folder every Parquet file one level down. -#}
    {%- set files = folder if folder.endswith('.parquet') else folder ~ '/*/*.parquet' -%}
    read_parquet('{{ files | replace("'", "''") }}', hive_partitioning = false)
{%- endmacro %}

{% macro spark__parquet_rows(folder) -%}
    parquet.`{{ folder }}`
{%- endmacro %}


{% macro has_parquet_files(folder) -%}
    {{ return(adapter.dispatch('has_parquet_files')(folder)) }}
{%- endmacro %}

{% macro default__has_parquet_files(folder) -%}
    {%- set pattern = (folder ~ '/*/*.parquet') | replace("'", "''") -%}
    {%- set found = run_query("select count(*) from glob('" ~ pattern ~ "')") -%}
    {{ return(found.columns[0].values()[0] > 0) }}
{%- endmacro %}

{% macro spark__has_parquet_files(folder) -%}
    {#- Spark has no listing in SQL: a lake that is big enough for it has every table. -#}
    {{ return(true) }}
{%- endmacro %}


{% macro column_type(duckdb_type) -%}
    {{ return(adapter.dispatch('column_type')(duckdb_type)) }}
{%- endmacro %}

{% macro default__column_type(duckdb_type) -%}
    {{ return(duckdb_type) }}
{%- endmacro %}

{% macro spark__column_type(duckdb_type) -%}
    {%- set names = {'varchar': 'string', 'timestamp with time zone': 'timestamp'} -%}
    {{ return(names.get(duckdb_type, duckdb_type)) }}
{%- endmacro %}


{% macro joined_text(expression) -%}
    {{ return(adapter.dispatch('joined_text')(expression)) }}
{%- endmacro %}

{% macro default__joined_text(expression) -%}
    array_to_string(list_sort(list(distinct {{ expression }})), ',')
{%- endmacro %}

{% macro spark__joined_text(expression) -%}
    array_join(array_sort(collect_set({{ expression }})), ',')
{%- endmacro %}


{% macro items_of(list) -%}
    {{ return(adapter.dispatch('items_of')(list)) }}
{%- endmacro %}

{% macro default__items_of(list) -%}
    {#- The items of a comma list, each in a row of its own. -#}
    unnest(string_split(replace({{ list }}, ' ', ''), ','))
{%- endmacro %}

{% macro spark__items_of(list) -%}
    explode(split(replace({{ list }}, ' ', ''), ','))
{%- endmacro %}


{% macro product_of(expression) -%}
    {{ return(adapter.dispatch('product_of')(expression)) }}
{%- endmacro %}

{% macro default__product_of(expression) -%}
    product({{ expression }})
{%- endmacro %}

{% macro spark__product_of(expression) -%}
    exp(sum(ln({{ expression }})))
{%- endmacro %}


{% macro rows_digest(table_name) -%}
    {{ return(adapter.dispatch('rows_digest')(table_name)) }}
{%- endmacro %}

{% macro default__rows_digest(table_name) -%}
    {#-
        One number for all values of a group of rows, in whatever order they come. A row's hash is
        that of its last column beside one of the others: rows whose last columns move alike would
        cancel out, were it not hashed once more.
    -#}
    bit_xor(hash(hash({{ table_name }})))
{%- endmacro %}

{% macro spark__rows_digest(table_name) -%}
    bit_xor(xxhash64(xxhash64({{ table_name }}.*)))
{%- endmacro %}


{% macro value_at_minimum(value, by) -%}
    {{ return(adapter.dispatch('value_at_minimum')(value, by)) }}
{%- endmacro %}

{% macro default__value_at_minimum(value, by) -%}
    arg_min({{ value }}, {{ by }})
{%- endmacro %}

{% macro spark__value_at_minimum(value, by) -%}
    min_by({{ value }}, {{ by }})
{%- endmacro %}


{% macro framed_percentile(figure, subject, years) -%}
    {{ return(adapter.dispatch('framed_percentile')(figure, subject, years)) }}
{%- endmacro %}

{% macro default__framed_percentile(figure, subject, years) -%}
    {#- Share of the values of the years up to the row that are at most the row's (cume_dist). -#}
    cume_dist(order by {{ figure }}) over (
        partition by {{ subject }}, is_synthetic order by trade_date
        range between interval '{{ years }}' year preceding and current row
    )
{%- endmacro %}

{% macro spark__framed_percentile(figure, subject, years) -%}
    {#- Spark's cume_dist takes no frame: the values of the frame are collected and counted. -#}
    aggregate(
        collect_list({{ figure }}) over (
            partition by {{ subject }}, is_synthetic order by trade_date
            range between interval '{{ years }}' year preceding and current row
        ), 0D, (total, each) -> total + if(each <= {{ figure }}, 1D, 0D)
    ) / count({{ figure }}) over (
        partition by {{ subject }}, is_synthetic order by trade_date
        range between interval '{{ years }}' year preceding and current row
    )
{%- endmacro %}


{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between')(first, last)) }}
{%- endmacro %}

{% macro default__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    datediff({{ last }}, {{ first }})
{%- endmacro %}


{% macro spark__load_csv_rows(model, agate_table) -%}
    {#- The adapter's own writes None for an empty field and breaks at an apostrophe. -#}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) -%}
        {%- set sql -%}
            insert into {{ this.render() }} values
            {% for row in chunk -%}
                ({%- for name in agate_table.column_names -%}
                    {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
                    cast({{ spark_text(row[name]) }} as {{ type }}){{ ', ' if not loop.last }}
                {%- endfor -%}){{ ', ' if not loop.last }}
            {% endfor %}
        {%- endset -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{% macro spark_text(value) -%}
    {%- if value is none -%}
        null
    {%- else -%}
        '{{ value | string | replace('\\', '\\\\') | replace("'", "\\'") }}'
    {%- endif -%}
{%- endmacro %}
