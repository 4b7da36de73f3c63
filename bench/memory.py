"""(d) Memory of each process after some work, as proportional set size: what it costs the machine."""

import urllib.request

from bench import district, reports, site

REQUESTS = 300


def measure() -> dict[str, int]:
    """Bytes of web server, web worker, background worker, and of the whole database server."""
    with (
        site.web(reports.DATABASE, workers=1, threads=4) as (web, port),
        site.started(reports.DATABASE, "-m", "bihuan", "worker") as worker,
    ):
        for request in reports.page_requests(port, REQUESTS):
            reports.send(port, request)
        for path in ("/report/", "/help/", "/track/"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as response:
                response.read()
        server, *workers = site.memory(web)
        return {
            "web server": server,
            "web worker": sum(workers),
            "background worker": sum(site.memory(worker)),
            "database": sum(site.memory(site.postgres())),
        }


if __name__ == "__main__":
    import json

    district.open_database(reports.DATABASE)
    print(json.dumps(measure()))
