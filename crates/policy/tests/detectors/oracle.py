"""Makes and judges numbers by other implementations: python-stdnum, phonenumbers, PyCryptodome.

`oracle.py make` prints `KIND<TAB>NUMBER` for 200 valid numbers of each kind.
`oracle.py judge` reads such lines and prints 1 for a valid number, 0 for another.
"""

import random
import sys

import phonenumbers
from Crypto.Hash import keccak
from stdnum import bic, bitcoin, iban, luhn
from stdnum.au import tfn
from stdnum.br import cnpj, cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ein, itin, ssn

COUNT = 200
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
RANDOM = random.Random(20261120)


def filled(pattern):
    """The pattern with a random character for each sign: 9, A, and x for either."""
    signs = {"9": DIGITS, "A": UPPER, "x": DIGITS + UPPER}
    return "".join(RANDOM.choice(signs[sign]) if sign in signs else sign for sign in pattern)


def drawn(pattern, is_valid):
    """Fills the pattern until it is valid."""
    while True:
        number = filled(pattern)
        if is_valid(number):
            return number


def completed(pattern, check):
    """Fills the pattern, and completes it by its check characters."""
    number = filled(pattern)
    return number + check(number)


def eip55(address):
    digits = address[2:]
    digest = keccak.new(digest_bits=256, data=digits.lower().encode()).hexdigest()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) >= 8 else digit.lower() for digit, nibble in zip(digits, digest)
    )


def is_eip55(address):
    digits = address[2:]
    if len(digits) != 40 or not address.startswith("0x"):
        return False
    try:
        int(digits, 16)
    except ValueError:
        return False
    return digits in (digits.lower(), digits.upper()) or eip55(address) == address


def bitcoin_address():
    import hashlib

    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    body = bytes([RANDOM.choice([0, 5])]) + RANDOM.randbytes(20)
    body += hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4]
    number, text = int.from_bytes(body, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return "1" * (len(body) - len(body.lstrip(b"\0"))) + text


def fiscal_code():
    number = filled("AAAAAA99") + RANDOM.choice("ABCDEHLMPRST")
    number += "%02d" % (RANDOM.randint(1, 28) + RANDOM.choice([0, 40])) + filled("A999")
    return number + codicefiscale.calc_check_digit(number)


def french():
    month = "%02d" % RANDOM.randint(1, 12)
    department = RANDOM.choice(["2A", "2B", filled("99"), filled("99")])
    number = RANDOM.choice("12") + filled("99") + month + department + filled("999999")
    return number + nir.calc_check_digits(number)


def account():
    countries = ["DE", "FR", "GB", "NL", "ES", "IT", "BE", "CH", "PL", "SE", "AT", "PT"]
    lengths = dict(DE=18, FR=23, GB=18, NL=14, ES=20, IT=23, BE=12, CH=17, PL=24, SE=20, AT=16, PT=21)
    country = RANDOM.choice(countries)
    body = filled("9" * lengths[country])
    return country + iban.calc_check_digits(country + "00" + body) + body


def checks_iban(number):
    return iban.is_valid(number, check_country=False)


def card(number):
    return len(number) == 16 and luhn.is_valid(number)


def swede():
    return drawn("9999%02d%02d-9999" % (RANDOM.randint(1, 12), RANDOM.randint(1, 28)), personnummer.is_valid)[2:]


KINDS = {
    "au_tfn": (lambda: drawn("999999999", tfn.is_valid), tfn.is_valid),
    "bitcoin_address": (bitcoin_address, bitcoin.is_valid),
    "br_cnpj": (lambda: cnpj.format(completed("xxxxxxxxxxxx", cnpj.calc_check_digits)), cnpj.is_valid),
    "br_cpf": (lambda: cpf.format(drawn("999999999xx".replace("x", "9"), cpf.is_valid)), cpf.is_valid),
    "ca_sin": (lambda: sin.format(drawn("999999999", sin.is_valid)), sin.is_valid),
    "card": (lambda: completed("4" + "9" * 14, luhn.calc_check_digit), card),
    "ch_ahv": (lambda: drawn("756.9999.9999.99", ahv.is_valid), ahv.is_valid),
    "de_steuer_id": (lambda: drawn("99999999999", idnr.is_valid), idnr.is_valid),
    "es_dni": (lambda: completed("99999999", dni.calc_check_digit), dni.is_valid),
    "es_nie": (lambda: completed(RANDOM.choice("XYZ") + "9999999", nie.calc_check_digit), nie.is_valid),
    "ethereum_address": (lambda: eip55("0x%040x" % RANDOM.getrandbits(160)), is_eip55),
    "fr_nir": (french, nir.is_valid),
    "iban": (account, checks_iban),
    "in_aadhaar": (lambda: aadhaar.format(drawn("999999999999", aadhaar.is_valid)), aadhaar.is_valid),
    "in_pan": (lambda: drawn("AAAAA9999A", pan.is_valid), pan.is_valid),
    "it_codice_fiscale": (fiscal_code, codicefiscale.is_valid),
    "nl_bsn": (lambda: drawn("999999999", bsn.is_valid), bsn.is_valid),
    "pl_pesel": (lambda: drawn("99999999999", pesel.is_valid), pesel.is_valid),
    "se_personnummer": (swede, personnummer.is_valid),
    "uk_nhs": (lambda: nhs.format(drawn("9999999999", nhs.is_valid)), nhs.is_valid),
    "us_ein": (lambda: drawn("99-9999999", ein.is_valid), ein.is_valid),
    "us_itin": (lambda: drawn("999-99-9999", itin.is_valid), itin.is_valid),
    "us_ssn": (lambda: drawn("999-99-9999", ssn.is_valid), ssn.is_valid),
}


def phones():
    """The example numbers of every country, as they are written for callers from abroad."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number:
                yield phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def main(task):
    if task == "make":
        for kind, (make, _) in KINDS.items():
            for _ in range(COUNT):
                print(kind, make(), sep="\t")
        for number in phones():
            print("phone", number, sep="\t")
    else:
        for line in sys.stdin:
            kind, number = line.rstrip("\n").split("\t")
            print(int(KINDS[kind][1](number)))


main(sys.argv[1])
