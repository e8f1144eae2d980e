"""Addresses of runs, lines, accounts, budgets and complaints."""

from django.urls import path

from lienthong.office.payments import account_imports, accounts, budgets, complaints, lines, runs, unpaid

urlpatterns = [
    path("", runs.run_list, name="payments_runs"),
    path("runs/new/", runs.new_run, name="payments_new_run"),
    path("runs/<int:run_id>/", runs.run_page, name="payments_run"),
    path("runs/<int:run_id>/do/<str:action>/", runs.run_act, name="payments_run_act"),
    path("runs/<int:run_id>/lines/", lines.line_list, name="payments_lines"),
    path("runs/<int:run_id>/communes/", runs.run_communes, name="payments_run_communes"),
    path("runs/<int:run_id>/comparison/", lines.comparison, name="payments_comparison"),
    path("lines/<int:line_id>/", lines.line_page, name="payments_line"),
    path("unpaid/", unpaid.unpaid_list, name="payments_unpaid"),
    path("overpayments/", unpaid.overpayment_list, name="payments_overpayments"),
    path("accounts/", accounts.account_list, name="payments_accounts"),
    path("accounts/<int:account_id>/do/<str:action>/", accounts.account_act, name="payments_account_act"),
    path("people/", accounts.find_person, name="payments_find_person"),
    path("people/<int:person_id>/", accounts.person_page, name="payments_person"),
    path("people/<int:person_id>/account/", accounts.record_account, name="payments_record_account"),
    path("people/<int:person_id>/complaint/", complaints.new_complaint, name="payments_new_complaint"),
    path("account-lists/", account_imports.import_list, name="payments_account_imports"),
    path("account-lists/new/", account_imports.new_import, name="payments_new_account_import"),
    path("account-lists/template.xlsx", account_imports.template, name="payments_account_template"),
    path("account-lists/<int:account_import_id>/", account_imports.import_page, name="payments_account_import"),
    path(
        "account-lists/<int:account_import_id>/discard/",
        account_imports.discard_import,
        name="payments_discard_account_import",
    ),
    path("budgets/", budgets.budget_list, name="payments_budgets"),
    path("budgets/new/", budgets.new_budget, name="payments_new_budget"),
    path("budgets/<int:budget_id>/do/<str:action>/", budgets.budget_act, name="payments_budget_act"),
    path("complaints/", complaints.complaint_list, name="payments_complaints"),
    path("complaints/<int:complaint_id>/", complaints.complaint_page, name="payments_complaint"),
    path("complaints/<int:complaint_id>/do/<str:action>/", complaints.complaint_act, name="payments_complaint_act"),
]
