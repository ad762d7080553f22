//! The many spellings of one value as JSON text, and texts that are nearly JSON.

use bounden_base::Json;
use bounden_policy::{Arguments, Event, EventBody};

/// Where choices come from: the same for the same seed (xorshift64*, Vigna 2016).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let rolled = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(rolled).unwrap() % sides
    }
}

/// The same event, where it is a call with its arguments as text in some
/// spelling; one in eight of the texts is then damaged.
pub(crate) fn as_text(event: &Event, dice: &mut Dice) -> Event {
    let mut event = event.clone();
    if let EventBody::Call { args, .. } = &mut event.body {
        let mut text = String::new();
        write(args.value().unwrap(), dice, &mut text);
        if dice.below(8) == 0 {
            text = damaged(&text, dice);
        }
        *args = Arguments::from_text(text);
    }
    event
}

fn write(value: &Json, dice: &mut Dice, text: &mut String) {
    space(dice, text);
    match value {
        Json::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                write(item, dice, text);
            }
            space(dice, text);
            text.push(']');
        }
        Json::Object(members) => {
            text.push('{');
            let mut members: Vec<_> = members.iter().collect();
            if dice.below(2) == 0 {
                members.reverse();
            }
            for (index, (name, member)) in members.into_iter().enumerate() {
                text.push_str(if index > 0 { "," } else { "" });
                space(dice, text);
                string(name, dice, text);
                space(dice, text);
                text.push(':');
                write(member, dice, text);
            }
            space(dice, text);
            text.push('}');
        }
        Json::String(value) => string(value, dice, text),
        Json::Number(number) if dice.below(4) == 0 => {
            let (coefficient, exponent) = number.parts();
            text.push_str(&format!("{coefficient}0e{}", exponent - 1));
        }
        other => text.push_str(&other.canonical()),
    }
    space(dice, text);
}

fn string(value: &str, dice: &mut Dice, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            _ if character < ' ' || dice.below(24) == 0 => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}

fn space(dice: &mut Dice, text: &mut String) {
    if dice.below(6) == 0 {
        text.push([' ', '\n', '\t', '\r'][dice.below(4)]);
    }
}

/// One character taken out, put in or doubled.
fn damaged(text: &str, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let place = dice.below(characters.len());
    match dice.below(3) {
        0 => drop(characters.remove(place)),
        1 => {
            let put = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', '.', '\u{7}', 'n'];
            characters.insert(place, put[dice.below(put.len())]);
        }
        _ => characters.insert(place, characters[place]),
    }
    characters.into_iter().collect()
}
