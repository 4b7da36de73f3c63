"""Who gets what from ledgers, campaigns, items and reports.

In `tests.world_ledgers` the clerk made the campaign and leads it; nobody else of the cast is on its task
force.
"""

LEDGERS = """
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
# Keeping
ledgers:index                        | GET  | in   404  200  200  200  200  200  200  200  200  200  200  200
ledgers:campaign                     | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
"""
