//! What browsers provide, as far as decoders use it: names, and which of the files beside does what.

mod array;
mod bytes;
mod global;
mod host;
mod number;
mod object;
mod text;

use super::machine::{Evaluated, Machine};
use super::value::{Element, Kind, Object, Value};
use std::sync::OnceLock;

/// Whose member a function is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Global,
    Text,
    Array,
    Number,
    Function,
    Object,
    View,
    Pattern,
    Map,
    Static(Native),
}

/// Lists what there is: variant, owner, name, whether it is a function.
macro_rules! natives {
    ($($variant:ident $owner:expr, $name:literal, $kind:ident;)*) => {
        /// Something that the browser provides.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::script::layers) enum Native { $($variant,)* }

        const ALL: &[(Native, Owner, &str, bool)] = &[$((Native::$variant, $owner, $name, natives!(@$kind)),)*];
    };
    (@function) => { true };
    (@object) => { false };
}

natives! {
    Global Owner::Global, "globalThis", object;
    Document Owner::Global, "document", object;
    String Owner::Global, "String", function;
    Number Owner::Global, "Number", function;
    Boolean Owner::Global, "Boolean", function;
    Array Owner::Global, "Array", function;
    Object Owner::Global, "Object", function;
    Function Owner::Global, "Function", function;
    RegExp Owner::Global, "RegExp", function;
    Math Owner::Global, "Math", object;
    Json Owner::Global, "JSON", object;
    Promise Owner::Global, "Promise", function;
    Map Owner::Global, "Map", function;
    Error Owner::Global, "Error", function;
    Date Owner::Global, "Date", function;
    TypeError Owner::Global, "TypeError", function;
    U8 Owner::Global, "Uint8Array", function;
    U8Clamped Owner::Global, "Uint8ClampedArray", function;
    I8 Owner::Global, "Int8Array", function;
    U16 Owner::Global, "Uint16Array", function;
    I16 Owner::Global, "Int16Array", function;
    U32 Owner::Global, "Uint32Array", function;
    I32 Owner::Global, "Int32Array", function;
    F32 Owner::Global, "Float32Array", function;
    F64 Owner::Global, "Float64Array", function;
    ArrayBuffer Owner::Global, "ArrayBuffer", function;
    Buffer Owner::Global, "Buffer", function;
    TextDecoder Owner::Global, "TextDecoder", function;
    TextEncoder Owner::Global, "TextEncoder", function;
    Blob Owner::Global, "Blob", function;
    Url Owner::Global, "URL", function;
    WebkitUrl Owner::Global, "webkitURL", function;
    Response Owner::Global, "Response", function;
    Worker Owner::Global, "Worker", function;
    SharedWorker Owner::Global, "SharedWorker", function;
    WebSocket Owner::Global, "WebSocket", function;
    EventSource Owner::Global, "EventSource", function;
    WebAssembly Owner::Global, "WebAssembly", object;
    Eval Owner::Global, "eval", function;
    ExecScript Owner::Global, "execScript", function;
    SetTimeout Owner::Global, "setTimeout", function;
    SetInterval Owner::Global, "setInterval", function;
    ImportScripts Owner::Global, "importScripts", function;
    Fetch Owner::Global, "fetch", function;
    Atob Owner::Global, "atob", function;
    Btoa Owner::Global, "btoa", function;
    Escape Owner::Global, "escape", function;
    Unescape Owner::Global, "unescape", function;
    DecodeUriComponent Owner::Global, "decodeURIComponent", function;
    DecodeUri Owner::Global, "decodeURI", function;
    EncodeUriComponent Owner::Global, "encodeURIComponent", function;
    EncodeUri Owner::Global, "encodeURI", function;
    ParseInt Owner::Global, "parseInt", function;
    ParseFloat Owner::Global, "parseFloat", function;
    IsNaN Owner::Global, "isNaN", function;
    IsFinite Owner::Global, "isFinite", function;

    FromCharCode Owner::Static(Native::String), "fromCharCode", function;
    FromCodePoint Owner::Static(Native::String), "fromCodePoint", function;
    StringRaw Owner::Static(Native::String), "raw", function;
    NumberParseInt Owner::Static(Native::Number), "parseInt", function;
    NumberParseFloat Owner::Static(Native::Number), "parseFloat", function;
    IsArray Owner::Static(Native::Array), "isArray", function;
    ArrayFrom Owner::Static(Native::Array), "from", function;
    ArrayOf Owner::Static(Native::Array), "of", function;
    ViewFrom Owner::Static(Native::U8), "from", function;
    ViewOf Owner::Static(Native::U8), "of", function;
    BufferFrom Owner::Static(Native::Buffer), "from", function;
    Keys Owner::Static(Native::Object), "keys", function;
    Values Owner::Static(Native::Object), "values", function;
    Entries Owner::Static(Native::Object), "entries", function;
    Assign Owner::Static(Native::Object), "assign", function;
    Freeze Owner::Static(Native::Object), "freeze", function;
    Create Owner::Static(Native::Object), "create", function;
    DefineProperty Owner::Static(Native::Object), "defineProperty", function;
    JsonParse Owner::Static(Native::Json), "parse", function;
    PromiseResolve Owner::Static(Native::Promise), "resolve", function;
    PromiseAll Owner::Static(Native::Promise), "all", function;
    CreateObjectUrl Owner::Static(Native::Url), "createObjectURL", function;
    Compile Owner::Static(Native::WebAssembly), "compile", function;
    Instantiate Owner::Static(Native::WebAssembly), "instantiate", function;
    Validate Owner::Static(Native::WebAssembly), "validate", function;
    Module Owner::Static(Native::WebAssembly), "Module", function;
    DocumentWrite Owner::Static(Native::Document), "write", function;
    DocumentWriteln Owner::Static(Native::Document), "writeln", function;
    CreateElement Owner::Static(Native::Document), "createElement", function;

    Floor Owner::Static(Native::Math), "floor", function;
    Ceil Owner::Static(Native::Math), "ceil", function;
    Round Owner::Static(Native::Math), "round", function;
    Trunc Owner::Static(Native::Math), "trunc", function;
    Abs Owner::Static(Native::Math), "abs", function;
    Min Owner::Static(Native::Math), "min", function;
    Max Owner::Static(Native::Math), "max", function;
    Pow Owner::Static(Native::Math), "pow", function;
    Sqrt Owner::Static(Native::Math), "sqrt", function;
    Log Owner::Static(Native::Math), "log", function;
    Log2 Owner::Static(Native::Math), "log2", function;
    Sign Owner::Static(Native::Math), "sign", function;
    Imul Owner::Static(Native::Math), "imul", function;

    CharAt Owner::Text, "charAt", function;
    CharCodeAt Owner::Text, "charCodeAt", function;
    CodePointAt Owner::Text, "codePointAt", function;
    TextAt Owner::Text, "at", function;
    TextSlice Owner::Text, "slice", function;
    Substring Owner::Text, "substring", function;
    Substr Owner::Text, "substr", function;
    Split Owner::Text, "split", function;
    Replace Owner::Text, "replace", function;
    ReplaceAll Owner::Text, "replaceAll", function;
    Match Owner::Text, "match", function;
    Search Owner::Text, "search", function;
    TextIndexOf Owner::Text, "indexOf", function;
    TextLastIndexOf Owner::Text, "lastIndexOf", function;
    TextIncludes Owner::Text, "includes", function;
    StartsWith Owner::Text, "startsWith", function;
    EndsWith Owner::Text, "endsWith", function;
    TextConcat Owner::Text, "concat", function;
    Repeat Owner::Text, "repeat", function;
    ToLower Owner::Text, "toLowerCase", function;
    ToUpper Owner::Text, "toUpperCase", function;
    Trim Owner::Text, "trim", function;
    PadStart Owner::Text, "padStart", function;
    PadEnd Owner::Text, "padEnd", function;
    TextToString Owner::Text, "toString", function;
    TextValueOf Owner::Text, "valueOf", function;
    Italics Owner::Text, "italics", function;
    Fontcolor Owner::Text, "fontcolor", function;

    Push Owner::Array, "push", function;
    Pop Owner::Array, "pop", function;
    Shift Owner::Array, "shift", function;
    Unshift Owner::Array, "unshift", function;
    Join Owner::Array, "join", function;
    Reverse Owner::Array, "reverse", function;
    ArraySlice Owner::Array, "slice", function;
    Splice Owner::Array, "splice", function;
    ArrayConcat Owner::Array, "concat", function;
    ArrayIndexOf Owner::Array, "indexOf", function;
    ArrayIncludes Owner::Array, "includes", function;
    ForEach Owner::Array, "forEach", function;
    ArrayMap Owner::Array, "map", function;
    Filter Owner::Array, "filter", function;
    Reduce Owner::Array, "reduce", function;
    ReduceRight Owner::Array, "reduceRight", function;
    Some Owner::Array, "some", function;
    Every Owner::Array, "every", function;
    Find Owner::Array, "find", function;
    FindIndex Owner::Array, "findIndex", function;
    Fill Owner::Array, "fill", function;
    Sort Owner::Array, "sort", function;
    Flat Owner::Array, "flat", function;
    ArrayToString Owner::Array, "toString", function;
    ArrayAt Owner::Array, "at", function;
    ArrayEntries Owner::Array, "entries", function;

    ViewSet Owner::View, "set", function;
    Subarray Owner::View, "subarray", function;

    NumberToString Owner::Number, "toString", function;
    ToFixed Owner::Number, "toFixed", function;
    NumberValueOf Owner::Number, "valueOf", function;

    Call Owner::Function, "call", function;
    Apply Owner::Function, "apply", function;
    Bind Owner::Function, "bind", function;
    FunctionToString Owner::Function, "toString", function;

    HasOwnProperty Owner::Object, "hasOwnProperty", function;
    ObjectToString Owner::Object, "toString", function;
    ObjectValueOf Owner::Object, "valueOf", function;

    Test Owner::Pattern, "test", function;
    Exec Owner::Pattern, "exec", function;

    MapGet Owner::Map, "get", function;
    MapSet Owner::Map, "set", function;
    MapHas Owner::Map, "has", function;
}

impl Native {
    fn entry(self) -> Option<&'static (Self, Owner, &'static str, bool)> {
        ALL.get(self as usize)
    }

    /// What `typeof` gives.
    pub(in crate::script::layers) fn type_of(self) -> &'static str {
        if self.entry().is_some_and(|entry| entry.3) { "function" } else { "object" }
    }

    /// What turning it into a string gives.
    pub(in crate::script::layers) fn written(self) -> String {
        match self {
            Self::Global => "[object Window]".to_owned(),
            native => match native.entry() {
                Some((_, _, name, true)) => format!("function {name}() {{ [native code] }}"),
                Some((_, _, name, false)) => format!("[object {name}]"),
                None => String::new(),
            },
        }
    }

    /// The elements of the typed array that it makes.
    fn element(self) -> Option<Element> {
        Some(match self {
            Self::U8 | Self::Buffer => Element::U8,
            Self::U8Clamped => Element::U8Clamped,
            Self::I8 => Element::I8,
            Self::U16 => Element::U16,
            Self::I16 => Element::I16,
            Self::U32 => Element::U32,
            Self::I32 => Element::I32,
            Self::F32 => Element::F32,
            Self::F64 => Element::F64,
            _ => return None,
        })
    }
}

/// All that there is, in groups of one first byte and length.
struct Names {
    /// Where each group begins; one more than there are groups.
    starts: Vec<usize>,
    all: Vec<(Owner, &'static str, Native)>,
}

/// Lengths that are told apart.
const LENGTHS: usize = 32;

/// The group of a name.
fn group(name: &str) -> usize {
    usize::from(name.as_bytes().first().copied().unwrap_or(0)) * LENGTHS + name.len().min(LENGTHS - 1)
}

impl Names {
    fn new() -> Self {
        let mut all: Vec<_> = ALL.iter().map(|(native, owner, name, _)| (*owner, *name, *native)).collect();
        all.sort_by_key(|entry| group(entry.1));
        let groups = 0..=(usize::from(u8::MAX) + 1) * LENGTHS;
        let starts = groups.map(|number| all.partition_point(|entry| group(entry.1) < number)).collect();
        Self { starts, all }
    }
}

/// Finds what an owner has by a name. Programs ask for members all the time, and most names are in no group.
fn lookup(owner: Owner, name: &str) -> Option<Native> {
    static NAMES: OnceLock<Names> = OnceLock::new();
    let Names { starts, all } = NAMES.get_or_init(Names::new);
    let group = group(name);
    let found = all[starts[group]..starts[group + 1]].iter().find(|entry| entry.0 == owner && entry.1 == name);
    found.map(|entry| entry.2)
}

/// A global name.
pub(super) fn global(name: &str) -> Option<Native> {
    match name {
        "window" | "self" | "top" | "parent" | "frames" | "global" => Some(Native::Global),
        name => lookup(Owner::Global, name),
    }
}

/// The length of an array and the like, where `name` asks for it.
pub(super) fn length<'a>(object: &Object<'a>, name: &str) -> Option<Value<'a>> {
    let count = match (&*object.kind.borrow(), name) {
        (Kind::Array(elements), "length") => elements.len(),
        (Kind::View(view), "length") => view.length,
        (Kind::View(view), "byteLength") => view.length * view.element.width(),
        (Kind::View(view), "buffer") => {
            let buffer = Kind::Buffer(view.buffer.clone());
            return Some(Value::Object(super::value::Thing::new(buffer, object.meter())));
        }
        (Kind::Buffer(buffer), "byteLength") => buffer.bytes.borrow().len(),
        (Kind::Map(entries), "size") => entries.len(),
        (Kind::Function(closure), "length") => closure.code.parameters(),
        _ => return None,
    };
    Some(Value::Number(count as f64))
}

/// A member that every value of a kind has. What a kind does not have is undefined only where its members are all known.
pub(super) fn member<'a>(value: &Value<'a>, name: &str) -> Value<'a> {
    let (owners, constructor, is_closed): (&[Owner], _, _) = match value {
        Value::Text(_) => (&[Owner::Text], Native::String, true),
        Value::Number(_) => (&[Owner::Number], Native::Number, true),
        Value::Bool(_) => (&[Owner::Object], Native::Boolean, true),
        Value::Native(native) => return native_member(*native, name),
        Value::Object(object) => match &*object.kind.borrow() {
            Kind::Array(_) => (&[Owner::Array], Native::Array, !is_array_method(name)),
            Kind::View(_) => (&[Owner::View, Owner::Array], Native::U8, false),
            Kind::Function(_) | Kind::Bound(_) => {
                (&[Owner::Function], Native::Function, !matches!(name, "name" | "caller" | "arguments"))
            }
            Kind::Pattern(_) => (&[Owner::Pattern], Native::RegExp, false),
            Kind::Map(_) => (&[Owner::Map], Native::Map, false),
            Kind::Buffer(_) => (&[Owner::Array], Native::ArrayBuffer, false),
            Kind::Plain => (&[Owner::Object], Native::Object, object.proto.borrow().is_none()),
            _ => return Value::Unknown,
        },
        _ => return Value::Unknown,
    };
    if name == "constructor" {
        return Value::Native(constructor);
    }
    let found = owners.iter().find_map(|owner| lookup(*owner, name));
    found.map_or(if is_closed { Value::Undefined } else { Value::Unknown }, Value::Native)
}

/// Methods of arrays that are not followed.
fn is_array_method(name: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "copyWithin",
        "findLast",
        "findLastIndex",
        "flatMap",
        "hasOwnProperty",
        "keys",
        "lastIndexOf",
        "toLocaleString",
        "toReversed",
        "toSorted",
        "toSpliced",
        "values",
        "with",
        "valueOf",
        "isPrototypeOf",
        "propertyIsEnumerable",
    ];
    OTHERS.contains(&name)
}

fn native_member<'a>(native: Native, name: &str) -> Value<'a> {
    // All typed arrays have the same static functions, both URL objects too.
    let owner = match native {
        Native::WebkitUrl => Native::Url,
        native if native.element().is_some() && native != Native::Buffer => Native::U8,
        native => native,
    };
    if let Some(found) = lookup(Owner::Static(owner), name) {
        return Value::Native(found);
    }
    match name {
        "constructor" if native.type_of() == "function" => Value::Native(Native::Function),
        "call" | "apply" | "bind" => lookup(Owner::Function, name).map_or(Value::Unknown, Value::Native),
        _ => Value::Unknown,
    }
}

/// Whether the browser's constructor makes such objects; `None` where that is not known.
pub(super) fn is_made_by(object: &Object<'_>, native: Native) -> Option<bool> {
    Some(match (&*object.kind.borrow(), native) {
        (Kind::Ghost, _) => return None,
        (_, Native::Object) => true,
        (Kind::Array(_), native) => native == Native::Array,
        (Kind::Function(_) | Kind::Bound(_), native) => native == Native::Function,
        (Kind::View(view), native) => native.element() == Some(view.element),
        (Kind::Buffer(_), native) => native == Native::ArrayBuffer,
        (Kind::Pattern(_), native) => native == Native::RegExp,
        _ => return None,
    })
}

impl<'a> Machine<'a, '_> {
    /// Calls what the browser provides.
    pub(super) fn call_native(&mut self, native: Native, this: Value<'a>, given: Vec<Value<'a>>) -> Evaluated<'a> {
        self.meter.step(2)?;
        let Some((_, owner, ..)) = native.entry() else { return Ok(Value::Unknown) };
        match owner {
            Owner::Text => self.call_text(native, this, &given),
            Owner::Array | Owner::View => self.call_array(native, &this, given),
            Owner::Number => self.call_number(native, &this, &given),
            Owner::Static(Native::Math) => Ok(number::math(native, &given)),
            Owner::Function
            | Owner::Object
            | Owner::Map
            | Owner::Static(Native::Object | Native::Array | Native::Promise | Native::Json) => {
                self.call_object_native(native, this, given)
            }
            Owner::Pattern => self.call_pattern(native, &this, &given),
            Owner::Static(Native::U8 | Native::Buffer) => self.call_bytes(native, &given),
            Owner::Static(Native::WebAssembly | Native::Document | Native::Url) => self.call_host(native, &given),
            Owner::Static(_) | Owner::Global => self.call_global(native, given),
        }
    }
}

/// An argument, `undefined` where it is missing.
fn at<'v, 'a>(given: &'v [Value<'a>], index: usize) -> &'v Value<'a> {
    given.get(index).unwrap_or(&Value::Undefined)
}

/// A number that counts from the end when it is negative, within a length.
fn relative(number: f64, length: usize) -> usize {
    if number.is_nan() {
        return 0;
    }
    let from = if number < 0.0 { number + length as f64 } else { number };
    from.clamp(0.0, length as f64) as usize
}
