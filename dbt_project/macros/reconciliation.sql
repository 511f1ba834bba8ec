{#
    Two sources of one figure, side by side. `a` is the source that the marts use.
#}

{% macro reconciliation_days_before() -%}
    {#- Rows are made anew from so many days sooner: a flow is known when its trade settles. -#}
    {{ return(30) }}
{%- endmacro %}

{% macro reconciliation_reach_days() -%}
    {#- And are held against a neighbour that is two weeks away at most. -#}
    {{ return(reconciliation_days_before() + 15) }}
{%- endmacro %}

{% macro paired(metric, a, b, source_a, source_b, relative, absolute) -%}
    {#- Rows of `a` beside those of `b`; both have subject_id, observed_on, value and evidence. -#}
    select
        '{{ metric }}' as metric_id,
        a.subject_id,
        a.observed_on,
        '{{ source_a }}' as source_a,
        '{{ source_b }}' as source_b,
        cast(a.value as double) as value_a,
        cast(b.value as double) as value_b,
        cast({{ relative }} as double) as tolerance_relative,
        cast({{ absolute }} as double) as tolerance_absolute,
        {{ grade_name(
            'greatest(' ~ grade_rank('a.evidence_grade') ~ ', '
            ~ grade_rank('b.evidence_grade') ~ ')'
        ) }} as evidence_grade,
        a.is_synthetic,
        greatest(a.known_at, b.known_at) as known_at
    from {{ a }} as a
    left join {{ b }} as b
        on
            a.subject_id = b.subject_id
            and a.observed_on = b.observed_on
            and a.is_synthetic = b.is_synthetic
{%- endmacro %}
