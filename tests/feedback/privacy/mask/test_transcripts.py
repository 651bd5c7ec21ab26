"""What people dictate: numbers and addresses without signs and stops are told by the words around them."""

import pytest

from bpm.feedback.privacy.mask import mask


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("my email is marla 34 gmailcom and that is it", "my email is [email] and that is it"),
        ("send it to peterhenrygmailcom", "send it to [email]"),
        ("write to ann dot lee at gmail dot com please", "write to [email] please"),
        ("it's a underscore lee at example dot org", "it's [email]"),
        ("my email address is a l 7 at bright water dot co dot uk", "my email address is [email]"),
        ("meine adresse ist anna punkt klein at web punkt de", "meine adresse ist [email]"),
        ("reach me on four one five, five five five, oh one nine two", "reach me on [phone]"),
        ("my number is null eins sieben zwei drei vier fünf sechs sieben", "my number is [phone]"),
        ("the card number is four one one one one one one one one one one one one one one one",
         "the card number is [card]"),
        ("the last four digits of my social are 4391", "the last four digits of my social are [ssn]"),
        ("ssn no 4578 and card no 9912", "ssn no [ssn] and card no [card]"),
        ("the last four are 7781", "the last four are [card]"),
        ("my account ends in 0328", "my account ends in [account]"),
        ("account number 441 207 and", "account number [account] and"),
        ("move it from account 4587 to 1478 today", "move it from account [account] to [account] today"),
        ("my phone is 732 9585980", "my phone is [phone]"),
        ("my name is maria del carmen and i wait", "my name is [name] and i wait"),
        ("i live at 12 del monte street in essex", "i live at [address] in essex"),
        ("ship it to 7384 forest street bronx ny 10472 please", "ship it to [address] please"),
    ],
)  # fmt: skip
def test_what_is_dictated_is_masked(said: str, left: str) -> None:
    assert mask(said).text == left


@pytest.mark.parametrize(
    ("asked", "said", "left"),
    [
        ("Could I have your account number?", "4471", "[account]"),
        ("And the last four digits of your social security number?", "sure it is 8812", "sure it is [ssn]"),
        ("May I have your full name, please?", "Crystal Minh", "[name]"),
        ("What is your phone number?", "it's 9585980", "it's [phone]"),
        ("What is your order number?", "6114980364", "6114980364"),
        ("How many did you buy?", "250", "250"),
        ("May I have your name?", "hold on", "hold on"),
    ],
)
def test_a_number_alone_means_what_was_asked_for(asked: str, said: str, left: str) -> None:
    assert mask(said, asked=asked).text == left
