//! Builds the tree of an expression by precedence climbing.

use bounden_base::Span;

use super::lex::{Token, tokens};
use super::{Expr, ExprKind, Operator};

/// A text is not an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) span: Span,
    pub(crate) message: String,
}

/// Deepest nesting of brackets and operators, far above what a person writes.
const MAX_DEPTH: usize = 48;
/// Longest chain such as `a && b && c`, which nests as deeply as brackets do.
const MAX_CHAIN: usize = 256;
/// Longest expression, in bytes.
const MAX_BYTES: usize = 16 * 1024;

impl SyntaxError {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// Parses one expression.
pub(crate) fn parse(text: &str) -> Result<Expr, SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::new(Span::new(0, MAX_BYTES), "an expression has at most 16 KiB"));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let expr = parser.ternary()?;
    match parser.peek() {
        Token::End => Ok(expr),
        Token::Symbol("<" | "<=" | ">" | ">=" | "==" | "!=") => Err(SyntaxError::new(
            parser.span(),
            "comparisons do not chain; join two of them with `&&`",
        )),
        _ => Err(SyntaxError::new(
            parser.span(),
            format!("the expression has ended before this{}", parser.advice()),
        )),
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Expr, SyntaxError>;

impl Parser {
    fn ternary(&mut self) -> Parsed {
        self.depth += 1;
        self.refuse_beyond(MAX_DEPTH, self.depth)?;
        let condition = self.binary(1)?;
        let expr = if self.take("?") {
            let yes = self.ternary()?;
            self.expect(":", "`:` between the two values of `?`")?;
            let no = self.ternary()?;
            let span = condition.span.to(no.span);
            Expr { span, kind: ExprKind::Choose(condition.into(), yes.into(), no.into()) }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn binary(&mut self, tightest: u8) -> Parsed {
        let mut left = self.unary()?;
        let mut chain = 0;
        while let Some(operator) = self.operator()
            && operator.precedence() >= tightest
        {
            self.at += 1;
            chain += 1;
            self.refuse_beyond(MAX_CHAIN, chain)?;
            let right = self.binary(operator.precedence() + 1)?;
            let span = left.span.to(right.span);
            left = Expr { span, kind: ExprKind::Binary(operator, left.into(), right.into()) };
            // Relations do not chain: whoever follows has to bind less tightly.
            if operator.precedence() == Operator::Equal.precedence()
                && self.operator().is_some_and(|next| next.precedence() == operator.precedence())
            {
                break;
            }
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span();
        let kind: fn(Box<Expr>) -> ExprKind = match self.peek() {
            Token::Symbol("!") => ExprKind::Not,
            Token::Symbol("-") => ExprKind::Negate,
            _ => return self.postfix(),
        };
        self.at += 1;
        self.depth += 1;
        self.refuse_beyond(MAX_DEPTH, self.depth)?;
        let operand = self.unary()?;
        self.depth -= 1;
        Ok(Expr { span: start.to(operand.span), kind: kind(operand.into()) })
    }

    fn postfix(&mut self) -> Parsed {
        let mut expr = self.primary()?;
        let mut chain = 0;
        loop {
            chain += 1;
            self.refuse_beyond(MAX_CHAIN, chain)?;
            if self.take(".") {
                let name_span = self.span();
                let name = self.name("a name after `.`")?;
                expr = if self.take("(") {
                    let args = self.list(")", "`,` or `)`")?;
                    let span = expr.span.to(self.previous());
                    Expr { span, kind: ExprKind::Call { receiver: Some(expr.into()), name, args } }
                } else {
                    let span = expr.span.to(name_span);
                    Expr { span, kind: ExprKind::Field(expr.into(), name) }
                };
            } else if self.take("[") {
                let index = self.ternary()?;
                self.expect("]", "`]`")?;
                let span = expr.span.to(self.previous());
                expr = Expr { span, kind: ExprKind::Index(expr.into(), index.into()) };
            } else {
                return Ok(expr);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let span = self.span();
        let token = self.peek().clone();
        self.at += 1;
        let kind = match token {
            Token::Number(number) => ExprKind::Number(number),
            Token::Text(text) => ExprKind::Text(text),
            Token::Name(name) => match name.as_str() {
                "true" => ExprKind::Bool(true),
                "false" => ExprKind::Bool(false),
                "null" => ExprKind::Null,
                _ if self.take("(") => {
                    let args = self.list(")", "`,` or `)`")?;
                    let kind = ExprKind::Call { receiver: None, name, args };
                    return Ok(Expr { span: span.to(self.previous()), kind });
                }
                _ => ExprKind::Name(name),
            },
            Token::Symbol("(") => {
                let inner = self.ternary()?;
                self.expect(")", "`)`")?;
                return Ok(Expr { span: span.to(self.previous()), kind: inner.kind });
            }
            Token::Symbol("[") => {
                let items = self.list("]", "`,` or `]`")?;
                return Ok(Expr { span: span.to(self.previous()), kind: ExprKind::List(items) });
            }
            Token::End => return Err(SyntaxError::new(span, "a value is missing here")),
            Token::Symbol(symbol) => {
                let after = self.at.checked_sub(2).and_then(|before| self.tokens.get(before));
                let advice = match (after, symbol) {
                    (Some((Token::Symbol("<"), _)), ">") => "; write `!=`",
                    (_, ".") => "; a number begins with a digit: `0.5`",
                    (_, "{") => "; there are no maps to be written",
                    _ => "",
                };
                return Err(SyntaxError::new(
                    span,
                    format!("a value is expected here, not `{symbol}`{advice}"),
                ));
            }
        };
        Ok(Expr { span, kind })
    }

    fn list(&mut self, close: &'static str, wanted: &str) -> Result<Vec<Expr>, SyntaxError> {
        let mut items = Vec::new();
        if self.take(close) {
            return Ok(items);
        }
        loop {
            items.push(self.ternary()?);
            if self.take(close) {
                return Ok(items);
            }
            self.expect(",", wanted)?;
        }
    }

    fn operator(&self) -> Option<Operator> {
        Some(match self.peek() {
            Token::Name(name) if name == "in" => Operator::In,
            Token::Symbol("||") => Operator::Or,
            Token::Symbol("&&") => Operator::And,
            Token::Symbol("==") => Operator::Equal,
            Token::Symbol("!=") => Operator::NotEqual,
            Token::Symbol("<") => Operator::Less,
            Token::Symbol("<=") => Operator::LessEqual,
            Token::Symbol(">") => Operator::Greater,
            Token::Symbol(">=") => Operator::GreaterEqual,
            Token::Symbol("+") => Operator::Add,
            Token::Symbol("-") => Operator::Subtract,
            Token::Symbol("*") => Operator::Multiply,
            Token::Symbol("/") => Operator::Divide,
            Token::Symbol("%") => Operator::Remainder,
            _ => return None,
        })
    }

    fn name(&mut self, wanted: &str) -> Result<String, SyntaxError> {
        if let Token::Name(name) = self.peek().clone() {
            self.at += 1;
            return Ok(name);
        }
        Err(SyntaxError::new(self.span(), format!("{wanted} is expected here")))
    }

    fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str, wanted: &str) -> Result<(), SyntaxError> {
        if self.take(symbol) {
            return Ok(());
        }
        Err(SyntaxError::new(self.span(), format!("{wanted} is expected here")))
    }

    fn refuse_beyond(&self, limit: usize, depth: usize) -> Result<(), SyntaxError> {
        if depth <= limit {
            return Ok(());
        }
        Err(SyntaxError::new(self.span(), "the expression is nested too deeply"))
    }

    /// What was probably meant where an expression goes on without an operator.
    fn advice(&self) -> &'static str {
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before));
        match (before, self.peek()) {
            (Some((Token::Name(name), _)), _) if name == "not" => "; write `!`",
            (_, Token::Name(name)) if name == "and" => "; write `&&`",
            (_, Token::Name(name)) if name == "or" => "; write `||`",
            (_, Token::Name(name)) if name == "is" => "; write `==`",
            (_, Token::Name(name)) if name == "not" => "; write `!(… in …)`",
            _ => "",
        }
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).or(self.tokens.last()).map(|(_, span)| *span).unwrap_or_default()
    }

    fn previous(&self) -> Span {
        self.tokens.get(self.at.saturating_sub(1)).map(|(_, span)| *span).unwrap_or_default()
    }
}
