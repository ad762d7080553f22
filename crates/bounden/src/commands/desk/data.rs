//! The customers and orders of the desk: fixed at the start, changed by calls.

use std::collections::{BTreeMap, BTreeSet};

use bounden_base::Decimal;

pub(super) struct Order {
    pub(super) customer: &'static str,
    pub(super) item: &'static str,
    pub(super) status: Status,
    pub(super) age_days: i64,
    pub(super) total: Decimal,
    pub(super) refunded: Decimal,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    InTransit,
    Delivered,
    Returned,
}

/// Everything that calls read and change.
pub(super) struct Shop {
    pub(super) orders: BTreeMap<&'static str, Order>,
    pub(super) emails: BTreeMap<&'static str, &'static str>,
    pub(super) closed: BTreeSet<String>,
    /// Refunds that belong to no order, by customer.
    pub(super) goodwill: BTreeMap<String, Decimal>,
    /// Cases waiting in each queue.
    pub(super) queues: BTreeMap<String, u32>,
    numbers: u32,
}

const CUSTOMERS: [(&str, &str); 4] = [
    ("C-001", "ada.keller@mail.example"),
    ("C-002", "bruno.sato@mail.example"),
    ("C-003", "carla.ndiaye@mail.example"),
    ("C-004", "dev.lindqvist@mail.example"),
];

/// Number, customer, item, status, age in days, total in US dollars.
const ORDERS: [(&str, &str, &str, Status, i64, i64); 6] = [
    ("A-1001", "C-001", "Walking boots", Status::Delivered, 12, 129),
    ("A-1002", "C-001", "Road bicycle", Status::Delivered, 21, 899),
    ("A-1003", "C-002", "Rain jacket", Status::Delivered, 3, 240),
    ("A-1004", "C-002", "Tent for four", Status::Delivered, 45, 1450),
    ("A-1005", "C-003", "Head torch", Status::InTransit, 0, 60),
    ("A-1006", "C-004", "Sea kayak", Status::Delivered, 8, 2100),
];

impl Shop {
    pub(super) fn new() -> Self {
        let order = |(number, customer, item, status, age_days, total)| {
            let total = Decimal::from(total);
            (number, Order { customer, item, status, age_days, total, refunded: Decimal::ZERO })
        };
        Self {
            orders: ORDERS.into_iter().map(order).collect(),
            emails: CUSTOMERS.into_iter().collect(),
            closed: BTreeSet::new(),
            goodwill: BTreeMap::new(),
            queues: BTreeMap::new(),
            numbers: 0,
        }
    }

    /// A new number such as `R-0001`; no two are equal.
    pub(super) fn number(&mut self, letter: char) -> String {
        self.numbers += 1;
        format!("{letter}-{:04}", self.numbers)
    }

    /// What a customer has paid and not been given back.
    pub(super) fn left_to_refund(&self, customer: &str) -> Option<Decimal> {
        let orders = self.orders.values().filter(|order| order.customer == customer);
        let of_orders =
            orders.filter_map(Order::left).try_fold(Decimal::ZERO, Decimal::checked_add)?;
        of_orders.checked_sub(self.goodwill.get(customer).copied().unwrap_or(Decimal::ZERO))
    }
}

impl Order {
    pub(super) fn left(&self) -> Option<Decimal> {
        self.total.checked_sub(self.refunded)
    }
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::InTransit => "in_transit",
            Self::Delivered => "delivered",
            Self::Returned => "returned",
        }
    }
}
