//! Binary logarithms of whole numbers, in whole numbers.

/// What 1 is in the fixed-point numbers of this file.
pub(super) const ONE: i32 = 1 << BITS;
/// Bits after the point.
const BITS: u32 = 8;

/// The binary logarithm of `number`, in 1/256, rounded down; that of 0 is taken for that of 1.
///
/// Every bit after the point is found by squaring the mantissa (Knuth, *The Art of
/// Computer Programming*, volume 1, section 1.2.2), so that the result is the
/// same on every machine.
pub(super) const fn log2(number: u32) -> i32 {
    if number == 0 {
        return 0;
    }
    let whole = number.ilog2();
    // Between 1 and 2, with 31 bits after the point.
    let mut mantissa = (number as u64) << (31 - whole);
    let mut result = whole as i32;
    let mut bit = 0;
    while bit < BITS {
        mantissa = (mantissa * mantissa) >> 31;
        result <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            result += 1;
        }
        bit += 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_logarithm_rounded_down() {
        for number in (1..5_000).chain([65_535, 65_536, 1 << 20, u32::MAX - 1, u32::MAX]) {
            let exact = f64::from(number).log2() * f64::from(ONE);
            let own = f64::from(log2(number));
            assert!(own <= exact + 1e-6 && exact < own + 1.0 + 1e-6, "{number}: {own} {exact}");
        }
        assert_eq!((log2(0), log2(1), log2(2), log2(8)), (0, 0, ONE, 3 * ONE));
    }
}
