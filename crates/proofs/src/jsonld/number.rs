//! Native JSON numbers as RDF literals (JSON-LD 1.1 API §8.6, "Data Round Tripping", as jsonld.js does it).

use super::fault::JsonLdFault;

const XSD_DOUBLE: &str = "http://www.w3.org/2001/XMLSchema#double";
const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#integer";

/// From here on, numbers without a fraction are doubles too.
const LARGE: f64 = 1e21;

/// 2⁵³ − 1: beyond it, processors that read every number as a double see another integer.
const SAFE: f64 = 9_007_199_254_740_991.0;

/// The lexical form and the datatype of a JSON number written as `text`, in a slot whose context says `datatype`.
///
/// `42.0` is an integer ("42"), `3.5` is a double ("3.5E0"), whatever the datatype says, unless it says `xsd:double`.
pub fn literal(text: &str, datatype: Option<&str>) -> Result<(String, String), JsonLdFault> {
    let value: f64 = text.parse().map_err(|_| JsonLdFault::malformed("invalid number"))?;
    if !value.is_finite() {
        return Err(JsonLdFault::UnsafeNumber);
    }
    let written_as_integer = text.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-');
    if written_as_integer && value.abs() > SAFE {
        return Err(JsonLdFault::UnsafeNumber);
    }
    let whole = value.fract() == 0.0 && value.abs() < LARGE;
    if whole && datatype != Some(XSD_DOUBLE) {
        // Minus zero is zero.
        let value = if value == 0.0 { 0.0 } else { value };
        return Ok((format!("{value:.0}"), datatype.unwrap_or(XSD_INTEGER).to_owned()));
    }
    Ok((double(value), datatype.unwrap_or(XSD_DOUBLE).to_owned()))
}

/// A type that [`literal`] gives of itself, to be kept for ever.
pub fn own_type(datatype: &str) -> Option<&'static str> {
    [XSD_INTEGER, XSD_DOUBLE].into_iter().find(|own| *own == datatype)
}

/// `%1.15E` with the zeros at the end of the mantissa taken away, one left.
fn double(value: f64) -> String {
    let text = format!("{value:.15e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let shortest = mantissa.trim_end_matches('0');
    let zero = if shortest.ends_with('.') { "0" } else { "" };
    format!("{shortest}{zero}E{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOAT: &str = "https://www.w3.org/2001/XMLSchema#float";

    #[test]
    fn numbers_come_out_as_jsonld_js_writes_them() {
        // 3, 3.0, 42.0 and 3.5 as measured on jsonld.js (standards/openbadges-3.0.md 2.3.11, design/dependencies.md
        // trap 2); the others by its rule: `toFixed(0)`, or `toExponential(15)` without the zeros at the end.
        for (text, form) in [
            ("3", "3"),
            ("3.0", "3"),
            ("42.0", "42"),
            ("3.5", "3.5E0"),
            ("-3.5", "-3.5E0"),
            ("0.1", "1.0E-1"),
            ("0", "0"),
            ("-0.0", "0"),
            ("123.456", "1.23456E2"),
            ("1e20", "100000000000000000000"),
            ("1e21", "1.0E21"),
            ("0.30000000000000004", "3.0E-1"),
            ("5e-324", "4.940656458412465E-324"),
        ] {
            assert_eq!(literal(text, Some(FLOAT)), Ok((form.to_owned(), FLOAT.to_owned())), "{text}");
        }
    }

    #[test]
    fn the_type_follows_the_number_unless_the_context_says_it() {
        assert_eq!(literal("7", None), Ok(("7".into(), XSD_INTEGER.into())));
        assert_eq!(literal("7.5", None), Ok(("7.5E0".into(), XSD_DOUBLE.into())));
        assert_eq!(literal("7", Some(XSD_DOUBLE)), Ok(("7.0E0".into(), XSD_DOUBLE.into())));
    }

    #[test]
    fn integers_that_processors_read_differently_are_refused() {
        assert_eq!(literal("9007199254740991", None).unwrap().0, "9007199254740991");
        assert_eq!(literal("9007199254740993", None), Err(JsonLdFault::UnsafeNumber));
        assert_eq!(literal("-9007199254740993", None), Err(JsonLdFault::UnsafeNumber));
        assert_eq!(literal("1e400", None), Err(JsonLdFault::UnsafeNumber));
    }
}
