"""The report: one HTML file that answers five questions from a snapshot, with nothing outside it.

Panels are in `panels`, one file each, their SQL in `panels/sql`. Nothing here knows the lake.
"""

REPORT = "report.html"
"""Name of the report within the folder of its snapshot."""
