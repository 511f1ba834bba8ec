"""Checking published figures: a file of claims, the compiled engine, its verdicts and stories.

The rules themselves are dbt models (`dbt_project/models/claims`); nothing here decides a verdict.
"""
