//! Names that are not ASCII in the form that is asked for (RFC 3492), so that they meet the lists.

/// A host with each label that is not ASCII as `xn--…`; `None` where a label is too long to be one.
pub(super) fn ascii(host: &str) -> Option<String> {
    let labels = host.split('.').map(|label| match label.is_ascii() {
        true => Some(label.to_owned()),
        false => encoded(label).map(|text| "xn--".to_owned() + &text),
    });
    labels.collect::<Option<Vec<_>>>().map(|labels| labels.join("."))
}

// The parameters of RFC 3492, section 5.
const BASE: u32 = 36;
const LEAST: u32 = 1;
const MOST: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const START_BIAS: u32 = 72;
const START: u32 = 128;
/// A label of the name system has 63 bytes (RFC 1035); more letters than that never fit.
const LABEL: usize = 63;

fn encoded(label: &str) -> Option<String> {
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    if letters.len() > LABEL {
        return None;
    }
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let plain = out.len() as u32;
    if plain > 0 {
        out.push('-');
    }
    let (mut next, mut delta, mut bias, mut done) = (START, 0u32, START_BIAS, plain);
    while (done as usize) < letters.len() {
        let least = letters.iter().copied().filter(|letter| *letter >= next).min()?;
        delta = delta.checked_add((least - next).checked_mul(done + 1)?)?;
        next = least;
        for letter in &letters {
            delta += u32::from(*letter < next);
            if *letter == next {
                write(delta, bias, &mut out);
                bias = adapted(delta, done + 1, done == plain);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        next += 1;
    }
    Some(out)
}

/// A number in digits whose weights grow with what was seen before.
fn write(mut number: u32, bias: u32, out: &mut String) {
    for place in 1.. {
        let threshold = (BASE * place).saturating_sub(bias).clamp(LEAST, MOST);
        let is_last = number < threshold;
        let digit = if is_last { number } else { threshold + (number - threshold) % (BASE - threshold) };
        out.push(char::from(if digit < 26 { b'a' + digit as u8 } else { b'0' + (digit - 26) as u8 }));
        if is_last {
            return;
        }
        number = (number - threshold) / (BASE - threshold);
    }
}

fn adapted(delta: u32, count: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / count;
    let mut bias = 0;
    while delta > (BASE - LEAST) * MOST / 2 {
        delta /= BASE - LEAST;
        bias += BASE;
    }
    bias + (BASE - LEAST + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_samples_hold() {
        // RFC 3492, section 7.1, and names that browsers show.
        for (name, expected) in [
            ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
            ("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("a.mañana.com", "a.xn--maana-pta.com"),
            ("plain.example", "plain.example"),
        ] {
            assert_eq!(ascii(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(ascii(&"ü".repeat(64)), None);
    }
}
