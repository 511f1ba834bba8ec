-- The composite score of each session, and how far it is from its named episodes.
with component_scores as (
    select * from {{ ref('int_sentiment__component_scores') }}
),

episodes as (
    select * from {{ ref('episode') }}
),

scores as (
    select
        trade_date,
        is_synthetic,
        max(weights_version) as weights_version,
        max(composite_score) as composite_score,
        max(component_count) as component_count,
        max(case when component = 'equity_risk_premium' then percentile_score end)
            as erp_inverse_percentile,
        max(session_grade_rank) as grade_rank,
        max(session_known_at) as known_at
    from component_scores
    group by trade_date, is_synthetic
),

-- A score is compared with an episode from its day on: before it, nobody knew of the episode.
compared as (
    select
        scores.trade_date,
        max(case
            when episodes.episode_id = 'may_2024_peak'
                then scores.composite_score - reference.composite_score
        end) as score_minus_may_2024_peak,
        max(case
            when episodes.episode_id = 'oct_2024_peak'
                then scores.composite_score - reference.composite_score
        end) as score_minus_oct_2024_peak,
        max(case
            when episodes.episode_id = 'jan_2025_low'
                then scores.composite_score - reference.composite_score
        end) as score_minus_jan_2025_low
    from scores
    inner join episodes
        on scores.trade_date >= episodes.reference_date
    inner join scores as reference
        on
            episodes.reference_date = reference.trade_date
            and scores.is_synthetic = reference.is_synthetic
    group by scores.trade_date
),

final as (
    select
        scores.*,
        compared.score_minus_may_2024_peak,
        compared.score_minus_oct_2024_peak,
        compared.score_minus_jan_2025_low
    from scores
    left join compared
        on scores.trade_date = compared.trade_date
)

select * from final
