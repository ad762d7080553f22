//! How values are written that have no form of their own for bytes.

/// An exact decimal, as its shortest text.
pub(crate) mod number {
    use bounden_base::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(number: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        number.to_string().serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        <&str>::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// Exact decimals.
pub(crate) mod numbers {
    use bounden_base::Decimal;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(numbers: &[Decimal], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(numbers.iter().map(Decimal::to_string))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Decimal>, D::Error> {
        let texts = Vec::<&str>::deserialize(from)?;
        texts.into_iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
    }
}

/// An amount, or why it is not known.
pub(crate) mod amount {
    use bounden_base::Decimal;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use crate::doubt::Doubt;

    pub(crate) fn serialize<S: Serializer>(
        amount: &Result<Decimal, Doubt>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        amount.map(|number| number.to_string()).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Result<Decimal, Doubt>, D::Error> {
        match Result::<&str, Doubt>::deserialize(from)? {
            Ok(text) => text.parse().map(Ok).map_err(D::Error::custom),
            Err(doubt) => Ok(Err(doubt)),
        }
    }
}

/// An exact sum, as the parts that add up to it.
pub(crate) mod sum {
    use bounden_base::DecimalSum;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(sum: &DecimalSum, to: S) -> Result<S::Ok, S::Error> {
        sum.parts().serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DecimalSum, D::Error> {
        let parts = Vec::<(i128, i32)>::deserialize(from)?;
        DecimalSum::from_parts(&parts).ok_or_else(|| D::Error::custom("no sum"))
    }
}

/// A JSON value, as its canonical text.
pub(crate) mod json {
    use bounden_base::Json;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(json: &Option<Json>, to: S) -> Result<S::Ok, S::Error> {
        json.as_ref().map(Json::canonical).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Json>, D::Error> {
        let text = Option::<&str>::deserialize(from)?;
        text.map(|text| Json::parse(text.as_bytes()).map_err(D::Error::custom)).transpose()
    }
}

/// Arguments that were kept as a text, or none.
pub(crate) mod sent {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::Arguments;

    pub(crate) fn serialize<S: Serializer>(
        sent: &Option<Arguments>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        sent.as_ref().and_then(Arguments::text).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Arguments>, D::Error> {
        Ok(Option::<&str>::deserialize(from)?.map(Arguments::from_text))
    }
}

/// Arguments, as the text that they came as or as the canonical text of the value.
pub(crate) mod arguments {
    use bounden_base::Json;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    use crate::Arguments;

    pub(crate) fn serialize<S: Serializer>(args: &Arguments, to: S) -> Result<S::Ok, S::Error> {
        match args.text() {
            Some(text) => (true, text).serialize(to),
            None => (false, args.value_or_null().canonical()).serialize(to),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Arguments, D::Error> {
        let (is_text, text) = <(bool, &str)>::deserialize(from)?;
        if is_text {
            return Ok(Arguments::from_text(text));
        }
        Json::parse(text.as_bytes()).map(Arguments::from).map_err(D::Error::custom)
    }
}
