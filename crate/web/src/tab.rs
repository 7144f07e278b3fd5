//! The tabs' state machine for the background build: typed values in, typed values out, time as milliseconds.

use crate::{Judgement, Setting};
use davy_judge::RuleSet;
use davy_judge::tab::{
    Book, BookEdit, Fetched, Found, Ledger, Preferences, Report, Sender, SiteView, Tab, TabAction, TabEvent, TabView,
    Tabs, Ticks, Trip,
};
use davy_model::{Action, ArtifactKind, Decision, Level};
use tsify::{Ts, Tsify};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Every tab of the browser, and the book of decisions.
#[wasm_bindgen(js_name = Desk)]
#[derive(Debug)]
pub struct Desk {
    tabs: Tabs,
}

#[wasm_bindgen(js_class = Desk)]
impl Desk {
    /// Starts with the book of decisions as it was written, and the settings in force.
    ///
    /// # Errors
    /// When what was written is no book, or the settings are none: the caller starts with an empty one and the defaults.
    #[wasm_bindgen(constructor)]
    pub fn new(book: Ts<Book>, preferences: Ts<Preferences>) -> Result<Self, JsError> {
        Ok(Self { tabs: Tabs::new(book.to_rust()?, preferences.to_rust()?) })
    }

    /// Puts back a tab as it was saved.
    ///
    /// # Errors
    /// When what was saved is no tab: it starts anew.
    pub fn restore(&mut self, tab: u32, saved: Ts<Tab>) -> Result<(), JsError> {
        self.tabs.restore(tab, saved.to_rust()?);
        Ok(())
    }

    /// What has to be saved of a tab.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn saved(&self, tab: u32) -> Result<Option<Ts<Tab>>, JsError> {
        Ok(self.tabs.saved(tab).map(Tsify::into_ts).transpose()?)
    }

    /// The book of decisions.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn book(&self) -> Result<Ts<Book>, JsError> {
        Ok(self.tabs.book().into_ts()?)
    }

    /// Puts back what was spent before: by pages whose ledger is written down, and by those of private windows.
    ///
    /// # Errors
    /// When what was written is no ledger: it begins anew.
    pub fn entrust(&mut self, lasting: Ts<Ledger>, private: Ts<Ledger>) -> Result<(), JsError> {
        self.tabs.entrust(lasting.to_rust()?, private.to_rust()?);
        Ok(())
    }

    /// The ledger of spent CPU time; that of private windows is never to be written to disk.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn ledger(&self, private: bool) -> Result<Ts<Ledger>, JsError> {
        Ok(self.tabs.ledger(private).into_ts()?)
    }

    /// Takes in a look at the processor.
    ///
    /// # Errors
    /// When it is none.
    pub fn processor(&mut self, at: f64, ticks: Ts<Ticks>) -> Result<(), JsError> {
        self.tabs.processor(milliseconds(at), ticks.to_rust()?);
        Ok(())
    }

    /// What the browser has to hold pages to, whatever it remembers.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn enact(&self, at: f64) -> Result<Vec<Ts<TabAction>>, JsError> {
        across(&self.tabs.enact(milliseconds(at)))
    }

    /// New settings are in force; what has to be done follows.
    ///
    /// # Errors
    /// When they are none: the old ones hold.
    pub fn prefer(&mut self, at: f64, preferences: Ts<Preferences>) -> Result<Vec<Ts<TabAction>>, JsError> {
        across(&self.tabs.prefer(milliseconds(at), preferences.to_rust()?))
    }

    /// Ends decisions whose time is over; what has to be done follows.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn expire(&mut self, at: f64) -> Result<Vec<Ts<TabAction>>, JsError> {
        across(&self.tabs.expire(milliseconds(at)))
    }

    /// A person changes the book; nothing follows from a change that is none.
    ///
    /// # Errors
    /// When it is no change of a book.
    pub fn edit(&mut self, at: f64, edit: Ts<BookEdit>) -> Result<Vec<Ts<TabAction>>, JsError> {
        across(&self.tabs.edit(milliseconds(at), edit.to_rust()?))
    }

    /// Every site with what was decided for it.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn sites(&self, at: f64) -> Result<Vec<Ts<SiteView>>, JsError> {
        Ok(self.tabs.sites(milliseconds(at)).iter().map(Tsify::into_ts).collect::<Result<_, _>>()?)
    }

    /// The decisions that a person may save and take elsewhere.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    #[wasm_bindgen(js_name = lastingDecisions)]
    pub fn lasting_decisions(&self) -> Result<Ts<Book>, JsError> {
        Ok(Book { sites: self.tabs.book().lasting() }.into_ts()?)
    }

    /// What the popup shows of a tab.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn view(&self, tab: u32, at: f64) -> Result<Ts<TabView>, JsError> {
        Ok(self.tabs.view(tab, milliseconds(at)).into_ts()?)
    }

    /// What a person can save of a tab.
    ///
    /// # Errors
    /// When it cannot cross the boundary.
    pub fn report(&self, tab: u32) -> Result<Ts<Report>, JsError> {
        Ok(self.tabs.report(tab, RuleSet::builtin().version()).into_ts()?)
    }

    /// Takes in one event; what has to be done follows.
    ///
    /// # Errors
    /// When the event is none: nothing has changed then.
    pub fn step(&mut self, tab: u32, at: f64, event: Ts<TabEvent>) -> Result<Vec<Ts<TabAction>>, JsError> {
        let event = event.to_rust()?;
        across(&self.tabs.step(tab, milliseconds(at), event))
    }

    /// The browser refused a request of a page. It counts when our rules know the address; another extension may have
    /// refused it for reasons of its own.
    ///
    /// # Errors
    /// When a value cannot cross the boundary.
    #[wasm_bindgen(js_name = requestBlocked)]
    pub fn request_blocked(
        &mut self,
        tab: u32,
        at: f64,
        sender: Ts<Sender>,
        url: &str,
    ) -> Result<Vec<Ts<TabAction>>, JsError> {
        if let Some(found) = self.tabs.refusal(tab, url) {
            let event = TabEvent::Refused { sender: sender.to_rust()?, found };
            return across(&self.tabs.step(tab, milliseconds(at), event));
        }
        let kind = if url.starts_with("ws") { ArtifactKind::Websocket } else { ArtifactKind::Request };
        // What was refused is told whatever was decided since.
        let judgement = Judgement::of(kind, url, url.as_bytes(), Setting::default());
        if judgement.level < Level::Suspicious {
            return Ok(Vec::new());
        }
        let found = Found {
            path: url.to_owned(),
            kind,
            bytes: url.len() as u64,
            verdict: judgement.verdict,
            action: Action::Block,
        };
        let event = TabEvent::Refused { sender: sender.to_rust()?, found };
        across(&self.tabs.step(tab, milliseconds(at), event))
    }

    /// The tripwire tells of a worker without hooks. A socket's address is judged like any other.
    ///
    /// # Errors
    /// When a value cannot cross the boundary.
    pub fn tripped(&mut self, at: f64, trip: Ts<Trip>) -> Result<Vec<Ts<TabAction>>, JsError> {
        let trip = trip.to_rust()?;
        let (url, kind) = (trip.blocked.as_str(), ArtifactKind::Websocket);
        let is_socket = url.starts_with("ws:") || url.starts_with("wss:");
        // What was decided for the page is the tab's to say.
        let judgement = is_socket.then(|| Judgement::of(kind, url, url.as_bytes(), Setting::default()));
        let found = judgement.map(|judgement| Found {
            path: url.to_owned(),
            kind,
            bytes: url.len() as u64,
            verdict: judgement.verdict,
            action: judgement.action,
        });
        across(&self.tabs.tripped(milliseconds(at), &trip, found.as_ref()))
    }

    /// A worker without hooks may have been given a response.
    ///
    /// # Errors
    /// When a value cannot cross the boundary.
    pub fn fetched(&mut self, fetched: Ts<Fetched>) -> Result<Vec<Ts<TabAction>>, JsError> {
        across(&self.tabs.fetched(&fetched.to_rust()?))
    }

    /// What was decided for the host of a document.
    ///
    /// # Errors
    /// When a value cannot cross the boundary.
    pub fn decision(&self, tab: u32, at: f64, sender: Ts<Sender>) -> Result<Ts<Decision>, JsError> {
        Ok(self.tabs.decision(tab, milliseconds(at), &sender.to_rust()?).into_ts()?)
    }
}

fn across(actions: &[TabAction]) -> Result<Vec<Ts<TabAction>>, JsError> {
    Ok(actions.iter().map(Tsify::into_ts).collect::<Result<_, _>>()?)
}

/// The browser's clock as whole milliseconds; what is no time is the epoch.
fn milliseconds(at: f64) -> u64 {
    at.clamp(0.0, 9e15) as u64
}
