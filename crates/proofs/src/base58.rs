//! Base58btc of 64 bytes, the length of nearly every signature: ten signs at once, where a decoder of any length goes
//! byte by byte.

/// The value of each sign of the alphabet, by its code; [`NONE`] for all others.
const DIGITS: [u8; 128] = {
    let alphabet = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits = [NONE; 128];
    let mut digit = 0;
    while digit < 58 {
        digits[alphabet[digit as usize] as usize] = digit;
        digit += 1;
    }
    digits
};

const NONE: u8 = 0xff;

/// Signs taken at once: 58¹⁰ is below 2⁶⁴.
const AT_ONCE: usize = 10;

/// The longest text of 64 bytes.
const LONGEST: usize = 88;

/// The 64 bytes that `text` writes; `None` when it is not base58btc, or writes more or fewer.
pub fn decode_64(text: &str) -> Option<[u8; 64]> {
    if text.len() > LONGEST {
        return None;
    }
    // Least first.
    let mut words = [0_u64; 8];
    for signs in text.as_bytes().chunks(AT_ONCE) {
        let (mut sum, mut factor) = (0_u64, 1_u64);
        for sign in signs {
            let digit = *DIGITS.get(usize::from(*sign))?;
            if digit == NONE {
                return None;
            }
            sum = sum * 58 + u64::from(digit);
            factor *= 58;
        }
        let mut carry = u128::from(sum);
        for word in &mut words {
            carry += u128::from(*word) * u128::from(factor);
            let (low, high) = halves(carry);
            (*word, carry) = (low, u128::from(high));
        }
        if carry != 0 {
            return None;
        }
    }
    let mut bytes = [0; 64];
    for (eight, word) in bytes.rchunks_exact_mut(8).zip(words) {
        eight.copy_from_slice(&word.to_be_bytes());
    }
    // Each `1` before the first other sign is a zero byte, and there are no other zero bytes before the first other.
    let ones = text.bytes().take_while(|sign| *sign == b'1').count();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    (ones == zeros).then_some(bytes)
}

/// The lower and the upper half.
const fn halves(value: u128) -> (u64, u64) {
    let [low, high] = [value & u64::MAX as u128, value >> 64];
    #[expect(clippy::cast_possible_truncation, reason = "each is below 2⁶⁴")]
    (low as u64, high as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn by_bs58(text: &str) -> Option<[u8; 64]> {
        bs58::decode(text).into_vec().ok()?.try_into().ok()
    }

    #[test]
    fn lengths_and_signs_that_are_not_of_64_bytes_are_refused() {
        for text in
            ["", "1", "z", "0", "é", "O", "l", &"1".repeat(63), &"1".repeat(65), &"z".repeat(88), &"2".repeat(87)]
        {
            assert_eq!(decode_64(text), by_bs58(text), "{text}");
        }
        assert_eq!(decode_64(&"1".repeat(64)), Some([0; 64]));
        assert_eq!(decode_64(&bs58::encode([0xff; 64]).into_string()), Some([0xff; 64]));
        assert_eq!(decode_64(&bs58::encode([0xff; 65]).into_string()), None);
    }

    proptest! {
        #[test]
        fn it_reads_what_bs58_reads(bytes in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 60..68), text in "[1-9A-HJ-NP-Za-km-z]{80,92}|1{0,64}[1-9A-HJ-NP-Za-km-z]{0,90}|\\PC{0,90}") {
            let written = bs58::encode(&bytes).into_string();
            prop_assert_eq!(decode_64(&written), by_bs58(&written));
            prop_assert_eq!(decode_64(&written).is_some(), bytes.len() == 64);
            prop_assert_eq!(decode_64(&text), by_bs58(&text));
        }
    }
}
