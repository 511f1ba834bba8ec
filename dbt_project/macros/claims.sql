{#
    What the models of the claims engine share. They are plain SQL once compiled: no variables of
    the environment and no queries while compiling, so that the same text also runs on a reader's
    own claims beside a published snapshot.
#}

{% macro is_additive(metric) -%}
    {#- Measures of which a window's figure is the sum of its sessions. -#}
    {{ metric }} in (
        'southbound_net_buy', 'southbound_buy_turnover', 'southbound_sell_turnover',
        'southbound_turnover', 'southbound_etf_turnover', 'southbound_trades', 'market_turnover',
        'southbound_security_flow', 'southbound_share_change', 'southbound_estimated_flow_total',
        'etf_flow', 'traded_shares', 'security_turnover', 'short_sold_shares',
        'short_sold_turnover', 'index_turnover'
    )
{%- endmacro %}

{% macro grade_order(column) -%}
    {#- Best evidence first. -#}
    case {{ column }}
        when 'official' then 1
        when 'vendor' then 2
        when 'published_secondary' then 3
        else 4
    end
{%- endmacro %}

{% macro level_bases() -%}
    {#- Which levels a change over any window is made of: at its end, before it, at its low. A gain
        is a difference, the others are percentages. -#}
    (
        values
        (
            'southbound_security_flow', 'held_value_change',
            'southbound_held_value', 'settlement_date', 'settlement_date', 'gain'
        ),
        (
            'southbound_security_flow', 'vendor_held_value_change',
            'southbound_held_value', 'vendor', 'vendor', 'gain'
        ),
        ('price_return', 'close_to_close', 'price', 'close', 'close', 'before'),
        ('index_return', 'bulletin', 'index_level', 'bulletin_close', 'bulletin_close', 'before'),
        ('index_return', 'vendor', 'index_level', 'vendor_close', 'vendor_close', 'before'),
        ('recovery_from_low', 'intraday_low_to_close', 'price', 'close', 'low', 'lowest'),
        ('recovery_from_low', 'closing_low_to_close', 'price', 'close', 'close', 'lowest'),
        (
            'recovery_from_low', 'intraday_low_to_close',
            'index_level', 'bulletin_close', 'bulletin_low', 'lowest'
        ),
        (
            'recovery_from_low', 'closing_low_to_close',
            'index_level', 'bulletin_close', 'bulletin_close', 'lowest'
        )
    )
{%- endmacro %}

{% macro listed_in(item, list) -%}
    {#- True where a comma list holds an item. -#}
    position(',' || {{ item }} || ',' in ',' || replace({{ list }}, ' ', '') || ',') > 0
{%- endmacro %}

{% macro is_vague(text) -%}
    {#- Words by which a document says that it does not mean the very day. -#}
    (
        coalesce({{ text }}, '') like '%early %' or coalesce({{ text }}, '') like '%beginning of%'
        or coalesce({{ text }}, '') like '%mid-%' or coalesce({{ text }}, '') like '%late %'
        or coalesce({{ text }}, '') like '%about%' or coalesce({{ text }}, '') like '%past month%'
    )
{%- endmacro %}

{% macro grade_of_order(rank) -%}
    case {{ rank }}
        when 1 then 'official'
        when 2 then 'vendor'
        when 3 then 'published_secondary'
        else 'synthetic'
    end
{%- endmacro %}

{% macro digits_of(value, decimals, evidence_decimals, claim_factor, evidence_factor, factor) -%}
    {#- A figure's digits at the coarser precision of the claim and the evidence. -#}
    cast(
        cast(
            round(
                abs({{ value }}) * case when '{{ factor }}' = '1' then 1 else {{ factor }} / {{ claim_factor }} end
                * power(10, least({{ decimals }}, case when {{ evidence_factor }} = {{ claim_factor }} then {{ evidence_decimals }} else {{ decimals }} end))
            ) as decimal(38, 0)
        ) as {{ column_type('varchar') }}
    )
{%- endmacro %}

{% macro slack() -%}
    {#- "More than" and "less than" are said of figures up to a tenth away. -#}
    0.1
{%- endmacro %}

{% macro is_literally_true() -%}
    case comparator
        when 'more_than' then evidence_value * (1 - 1e-12 * sign(evidence_value))
                > value_in_metric_unit - allowance - rate_range - evidence_margin
        when 'less_than' then evidence_value * (1 + 1e-12 * sign(evidence_value))
                < value_in_metric_unit + allowance + rate_range + evidence_margin
        else false
    end
{%- endmacro %}

{% macro fits() -%}
    {#- Whether a figure on file bears a reading out, as its comparator asserts. -#}
    case
        when value_in_metric_unit is null then false
        when transform = 'digit'
            then
                abs(difference) > tolerance
                and length(printed_digits) = length(evidence_digits)
                and length(printed_digits) >= 3
                and printed_digits <> evidence_digits
                and (value_in_metric_unit < 0) = (evidence_value < 0)
                and (
                    levenshtein(printed_digits, evidence_digits) = 1
                    or (
                        levenshtein(printed_digits, evidence_digits) = 2
                        and abs(difference) < 0.05 * abs(evidence_value)
                        and cast(printed_digits as decimal(38, 0)) % 9
                        = cast(evidence_digits as decimal(38, 0)) % 9
                    )
                )
        when resolver = 'since'
            then
                evidence_value <= value_in_metric_unit
                + case when {{ is_vague('wording') }} then 10 else 0 end
                and evidence_half_digit <= value_in_metric_unit
                + case when {{ is_vague('wording') }} then 10 else 0 end
        when comparator = 'more_than'
            then
                evidence_value * (1 - 1e-12 * sign(evidence_value))
                > value_in_metric_unit - allowance - rate_range - evidence_margin
                and (
                    abs(evidence_value - value_in_metric_unit)
                    <= {{ slack() }} * abs(value_in_metric_unit) + tolerance
                    or value_in_metric_unit = 0
                )
        when comparator = 'less_than'
            then
                evidence_value * (1 + 1e-12 * sign(evidence_value))
                < value_in_metric_unit + allowance + rate_range + evidence_margin
                and (
                    abs(evidence_value - value_in_metric_unit)
                    <= {{ slack() }} * abs(value_in_metric_unit) + tolerance
                    or value_in_metric_unit = 0
                )
        else abs(difference) <= tolerance
    end
{%- endmacro %}

{% macro failed(rule) -%}
    coalesce({{ listed_in("'" ~ rule ~ "'", 'shown.failed_rules') }}, false)
{%- endmacro %}

{% macro plain_number(value) -%}
    {#- Six significant digits and no exponent, as text. -#}
    {%- set shift -%}
        power(10, greatest(0, 5 - floor(log10(greatest(abs({{ value }}), 1e-6)))))
    {%- endset -%}
    trim(trailing '.' from trim(trailing '0' from cast(
        cast(round({{ value }} * {{ shift }}) / {{ shift }} as decimal(38, 6))
        as {{ column_type('varchar') }}
    )))
{%- endmacro %}

{% macro sentence_of_decision() -%}
    {#- Why the verdict is what it is, in words. -#}
    case decided_by
        when 'as_stated' then 'The figure agrees as stated.'
        when 'converted' then 'Converted at the exchange rates of those days the figure agrees.'
        when 'variant'
            then 'It is not the measure that was named but ' || shown_variant_id || ' of the same.'
        when 'variant_or_day'
            then 'Another measure of that day and the named measure of another day agree alike.'
        when 'two_currencies' then 'Two readings of the currency agree alike.'
        when 'unit' then 'Read as ' || transform || ' ' || transform_detail || ' it agrees.'
        when 'two_units' then 'Two readings of the unit agree alike, so neither is suggested.'
        when 'day'
            then
                'Read for ' || cast(shown_end as {{ column_type('varchar') }}) || ' ('
                || replace(transform_detail, '_', ' ') || ') it agrees.'
        when 'two_days' then 'Readings for two other days agree alike, so neither is suggested.'
        when 'understated' then 'It is true to the letter, but far from the figure on file.'
        when 'refuted' then
            case
                when is_other_sign then 'Only with the other sign does it agree.'
                when is_one_digit_off then 'One digit apart: a slip in copying is likely.'
                else 'No reading that was tried agrees.'
            end
        when 'superlative' then 'The document contradicts itself.'
        when 'date_rules' then 'There is no evidence, but the day cannot be meant.'
        when 'unit_rules'
            then
                'There is no evidence; the other claims of the document speak for a slip of the unit, '
                || 'though another measure is not excluded'
                || coalesce(': ' || replace(untried_variants, ',', ', '), '') || '.'
        when 'qualitative' then 'It is an opinion or a description and gives no figure to check.'
        when 'nothing' then
            case
                when has_synthetic_only
                    then 'Only invented figures are on file, and these settle nothing here.'
                else 'Nothing on file speaks of it.'
            end
    end
{%- endmacro %}

{% macro printed_digits(value, decimals) -%}
    {#- A figure's digits as it is printed, without its point. -#}
    cast(
        cast(round(abs({{ value }}) * power(10, {{ decimals }})) as decimal(38, 0))
        as {{ column_type('varchar') }}
    )
{%- endmacro %}

{% macro trailing_zeros(value, decimals) -%}
    (
        length({{ printed_digits(value, decimals) }})
        - length(trim(trailing '0' from {{ printed_digits(value, decimals) }}))
    )
{%- endmacro %}

{% macro verdicts_before() -%}
    {#- The history as it was published last; none at first, and none of what was known before. -#}
    {%- set path = env_var('HKFLOW_VERDICT_HISTORY', '') -%}
    {%- if execute and path -%}
        {{ parquet_rows(path) }}
    {%- else -%}
        {%- set node = mart_node('fct_claim_verdict_history') if execute else none -%}
        {{ no_rows(node.columns if node else {'claim_id': {'name': 'claim_id', 'data_type': 'string'}}) }}
    {%- endif -%}
{%- endmacro %}
