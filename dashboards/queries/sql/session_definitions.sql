-- audience: operator
select
    definition_id,
    inactivity_minutes,
    is_cut_at_midnight,
    is_in_force,
    sum(session_count) as session_count,
    sum(converted_sessions) as converted_sessions,
    sum(engaged_sessions) as engaged_sessions
from marts.mart_session_definitions
group by definition_id, inactivity_minutes, is_cut_at_midnight, is_in_force
order by is_in_force desc, inactivity_minutes asc, is_cut_at_midnight asc
