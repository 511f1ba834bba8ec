"""The Dagster entry point: loads the objects of `defs/` and binds what they run with."""

import dagster as dg

from orchestration.settings import prepare_environment

prepare_environment()

from orchestration.defs.automation import EVERYTHING, after_publication  # noqa: E402
from orchestration.defs.extract import EXTRACTS  # noqa: E402
from orchestration.defs.publish import publish_snapshot  # noqa: E402
from orchestration.defs.resources import RunOptions  # noqa: E402
from orchestration.defs.serve import served  # noqa: E402
from orchestration.defs.warehouse import WAREHOUSE  # noqa: E402

defs = dg.Definitions(
    assets=[*EXTRACTS, WAREHOUSE, publish_snapshot, *served()],
    jobs=[EVERYTHING],
    schedules=[after_publication],
    resources={"options": RunOptions()},
    executor=dg.in_process_executor,
)
