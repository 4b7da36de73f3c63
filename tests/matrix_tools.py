"""Who gets what from the desk's tools: exports, batches, saved views, standard replies, re-checks.

In `tests.world` the export and the view are the clerk's, the batch the handler's, the text the dispatcher's.
"""

TOOLS = """
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
cases:recheck                        | GET  | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:recheck                        | POST | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:batch                          | GET  | in   404  302  302  302  302  302  302  302  302  404  404  302
cases:batch                          | POST | in   404  409  409  409  302  409  409  409  409  404  404  422
cases:print                          | GET  | in   404  422  422  422  422  422  422  422  422  404  404  422
cases:batch_result                   | GET  | in   404  404  404  404  200  404  404  404  404  404  404  404
cases:batch_go_on                    | POST | in   404  404  404  404  302  404  404  404  404  404  404  404
cases:saved_views                    | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:save_view                      | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:save_view                      | POST | in   404  302  302  302  302  302  302  302  302  404  404  302
cases:change_view                    | GET  | in   404  404  200  404  404  404  404  404  404  404  404  404
cases:change_view                    | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
cases:delete_view                    | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
cases:move_view                      | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
cases:replies                        | GET  | in   404  404  404  200  404  404  404  404  404  200  404  404
cases:new_reply                      | GET  | in   404  404  404  200  404  404  404  404  404  200  404  404
cases:new_reply                      | POST | in   404  404  404  302  404  404  404  404  404  302  404  404
cases:change_reply                   | GET  | in   404  404  404  200  404  404  404  404  404  200  404  404
cases:change_reply                   | POST | in   404  404  404  302  404  404  404  404  404  302  404  404
cases:delete_reply                   | POST | in   404  404  404  302  404  404  404  404  404  302  404  404
cases:exports                        | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:export_rows                    | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:ask_export                     | POST | in   404  302  302  302  302  302  302  302  302  404  404  302
cases:fetch_export                   | POST | in   404  404  200  404  404  404  404  404  404  404  404  404
cases:discard_export                 | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
"""
