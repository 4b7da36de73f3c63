"""Who gets what from every operation of the interface, as tests/matrix.py has it for the pages.

Everybody asks with a token of all scopes; `visi` without one. The verbs of the loop have no lines here: what
their pages answer in tests/matrix.py is what their operations must answer (`as_operation`).
"""

TABLE = """
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
show_me                              | GET  | 401  200  200  200  200  200  200  200  200  200  200  200  200
report                               | POST | 201  201  201  201  201  201  201  201  201  201  201  201  201
track                                | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
track (wrong code)                   | GET  | 404  404  404  404  404  404  404  404  404  404  404  404  404
open_report_photo                    | GET  | 404  404  404  404  404  404  404  404  404  404  404  404  404
answer                               | POST | 200  200  200  200  200  200  200  200  200  200  200  200  200
appeal                               | POST | 200  200  200  200  200  200  200  200  200  200  200  200  200
withdraw                             | POST | 200  200  200  200  200  200  200  200  200  200  200  200  200
list_cases                           | GET  | 401  404  200  200  200  200  200  200  200  200  404  404  200
show_case                            | GET  | 401  404  200  200  200  200  200  200  200  200  404  404  404
show_desk                            | GET  | 401  404  200  200  200  200  200  200  200  200  404  404  200
list_matters                         | GET  | 401  200  200  200  200  200  200  200  200  200  200  200  200
list_units                           | GET  | 401  200  200  200  200  200  200  200  200  200  200  200  200
list_areas                           | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
locate_area                          | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
search_places                        | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
upload_file                          | POST | 201  201  201  201  201  201  201  201  201  201  201  201  201
open_file                            | GET  | 401  404  200  200  200  200  200  200  200  200  404  404  404
open_thumbnail                       | GET  | 401  404  200  200  200  200  200  200  200  200  404  404  404
show_figures                         | GET  | 401  404  404  404  200  200  200  200  200  200  404  404  200
compare_figures                      | GET  | 401  404  404  404  200  200  200  200  200  200  404  404  200
list_indicators                      | GET  | 401  200  200  200  200  200  200  200  200  200  200  200  200
"""

# What a page answers, and what an operation answers to the same.
AS_OPERATION = {"in": "401", "302": "200", "404": "404", "409": "409", "422": "422"}


def as_operation(answers: list[str]) -> list[str]:
    """A line of the pages' table, for the operation of the same verb."""
    return [AS_OPERATION[answer] for answer in answers]
