//! Money as it is written: exact to a millionth, never a float.

use std::{fmt, str::FromStr};

/// An amount of money of no stated currency, in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u64);

impl Amount {
    /// Whole millionths.
    pub fn millionths(self) -> u64 {
        self.0
    }

    /// An amount of so many millionths.
    pub fn from_millionths(millionths: u64) -> Self {
        Self(millionths)
    }
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is no amount; write it like 2.50, with up to 6 decimals");
        let plain: String = text.trim().chars().filter(|c| *c != '_').collect();
        let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || part.len() > 6 || !digits(whole) || !digits(part) {
            return Err(fault());
        }
        let part = format!("{part:0<6}");
        let (whole, part): (u64, u64) =
            (whole.parse().map_err(|_| fault())?, part.parse().map_err(|_| fault())?);
        let all = whole.checked_mul(1_000_000).and_then(|w| w.checked_add(part));
        all.map(Self).ok_or_else(fault)
    }
}

impl fmt::Display for Amount {
    /// At least two decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        let kept = text.trim_end_matches('0').len().max(text.len() - 4);
        f.write_str(&text[..kept])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_read_back() {
        for (text, millionths, shown) in [
            ("2.50", 2_500_000, "2.50"),
            ("0.15", 150_000, "0.15"),
            ("1_000", 1_000_000_000, "1000.00"),
            (" 0.000001 ", 1, "0.000001"),
            ("3.1234", 3_123_400, "3.1234"),
            ("0", 0, "0.00"),
        ] {
            let amount: Amount = text.parse().unwrap();
            assert_eq!((amount.millionths(), amount.to_string().as_str()), (millionths, shown));
        }
        for bad in ["", ".5", "-1", "1e3", "NaN", "inf", "1.0000001", "99999999999999999999", "1,5"]
        {
            assert!(bad.parse::<Amount>().is_err(), "{bad}");
        }
    }
}
