{#
    The registry of metrics at work: the seeds `metric` and `metric_figure` say which column of which
    mart holds a figure, and these macros turn each such line into a query. A line about a mart or a
    column that is not there gives no rows; `metric_faults` says so, and a test shows it.
#}

{% macro metric_figures() -%}
    {#- Every line of the registry that a mart holds, in the registry's order. -#}
    {%- set figures, variants = ref('metric_figure'), ref('metric') -%}
    {%- if not execute or (figures.is_cte is defined and figures.is_cte) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- for seed in [figures, variants] -%}
        {%- if adapter.get_relation(seed.database, seed.schema, seed.identifier) is none -%}
            {{ exceptions.raise_compiler_error(
                'the seed `' ~ seed.identifier ~ '` is not loaded; select it together with this model'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- set query -%}
        select figures.*, variants.unit, variants.currency, variants.calendar
        from {{ figures }} as figures
        left join {{ variants }} as variants
            on figures.metric_id = variants.metric_id and figures.variant_id = variants.variant_id
        order by figures.model, figures.metric_id, figures.variant_id, figures.observation_window,
            figures.window_length, figures.subject_kind
    {%- endset -%}
    {%- set found = [] -%}
    {%- for each in run_query(query).rows -%}
        {%- do found.append(each.dict()) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro metric_faults(figures, marts) -%}
    {#- One sentence per line of the registry that no mart could answer to. -#}
    {%- set faults = [] -%}
    {%- for figure in figures -%}
        {%- set fault = metric_fault(figure, marts) -%}
        {%- if fault -%}
            {%- do faults.append(
                'metric_figure.csv: ' ~ figure.metric_id ~ ' ' ~ figure.variant_id ~ ' '
                ~ figure.observation_window ~ ' ' ~ figure.window_length ~ ' ' ~ fault
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(faults) }}
{%- endmacro %}

{% macro metric_fault(figure, marts) -%}
    {%- if figure.unit is none -%}
        {{ return('is a variant that metric.csv lacks') }}
    {%- elif figure.model not in marts -%}
        {{ return('names the mart ' ~ figure.model ~ ', which metric_marts() does not list') }}
    {%- endif -%}
    {%- set columns = mart_node(figure.model).columns -%}
    {%- set named = [
        figure.value_column, figure.subject_column, figure.date_column, figure.period_start_column,
        figure.currency_column, figure.evidence_grade_column, figure.known_at_column,
    ] -%}
    {%- for column in named if column is not none and column not in columns -%}
        {{ return('names the column ' ~ column ~ ', which ' ~ figure.model ~ ' lacks') }}
    {%- endfor -%}
    {%- if (figure.subject_column is none) == (figure.subject_value is none) -%}
        {{ return('needs either subject_column or subject_value') }}
    {%- elif (figure.observation_window == 'week') != (figure.period_start_column is not none) -%}
        {{ return('needs period_start_column for a week, and only there') }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{% macro mart_node(name, type='model') -%}
    {%- set found = graph.nodes.values()
        | selectattr('resource_type', 'equalto', type)
        | selectattr('name', 'equalto', name) | list -%}
    {{ return(found[0] if found else none) }}
{%- endmacro %}

{% macro mart_dates() -%}
    {#- Each mart with each column that dates figures of it, and its own day where it carries on. -#}
    {%- set found = [] -%}
    {%- for figure in metric_figures() if not metric_fault(figure, metric_marts()) -%}
        {%- set node = mart_node(figure.model) -%}
        {%- set dates = {
            'mart': figure.model,
            'date_column': figure.date_column,
            'day_column': node.config.meta.get('day_column'),
        } -%}
        {%- if dates not in found -%}
            {%- do found.append(dates) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro first_observed_day(date_column, day_column) -%}
    {#-
        The first day of a mart's figures that may differ. Where rows went away it is the changed day
        itself; a trade settles within 15 days, so that figures dated by it begin that much earlier.
    -#}
    {%- if not first_changed_day() -%}
        min({{ date_column }})
    {%- else -%}
        {%- set days_before = 0 if date_column == day_column else 15 -%}
        cast(
            least(
                min({{ date_column }}),
                date '{{ first_changed_day() }}' - interval '{{ days_before }}' day
            ) as date
        )
    {%- endif -%}
{%- endmacro %}

{% macro figures_changed() -%}
    {#- The registry's lines of which figures may have changed, with the day from which on. -#}
    {%- set figures = [] -%}
    {%- set first_days = {} -%}
    {%- if first_changed_day() -%}
        {%- set changes = mart_node('int_core__figure_changes').relation_name -%}
        {%- for each in run_query('select * from ' ~ changes).rows -%}
            {%- do first_days.update({figure_key(each): each.first_day}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for figure in metric_figures() if not metric_fault(figure, metric_marts()) -%}
        {%- if not first_changed_day() -%}
            {%- do figures.append(figure) -%}
        {%- elif figure_key(figure) in first_days -%}
            {%- do figures.append(dict(figure, first_day=first_days[figure_key(figure)])) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(figures) }}
{%- endmacro %}

{% macro figure_key(figure) -%}
    {{ return((
        figure.metric_id, figure.variant_id, figure.subject_kind, figure.observation_window,
        figure.window_length | int,
    )) }}
{%- endmacro %}

{% macro metric_rows(figure, mart, securities) -%}
    {#- From and where of the rows that hold a figure; of securities only those that are followed. -#}
    from {{ mart }}
    where
        {{ figure.value_column }} is not null
        {% if figure.row_filter -%} and {{ figure.row_filter }} {%- endif %}
        {% if figure.first_day -%} and {{ figure.date_column }} >= date '{{ figure.first_day }}' {%- endif %}
        {% if figure.subject_kind == 'security' and figure.subject_column -%}
            and {{ figure.subject_column }} in (select security_code from {{ securities }})
        {%- endif %}
{%- endmacro %}

{% macro metric_observations(figure) -%}
    {%- set text = column_type('varchar') -%}
    {%- set is_date = figure.unit == 'date' -%}
    select
        '{{ figure.metric_id }}' as metric_id,
        '{{ figure.variant_id }}' as variant_id,
        '{{ figure.subject_kind }}' as subject_kind,
        cast(
            {{ figure.subject_column or text_literal(figure.subject_value) }} as {{ text }}
        ) as subject_id,
        '{{ figure.observation_window }}' as observation_window,
        cast({{ figure.window_length }} as integer) as window_length,
        cast({{ figure.date_column }} as date) as final_day,
        cast({{ figure.period_start_column or 'null' }} as date) as given_start,
        cast({{ 'null' if is_date else figure.value_column }} as double) as value,
        cast({{ figure.value_column if is_date else 'null' }} as date) as value_date,
        '{{ figure.unit }}' as unit,
        cast({{ figure.currency_column or text_literal(figure.currency) }} as {{ text }})
            as currency,
        {{ figure.calendar_expression or text_literal(figure.calendar) }} as calendar,
        {{ figure.evidence_grade_column or 'evidence_grade' }} as evidence_grade,
        is_synthetic,
        {{ figure.known_at_column or 'known_at' }} as known_at
    {{ metric_rows(figure, ref(figure.model), ref('security')) }}
{%- endmacro %}

{% macro no_observations() -%}
    {#- The columns of an observation without a row: what an empty registry gives. -#}
    {%- set columns = {} -%}
    {%- for name, type in {
        'metric_id': 'varchar', 'variant_id': 'varchar', 'subject_kind': 'varchar',
        'subject_id': 'varchar', 'observation_window': 'varchar', 'window_length': 'integer',
        'final_day': 'date', 'given_start': 'date', 'value': 'double', 'value_date': 'date',
        'unit': 'varchar', 'currency': 'varchar', 'calendar': 'varchar',
        'evidence_grade': 'varchar', 'is_synthetic': 'boolean',
        'known_at': 'timestamp with time zone',
    }.items() -%}
        {%- do columns.update({name: {'name': name, 'data_type': type}}) -%}
    {%- endfor -%}
    {{ no_rows(columns) }}
{%- endmacro %}
