with statuses as (
    select * from {{ correction_status() }}
),

final as (
    select
        lake_table,
        row_key,
        column_name,
        action,
        status,
        corrected_value,
        expected_value,
        published_value,
        reason,
        reported_on,
        provider
    from statuses
)

select * from final
