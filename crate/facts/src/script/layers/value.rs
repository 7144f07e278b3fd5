//! Values of the evaluation, and objects with their memory.

use super::builtin::Native;
use super::machine::Frame;
use super::meter::{Held, Meter};
use super::pattern::Pattern;
use super::property::Properties;
use super::units::Text;
use oxc_ast::ast::{ArrowFunctionExpression, Class, Function};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// A value, known or not.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    /// Anything: the value depends on what is outside of the text.
    Unknown,
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Text),
    Object(Object<'a>),
    /// Something that the browser provides.
    Native(Native),
}

/// A shared object.
pub(super) type Object<'a> = Rc<Thing<'a>>;

/// Bytes that typed arrays share.
pub(super) type Buffer = Rc<Store>;

/// The memory behind an `ArrayBuffer`.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) bytes: RefCell<Vec<u8>>,
    _held: Held,
}

impl Store {
    /// A buffer of these bytes.
    pub(super) fn new(bytes: Vec<u8>, meter: &Meter) -> Buffer {
        let held = Held::new(meter, bytes.len() + 64);
        Rc::new(Self { bytes: RefCell::new(bytes), _held: held })
    }
}

/// The elements of a typed array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    U8,
    U8Clamped,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

impl Element {
    /// Bytes of one element.
    pub(super) fn width(self) -> usize {
        match self {
            Self::U8 | Self::U8Clamped | Self::I8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }
}

/// A window on a buffer.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) buffer: Buffer,
    pub(super) element: Element,
    /// First byte.
    pub(super) offset: usize,
    /// Elements.
    pub(super) length: usize,
}

/// Code that can be called.
#[derive(Debug, Clone, Copy)]
pub(super) enum Code<'a> {
    Function(&'a Function<'a>),
    Arrow(&'a ArrowFunctionExpression<'a>),
    Class(&'a Class<'a>),
}

impl Code<'_> {
    /// Parameters that it names.
    pub(super) fn parameters(self) -> usize {
        match self {
            Self::Function(function) => function.params.items.len(),
            Self::Arrow(arrow) => arrow.params.items.len(),
            Self::Class(_) => 0,
        }
    }
}

/// A function with the variables around it.
#[derive(Debug)]
pub(super) struct Closure<'a> {
    pub(super) code: Code<'a>,
    pub(super) frame: Rc<Frame<'a>>,
    /// The object that it became a method of first.
    pub(super) home: RefCell<Weak<Thing<'a>>>,
    /// For a class: the class that it extends.
    pub(super) parent: Option<Value<'a>>,
}

/// What a function was bound to.
#[derive(Debug, Clone)]
pub(super) struct Bound<'a> {
    pub(super) target: Value<'a>,
    pub(super) this: Value<'a>,
    pub(super) given: Vec<Value<'a>>,
}

/// What an object is beside its properties. Every object has one, so that the seldom ones stand apart.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    Plain,
    /// One whose missing properties are unknown.
    Ghost,
    Array(Vec<Value<'a>>),
    View(Box<View>),
    Buffer(Buffer),
    Function(Rc<Closure<'a>>),
    /// `f.bind(this, …)`, or a method taken off its object.
    Bound(Box<Bound<'a>>),
    Pattern(Rc<Pattern>),
    /// `document.createElement(name)`.
    Element(Text),
    /// A `Blob`, or an address made of one.
    Blob(Text),
    Map(Vec<(Value<'a>, Value<'a>)>),
}

/// An object.
#[derive(Debug)]
pub(super) struct Thing<'a> {
    pub(super) kind: RefCell<Kind<'a>>,
    pub(super) properties: RefCell<Properties<'a>>,
    pub(super) proto: RefCell<Option<Object<'a>>>,
    held: Held,
    /// Its number while garbage is looked for.
    pub(super) number: Cell<u32>,
    /// Elements and properties that were counted.
    counted: Cell<u32>,
}

/// Bytes that an object weighs, and each of its elements or properties.
const THING: usize = 256;
const MEMBER: usize = 48;

impl<'a> Thing<'a> {
    /// A new object.
    pub(super) fn new(kind: Kind<'a>, meter: &Meter) -> Object<'a> {
        let thing = Self {
            kind: RefCell::new(kind),
            properties: RefCell::new(Properties::default()),
            proto: RefCell::new(None),
            number: Cell::new(u32::MAX),
            held: Held::new(meter, THING),
            counted: Cell::new(0),
        };
        thing.weigh();
        Rc::new(thing)
    }

    /// Counts what the object holds by now.
    pub(super) fn weigh(&self) {
        let elements = match &*self.kind.borrow() {
            Kind::Array(elements) => elements.capacity(),
            Kind::Map(entries) => entries.capacity() * 2,
            _ => 0,
        };
        let members = elements + self.properties.borrow().len();
        // Counting in steps: an array that grows by one element does so many times.
        let counted = self.counted.get() as usize;
        if members.abs_diff(counted) > counted / 8 {
            self.counted.set(members as u32);
            self.held.set(THING + members * MEMBER);
        }
    }

    /// The meter that counts it.
    pub(super) fn meter(&self) -> &Meter {
        self.held.meter()
    }

    /// Lets go of everything, so that circles of objects end.
    pub(super) fn clear(&self) {
        if let Ok(mut kind) = self.kind.try_borrow_mut() {
            *kind = Kind::Plain;
        }
        if let Ok(mut properties) = self.properties.try_borrow_mut() {
            *properties = Properties::default();
        }
        if let Ok(mut proto) = self.proto.try_borrow_mut() {
            *proto = None;
        }
    }

    /// The function that the object is.
    pub(super) fn closure(&self) -> Option<Rc<Closure<'a>>> {
        match &*self.kind.borrow() {
            Kind::Function(closure) => Some(closure.clone()),
            _ => None,
        }
    }

    /// How many bytes a typed array or buffer has.
    pub(super) fn byte_length(&self) -> usize {
        match &*self.kind.borrow() {
            Kind::View(view) => view.length * view.element.width(),
            Kind::Buffer(buffer) => buffer.bytes.borrow().len(),
            _ => 0,
        }
    }

    /// The bytes of a typed array or buffer.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match &*self.kind.borrow() {
            Kind::View(view) => {
                let bytes = view.buffer.bytes.borrow();
                let end = view.offset + view.length * view.element.width();
                Some(bytes.get(view.offset..end.min(bytes.len()))?.to_vec())
            }
            Kind::Buffer(buffer) => Some(buffer.bytes.borrow().clone()),
            _ => None,
        }
    }
}

impl<'a> Value<'a> {
    /// Whether nothing is known of it.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The string that it is.
    pub(super) fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object that it is.
    pub(super) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Whether a condition holds; `None` where that is unknown.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Undefined | Self::Null => Some(false),
            Self::Bool(bool) => Some(*bool),
            Self::Number(number) => Some(*number != 0.0 && !number.is_nan()),
            Self::Text(text) => Some(text.len() > 0),
            Self::Object(_) | Self::Native(_) => Some(true),
        }
    }

    /// Whether it is `null` or `undefined`; `None` where that is unknown.
    pub(super) fn is_nullish(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Undefined | Self::Null => Some(true),
            _ => Some(false),
        }
    }
}
