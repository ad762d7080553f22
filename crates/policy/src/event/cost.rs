//! How a cost goes from one process of a guard to another: an exact number.

use bounden_base::{Decimal, Json};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

pub(super) fn serialize<S: Serializer>(cost: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    cost.map(Json::from).serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    let number =
        |cost: Json| cost.as_decimal().ok_or_else(|| D::Error::custom("a cost is a number"));
    Option::<Json>::deserialize(from)?.map(number).transpose()
}
