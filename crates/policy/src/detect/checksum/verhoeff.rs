//! The check digit of J. Verhoeff, "Error Detecting Decimal Codes" (1969).

use super::digits;

/// The dihedral group of order ten.
const PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// The permutation that is applied once more at each place from the right.
const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// Whether the last digit is the check digit of those before it.
pub(in super::super) fn verhoeff(number: &[u8]) -> bool {
    let check = digits(number).rev().enumerate().fold(0, |check, (place, digit)| {
        let permuted = (0..place % 8).fold(digit, |digit, _| entry(&PERMUTATION, digit));
        PRODUCT.get(check as usize).map_or(0, |row| entry(row, permuted))
    });
    check == 0
}

fn entry(row: &[u8; 10], column: u32) -> u32 {
    row.get(column as usize).copied().unwrap_or(0).into()
}
