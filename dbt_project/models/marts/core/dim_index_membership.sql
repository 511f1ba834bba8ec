with memberships as (
    select * from {{ ref('index_membership') }}
),

securities as (
    select * from {{ ref('security') }}
),

final as (
    select
        memberships.index_symbol,
        memberships.security_code,
        securities.name_en as security_name,
        memberships.not_before,
        memberships.valid_from,
        memberships.valid_to,
        memberships.valid_from is not null as is_valid_from_known,
        memberships.valid_to is null as is_member_today,
        memberships.basis
    from memberships
    inner join securities
        on memberships.security_code = securities.security_code
)

select * from final
