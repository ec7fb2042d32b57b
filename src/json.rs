//! JSON, written without the tables that serde_json brings for the sake of fast numbers: ten kilobytes that no packer
//! makes smaller, where the extension's background writes a dozen numbers with a fraction.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// A value as JSON on one line.
///
/// ```
/// assert_eq!(latchkey::json::text(&(1, 0.1, "a")).unwrap(), r#"[1,0.1,"a"]"#);
/// ```
///
/// # Errors
/// Where the value cannot be written as JSON: a map by something else than texts.
pub fn text(value: &impl Serialize) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut bytes, Plain))?;
    String::from_utf8(bytes).map_err(|error| serde_json::Error::io(io::Error::new(io::ErrorKind::InvalidData, error)))
}

struct Plain;

impl Formatter for Plain {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        write!(writer, "{value:?}")
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f32) -> io::Result<()> {
        write!(writer, "{value:?}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::text;

    proptest! {
        #[test]
        fn a_number_is_read_as_it_was_written(number in any::<f64>().prop_filter("JSON has no others", |it| it.is_finite())) {
            let read: f64 = text(&number).unwrap().parse().unwrap();
            prop_assert_eq!(read, number);
        }
    }

    #[test]
    fn it_is_the_json_of_serde_json() {
        let value = serde_json::json!({"a": [1, -2.5, 1e300, null, true], "b\"\n": "ü"});
        let read: serde_json::Value = serde_json::from_str(&text(&value).unwrap()).unwrap();
        assert_eq!(read, value);
    }
}
