//! Decimals are exact, equal ones are equal bits, and what does not fit is no number.

use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn equal_values_are_equal_whatever_their_spelling() {
    for (a, b) in [("1", "1.0"), ("100", "1e2"), ("0", "-0"), ("0.50", "5E-1"), ("0", "0e999")] {
        assert_eq!(decimal(a), decimal(b), "{a} {b}");
    }
    assert_ne!(decimal("9007199254740992"), decimal("9007199254740993"));
}

#[test]
fn what_is_no_json_number_is_refused() {
    for bad in [
        "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1f", "NaN", "Infinity", "1_000", " 1",
        "1 ", "--1",
    ] {
        assert_eq!(bad.parse::<Decimal>(), Err(DecimalError::Syntax), "{bad:?}");
    }
    assert_eq!("1e301".parse::<Decimal>(), Err(DecimalError::Exponent));
    assert_eq!("1e-301".parse::<Decimal>(), Err(DecimalError::Exponent));
    assert_eq!("1e99999999999999999999".parse::<Decimal>(), Err(DecimalError::Exponent));
    assert_eq!("9".repeat(35).parse::<Decimal>(), Err(DecimalError::Digits));
    assert_eq!(decimal(&format!("1{}", "0".repeat(300))).to_string(), "1e+300");
}

#[test]
fn short_numbers_are_read_as_long_ones_are() {
    for (short, long) in [
        ("0", "0e0"),
        ("-0", "-0e0"),
        ("0.0", "0.0e0"),
        ("-0.050", "-5e-2"),
        ("120", "12e1"),
        ("999999999999999999", "999999999999999999e0"),
        ("-1.5", "-15e-1"),
        ("0.000001", "1e-6"),
        ("123456789.123456789", "123456789.1234567890000000000"),
    ] {
        assert_eq!(decimal(short), decimal(long), "{short} {long}");
    }
    assert!(decimal("350") < decimal("500") && decimal("-350") > decimal("-500"));
    assert!(decimal("750.5") > decimal("750") && decimal("1e30") > decimal("1e-30"));
}

#[test]
fn arithmetic_is_exact_and_rounds_half_to_even() {
    assert_eq!(decimal("0.1").checked_add(decimal("0.2")), Some(decimal("0.3")));
    let one_third = decimal("1").checked_div(decimal("3")).unwrap();
    assert_eq!(one_third.to_string(), format!("0.{}", "3".repeat(34)));
    // 34 nines plus a half is a tie, and rounds to the even neighbour.
    let nines = decimal(&"9".repeat(34));
    assert_eq!(nines.checked_add(decimal("0.5")), Some(decimal("1e34")));
    assert_eq!(nines.checked_add(decimal("0.4")), Some(nines));
    assert_eq!(decimal("1e-200").checked_add(decimal("1e200")), Some(decimal("1e200")));
    assert_eq!(decimal("7.5").checked_rem(decimal("2")), Some(decimal("1.5")));
    assert_eq!(decimal("-7.5").checked_rem(decimal("2")), Some(decimal("-1.5")));
    assert_eq!(decimal("1e33").exact_add(decimal("0.01")), None);
    assert_eq!(
        decimal("1e31").exact_add(decimal("0.01")),
        Some(decimal("10000000000000000000000000000000.01"))
    );
    assert_eq!(decimal("1e300").checked_mul(decimal("10")), None);
    assert_eq!(decimal("1").checked_div(Decimal::ZERO), None);
}

#[test]
fn the_largest_coefficient_and_the_widest_exponents_are_held() {
    let nines = "9".repeat(34);
    for (text, coefficient, exponent) in [
        (format!("{nines}e267"), 10_i128.pow(34) - 1, 267),
        (format!("-{nines}e-333"), 1 - 10_i128.pow(34), -333),
        (format!("-1{}e-33", "0".repeat(333)), -1, 300),
        ("1e-300".to_owned(), 1, -300),
        ("-18446744073709551616000".to_owned(), -(1 << 64), 3),
        ("1000000000000000000".to_owned(), 1, 18),
        ("-0".to_owned(), 0, 0),
    ] {
        assert_eq!(decimal(&text).parts(), (coefficient, exponent), "{text}");
    }
    assert_eq!(format!("{nines}e268").parse::<Decimal>(), Err(DecimalError::Exponent));
    assert_eq!(format!("{nines}e-334").parse::<Decimal>(), Err(DecimalError::Exponent));
    assert_eq!(format!("1{}1", "0".repeat(33)).parse::<Decimal>(), Err(DecimalError::Digits));
}

#[test]
fn the_printed_form_is_that_of_ecmascript() {
    for (text, printed) in [
        ("4.50", "4.5"),
        ("1E30", "1e+30"),
        ("1e21", "1e+21"),
        ("1e20", "100000000000000000000"),
        ("2e-3", "0.002"),
        ("0.000001", "0.000001"),
        ("0.0000001", "1e-7"),
        ("1.5e-9", "1.5e-9"),
        ("-12.25", "-12.25"),
    ] {
        assert_eq!(decimal(text).to_string(), printed);
    }
}

proptest! {
    #[test]
    fn interoperable_numbers_print_as_binary_floats_do(digits in 0_u64..10_u64.pow(15), exponent in -320_i32..300) {
        let text = format!("{digits}e{exponent}");
        if let Ok(exact) = text.parse::<Decimal>() {
            prop_assert!(exact.is_interoperable());
            let float: f64 = text.parse().unwrap();
            let theirs = serde_json_canonicalizer::to_string(&float).unwrap();
            prop_assert_eq!(exact.to_string(), theirs);
        }
    }

    #[test]
    fn order_and_arithmetic_agree_with_integers(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (Decimal::from(a), Decimal::from(b));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        let exact = |value: i128| value.to_string().parse::<Decimal>();
        prop_assert_eq!(x.checked_add(y), exact(i128::from(a) + i128::from(b)).ok());
        prop_assert_eq!(x.checked_sub(y), exact(i128::from(a) - i128::from(b)).ok());
        if let Ok(product) = exact(i128::from(a) * i128::from(b)) {
            prop_assert_eq!(x.checked_mul(y), Some(product));
        }
        if b != 0 {
            prop_assert_eq!(x.checked_rem(y), exact(i128::from(a) % i128::from(b)).ok());
        }
    }

    #[test]
    fn exact_sums_are_sums_that_lose_nothing(a in any::<i64>(), b in any::<i64>(), e in -20_i32..20) {
        let x: Decimal = format!("{a}e{e}").parse().unwrap();
        let y = Decimal::from(b);
        prop_assert_eq!(x.negated().negated(), x);
        prop_assert_eq!(y.to_i64(), Some(b));
        if let Some(sum) = x.exact_add(y) {
            prop_assert_eq!(Some(sum), x.checked_add(y));
            prop_assert_eq!(sum.exact_add(y.negated()), Some(x));
        }
    }

    #[test]
    fn what_is_printed_reads_back(coefficient in any::<i64>(), exponent in -270_i32..270) {
        let number: Decimal = format!("{coefficient}e{exponent}").parse().unwrap();
        prop_assert_eq!(number.to_string().parse(), Ok(number));
        prop_assert_eq!(Decimal::scaled(coefficient, exponent), Some(number));
    }
}
