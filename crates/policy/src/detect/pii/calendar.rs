//! Which days there are.

/// Whether the proleptic Gregorian calendar has this day.
pub(super) fn has(year: u32, month: u32, day: u32) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn leap_years_are_known() {
        assert!(has(2000, 2, 29) && has(2024, 2, 29) && !has(1900, 2, 29) && !has(2023, 2, 29));
        assert!(has(2026, 12, 31) && !has(2026, 4, 31) && !has(2026, 13, 1) && !has(2026, 1, 0));
    }
}
