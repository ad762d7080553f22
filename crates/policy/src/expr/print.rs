//! The one way in which an expression is written back.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{Expr, ExprKind, Operator};

const TERNARY: u8 = 0;
const UNARY: u8 = 6;
const POSTFIX: u8 = 7;

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Null => f.write_str("null"),
            ExprKind::Bool(value) => write!(f, "{value}"),
            ExprKind::Number(number) => number.fmt(f),
            ExprKind::Text(text) => quoted(text, f),
            ExprKind::List(items) => {
                f.write_str("[")?;
                separated(items, f)?;
                f.write_str("]")
            }
            ExprKind::Name(name) => f.write_str(name),
            ExprKind::Field(of, name) => {
                operand(of, POSTFIX, f)?;
                f.write_str(".")?;
                f.write_str(name)
            }
            ExprKind::Index(of, index) => {
                operand(of, POSTFIX, f)?;
                match &index.kind {
                    // One place has one spelling.
                    ExprKind::Text(name) if is_name(name) => write!(f, ".{name}"),
                    _ => write!(f, "[{index}]"),
                }
            }
            ExprKind::Not(inner) => {
                f.write_str("!")?;
                operand(inner, UNARY, f)
            }
            ExprKind::Negate(inner) => {
                f.write_str("-")?;
                operand(inner, UNARY, f)
            }
            ExprKind::Binary(operator, left, right) => {
                let own = operator.precedence();
                let relation = own == Operator::Equal.precedence();
                operand(left, own + u8::from(relation), f)?;
                f.write_str(" ")?;
                f.write_str(operator.symbol())?;
                f.write_str(" ")?;
                operand(right, own + 1, f)
            }
            ExprKind::Choose(condition, yes, no) => {
                operand(condition, TERNARY + 1, f)?;
                write!(f, " ? {yes} : {no}")
            }
            ExprKind::Call { receiver, name, args } => {
                if let Some(receiver) = receiver {
                    operand(receiver, POSTFIX, f)?;
                    f.write_str(".")?;
                }
                f.write_str(name)?;
                f.write_str("(")?;
                separated(args, f)?;
                f.write_str(")")
            }
        }
    }
}

/// A text with the escapes that are read as one character, and no others: what else stands behind
/// a backslash is read as two.
fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            plain => f.write_char(plain)?,
        }
    }
    f.write_char('"')
}

/// Whether a member can be named after a dot.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn separated(items: &[Expr], f: &mut Formatter<'_>) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// Writes a part, in brackets where it binds less tightly than its place demands.
fn operand(part: &Expr, demanded: u8, f: &mut Formatter<'_>) -> fmt::Result {
    let own = match &part.kind {
        ExprKind::Choose(..) => TERNARY,
        ExprKind::Binary(operator, ..) => operator.precedence(),
        ExprKind::Not(_) | ExprKind::Negate(_) => UNARY,
        _ => POSTFIX,
    };
    if own >= demanded {
        return part.fmt(f);
    }
    write!(f, "({part})")
}
