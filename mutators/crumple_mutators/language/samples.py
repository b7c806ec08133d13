"""A short letter on which mutators of plain text can act: their example."""

from __future__ import annotations

from typing import Final

LETTER: Final = (
    "letter.txt",
    (
        "Invoice number: 20418\n"
        "Date: 2024-03-05\n"
        "Due date: 4 April 2024\n"
        "Customer: Maria Jensen\n"
        "Country: Germany\n"
        "Status: Open\n"
        "\n"
        "We thank you for your order from March and ask you to pay the amount below before the due date, please.\n"
        "For all questions about it, write to John Miller, who is in our office today.\n"
        "\n"
        "Quantity: 1250\n"
        "Unit price: 0.99\n"
        "Total: 1,234.50\n"
    ),
)
