"""Who gets what from ledgers, campaigns, items and reports.

In `tests.world_ledgers` the clerk made the campaign and leads it; nobody else of the cast is on its task
force.
"""

LEDGERS = """
#                                    |      | visi resi grid clrk disp hand insp supv lead audi admi fadm strg
# Keeping
ledgers:index                        | GET  | in   404  200  200  200  200  200  200  200  200  200  200  200
ledgers:campaign                     | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
ledgers:public                       | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
ledgers:people                       | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
ledgers:kinds                        | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
ledgers:new_kind                     | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
ledgers:new_kind                     | POST | in   404  404  422  422  404  404  404  404  404  422  422  422
ledgers:shipped                      | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
ledgers:shipped                      | POST | in   404  404  302  302  404  404  404  404  404  302  422  422
ledgers:shipped_workbook             | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
ledgers:kind                         | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:new_edition                  | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:new_edition                  | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
ledgers:workbook                     | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:retire_kind                  | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:reuse_kind                   | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:new_campaign                 | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:new_campaign                 | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:settings                     | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:change_campaign              | GET  | in   404  409  200  200  404  409  409  409  409  200  404  404
ledgers:change_campaign              | POST | in   404  409  302  302  404  409  409  409  409  302  404  404
ledgers:begin                        | POST | in   404  409  302  302  404  409  409  409  409  302  404  404
ledgers:finish                       | GET  | in   404  409  200  200  404  409  409  409  409  200  404  404
ledgers:finish                       | POST | in   404  409  302  302  404  409  409  409  409  302  404  404
ledgers:milestones                   | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:milestones                   | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:teams                        | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:teams                        | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:team                         | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:team                         | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:retire_team                  | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:join                         | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:leave                        | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:use_edition                  | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:moving                       | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:moving                       | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
# Working
ledgers:board                        | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:table                        | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:map                          | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:points                       | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:route                        | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:mine                         | GET  | in   200  200  200  200  200  200  200  200  200  200  200  200
ledgers:worker                       | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
ledgers:new_item                     | GET  | in   404  200  200  200  404  409  409  409  409  200  404  404
ledgers:new_item                     | POST | in   404  302  302  302  404  409  409  409  409  302  404  404
ledgers:batch                        | GET  | in   404  409  409  409  404  409  409  409  409  409  404  404
ledgers:batch                        | POST | in   404  409  302  302  404  409  409  409  409  409  404  404
ledgers:batch_progress               | GET  | in   404  404  200  404  404  404  404  404  404  404  404  404
ledgers:batch_live                   | GET  | in   404  404  200  404  404  404  404  404  404  404  404  404
ledgers:item                         | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:item_send                    | POST | in   404  302  302  409  404  409  409  409  409  404  404  404
ledgers:item_correct                 | GET  | in   404  409  200  200  404  409  409  409  409  404  404  404
ledgers:item_correct                 | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:item_send_back               | GET  | in   404  409  409  409  404  200  409  409  409  404  404  404
ledgers:item_send_back               | POST | in   404  409  409  409  404  302  409  409  409  404  404  404
ledgers:item_split                   | GET  | in   404  200  200  200  404  409  409  409  409  404  404  404
ledgers:item_split                   | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:item_block                   | GET  | in   404  200  200  200  404  409  409  409  409  404  404  404
ledgers:item_block                   | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:item_unblock                 | GET  | in   404  200  200  200  404  409  409  409  409  404  404  404
ledgers:item_unblock                 | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:item_assign                  | GET  | in   404  409  200  200  404  409  409  409  409  404  404  404
ledgers:item_assign                  | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:item_rename                  | GET  | in   404  409  200  200  404  409  409  409  409  404  404  404
ledgers:item_rename                  | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:item_drop                    | GET  | in   404  409  200  200  404  409  409  409  409  404  404  404
ledgers:item_drop                    | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:item_give_notice             | GET  | in   404  200  200  200  404  409  409  409  409  404  404  404
ledgers:item_give_notice             | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:item_withdraw_notice         | GET  | in   404  200  200  200  404  409  409  409  409  404  404  404
ledgers:item_withdraw_notice         | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:item_sign                    | GET  | in   404  409  409  409  404  409  409  409  409  404  404  404
ledgers:item_sign                    | POST | in   404  409  409  409  404  409  409  302  409  404  404  404
ledgers:item_open_case               | GET  | in   404  200  200  409  404  409  409  409  409  404  404  404
ledgers:item_open_case               | POST | in   404  302  302  409  404  409  409  409  409  404  404  404
ledgers:item_link_case               | GET  | in   404  200  200  200  404  409  409  409  409  404  404  404
ledgers:item_link_case               | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
# Reports
reports:index                        | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
reports:templates                    | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
reports:new_template                 | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
reports:new_form                     | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
reports:experience                   | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
reports:campaign                     | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
reports:show                         | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
reports:word                         | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
reports:excel                        | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
reports:filled                       | GET  | in   404  200  200  200  404  200  200  200  200  200  404  404
reports:beginning                    | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
reports:template                     | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
reports:try_template                 | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
reports:form                         | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
reports:change_form                  | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
reports:save_experience              | GET  | in   404  409  200  200  404  409  409  409  409  409  404  404
reports:make                         | POST | in   404  409  302  302  404  409  409  409  409  409  404  404
reports:remark                       | POST | in   404  409  302  302  404  409  409  409  409  409  404  404
reports:new_template                 | POST | in   404  404  422  422  404  404  404  404  404  422  422  422
reports:replace_template             | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
reports:retire_template              | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
reports:new_form                     | POST | in   404  404  422  422  404  404  404  404  404  422  422  422
reports:change_form                  | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
reports:make_form_report             | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
reports:retire_form                  | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
reports:save_experience              | POST | in   404  409  200  200  404  409  409  409  409  409  404  404
reports:experience                   | POST | in   404  404  422  422  404  404  404  404  404  422  422  422
reports:take_over                    | POST | in   404  404  302  302  404  404  404  404  404  302  302  302
# Editing
ledgers:blank                        | GET  | in   404  404  200  200  404  404  404  404  404  200  200  200
ledgers:blank                        | POST | in   404  404  302  302  404  404  404  404  404  302  422  422
ledgers:edit                         | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:edit (moved on)              | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:keep_draft                   | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:keep_draft                   | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:rebase_draft                 | POST | in   404  404  302  409  404  404  404  404  404  409  404  404
ledgers:discard_draft                | POST | in   404  404  302  409  404  404  404  404  404  409  404  404
ledgers:draft_workbook               | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:preview_step                 | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:check_expression             | POST | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:add_part                     | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:add_part (sorts)             | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:add_part (sorts)             | POST | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:add_part                     | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:part                         | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:part (step)                  | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:part (step)                  | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
ledgers:part (settings)              | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:part (settings)              | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
ledgers:part                         | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:move_part                    | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:remove_part                  | POST | in   404  404  302  302  404  404  404  404  404  302  404  404
ledgers:import                       | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:import                       | POST | in   404  404  422  422  404  404  404  404  404  422  404  404
ledgers:blank_sheet                  | GET  | in   404  404  200  200  404  404  404  404  404  200  404  404
ledgers:import_sheet                 | GET  | in   404  404  200  200  404  404  404  404  404  404  404  404
ledgers:import_sheet (finished)      | GET  | in   404  404  200  200  404  404  404  404  404  404  404  404
ledgers:check_sheet                  | POST | in   404  404  200  409  404  404  404  404  404  404  404  404
ledgers:confirm_sheet                | POST | in   404  404  302  409  404  404  404  404  404  404  404  404
ledgers:discard_sheet                | POST | in   404  404  302  409  404  404  404  404  404  404  404  404
ledgers:sheet_progress               | GET  | in   404  404  200  200  404  404  404  404  404  404  404  404
ledgers:refused_rows                 | POST | in   404  404  200  200  404  404  404  404  404  404  404  404
ledgers:exports                      | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:export_rows                  | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:ask_items                    | POST | in   404  302  302  302  404  302  302  302  302  404  404  404
ledgers:fetch_items                  | POST | in   404  404  200  404  404  404  404  404  404  404  404  404
ledgers:discard_items                | POST | in   404  404  302  404  404  404  404  404  404  404  404  404
ledgers:rates                        | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:rates                        | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:money                        | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:money_statement              | GET  | in   404  200  200  200  404  200  200  200  200  404  404  404
ledgers:money_begin                  | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:money_add                    | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:money_subsidy                | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:money_remove                 | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:money_check                  | POST | in   404  302  302  302  404  409  409  409  409  404  404  404
ledgers:money_lock                   | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:money_correct                | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:money_late                   | POST | in   404  409  302  302  404  409  409  409  409  404  404  404
ledgers:item_household               | GET  | in   404  200  200  200  404  404  404  404  404  404  404  404
ledgers:item_household               | POST | in   404  200  200  200  404  404  404  404  404  404  404  404
ledgers:answer_remark                | POST | in   404  302  302  302  404  404  404  404  404  404  404  404
ledgers:sweep_case                   | GET  | in   404  404  200  200  404  404  404  404  404  404  404  404
ledgers:sweep_case                   | POST | in   404  404  422  422  404  404  404  404  404  404  404  404
ledgers:sweep_item                   | GET  | in   404  404  200  200  404  404  404  404  404  404  404  404
ledgers:sweep_item                   | POST | in   404  404  422  422  404  404  404  404  404  404  404  404
ledgers:household                    | GET  | 200  200  200  200  200  200  200  200  200  200  200  200  200
ledgers:household                    | POST | 302  302  302  302  302  302  302  302  302  302  302  302  302
ledgers:household_file               | GET  | 302  302  302  302  302  302  302  302  302  302  302  302  302
ledgers:household_data               | GET  | 302  302  302  302  302  302  302  302  302  302  302  302  302
ledgers:household_remark             | POST | 302  302  302  302  302  302  302  302  302  302  302  302  302
ledgers:household_leave              | POST | 302  302  302  302  302  302  302  302  302  302  302  302  302
"""
