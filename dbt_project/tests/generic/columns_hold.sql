{# Every column keeps the rules that stand beside it in its `config.meta.rules`:

   not_null: true         no row is without a value
   low, high              every value lies within, both included; NaN and infinity never do
   values: [...]          every value is one of these
   null_reason: <column>  a figure and the reason for its absence exclude each other, one is there

   All rules of a model are one query, which returns a row for each broken rule: a node of dbt for
   each rule costs more than the rules themselves. #}
{% test columns_hold(model) %}
    {% set rules = column_rules(model.identifier) if execute else [] %}
    with broken as (
        select
            {% for rule in rules %}
                sum(case when {{ rule.holds }} then 0 else 1 end) as rule_{{ loop.index }},
            {% endfor %}
            count(*) as rows_read
        from {{ changed_rows(model) }}
    )

    {% for rule in rules %}
        select
            '{{ rule.column }}' as column_name,
            '{{ rule.name }}' as broken_rule,
            rule_{{ loop.index }} as rows_against_it
        from broken
        where rule_{{ loop.index }} > 0
        {{ "union all" if not loop.last }}
    {% endfor %}
{% endtest %}
