SELECT DISTINCT model, source
FROM dim_metric
WHERE model IS NOT NULL
ORDER BY model, source
