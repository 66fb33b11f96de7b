"""Profiles that several tests of the command line start from."""

from typing import Any

SHOP: dict[str, Any] = {
    "id": "shop",
    "as_of": "2023-08-15",
    "schemes": ["six-taxes-two-fees"],
    "facts": {
        "vat_status": "general",
        "legal_form": "individual_business",
        "six_taxes_two_fees_payable": "38642.57",
        "name": "天津市和平区麦香阁面馆",
    },
}
