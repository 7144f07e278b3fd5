//! What there is to do, in the order of the input: files as they are met, and what is inside of containers, part by part.
//!
//! Containers are unpacked by a thread of their own, one after the other, while the workers analyse what it hands over;
//! it never holds more than a few parts that nobody has taken yet.

use super::budget::{Budget, Share};
use super::kind;
use super::read;
use super::walk::{Met, Walk};
use davy_archive::{Closed, Form, Name, Part, Settings, Source, Visit, Wanted};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Parts that wait for a worker. More would only hold memory.
const AHEAD: usize = 4;

/// Bytes of parts of containers that are in memory at the same time, those included that are being analysed: analysing
/// takes up to 20 times a part's length. A longer part is alone.
const IN_FLIGHT: u64 = 32 << 20;

/// One thing to do.
pub(crate) enum Task {
    /// Something on the disk that is no container.
    Met(Met),
    /// Standard input that is no container: what was read of it to see that.
    Stdin(io::Result<Vec<u8>>),
    /// A container begins.
    Opened { path: String, site: u32 },
    /// Something inside of it.
    Part { part: Box<Part>, share: Share },
    /// It ends.
    Closed(Closed),
    /// The reader of the container failed, and its end will not come.
    Broken { path: String },
}

/// The tasks.
pub(crate) struct Feed {
    walk: Walk,
    settings: Settings,
    budget: Arc<Budget>,
    /// Bytes of containers that have been read.
    read: Arc<AtomicU64>,
    open: Option<Receiver<Task>>,
}

impl Feed {
    pub(crate) fn new(walk: Walk, settings: Settings, read: Arc<AtomicU64>) -> Self {
        Self { walk, settings, budget: Budget::new(IN_FLIGHT), read, open: None }
    }

    /// What a thing that was met is to do.
    fn task(&mut self, met: Met) -> Task {
        match met {
            Met::Stdin => self.stdin(),
            Met::File { place, named } => {
                let shown = place.show();
                // What cannot be opened is said where it is read.
                let name = place.path.file_name().unwrap_or_default().to_string_lossy();
                match read::head(&place.path).ok().and_then(|head| self.form(head, &name)) {
                    None => Task::Met(Met::File { place, named }),
                    Some((mut file, form)) => self.unpack(shown, move |path, settings, visit| {
                        davy_archive::read(Source::Seek(&mut file), form, path, settings, visit)
                    }),
                }
            }
            met => Task::Met(met),
        }
    }

    /// The container that a file is; the bytes of another one count as read.
    fn form(&self, (file, head): (File, Vec<u8>), name: &str) -> Option<(File, Form)> {
        let form = form(&head, name);
        if form.is_none() {
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            self.read.fetch_add(length, Ordering::Relaxed);
        }
        Some((file, form?))
    }

    fn stdin(&mut self) -> Task {
        let mut head = Vec::new();
        if let Err(error) = io::stdin().lock().take(kind::HEAD as u64).read_to_end(&mut head) {
            return Task::Stdin(Err(error));
        }
        match form(&head, "") {
            None => Task::Stdin(Ok(head)),
            Some(form) => self.unpack("-".to_owned(), move |path, settings, visit| {
                let mut stream = Cursor::new(head).chain(io::stdin().lock());
                davy_archive::read(Source::Stream(&mut stream), form, path, settings, visit)
            }),
        }
    }

    /// Starts to read a container, and gives the first thing that it hands over.
    fn unpack(
        &mut self,
        path: String,
        read: impl FnOnce(&str, Settings, &mut dyn Visit) -> ControlFlow<()> + Send + 'static,
    ) -> Task {
        let (sender, receiver) = sync_channel(AHEAD);
        let mut hand = Hand { sender, share: None, budget: Arc::clone(&self.budget), read: Arc::clone(&self.read) };
        let settings = self.settings;
        let broken = path.clone();
        let unpacking = move || {
            let guarded = catch_unwind(AssertUnwindSafe(|| read(&path, settings, &mut hand)));
            if guarded.is_err() {
                // When nobody takes it the scan has ended.
                let _ = hand.sender.send(Task::Broken { path });
            }
        };
        let started = thread::Builder::new().name(super::WORKER.to_owned()).spawn(unpacking);
        match started.ok().and_then(|_| receiver.recv().ok()) {
            Some(first) => {
                self.open = Some(receiver);
                first
            }
            None => Task::Broken { path: broken },
        }
    }
}

/// The container that a file is. A module or page is none, whatever else its beginning could be.
fn form(head: &[u8], name: &str) -> Option<Form> {
    if kind::by_content(head, head.len() as u64).is_some() { None } else { Form::of(head, name) }
}

impl Iterator for Feed {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        if let Some(open) = &self.open {
            if let Ok(task) = open.recv() {
                return Some(task);
            }
            self.open = None;
        }
        let met = self.walk.next()?;
        Some(self.task(met))
    }
}

/// Hands over what the reader of a container finds.
struct Hand {
    sender: SyncSender<Task>,
    /// Room for the part that is being read.
    share: Option<Share>,
    budget: Arc<Budget>,
    read: Arc<AtomicU64>,
}

impl Hand {
    fn send(&self, task: Task) -> ControlFlow<()> {
        // Nobody takes it: the scan has ended.
        if self.sender.send(task).is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl Visit for Hand {
    fn open(&mut self, path: &str, site: u32) -> ControlFlow<()> {
        self.send(Task::Opened { path: path.to_owned(), site })
    }

    fn wants(&mut self, name: &Name, media: Option<&str>, head: &[u8]) -> Wanted {
        match kind::of_part(name, media, head) {
            Some(_) => Wanted::Whole,
            None if davy_facts::is_read_as_text(head) => Wanted::Start,
            None => Wanted::Nothing,
        }
    }

    fn room(&mut self, bytes: u64) {
        match &mut self.share {
            Some(share) => share.grow(bytes),
            None => self.share = Some(self.budget.take(bytes)),
        }
    }

    fn part(&mut self, part: Part) -> ControlFlow<()> {
        let share = self.share.take().unwrap_or_else(|| self.budget.take(0));
        self.send(Task::Part { part: Box::new(part), share })
    }

    fn close(&mut self, closed: Closed) -> ControlFlow<()> {
        self.send(Task::Closed(closed))
    }

    fn read(&mut self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }
}
