//! Sums are exact, whatever the order, and rounded once, when they are read.

use std::str::FromStr;

use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str(text).unwrap()
}

fn sum(numbers: &[&str]) -> DecimalSum {
    let mut sum = DecimalSum::ZERO;
    numbers.iter().for_each(|number| sum.add(decimal(number)));
    sum
}

#[test]
fn nothing_is_lost_beside_a_large_number() {
    let mut total = sum(&["1e40", "0.01", "0.02"]);
    assert_eq!(total.rounded(), Some(decimal("1e40")));
    total.take(decimal("1e40"));
    assert_eq!(total, sum(&["0.03"]));
    assert_eq!(total.rounded(), Some(decimal("0.03")));
}

#[test]
fn a_sum_is_rounded_half_to_even_once() {
    let half = "0.5";
    let even = "1000000000000000000000000000000000";
    let odd = "1000000000000000000000000000000001";
    assert_eq!(sum(&[even, half]).rounded(), Some(decimal(even)));
    assert_eq!(sum(&[odd, half]).rounded(), decimal(odd).checked_add(decimal("1")));
    assert_eq!(sum(&[even, half, "1e-300"]).rounded(), Some(decimal(odd)));
    // One after another would round the first half away, and then the second.
    assert_eq!(sum(&[even, half, half]).rounded(), Some(decimal(odd)));
}

#[test]
fn a_sum_may_pass_through_what_does_not_fit() {
    let largest = "9e300";
    let mut total = sum(&[largest, largest]);
    assert_eq!(total.rounded(), None);
    total.take(decimal(largest));
    assert_eq!(total.rounded(), Some(decimal(largest)));
}

#[test]
fn parts_out_of_place_are_none() {
    assert_eq!(DecimalSum::from_parts(&[(1, -343)]), None);
    assert_eq!(DecimalSum::from_parts(&[(1, i32::MAX)]), None);
    assert_eq!(DecimalSum::from_parts(&[(1, i32::MIN)]), None);
    assert_eq!(DecimalSum::from_parts(&[]), Some(DecimalSum::ZERO));
}

/// One digit a cell, added as on paper: all that the sum should be, from 10^-340 to 10^340.
fn on_paper(numbers: &[Decimal]) -> Vec<i64> {
    let mut cells = vec![0_i64; 680];
    for number in numbers {
        let (coefficient, exponent) = number.parts();
        let text = coefficient.unsigned_abs().to_string();
        for (place, digit) in text.bytes().rev().enumerate() {
            let cell = usize::try_from(exponent + 340).unwrap() + place;
            let digit = i64::from(digit - b'0');
            cells[cell] += if coefficient < 0 { -digit } else { digit };
        }
    }
    let mut carried = 0;
    for cell in &mut cells {
        let whole = *cell + carried;
        (carried, *cell) = (whole.div_euclid(10), whole.rem_euclid(10));
    }
    // A number below zero ends in nines without end.
    cells.push(carried);
    cells
}

fn number() -> impl Strategy<Value = Decimal> {
    let near = (any::<i64>(), -6_i32..6).prop_map(|(a, e)| Decimal::scaled(a, e).unwrap());
    let far = (any::<i64>(), -281_i32..281).prop_map(|(a, e)| Decimal::scaled(a, e).unwrap());
    let long = (any::<i64>(), any::<i64>()).prop_map(|(a, b)| {
        let product = Decimal::from(a).checked_mul(Decimal::from(b)).unwrap();
        product.checked_mul(decimal("1e-10")).unwrap()
    });
    prop_oneof![near, far, long]
}

proptest! {
    #[test]
    fn sums_are_what_they_are_on_paper(numbers in prop::collection::vec(number(), 0..9)) {
        let mut sum = DecimalSum::ZERO;
        numbers.iter().for_each(|number| sum.add(*number));
        let parts: Vec<Decimal> = sum.parts().iter().flat_map(|(coefficient, exponent)| {
            // A part may have more digits than a decimal, so it is handed over in halves.
            let halves = [coefficient / 1_000_000_000, coefficient % 1_000_000_000];
            let exponents = [exponent + 9, *exponent];
            halves.into_iter().zip(exponents).filter(|(half, _)| *half != 0).map(|(half, exponent)| {
                if let Ok(half) = i64::try_from(half) {
                    return Decimal::scaled(half, exponent).unwrap();
                }
                format!("{half}e{exponent}").parse().unwrap()
            })
        }).collect();
        prop_assert_eq!(on_paper(&parts), on_paper(&numbers));
        // Reading it is one rounding of what stands on paper.
        let mut rest = sum.clone();
        if let Some(rounded) = sum.rounded() {
            rest.take(rounded);
            if let Some(error) = rest.rounded() {
                prop_assert!(error == Decimal::ZERO || is_half_a_digit(error, rounded), "{error} {rounded}");
            }
        }
    }

    #[test]
    fn the_order_does_not_matter(
        numbers in prop::collection::vec(number(), 0..9), cut in 0_usize..9,
    ) {
        let add = |numbers: &[Decimal]| {
            let mut sum = DecimalSum::ZERO;
            numbers.iter().for_each(|number| sum.add(*number));
            sum
        };
        let mut turned = numbers.clone();
        turned.reverse();
        let whole = add(&numbers);
        prop_assert_eq!(&add(&turned), &whole);
        let (left, right) = numbers.split_at(cut.min(numbers.len()));
        prop_assert_eq!(&add(left).plus(&add(right)), &whole);
        let mut rest = whole.clone();
        right.iter().for_each(|number| rest.take(*number));
        prop_assert_eq!(&rest, &add(left));
        prop_assert_eq!(whole.plus(&whole.negated()), DecimalSum::ZERO);
        prop_assert_eq!(DecimalSum::from_parts(&whole.parts()), Some(whole));
    }
}

/// Whether an error is at most half a unit of the last of 34 digits.
fn is_half_a_digit(error: Decimal, rounded: Decimal) -> bool {
    let (coefficient, exponent) = rounded.parts();
    let digits = i32::try_from(coefficient.unsigned_abs().to_string().len()).unwrap();
    let half = Decimal::scaled(5, exponent + digits - 35);
    let error = if error.is_negative() { error.negated() } else { error };
    half.is_some_and(|half| error <= half)
}
