{% test observes_every_figure(model) %}
    {#
        What a mart holds of a figure is what the long form holds of it, row for row. The marts are
        named without ref(), so that this is a test of the long form and not of each of them.
    #}
    -- depends_on: {{ ref('metric') }} {{ ref('metric_figure') }}
    {%- set figures = figures_changed() %}
    with held as (
        {% for figure in figures -%}
            select
                '{{ figure.metric_id }}' as metric_id,
                '{{ figure.variant_id }}' as variant_id,
                '{{ figure.observation_window }}' as observation_window,
                {{ figure.window_length }} as window_length,
                '{{ figure.subject_kind }}' as subject_kind,
                count(*) as row_count
            {{ metric_rows(
                figure, mart_node(figure.model).relation_name,
                mart_node('security', 'seed').relation_name
            ) }}
            {{ 'union all' if not loop.last }}
        {% else -%}
            select metric_id, variant_id, observation_window, window_length, subject_kind,
                0 as row_count
            from {{ model }}
            where false
        {% endfor %}
    ),

    observed as (
        select
            metric_id,
            variant_id,
            observation_window,
            window_length,
            subject_kind,
            count(*) as observed_count
        from {{ changed_rows(model) }}
        {% if first_changed_day() -%}
            inner join {{ mart_node('int_core__figure_changes').relation_name }}
                using (metric_id, variant_id, observation_window, window_length, subject_kind)
            where period_end >= first_period_end
        {%- endif %}
        group by metric_id, variant_id, observation_window, window_length, subject_kind
    )

    select
        held.*,
        observed.observed_count
    from held
    left join observed
        on
            held.metric_id = observed.metric_id
            and held.variant_id = observed.variant_id
            and held.observation_window = observed.observation_window
            and held.window_length = observed.window_length
            and held.subject_kind = observed.subject_kind
    where held.row_count != coalesce(observed.observed_count, 0)
{% endtest %}
