"""Who gets what from every address of the site: a line for each route and method, a column for each person.

tests/test_matrix.py compares the whole table with the site. A route without a line fails, and so does a line
without a route; when an answer differs, the line as it now is stands in the report.

    in    sent to the sign-in page          405   takes no such request
    302   done, or shown elsewhere          409   refused by the rules, with a sentence
    200   the page                          422   let in; the form sent here is incomplete
    404   does not exist for this person

Case routes are asked about a case of the cast's own street, in the state in which the verb is possible, that
a visitor without an account reported. `stranger` works in another street, `far_admin` administers it.
"""

from tests.matrix_ledgers import LEDGERS
from tests.matrix_tools import TOOLS

CAST = [
    "visitor", "resident", "grid_worker", "clerk", "dispatcher", "handler", "inspector",
    "supervisor", "leader", "auditor", "administrator", "far_admin", "stranger",
]  # fmt: skip

# Pages that know nothing of duties: what a visitor gets, and whoever is signed in.
OPEN = """
#                                    |      | visi any
no_email                             | GET  | 404  404
no_email                             | POST | 404  404
account_login                        | GET  | 200  302
account_login                        | POST | 200  302
account_logout                       | GET  | 302  200
account_logout                       | POST | 302  302
account_inactive                     | GET  | 200  200
account_signup                       | GET  | 200  302
account_signup                       | POST | 200  302
account_reauthenticate               | GET  | in   200
account_reauthenticate               | POST | in   200
account_email                        | GET  | 404  404
account_email                        | POST | 404  404
account_email_verification_sent      | GET  | 404  404
account_email_verification_sent      | POST | 404  404
account_change_password              | GET  | in   200
account_change_password              | POST | in   200
account_set_password                 | GET  | in   302
account_set_password                 | POST | in   302
account_reset_password               | GET  | 200  200
account_confirm_login_code           | GET  | in   302
account_confirm_login_code           | POST | in   302
account_confirm_email                | GET  | 404  404
account_confirm_email                | POST | 404  404
account_reset_password_from_key_done | GET  | 404  404
account_reset_password_from_key_done | POST | 404  404
account_reset_password_from_key      | GET  | 404  404
account_reset_password_from_key      | POST | 404  404
account_reset_password_done          | GET  | 404  404
account_reset_password_done          | POST | 404  404
mfa_index                            | GET  | in   200
mfa_authenticate                     | GET  | in   302
mfa_authenticate                     | POST | in   302
mfa_reauthenticate                   | GET  | in   302
mfa_reauthenticate                   | POST | in   302
mfa_activate_totp                    | GET  | in   302
mfa_activate_totp                    | POST | in   302
mfa_deactivate_totp                  | GET  | in   404
mfa_deactivate_totp                  | POST | in   404
mfa_view_recovery_codes              | GET  | in   404
mfa_generate_recovery_codes          | GET  | in   302
mfa_generate_recovery_codes          | POST | in   302
mfa_download_recovery_codes          | GET  | in   404
mfa_download_recovery_codes          | POST | in   404
mfa_list_webauthn                    | GET  | in   200
mfa_add_webauthn                     | GET  | in   302
mfa_add_webauthn                     | POST | in   302
mfa_reauthenticate_webauthn          | GET  | in   302
mfa_reauthenticate_webauthn          | POST | in   302
mfa_remove_webauthn                  | GET  | in   302
mfa_remove_webauthn                  | POST | in   302
mfa_edit_webauthn                    | GET  | in   302
mfa_edit_webauthn                    | POST | in   302
mfa_login_webauthn                   | GET  | in   302
mfa_login_webauthn                   | POST | in   302
usersessions_list                    | GET  | in   200
usersessions_list                    | POST | in   302
set_language                         | GET  | 302  302
set_language                         | POST | 302  302
help                                 | GET  | 200  200
help_topic                           | GET  | 200  200
health                               | GET  | 200  200
api_docs                             | GET  | 200  200
api_docs_v1                          | GET  | 200  200
api_document                         | GET  | 200  200
api_unknown                          | GET  | 404  404
api_unknown                          | POST | 404  404
api:tokens                           | GET  | in   200
api:new_token                        | GET  | in   302
api:new_token                        | POST | in   302
territory:boundaries                 | GET  | 200  200
territory:place_search               | GET  | 200  200
accounts:me                          | GET  | in   200
accounts:change_me                   | GET  | in   200
accounts:change_me                   | POST | in   302
accounts:language                    | POST | in   302
accounts:my_leave                    | GET  | in   200
accounts:my_leave                    | POST | in   422
accounts:sign_out_everywhere         | POST | in   302
accounts:first_steps                 | GET  | in   302
files:kept                           | GET  | 200  200
files:kept (forged)                  | GET  | 404  404
notices:index                        | GET  | in   200
notices:unread                       | GET  | in   200
notices:mark_all_read                | POST | in   302
notices:settings                     | GET  | in   200
notices:set_wishes                   | POST | in   302
notices:name_address                 | POST | in   404
notices:confirm_address              | POST | in   404
notices:remove_address               | POST | in   409
cases:mine                           | GET  | in   200
cases:find                           | GET  | 200  200
cases:track                          | GET  | 200  200
cases:track (wrong code)             | GET  | 404  404
cases:answer                         | POST | 302  302
cases:answer (wrong code)            | POST | 404  404
cases:appeal                         | POST | 302  302
cases:appeal (wrong code)            | POST | 404  404
cases:withdraw                       | POST | 302  302
cases:withdraw (wrong code)          | POST | 404  404
cases:qr                             | GET  | 200  200
cases:qr (wrong code)                | GET  | 404  404
cases:report_data                    | GET  | 200  200
cases:report_data (wrong code)       | GET  | 404  404
cases:export_report                  | GET  | 200  200
cases:export_report (wrong code)     | GET  | 404  404
cases:correct_report                 | POST | 302  302
cases:correct_report (wrong code)    | POST | 404  404
cases:withdraw_consent               | POST | 302  302
cases:withdraw_consent (wrong code)  | POST | 404  404
cases:erase_report                   | POST | 302  302
cases:erase_report (wrong code)      | POST | 404  404
cases:my_data                        | GET  | in   200
cases:export_my_data                 | GET  | in   200
cases:erase_account                  | GET  | in   302
cases:erase_account                  | POST | in   302
intake:report                        | GET  | 200  200
intake:report                        | POST | 302  302
intake:received                      | GET  | 302  302
demo:sign_in                         | GET  | 404  404
demo:sign_in                         | POST | 404  404
demo:start_tour                      | GET  | 404  404
demo:start_tour                      | POST | 404  404
demo:go_on                           | GET  | 404  404
demo:go_on                           | POST | 404  404
demo:end_tour                        | GET  | 404  404
demo:end_tour                        | POST | 404  404
"""

# Pages that ask who somebody is.
TABLE = """
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
help_topic (of the desk)             | GET  | 404  404  200  200  200  200  200  200  200  200  200  200  200
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
audit:reactions                      | GET  | in   404  404  404  404  404  404  404  404  200  200  404  404
audit:run_again                      | POST | in   404  404  404  404  404  404  404  404  409  302  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
territory:areas                      | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:new_area                   | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:new_area                   | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:import_divisions           | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:import_divisions           | POST | in   404  404  404  404  404  404  404  404  404  422  422  404
territory:import_boundaries          | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:import_boundaries          | POST | in   404  404  404  404  404  404  404  404  404  422  422  404
territory:area                       | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:change_area                | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:change_area                | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:change_boundary            | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:change_boundary            | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:retire_area                | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:places                     | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:new_place                  | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:new_place                  | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:place                      | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:place                      | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:calendar                   | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:calendar_year              | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:set_day                    | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:set_day                    | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:remove_day                 | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
territory:set_hours                  | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
territory:set_hours                  | POST | in   404  404  404  404  404  404  404  404  404  422  422  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
accounts:index                       | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
accounts:new_person                  | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
accounts:new_person                  | POST | in   404  404  404  404  404  404  404  404  404  302  302  404
accounts:import                      | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:import                      | POST | in   404  404  404  404  404  404  404  404  404  422  404  404
accounts:import_confirm              | POST | in   404  404  404  404  404  404  404  404  404  422  404  404
accounts:import_template             | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:export                      | POST | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:person                      | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:change_person               | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:change_person               | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:set_password                | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:set_password                | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:reset_second_factors        | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:deactivate_person           | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:deactivate_person           | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:reactivate_person           | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:give_duty                   | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:give_duty                   | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:arrange_cover               | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:arrange_cover               | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:end_duty                    | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
accounts:end_duty                    | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:cancel_cover                | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
accounts:units                       | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
accounts:new_unit                    | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
accounts:new_unit                    | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
accounts:unit                        | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
accounts:change_unit                 | GET  | in   404  404  404  404  404  404  404  404  404  200  200  404
accounts:change_unit                 | POST | in   404  404  404  404  404  404  404  404  404  302  409  404
accounts:cancel_my_leave             | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
api:all_tokens                       | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
api:revoke_token                     | POST | in   404  404  302  404  404  404  404  404  404  302  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
files:show                           | GET  | 404  404  200  200  200  200  200  200  200  200  404  404  404
files:thumbnail                      | GET  | 404  404  200  200  200  200  200  200  200  200  404  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
notices:failed                       | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
notices:send_again                   | POST | in   404  404  302  404  404  404  404  404  404  302  404  404
notices:send_all_again               | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
cases:read_contact                   | POST | in   404  409  302  409  409  409  409  409  409  404  404  404
notices:show                         | GET  | in   404  404  302  404  404  404  404  404  404  404  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
cases:home                           | GET  | 200  200  302  302  302  302  302  302  302  302  200  200  302
cases:desk                           | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:desk_rows                      | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:supervision                    | GET  | in   404  404  404  200  404  404  200  200  200  404  404  404
cases:supervision_live               | GET  | in   404  404  404  200  404  404  200  200  200  404  404  404
cases:supervision_notices            | GET  | in   404  404  404  200  404  404  200  200  200  404  404  404
cases:supervision_agenda             | GET  | in   404  404  404  200  404  404  200  200  200  404  404  404
cases:index                          | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:map                            | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:show                           | GET  | in   404  200  200  200  200  200  200  200  200  404  404  404
cases:show (one's own)               | GET  | in   302  200  200  200  404  200  200  200  200  404  404  404
cases:live                           | GET  | in   404  200  200  200  200  200  200  200  200  404  404  404
cases:send_to_verify                 | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:send_to_verify                 | POST | in   404  409  302  409  404  409  409  409  409  404  404  404
cases:verify                         | GET  | in   404  200  409  409  404  409  409  409  409  404  404  404
cases:verify                         | POST | in   404  302  409  409  404  409  409  409  409  404  404  404
cases:decline                        | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:decline                        | POST | in   404  409  302  409  404  409  409  409  409  404  404  404
cases:file                           | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:file                           | POST | in   404  409  302  409  404  409  409  409  409  404  404  404
cases:self_handle                    | GET  | in   404  200  409  409  404  409  409  409  409  404  404  404
cases:self_handle                    | POST | in   404  302  409  409  404  409  409  409  409  404  404  404
cases:spot_check                     | GET  | in   404  409  409  409  404  200  409  409  409  404  404  404
cases:spot_check                     | POST | in   404  409  409  409  404  302  409  409  409  404  404  404
cases:assign                         | GET  | in   404  409  409  200  404  409  409  409  409  404  404  404
cases:assign                         | POST | in   404  409  409  302  404  409  409  409  409  404  404  404
cases:acknowledge                    | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:acknowledge                    | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:return                         | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:return                         | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:ask_extension                  | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:ask_extension                  | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:decide_extension               | GET  | in   404  409  409  200  409  409  409  409  409  404  404  404
cases:decide_extension               | POST | in   404  409  409  302  409  409  409  409  409  404  404  404
cases:suspend                        | GET  | in   404  409  409  200  409  409  409  409  409  404  404  404
cases:suspend                        | POST | in   404  409  409  302  409  409  409  409  409  404  404  404
cases:resume                         | GET  | in   404  409  409  200  409  409  409  409  409  404  404  404
cases:resume                         | POST | in   404  409  409  302  409  409  409  409  409  404  404  404
cases:take_back_verification         | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:take_back_verification         | POST | in   404  409  302  409  404  409  409  409  409  404  404  404
cases:arrive                         | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:arrive                         | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:contact                        | GET  | in   404  409  200  409  200  409  409  409  409  404  404  404
cases:contact                        | POST | in   404  409  302  409  302  409  409  409  409  404  404  404
cases:supervise                      | GET  | in   404  409  409  409  409  409  200  200  409  404  404  404
cases:supervise                      | POST | in   404  409  409  409  409  409  302  302  409  404  404  404
cases:answer_supervision             | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:answer_supervision             | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:merge                          | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:merge                          | POST | in   404  409  302  409  404  409  409  409  409  404  404  404
cases:unmerge                        | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:unmerge                        | POST | in   404  409  302  409  404  409  409  409  409  404  404  404
cases:alike                          | GET  | in   404  409  200  409  404  409  409  409  409  404  404  404
cases:backlog                        | GET  | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:backlog                        | POST | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:review_backlog                 | GET  | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:review_backlog                 | POST | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:decide_appeal                  | GET  | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:decide_appeal                  | POST | in   404  409  409  409  409  409  409  409  409  404  404  404
cases:appeal_as_unit                 | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:appeal_as_unit                 | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:appeals                        | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:backlog_list                   | GET  | in   404  200  200  200  200  200  200  200  200  404  404  200
cases:resolve                        | GET  | in   404  409  409  409  200  409  409  409  409  404  404  404
cases:resolve                        | POST | in   404  409  409  409  302  409  409  409  409  404  404  404
cases:inspect                        | GET  | in   404  409  409  409  409  200  409  409  409  404  404  404
cases:inspect                        | POST | in   404  409  409  409  409  302  409  409  409  404  404  404
cases:rework                         | GET  | in   404  409  409  409  409  200  409  409  409  404  404  404
cases:rework                         | POST | in   404  409  409  409  409  302  409  409  409  404  404  404
cases:call_back                      | GET  | in   404  409  200  409  409  409  409  409  409  404  404  404
cases:call_back                      | POST | in   404  409  302  409  409  409  409  409  409  404  404  404
cases:close                          | GET  | in   404  409  409  409  409  200  409  409  409  404  404  404
cases:close                          | POST | in   404  409  409  409  409  302  409  409  409  404  404  404
cases:ask_assistance                 | GET  | in   404  409  409  200  409  409  409  409  409  404  404  404
cases:ask_assistance                 | POST | in   404  409  409  302  409  409  409  409  409  404  404  404
cases:whistle                        | GET  | in   404  409  409  200  404  409  409  409  409  404  404  404
cases:whistle                        | POST | in   404  409  409  302  404  409  409  409  409  404  404  404
cases:rule_whistle                   | GET  | in   404  409  409  200  404  409  409  409  409  404  404  409
cases:rule_whistle                   | POST | in   404  409  409  302  404  409  409  409  409  404  404  409
cases:call_off_whistle               | GET  | in   404  409  409  200  404  409  409  409  409  404  404  409
cases:call_off_whistle               | POST | in   404  409  409  302  404  409  409  409  409  404  404  409
cases:acknowledge_assistance         | GET  | in   404  409  409  409  409  409  409  409  409  404  404  200
cases:acknowledge_assistance         | POST | in   404  409  409  409  409  409  409  409  409  404  404  302
cases:finish_assistance              | GET  | in   404  409  409  409  409  409  409  409  409  404  404  200
cases:finish_assistance              | POST | in   404  409  409  409  409  409  409  409  409  404  404  302
cases:redo_assistance                | GET  | in   404  409  409  409  200  409  409  409  409  404  404  409
cases:redo_assistance                | POST | in   404  409  409  409  302  409  409  409  409  404  404  409
cases:withdraw_assistance            | GET  | in   404  409  409  200  409  409  409  409  409  404  404  409
cases:withdraw_assistance            | POST | in   404  409  409  302  409  409  409  409  409  404  404  409
cases:answer_whistle                 | GET  | in   404  409  409  409  409  409  409  409  409  404  404  200
cases:answer_whistle                 | POST | in   404  409  409  409  409  409  409  409  409  404  404  302
cases:attend_whistle                 | GET  | in   404  409  409  200  409  409  409  409  409  404  404  200
cases:attend_whistle                 | POST | in   404  409  409  302  409  409  409  409  409  404  404  302
cases:rate_department                | GET  | in   404  409  409  200  409  409  409  409  409  404  404  409
cases:rate_department                | POST | in   404  409  409  302  409  409  409  409  409  404  404  409
cases:answer_rating                  | GET  | in   404  409  409  409  409  409  409  409  409  404  404  200
cases:answer_rating                  | POST | in   404  409  409  409  409  409  409  409  409  404  404  302
cases:catalogue                      | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:new_matter                     | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:new_matter                     | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
cases:matter_search                  | GET  | in   404  200  200  200  200  200  200  200  200  200  200  200
cases:import_catalogue               | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:import_catalogue               | POST | in   404  404  404  404  404  404  404  404  404  422  404  404
cases:confirm_catalogue              | POST | in   404  404  404  404  404  404  404  404  404  422  404  404
cases:export_catalogue               | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:catalogue_template             | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:matter                         | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:revise_matter                  | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
cases:revise_matter                  | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
cases:retire_matter                  | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
cases:restore_matter                 | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
cases:name_unit                      | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
cases:drop_unit                      | POST | in   404  404  404  404  404  404  404  404  404  302  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
intake:sheets                        | GET  | in   404  404  200  404  404  404  404  404  404  404  404  200
intake:new_sheet                     | GET  | in   404  404  200  404  404  404  404  404  404  404  404  200
intake:new_sheet                     | POST | in   404  404  422  404  404  404  404  404  404  404  404  422
intake:sheet                         | GET  | in   404  404  200  404  404  404  404  404  404  404  404  404
intake:check_sheet                   | POST | in   404  404  422  404  404  404  404  404  404  404  404  404
intake:confirm_sheet                 | POST | in   404  404  422  404  404  404  404  404  404  404  404  404
intake:discard_sheet                 | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
intake:sheet_progress                | GET  | in   404  404  200  404  404  404  404  404  404  404  404  404
intake:refused_rows                  | POST | in   404  404  409  404  404  404  404  404  404  404  404  404
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
insight:numbers                      | GET  | in   404  404  404  200  200  200  200  200  200  404  404  200
insight:behind                       | GET  | in   404  404  404  200  200  200  200  200  200  404  404  200
insight:export                       | GET  | in   404  404  404  200  200  200  200  200  200  404  404  200
insight:weights                      | GET  | in   404  404  404  404  404  404  404  404  404  200  404  404
insight:weights                      | POST | in   404  404  404  404  404  404  404  404  404  422  404  404
"""

TABLE += TOOLS + LEDGERS


def lines(table: str) -> dict[tuple[str, str], list[str]]:
    """A table as (route, method) → answers."""
    found = {}
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        key, method, answers = (part.strip() for part in line.split("|"))
        found[key, method] = answers.split()
    return found


def as_line(key: str, method: str, answers: list[str]) -> str:
    return f"{key:<36} | {method:<4} | " + "".join(f"{answer:<5}" for answer in answers).rstrip()
