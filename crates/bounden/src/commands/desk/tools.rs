//! What each tool of the desk does.

use std::collections::BTreeSet;

use bounden_base::json::Members;
use bounden_base::{Decimal, Json};

use super::super::example_server::Outcome;
use super::data::{Shop, Status};

/// Runs a tool; `None` where the desk has none of this name.
pub(super) fn run(shop: &mut Shop, tool: &str, arguments: &Json) -> Option<Outcome> {
    let tool: fn(&mut Shop, &mut Arguments) -> Outcome = match tool {
        "get_order" => get_order,
        "issue_return" => issue_return,
        "issue_refund" => issue_refund,
        "close_account" => close_account,
        "escalate_to_human" => escalate_to_human,
        _ => return None,
    };
    Some(tool(shop, &mut Arguments(arguments.as_object().cloned().unwrap_or_default())))
}

fn get_order(shop: &mut Shop, arguments: &mut Arguments) -> Outcome {
    let number = arguments.text("order_id")?;
    arguments.finish()?;
    let order = shop.orders.get(number.as_str()).ok_or_else(|| unknown("order", &number))?;
    Ok(Json::object([
        ("order_id", number.into()),
        ("customer_id", order.customer.into()),
        ("email", shop.emails.get(order.customer).copied().unwrap_or_default().into()),
        ("item", order.item.into()),
        ("status", order.status.name().into()),
        ("age_days", order.age_days.into()),
        ("total", order.total.into()),
        ("refunded", order.refunded.into()),
        ("currency", "USD".into()),
    ]))
}

fn issue_return(shop: &mut Shop, arguments: &mut Arguments) -> Outcome {
    let number = arguments.text("order_id")?;
    arguments.optional_text("reason")?;
    arguments.finish()?;
    let order = shop.orders.get_mut(number.as_str()).ok_or_else(|| unknown("order", &number))?;
    refuse_closed(&shop.closed, order.customer)?;
    match order.status {
        Status::InTransit => return Err(format!("order {number} has not been delivered yet")),
        Status::Returned => return Err(format!("order {number} has been returned already")),
        Status::Delivered if order.age_days >= 30 => {
            return Err(format!(
                "order {number} is {} days old; returns are open for less than 30 days",
                order.age_days
            ));
        }
        Status::Delivered => order.status = Status::Returned,
    }
    let return_id = shop.number('R');
    Ok(Json::object([
        ("url", Json::from(format!("https://returns.acme.example/{return_id}"))),
        ("return_id", return_id.into()),
        ("order_id", number.into()),
        ("status", "confirmed".into()),
    ]))
}

fn issue_refund(shop: &mut Shop, arguments: &mut Arguments) -> Outcome {
    let customer = arguments.text("customer_id")?;
    let number = arguments.optional_text("order_id")?;
    let amount = arguments.amount("amount")?;
    let currency = arguments.optional_text("currency")?.unwrap_or_else(|| "USD".to_owned());
    arguments.finish()?;
    if currency != "USD" {
        return Err(format!("refunds are paid in USD, not in {currency}"));
    }
    if !shop.emails.contains_key(customer.as_str()) {
        return Err(unknown("customer", &customer));
    }
    refuse_closed(&shop.closed, &customer)?;
    match &number {
        Some(number) => refund_order(shop, &customer, number, amount)?,
        None => refund_goodwill(shop, &customer, amount)?,
    }
    Ok(Json::object([
        ("refund_id", Json::from(shop.number('P'))),
        ("customer_id", customer.into()),
        ("amount", amount.into()),
        ("currency", currency.into()),
        ("status", "paid".into()),
    ]))
}

fn refund_order(
    shop: &mut Shop,
    customer: &str,
    number: &str,
    amount: Decimal,
) -> Result<(), String> {
    let left_of_customer = shop.left_to_refund(customer);
    let order = shop.orders.get_mut(number).ok_or_else(|| unknown("order", number))?;
    if order.customer != customer {
        return Err(format!("order {number} belongs to another customer"));
    }
    let left = order.left().min(left_of_customer).unwrap_or(Decimal::ZERO);
    let refunded = order.refunded.checked_add(amount);
    match refunded.filter(|_| amount <= left) {
        Some(refunded) => order.refunded = refunded,
        None => return Err(format!("{amount} is more than the {left} left of order {number}")),
    }
    Ok(())
}

fn refund_goodwill(shop: &mut Shop, customer: &str, amount: Decimal) -> Result<(), String> {
    let left = shop.left_to_refund(customer).unwrap_or(Decimal::ZERO);
    let goodwill = shop.goodwill.entry(customer.to_owned()).or_insert(Decimal::ZERO);
    match goodwill.checked_add(amount).filter(|_| amount <= left) {
        Some(sum) => *goodwill = sum,
        None => {
            return Err(format!(
                "{amount} is more than the {left} that customer {customer} has paid"
            ));
        }
    }
    Ok(())
}

fn close_account(shop: &mut Shop, arguments: &mut Arguments) -> Outcome {
    let customer = arguments.text("customer_id")?;
    arguments.finish()?;
    if !shop.emails.contains_key(customer.as_str()) {
        return Err(unknown("customer", &customer));
    }
    shop.closed.insert(customer.clone());
    Ok(Json::object([("customer_id", Json::from(customer)), ("status", "closed".into())]))
}

fn escalate_to_human(shop: &mut Shop, arguments: &mut Arguments) -> Outcome {
    let queue = arguments.text("queue")?;
    arguments.optional_text("summary")?;
    arguments.finish()?;
    if !["support", "billing", "security"].contains(&queue.as_str()) {
        return Err(unknown("queue", &queue));
    }
    let ticket = shop.number('T');
    let waiting = shop.queues.entry(queue.clone()).or_insert(0);
    *waiting += 1;
    Ok(Json::object([
        ("ticket_id", Json::from(ticket)),
        ("position", Json::from(i64::from(*waiting))),
        ("queue", queue.into()),
    ]))
}

fn unknown(kind: &str, name: &str) -> String {
    format!("there is no {kind} {name}")
}

fn refuse_closed(closed: &BTreeSet<String>, customer: &str) -> Result<(), String> {
    if closed.contains(customer) {
        Err(format!("the account of {customer} is closed"))
    } else {
        Ok(())
    }
}

/// Arguments that were not read yet.
struct Arguments(Members);

impl Arguments {
    fn text(&mut self, name: &str) -> Result<String, String> {
        self.optional_text(name)?.ok_or_else(|| format!("`{name}` is missing"))
    }

    fn optional_text(&mut self, name: &str) -> Result<Option<String>, String> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("`{name}` has to be a string, not {}", other.type_name())),
        }
    }

    fn amount(&mut self, name: &str) -> Result<Decimal, String> {
        let Some(value) = self.0.remove(name) else { return Err(format!("`{name}` is missing")) };
        match value.as_decimal() {
            Some(amount) if amount > Decimal::ZERO => Ok(amount),
            Some(amount) => Err(format!("`{name}` has to be more than 0, not {amount}")),
            None => Err(format!("`{name}` has to be a number, not {}", value.type_name())),
        }
    }

    /// Refuses whatever was not read.
    fn finish(&self) -> Result<(), String> {
        match self.0.keys().next() {
            Some(name) => Err(format!("there is no argument `{name}`")),
            None => Ok(()),
        }
    }
}
