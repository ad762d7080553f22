//! Values with a unit: durations, thresholds and version ranges.

use std::fmt;

use bounden_base::{Decimal, Json};

use crate::read::{Scalar, text};
use crate::yaml::{Node, Value};

/// A length of time, such as `30d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    /// In seconds.
    pub seconds: u64,
}

/// A bound on a figure, such as `< 15%` or `>= 0.95`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// Whether larger values are the good ones.
    pub at_least: bool,
    /// Whether the bound itself is good.
    pub inclusive: bool,
    /// The bound; `15%` is 0.15.
    pub bound: Decimal,
}

/// Which releases fit, such as `>=2.0, <3`; all comparisons have to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// As it is written.
    text: String,
    comparisons: Vec<(Comparison, Version)>,
}

type Version = [u64; 3];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Exactly,
    AtLeast,
    Above,
    AtMost,
    Below,
    /// The same up to the left-most part that is not zero.
    Compatible,
    /// The same major and minor version.
    Approximately,
}

const UNITS: [(&str, u64); 5] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 604_800)];

const COMPARISONS: [(&str, Comparison); 7] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    ("<", Comparison::Below),
    ("=", Comparison::Exactly),
    ("^", Comparison::Compatible),
    ("~", Comparison::Approximately),
];

impl Duration {
    /// Reads a whole number and a unit: s, m, h, d or w.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        UNITS.iter().find_map(|(unit, seconds)| {
            let count: u64 = whole(text.strip_suffix(unit)?)?;
            count.checked_mul(*seconds).map(|seconds| Self { seconds })
        })
    }
}

impl Threshold {
    /// Reads a comparison and a number, which may be a percentage.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let signs =
            [(">=", true, true), ("<=", false, true), (">", true, false), ("<", false, false)];
        let (sign, at_least, inclusive) =
            signs.into_iter().find(|(sign, ..)| text.starts_with(sign))?;
        let number = text.strip_prefix(sign)?.trim();
        let bound = match number.strip_suffix('%') {
            Some(percent) => {
                let percent: Decimal = percent.trim().parse().ok()?;
                percent.checked_div(Decimal::from(100_i64))?
            }
            None => number.parse().ok()?,
        };
        Some(Self { at_least, inclusive, bound })
    }

    /// Whether `value` is on the good side.
    #[must_use]
    pub fn holds(self, value: Decimal) -> bool {
        (self.inclusive && value == self.bound)
            || if self.at_least { value > self.bound } else { value < self.bound }
    }
}

impl VersionRange {
    /// Reads comparisons separated by commas; `*` fits everything.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let parts: Vec<_> = if text == "*" { Vec::new() } else { text.split(',').collect() };
        let comparisons = parts.into_iter().map(|part| comparison(part.trim()));
        let comparisons = comparisons.collect::<Option<_>>()?;
        Some(Self { text: text.to_owned(), comparisons })
    }

    /// Whether a release fits; pre-releases never do.
    #[must_use]
    pub fn allows(&self, release: &str) -> bool {
        let release = release.split_once('+').map_or(release, |(release, _)| release);
        version(release).is_some_and(|release| {
            self.comparisons.iter().all(|(comparison, bound)| comparison.holds(release, *bound))
        })
    }

    /// Whether the range names one release only.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.comparisons.iter().any(|(comparison, _)| *comparison == Comparison::Exactly)
    }
}

impl Comparison {
    fn holds(self, release: Version, bound: Version) -> bool {
        let [major, minor, patch] = bound;
        match self {
            Self::Exactly => release == bound,
            Self::AtLeast => release >= bound,
            Self::Above => release > bound,
            Self::AtMost => release <= bound,
            Self::Below => release < bound,
            Self::Approximately => release >= bound && release < [major, minor + 1, 0],
            Self::Compatible => {
                let next = match bound {
                    [0, 0, _] => [0, 0, patch + 1],
                    [0, ..] => [0, minor + 1, 0],
                    _ => [major + 1, 0, 0],
                };
                release >= bound && release < next
            }
        }
    }
}

fn comparison(text: &str) -> Option<(Comparison, Version)> {
    let found = COMPARISONS
        .iter()
        .find_map(|(sign, comparison)| Some((*comparison, text.strip_prefix(sign)?.trim())));
    let (comparison, number) = found.unwrap_or((Comparison::Exactly, text));
    version(number).map(|version| (comparison, version))
}

fn version(text: &str) -> Option<Version> {
    let mut version = [0; 3];
    let parts: Vec<_> = text.split('.').map(whole).collect::<Option<_>>()?;
    if parts.len() > version.len() {
        return None;
    }
    for (slot, part) in version.iter_mut().zip(parts) {
        *slot = part;
    }
    Some(version)
}

fn whole(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { text.parse().ok()? } else { return None };
    (number < 1 << 40).then_some(number)
}

impl Scalar for Duration {
    fn expected() -> String {
        "a duration such as `30d`, `24h` or `15m`".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        Self::parse(node.text()?)
    }

    fn to_value(&self) -> Value {
        text(self.to_string())
    }

    fn schema() -> Json {
        pattern("^[0-9]+[smhdw]$")
    }
}

impl Scalar for Threshold {
    fn expected() -> String {
        "a bound such as `< 15%` or `>= 0.95`".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        Self::parse(node.text()?)
    }

    fn to_value(&self) -> Value {
        text(self.to_string())
    }

    fn schema() -> Json {
        pattern("^ *[<>]=? *-?[0-9]+(\\.[0-9]+)? *%? *$")
    }
}

impl Scalar for VersionRange {
    fn expected() -> String {
        "a version range such as `\">=2.0, <3\"`".to_owned()
    }

    fn from_node(node: &Node) -> Option<Self> {
        Self::parse(node.text()?)
    }

    fn to_value(&self) -> Value {
        text(self.text.clone())
    }

    fn schema() -> Json {
        pattern("^[0-9.*<>=^~, ]+$")
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |seconds: u64| self.seconds.is_multiple_of(seconds) && self.seconds >= seconds;
        // Weeks are read, but days are what people compare.
        let (unit, seconds) = UNITS
            .into_iter()
            .rev()
            .find(|(unit, seconds)| *unit != "w" && fits(*seconds))
            .unwrap_or(("s", 1));
        write!(f, "{}{unit}", self.seconds / seconds)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.at_least { ">" } else { "<" };
        write!(f, "{sign}{} {}", if self.inclusive { "=" } else { "" }, self.bound)
    }
}

fn pattern(regex: &str) -> Json {
    Json::object([("type", "string".into()), ("pattern", regex.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        for (text, shown) in
            [("90s", "90s"), ("15m", "15m"), ("24h", "1d"), ("30d", "30d"), ("2w", "14d")]
        {
            assert_eq!(Duration::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "d", "30", "-1d", "1.5h", "30 d", "1y", "99999999999999999999d"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
    }

    #[test]
    fn thresholds_compare_on_the_right_side() {
        let holds =
            |text: &str, value: &str| Threshold::parse(text).unwrap().holds(value.parse().unwrap());
        assert!(holds("< 15%", "0.149") && !holds("< 15%", "0.15"));
        assert!(holds("<=15%", "0.15") && !holds("<=15%", "0.151"));
        assert!(holds(">= 0.95", "0.95") && !holds(">= 0.95", "0.949"));
        assert!(holds("> 2", "3") && !holds("> 2", "2"));
        for text in ["15%", "= 3", "<", "< x", "< 1 2"] {
            assert_eq!(Threshold::parse(text), None, "{text}");
        }
    }

    #[test]
    fn version_ranges_fit_as_package_managers_say() {
        let allows =
            |range: &str, release: &str| VersionRange::parse(range).unwrap().allows(release);
        for (range, inside, outside) in [
            (">=2.0", "2.0.0", "1.9.9"),
            (">=2.0, <3", "2.99", "3.0.0"),
            ("^1.2", "1.9.0", "2.0.0"),
            ("^0.2.3", "0.2.9", "0.3.0"),
            ("^0.0.3", "0.0.3", "0.0.4"),
            ("~1.2", "1.2.9", "1.3.0"),
            ("1.2.3", "1.2.3", "1.2.4"),
            ("> 1", "1.0.1", "1.0.0"),
            ("<= 1.5", "1.5.0", "1.5.1"),
            ("*", "0.0.1", "1.0.0-rc.1"),
        ] {
            assert!(allows(range, inside), "{range} {inside}");
            assert!(!allows(range, outside), "{range} {outside}");
        }
        for text in ["", ">=", "latest", "1.2.3.4", "1.x", ">=1,", ">=1 <2"] {
            assert_eq!(VersionRange::parse(text), None, "{text}");
        }
        assert!(VersionRange::parse("=1.2.3").unwrap().is_exact());
        assert!(!VersionRange::parse("^1.2.3").unwrap().is_exact());
    }
}
