//! RTF as a flat row of tokens.

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// A control word with its number.
    Word(&'a str, Option<i32>),
    /// A control symbol such as `\~`.
    Symbol(u8),
    /// `\'hh` or a plain byte.
    Byte(u8),
}

/// Splits RTF into tokens; never fails, ends at the end.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over binary data after `\binN`.
    pub(super) fn pass(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    fn word(&mut self) -> Token<'a> {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_alphabetic()) {
            self.at += 1;
        }
        // Letters are ASCII, so this is valid text.
        let word = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let mut number: Option<i32> = None;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            let digit = i32::from(digit - b'0');
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            self.at += 1;
        }
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        Token::Word(word, if negative { number.map(|n| -n) } else { number })
    }

    fn hex(&mut self) -> Token<'a> {
        let digit = |at: usize| self.bytes.get(at).and_then(|b| char::from(*b).to_digit(16));
        match (digit(self.at), digit(self.at + 1)) {
            (Some(high), Some(low)) => {
                self.at += 2;
                Token::Byte((high * 16 + low) as u8)
            }
            _ => Token::Symbol(b'\''),
        }
    }
}

impl<'a> Iterator for Lexer<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = self.peek()?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\r' | b'\n' | 0 => continue,
                b'\\' => match self.peek() {
                    None => return None,
                    Some(b) if b.is_ascii_alphabetic() => self.word(),
                    Some(b'\'') => {
                        self.at += 1;
                        self.hex()
                    }
                    Some(b) => {
                        self.at += 1;
                        Token::Symbol(b)
                    }
                },
                byte => Token::Byte(byte),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_bytes() {
        let tokens: Vec<Token<'_>> = Lexer::new(b"{\\b0 a\\u-10179?\\'e4\\~\\'zz}\\").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word("b", Some(0)),
                Token::Byte(b'a'),
                Token::Word("u", Some(-10179)),
                Token::Byte(b'?'),
                Token::Byte(0xE4),
                Token::Symbol(b'~'),
                Token::Symbol(b'\''),
                Token::Byte(b'z'),
                Token::Byte(b'z'),
                Token::Close,
            ]
        );
    }
}
