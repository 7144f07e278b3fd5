//! The exports of the background build: typed values.

use crate::socket::SocketAnswer;
use crate::{Judgement, Setting};
use davy_model::{ArtifactKind, Decision, Mode, Verdict};
use tsify::{Ts, Tsify};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once when the module is loaded: a panic is told to the console with its message.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Judges a WebAssembly module.
///
/// # Errors
/// When a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeModule)]
pub fn judge_module(bytes: &[u8], decision: Ts<Decision>, mode: Ts<Mode>) -> Result<Ts<Judgement>, JsError> {
    typed(ArtifactKind::Wasm, bytes, &decision, &mode)
}

/// What follows from the verdict on a module that was read before, byte for byte, by these rules; nothing where it has to
/// be read again.
///
/// # Errors
/// When it is no verdict, or a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeKnown)]
pub fn judge_known(
    verdict: Ts<Verdict>,
    decision: Ts<Decision>,
    mode: Ts<Mode>,
) -> Result<Option<Ts<Judgement>>, JsError> {
    let known = Judgement::known(verdict.to_rust()?, setting(&decision, &mode)?);
    Ok(known.as_ref().map(Tsify::into_ts).transpose()?)
}

/// Judges a script that a page runs already, with what is inside it.
///
/// # Errors
/// When a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeScript)]
pub fn judge_script(path: &str, text: &[u8], decision: Ts<Decision>, mode: Ts<Mode>) -> Result<Ts<Judgement>, JsError> {
    Ok(Judgement::of_running_script(path, text, setting(&decision, &mode)?).into_ts()?)
}

/// Judges a script that does not run before this is known, with what is inside it.
///
/// # Errors
/// When a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeWaitingScript)]
pub fn judge_waiting_script(
    path: &str,
    text: &[u8],
    decision: Ts<Decision>,
    mode: Ts<Mode>,
) -> Result<Ts<Judgement>, JsError> {
    Ok(Judgement::of_waiting_script(path, text, setting(&decision, &mode)?).into_ts()?)
}

/// Judges a shader that a page hands over.
///
/// # Errors
/// When a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeShader)]
pub fn judge_shader(path: &str, text: &[u8], decision: Ts<Decision>, mode: Ts<Mode>) -> Result<Ts<Judgement>, JsError> {
    Ok(Judgement::of_shader(path, text, setting(&decision, &mode)?).into_ts()?)
}

/// Judges the address of a WebSocket.
///
/// # Errors
/// When a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeAddress)]
pub fn judge_address(url: &str, decision: Ts<Decision>, mode: Ts<Mode>) -> Result<Ts<Judgement>, JsError> {
    typed(ArtifactKind::Websocket, url.as_bytes(), &decision, &mode)
}

/// Judges one message of the socket to `url`; `state` is what was known of it before, as [`SocketAnswer`] gives it.
///
/// # Errors
/// When a value cannot cross the boundary.
#[wasm_bindgen(js_name = judgeMessage)]
pub fn judge_message(
    url: &str,
    sent: bool,
    state: &str,
    message: &[u8],
    decision: Ts<Decision>,
    mode: Ts<Mode>,
) -> Result<Ts<SocketAnswer>, JsError> {
    Ok(SocketAnswer::of(url, sent, state, message, setting(&decision, &mode)?).into_ts()?)
}

fn typed(kind: ArtifactKind, bytes: &[u8], decision: &Ts<Decision>, mode: &Ts<Mode>) -> Result<Ts<Judgement>, JsError> {
    Ok(Judgement::of(kind, "", bytes, setting(decision, mode)?).into_ts()?)
}

fn setting(decision: &Ts<Decision>, mode: &Ts<Mode>) -> Result<Setting, JsError> {
    Ok(Setting { decision: decision.to_rust()?, mode: mode.to_rust()? })
}
