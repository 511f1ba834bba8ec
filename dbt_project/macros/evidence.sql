{#
    How far a figure made of several rows can be trusted: as far as the weakest of them.
    The order is that of `EVIDENCE_GRADES` in data_lake/tables/base.py. An input that is not there
    has no rank, and greatest() passes it over.
#}

{% macro grade_rank(column) -%}
    case {{ column }}
        when 'official' then 1
        when 'vendor' then 2
        when 'published_secondary' then 3
        when 'synthetic' then 4
    end
{%- endmacro %}

{% macro grade_name(rank) -%}
    case {{ rank }}
        when 1 then 'official'
        when 2 then 'vendor'
        when 3 then 'published_secondary'
        when 4 then 'synthetic'
    end
{%- endmacro %}
