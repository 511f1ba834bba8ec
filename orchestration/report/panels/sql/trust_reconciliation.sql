SELECT
    metric_id,
    source_a,
    source_b,
    count(*) FILTER (WHERE status != 'not_in_b') AS compared,
    count(*) FILTER (WHERE status = 'agrees') AS agreeing,
    count(*) FILTER (WHERE status = 'differs' AND explained_by != 'unknown') AS explained,
    count(*) FILTER (WHERE status = 'differs' AND explained_by = 'unknown') AS unexplained,
    count(*) FILTER (WHERE status = 'not_in_b') AS not_in_b
FROM fct_reconciliation
GROUP BY ALL
ORDER BY unexplained DESC, metric_id, source_a, source_b
