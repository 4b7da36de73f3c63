"""The interface for programs, put together from the operations of all rooms."""

from bihuan.api.api import router as you
from bihuan.api.site import Site
from bihuan.cases.api import acting, choosing, following, working
from bihuan.files.api import router as files
from bihuan.insight.api import router as figures
from bihuan.intake.api import router as reports
from bihuan.territory.api import router as territory

site = Site("1")
for _router in (
    you,
    reports,
    following.router,
    working.router,
    acting.router,
    choosing.router,
    territory,
    files,
    figures,
):
    site.add_router("", _router)
