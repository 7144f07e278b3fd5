//! The exports of the frame build: numbers only.
//!
//! In a worker the analyser shares its realm with the page's script, which may have replaced every method that
//! generated glue would call. Numbers pass through no method: the caller writes its input to the address that
//! [`input`] gives, calls one of the judging functions, and reads JSON from [`output`], with functions that it kept
//! from before the page's first script. The JSON is a [`Judgement`], whose TypeScript type is generated with the rest.

use crate::socket::SocketAnswer;
use crate::{Judgement, Setting};
use davy_model::ArtifactKind;
use serde::Serialize;
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

/// What passes over the boundary, and what was settled for the document.
#[derive(Default)]
struct Boundary {
    input: Vec<u8>,
    output: Vec<u8>,
    setting: Setting,
}

thread_local! {
    static BOUNDARY: RefCell<Boundary> = RefCell::default();
}

/// Makes room for an input of `length` bytes. Returns the address to write it to, or 0 when there is no memory for it.
#[wasm_bindgen]
pub fn input(length: usize) -> *const u8 {
    BOUNDARY.with_borrow_mut(|boundary| {
        boundary.output = Vec::new();
        boundary.input = Vec::new();
        if boundary.input.try_reserve_exact(length).is_err() {
            return std::ptr::null();
        }
        boundary.input.resize(length, 0);
        boundary.input.as_ptr()
    })
}

/// Takes the input as the JSON of a [`Setting`], which holds from now on. Returns 1 when it could be read, else 0 and
/// nothing changes.
#[wasm_bindgen]
pub fn settle() -> u32 {
    BOUNDARY.with_borrow_mut(|boundary| match serde_json::from_slice(&boundary.input) {
        Ok(setting) => {
            boundary.setting = setting;
            1
        }
        Err(_) => 0,
    })
}

/// Judges the input as a WebAssembly module. Returns the length of the JSON at [`output`], 0 when there is none.
#[wasm_bindgen]
pub fn judge_module() -> usize {
    judge_input(ArtifactKind::Wasm)
}

/// Judges a module that has started: the input is its length in four bytes, little endian, its bytes, and what its
/// memory holds from address 0. Returns the length of the JSON at [`output`], 0 when there is none.
#[wasm_bindgen]
pub fn judge_started() -> usize {
    BOUNDARY.with_borrow_mut(|boundary| {
        let input = std::mem::take(&mut boundary.input);
        let Some((module, memory)) = split(&input) else { return 0 };
        boundary.say(&Judgement::of_started(module, memory, boundary.setting))
    })
}

/// Judges the input as the UTF-8 address of a WebSocket. Returns the length of the JSON at [`output`], 0 when there is
/// none.
#[wasm_bindgen]
pub fn judge_address() -> usize {
    judge_input(ArtifactKind::Websocket)
}

/// Judges a message of a socket. The input is the length of a head in four bytes, little endian, the head, and the message.
/// The head is a text: `1` for a message that the page sent, else `0`, what is known of the socket, a line end, and the
/// socket's address. Returns the length of the JSON of a [`SocketAnswer`] at [`output`], 0 when there is none.
#[wasm_bindgen]
pub fn judge_message() -> usize {
    BOUNDARY.with_borrow_mut(|boundary| {
        let input = std::mem::take(&mut boundary.input);
        let Some((head, message)) = split(&input) else { return 0 };
        let Some((state, url)) = std::str::from_utf8(head).ok().and_then(|head| head.split_once('\n')) else {
            return 0;
        };
        let Some((sent, state)) = state.split_at_checked(1) else { return 0 };
        boundary.say(&SocketAnswer::of(url, sent == "1", state, message, boundary.setting))
    })
}

/// Address of the last judgement's JSON; it holds until the next call of [`input`].
#[wasm_bindgen]
pub fn output() -> *const u8 {
    BOUNDARY.with_borrow(|boundary| boundary.output.as_ptr())
}

fn judge_input(kind: ArtifactKind) -> usize {
    BOUNDARY.with_borrow_mut(|boundary| {
        let bytes = std::mem::take(&mut boundary.input);
        let judgement = Judgement::of(kind, "", &bytes, boundary.setting);
        boundary.say(&judgement)
    })
}

/// Two parts of an input, the first behind its length.
fn split(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = input.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

impl Boundary {
    fn say(&mut self, answer: &impl Serialize) -> usize {
        self.output = serde_json::to_vec(answer).unwrap_or_default();
        self.output.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_is_no_json_changes_nothing() {
        input(3);
        assert_eq!(settle(), 0);
    }

    #[test]
    fn a_started_module_needs_its_length() {
        input(3);
        assert_eq!(judge_started(), 0);
        input(4);
        assert!(judge_started() > 0, "an empty module with an empty memory");
    }

    #[test]
    fn a_message_needs_its_head() {
        input(4);
        assert_eq!(judge_message(), 0);
    }

    #[test]
    fn a_judgement_is_given_for_an_empty_input() {
        input(0);
        assert!(judge_module() > 0);
    }
}
