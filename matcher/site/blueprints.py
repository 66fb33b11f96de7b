"""All the pages of the application: what each part installs, and every blueprint."""

from flask import Flask

from matcher.accounts import authorization, identity_views, own_account, passkey_views, sessions, sign_in
from matcher.accounts import views as account_views
from matcher.alerts import views as alert_views
from matcher.answers import handover_views, link_views
from matcher.answers import presentation as answer_pages
from matcher.answers import views as answer_views
from matcher.api import case_views as api_case_views
from matcher.api import catalogue_views as api_catalogue_views
from matcher.api import check_views as api_check_views
from matcher.api import client_views as api_client_views
from matcher.api import document_views as api_document_views
from matcher.api import firm_views as api_firm_views
from matcher.api import install as install_api
from matcher.api import letter_views as api_letter_views
from matcher.api import pages as api_pages
from matcher.api import question_views as api_question_views
from matcher.api import screening_views as api_screening_views
from matcher.api import verify_views as api_verify_views
from matcher.batches import list_views as batch_list_views
from matcher.batches import mapping_views as batch_mapping_views
from matcher.batches import views as batch_views
from matcher.cases import action_views as case_action_views
from matcher.cases import blueprint as case_blueprint
from matcher.cases import (
    closure_views,
    counter_views,
    letter_register_views,
    letter_views,
    outlook_views,
    overrule_views,
    presence_views,
    referral_views,
    saved_list_views,
    selection_views,
)
from matcher.cases import handover_views as case_handover_views
from matcher.cases import list_views as case_list_views
from matcher.cases import views as case_views
from matcher.desk import (
    audit_views,
    contact_views,
    dashboard,
    delivery_views,
    frame,
    home,
    message_views,
    palette,
    report_views,
    rules_views,
)
from matcher.outreach import comparison_views as outreach_comparison_views
from matcher.outreach import impact_views as outreach_impact_views
from matcher.outreach import scheme_views as outreach_scheme_views
from matcher.outreach import views as outreach_views
from matcher.web import access_log, assets, errors, language, security
from matcher.webhooks import views as webhook_views

from . import document, feeds, scheme_list, selfcheck, verification
from .interview import document_views, embedded_views, item_views, prefill_views, result_views, what_if
from .interview import views as interview_views
from .papers import views as paper_views

PUBLIC = (
    interview_views.start_pages,
    interview_views.pages,
    interview_views.answers_pages,
    prefill_views.pages,
    document_views.pages,
    result_views.pages,
    what_if.pages,
    item_views.pages,
    paper_views.pages,
    paper_views.wrong_pages,
    answer_views.pages,
    link_views.pages,
    handover_views.pages,
    selfcheck.pages,
    document.pages,
    scheme_list.pages,
    verification.pages,
    feeds.pages,
    alert_views.pages,
    embedded_views.pages,
    api_pages,
)

DESK = (
    sign_in.pages,
    identity_views.pages,
    own_account.pages,
    passkey_views.pages,
    own_account.centre_pages,
    account_views.pages,
    home.pages,
    counter_views.pages,
    palette.pages,
    contact_views.pages,
    delivery_views.pages,
    message_views.pages,
    case_blueprint.pages,
    case_handover_views.pages,
    letter_views.pages,
    referral_views.pages,
    batch_list_views.pages,
    outreach_views.pages,
    dashboard.pages,
    rules_views.pages,
    report_views.pages,
    audit_views.pages,
    api_client_views.pages,
    webhook_views.pages,
)

ROUTE_MODULES = (
    case_list_views,
    case_views,
    case_action_views,
    closure_views,
    overrule_views,
    presence_views,
    saved_list_views,
    outlook_views,
    selection_views,
    letter_register_views,
    batch_mapping_views,
    batch_views,
    outreach_scheme_views,
    outreach_comparison_views,
    outreach_impact_views,
    api_catalogue_views,
    api_check_views,
    api_question_views,
    api_verify_views,
    api_firm_views,
    api_case_views,
    api_letter_views,
    api_screening_views,
    api_document_views,
)
"""Modules whose routes belong to a blueprint of another module: importing them adds the routes."""


def install_pages(app: Flask) -> None:
    """Install every part and every page of the site and the desk into the application.

    :raises UndeclaredRightError: for a page of the desk that does not say who may open it.
    """
    errors.install_long_forms(app)
    access_log.install(app)
    for part in (language, security, assets):
        part.install(app)
    assets.install_compression(app)
    for part in (errors, answer_pages, sessions, frame, authorization):
        part.install(app)
    install_api(app)
    for blueprint in (*PUBLIC, *DESK):
        app.register_blueprint(blueprint)
    authorization.check_rights(app)
