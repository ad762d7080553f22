//! The type of a plain scalar: JSON's rules and nothing else. What other YAML
//! readers would take for something else is an error, never a text by surprise.

use bounden_base::{Decimal, DecimalError, Diagnostic, Span};

use super::Value;

/// A plain scalar that has a type of its own; a text otherwise.
pub(super) enum Plain {
    Typed(Value),
    Text,
    Refused(Diagnostic),
}

const MAX_INTEGER: i64 = (1 << 53) - 1;
const MAX_DIGITS: usize = 15;

/// Decides what `source`, written without quotes at `span`, is.
pub(super) fn plain(source: &str, span: Span) -> Plain {
    match source {
        "" | "null" => return Plain::Typed(Value::Null),
        "true" => return Plain::Typed(Value::Bool(true)),
        "false" => return Plain::Typed(Value::Bool(false)),
        _ => {}
    }
    match source.parse::<Decimal>() {
        Ok(number) => match out_of_range(source, number) {
            Some((code, message)) => Plain::Refused(number_error(code, span, message)),
            None => Plain::Typed(Value::Number(number)),
        },
        Err(DecimalError::Exponent) => Plain::Refused(number_error(
            "B016",
            span,
            "the exponent of this number is outside -300 to 300".to_owned(),
        )),
        Err(DecimalError::Digits) => Plain::Refused(number_error("B015", span, too_many_digits())),
        Err(DecimalError::Syntax) => match misread_as(source) {
            Some(meaning) => Plain::Refused(misread(source, span, meaning)),
            None => Plain::Text,
        },
    }
}

fn out_of_range(source: &str, number: Decimal) -> Option<(&'static str, String)> {
    let is_written_as_integer = source.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_written_as_integer {
        let fits = number.to_i64().is_some_and(|n| (-MAX_INTEGER..=MAX_INTEGER).contains(&n));
        let message = || format!("this integer is outside ±(2^53−1), that is ±{MAX_INTEGER}");
        return (!fits).then(|| ("B014", message()));
    }
    let digits = number.parts().0.unsigned_abs().to_string().len();
    (digits > MAX_DIGITS).then(|| ("B015", too_many_digits()))
}

fn too_many_digits() -> String {
    format!("this number has more than {MAX_DIGITS} significant digits")
}

fn number_error(code: &str, span: Span, message: String) -> Diagnostic {
    Diagnostic::error(code, span, message).help("JSON readers elsewhere would round it; quote it if it is a name, or write a smaller number")
}

fn misread(source: &str, span: Span, meaning: &str) -> Diagnostic {
    let message = format!("some YAML readers take `{source}` for {meaning}");
    let help = match boolean_word(source) {
        Some(value) => format!("write `{value}`, or `\"{source}\"` for the text"),
        None => format!("write the value as JSON does, or `\"{source}\"` for the text"),
    };
    Diagnostic::error("B013", span, message).help(help)
}

/// What YAML 1.1 or the core schema of YAML 1.2 would take the text for.
fn misread_as(source: &str) -> Option<&'static str> {
    if boolean_word(source).is_some() {
        return Some("a boolean");
    }
    if matches!(source, "~" | "Null" | "NULL") {
        return Some("null");
    }
    let unsigned = source.strip_prefix(['+', '-']).unwrap_or(source);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return Some("a number that is none");
    }
    looks_numeric(&lower).then_some("a number")
}

fn boolean_word(source: &str) -> Option<bool> {
    match source.to_ascii_lowercase().as_str() {
        "yes" | "on" | "true" => Some(true),
        "no" | "off" | "false" => Some(false),
        _ => None,
    }
}

fn looks_numeric(unsigned: &str) -> bool {
    let all = |text: &str, allowed: fn(char) -> bool| !text.is_empty() && text.chars().all(allowed);
    let based = |prefix: &str, digit: fn(char) -> bool| {
        unsigned.strip_prefix(prefix).is_some_and(|rest| all(rest, digit))
    };
    let digits = |text: &str| all(text, |c| c.is_ascii_digit() || c == '_');
    let starts_with_digit = unsigned.starts_with(|c: char| c.is_ascii_digit());
    based("0x", |c| c.is_ascii_hexdigit() || c == '_')
        || based("0o", |c| c.is_digit(8))
        || based("0b", |c| matches!(c, '0' | '1' | '_'))
        || (starts_with_digit && digits(unsigned))
        || (starts_with_digit && unsigned.contains(':') && unsigned.split(':').all(digits))
        || is_loose_float(unsigned)
}

/// `+1`, `.5`, `1.`, `1_000.5`, `01e3`: numbers to others, not to JSON.
fn is_loose_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = unsigned.split_once('e').unwrap_or((unsigned, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digit = mantissa.chars().any(|c| c.is_ascii_digit());
    has_digit
        && !mantissa.starts_with('_')
        && digits(whole)
        && digits(fraction)
        && !exponent.is_empty()
        && exponent.chars().all(|c| c.is_ascii_digit())
}
