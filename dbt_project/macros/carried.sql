{#
    Builds that carry on from the warehouse of the last publish. HKFLOW_FIRST_CHANGED_DAY is the first
    day of which the lake holds other rows than it did then; without it everything is built.

    A model that carries on is incremental and names its day in `config.meta.day_column`: its rows
    from the first changed day on are taken away and made anew, those before it stand. It reads what
    it is made of from so many days earlier as its windows are long, and takes what has no bound (a
    highest price of all, Wilder's averages) from its own row on the first of those days. Where its
    rows depend on later ones, `config.meta.days_before` says how many days sooner it begins anew.
#}

{% macro first_changed_day() -%}
    {#- Read when a model runs, so that a manifest parsed once serves every build. -#}
    {{ return(env_var('HKFLOW_FIRST_CHANGED_DAY', '') if execute else '') }}
{%- endmacro %}

{% macro is_changed(day_column, days_before=0) -%}
    {#- A row may differ from the last build's, or lies at most so many days before those that do. -#}
    {%- if first_changed_day() -%}
        {{ day_column }} >= date '{{ first_changed_day() }}' - interval '{{ days_before }}' day
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro first_day_read(day_column, days_before) -%}
    {#- A day, or the first of those that are read, where it lies before them. -#}
    {%- if first_changed_day() -%}
        greatest(
            {{ day_column }},
            cast(date '{{ first_changed_day() }}' - interval '{{ days_before }}' day as date)
        )
    {%- else -%}
        {{ day_column }}
    {%- endif -%}
{%- endmacro %}

{% macro forget_changed_days() -%}
    {#- Before a model that carries on adds its days: take away those that it will make anew, all
        where everything is built into a file that has the table. -#}
    {%- set meta = model.config.get('meta', {}) -%}
    {%- if not execute or 'day_column' not in meta -%}
    {%- elif not first_changed_day() -%}
        {%- if load_cached_relation(this) -%} delete from {{ this }} {%- endif -%}
    {%- elif 'changes' in meta -%}
        delete from {{ this }} as held
        using {{ mart_node(meta.changes).relation_name }} as changes
        where {{ changed_since(meta, 'held') }} and {{ is_changed_figure('held') }}
    {%- else -%}
        delete from {{ this }} where {{ is_changed(meta.day_column, meta.get('days_before', 0)) }}
    {%- endif -%}
{%- endmacro %}

{% macro in_order_of_days() -%}
    {#- Building everything lays a model's rows by day, so that carrying on reads the last ones only. -#}
    {%- set day_column = model.config.get('meta', {}).get('day_column') -%}
    {%- if day_column and not first_changed_day() -%} order by {{ day_column }} {%- endif -%}
{%- endmacro %}

{% macro is_changed_figure(relation) -%}
    {#- A figure is of a line of the registry that changed, on or after the day from which it did. -#}
    {{ relation }}.metric_id = changes.metric_id
    and {{ relation }}.variant_id = changes.variant_id
    and {{ relation }}.subject_kind = changes.subject_kind
    and {{ relation }}.observation_window = changes.observation_window
    and {{ relation }}.window_length = changes.window_length
    and {{ relation }}.period_end >= changes.first_period_end
{%- endmacro %}

{% macro first_change(changes) -%}
    {#- The first day in a table of changes; a literal, by which a scan passes over other rows. -#}
    {%- set query = 'select min(first_period_end) from ' ~ mart_node(changes).relation_name -%}
    date '{{ run_query(query).columns[0].values()[0] or '9999-12-31' }}'
{%- endmacro %}

{% macro where_figures_changed(relation) -%}
    {#- Of figures, where the build carries on, those that may differ from the last publish's. -#}
    {%- if first_changed_day() -%}
        {%- set changes = model.config.meta.changes -%}
        where
            {{ changed_since(model.config.meta, relation) }}
            and exists (
                select 1 from {{ mart_node(changes).relation_name }} as changes
                where {{ is_changed_figure(relation) }}
            )
    {%- endif -%}
{%- endmacro %}

{% macro changed_since(meta, relation) -%}
    {#- The rows of a model on or after the first day that this build made, whatever they are. -#}
    {%- if 'changes' in meta -%}
        {{ relation }}.{{ meta.day_column }} >= {{ first_change(meta.changes) }}
    {%- else -%}
        {{ is_changed(relation ~ '.' ~ meta.day_column, meta.get('days_before', 0)) }}
    {%- endif -%}
{%- endmacro %}

{% macro changed_rows(relation) -%}
    {#- What a test judges of a relation: all of it, or the days that this build made. -#}
    {%- set node = mart_node(relation.identifier) if execute and relation is not string -%}
    {%- set meta = node.config.get('meta', {}) if node else {} -%}
    {%- if first_changed_day() and 'day_column' in meta -%}
        (
            select * from {{ relation }} as judged
            where {{ changed_since(meta, 'judged') }}
        ) as changed_rows
    {%- else -%}
        {{ relation }}
    {%- endif -%}
{%- endmacro %}

{% macro price_reach_days() -%}
    {#- How far back windows of prices reach: one of 250 bars counts when it spans 274 sessions. -#}
    {{ return(430) }}
{%- endmacro %}

{% macro short_sales_reach_days() -%}
    {#- How far back windows of short sales and turnover reach: 40 sessions. -#}
    {{ return(90) }}
{%- endmacro %}

{% macro carried_rows(keys, days_before) -%}
    {#- Of each subject, a model's own row on the first of the days that it reads again. -#}
    select * from {{ this }}
    where {{ is_changed('trade_date', days_before) }}
    qualify row_number() over (partition by {{ keys }} order by trade_date) = 1
{%- endmacro %}

{% macro join_carried(relation, keys) -%}
    {#- To each bar, what the days before the first of its subject's bars gave to it. -#}
    {%- if first_changed_day() -%}
        left join carried
            on
                {% for key in keys -%}
                    {{ relation }}.{{ key }} = carried.{{ key }}{{ ' and ' if not loop.last }}
                {%- endfor %}
    {%- endif -%}
{%- endmacro %}

{% macro accrued(operation, figure) -%}
    {#- A figure of all bars up to one: what the windowed bars say, and the carried row before them. -#}
    {%- if not first_changed_day() -%}
        windowed.{{ figure }}
    {%- elif operation in ('greatest', 'least') -%}
        {{ operation }}(windowed.{{ figure }}, carried.{{ figure }})
    {%- else -%}
        windowed.{{ figure }} + coalesce(carried.{{ figure }}, 0)
    {%- endif -%}
{%- endmacro %}

{% macro is_beyond_reach(day_column, days_before) -%}
    {#- A group has changed rows and rows before them, but none of these within so many days. -#}
    {%- if not first_changed_day() -%}
        false
    {%- else -%}
        count(case when {{ is_changed(day_column) }} then 1 end) > 0
        and count(case when not {{ is_changed(day_column) }} then 1 end) > 0
        and count(case when {{ is_changed(day_column, days_before) }} then 1 end)
            = count(case when {{ is_changed(day_column) }} then 1 end)
    {%- endif -%}
{%- endmacro %}
