//! JSON as a tool's schema means it.
//!
//! serde_json also builds a struct from an array, field by field, and a choice from an object
//! that holds null; and it takes no `1.0` for an integer, which JSON Schema does (Validation
//! 2020-12, section 6.1.1). What serde buffers, the insides of tagged enums and of flattened
//! fields, it reads by its own rules.

use std::cell::Cell;

use serde::de::{
    Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor,
    value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer},
};
use serde_json::{Error, Value};

/// The largest number below which each integer has an f64 of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value of the event, to be read as (part of) a tool's input.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'a> {
    pub(super) value: &'a Value,
    /// Set when serde reads a value before it knows the type: the paths of its errors end there.
    pub(super) buffered: &'a Cell<bool>,
}

impl<'de> Arguments<'de> {
    fn at(self, value: &'de Value) -> Self {
        Self { value, ..self }
    }

    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.iter().map(|item| self.at(item)));
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            Value::Object(entries) => visitor.visit_map(MapDeserializer::new(
                entries
                    .iter()
                    .map(|(key, value)| (key.as_str(), self.at(value))),
            )),
            scalar => scalar.deserialize_any(visitor),
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 2^53 and without a fraction"
    )]
    fn visit_integer<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.as_f64() {
            Some(number)
                if self.value.is_f64() && number.fract() == 0.0 && number.abs() < EXACT =>
            {
                visitor.visit_i64(number as i64)
            }
            _ => self.visit(visitor),
        }
    }
}

/// What came, as serde names it in its errors.
pub(super) fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => Unexpected::Unsigned(number),
            (_, Some(number), _) => Unexpected::Signed(number),
            (.., Some(number)) => Unexpected::Float(number),
            _ => Unexpected::Other("number"),
        },
    }
}

macro_rules! read {
    ($visit:ident: $($method:ident($($name:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, Error> {
            $(let _ = $name;)*
            self.$visit(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Arguments<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.buffered.set(true);
        if self.value.is_array() {
            // serde reads `["tag", ..]` as an internally tagged enum, and only its name for what
            // it expects gives that away.
            let error = Error::invalid_type(Unexpected::Seq, &visitor);
            if error.to_string().contains(", expected internally tagged ") {
                return Err(error);
            }
        }
        self.visit(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if self.value.is_array() {
            return Err(Error::invalid_type(Unexpected::Seq, &visitor));
        }
        self.visit(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(entries) if entries.values().any(|value| !value.is_null()) => visitor
                .visit_enum(MapAccessDeserializer::new(MapDeserializer::new(
                    entries
                        .iter()
                        .map(|(key, value)| (key.as_str(), self.at(value))),
                ))),
            Value::String(_) => self.value.deserialize_enum(name, variants, visitor),
            other => {
                let choices = Error::unknown_variant("", variants).to_string();
                let choices = choices.rsplit_once(", expected ").unwrap_or_default().1;
                Err(Error::invalid_type(unexpected(other), &choices))
            }
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    read! { visit_integer:
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
    }
    read! { visit:
        deserialize_bool() deserialize_f32() deserialize_f64() deserialize_char()
        deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_seq() deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_map() deserialize_identifier() deserialize_ignored_any()
    }
}

impl<'de> IntoDeserializer<'de, Error> for Arguments<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
