//! A WebAssembly module as bytes: what a program's functions compute is written down in the operators that the reader of
//! modules knows, and nobody ever runs it.

/// First bytes of the operators that are written.
pub(super) mod code {
    pub(crate) const UNREACHABLE: u8 = 0x00;
    pub(crate) const BLOCK: u8 = 0x02;
    pub(crate) const LOOP: u8 = 0x03;
    pub(crate) const IF: u8 = 0x04;
    pub(crate) const ELSE: u8 = 0x05;
    pub(crate) const END: u8 = 0x0b;
    pub(crate) const BR: u8 = 0x0c;
    pub(crate) const BR_IF: u8 = 0x0d;
    pub(crate) const BR_TABLE: u8 = 0x0e;
    pub(crate) const RETURN: u8 = 0x0f;
    pub(crate) const CALL: u8 = 0x10;
    pub(crate) const DROP: u8 = 0x1a;
    pub(crate) const LOCAL_GET: u8 = 0x20;
    pub(crate) const LOCAL_SET: u8 = 0x21;
    pub(crate) const LOCAL_TEE: u8 = 0x22;
    pub(crate) const GLOBAL_GET: u8 = 0x23;
    pub(crate) const GLOBAL_SET: u8 = 0x24;
    pub(crate) const I32_LOAD: u8 = 0x28;
    pub(crate) const I64_LOAD: u8 = 0x29;
    pub(crate) const I32_LOAD8_U: u8 = 0x2d;
    pub(crate) const I32_LOAD16_U: u8 = 0x2f;
    pub(crate) const I32_STORE: u8 = 0x36;
    pub(crate) const I64_STORE: u8 = 0x37;
    pub(crate) const I32_STORE8: u8 = 0x3a;
    pub(crate) const I32_STORE16: u8 = 0x3b;
    pub(crate) const I32_CONST: u8 = 0x41;
    pub(crate) const I64_CONST: u8 = 0x42;
    pub(crate) const I32_EQZ: u8 = 0x45;
    pub(crate) const I32_EQ: u8 = 0x46;
    pub(crate) const I32_NE: u8 = 0x47;
    pub(crate) const I32_LT_U: u8 = 0x49;
    pub(crate) const I32_GT_U: u8 = 0x4b;
    pub(crate) const I32_LE_U: u8 = 0x4d;
    pub(crate) const I32_GE_U: u8 = 0x4f;
    pub(crate) const I32_CLZ: u8 = 0x67;
    pub(crate) const I32_ADD: u8 = 0x6a;
    pub(crate) const I32_SUB: u8 = 0x6b;
    pub(crate) const I32_MUL: u8 = 0x6c;
    pub(crate) const I32_DIV_U: u8 = 0x6e;
    pub(crate) const I32_REM_U: u8 = 0x70;
    pub(crate) const I32_AND: u8 = 0x71;
    pub(crate) const I32_OR: u8 = 0x72;
    pub(crate) const I32_XOR: u8 = 0x73;
    pub(crate) const I32_SHL: u8 = 0x74;
    pub(crate) const I32_SHR_S: u8 = 0x75;
    pub(crate) const I32_SHR_U: u8 = 0x76;
    /// From an operator of 32 bits, `i32.add` to `i32.shr_u`, to the same of 64 bits.
    pub(crate) const WIDER: u8 = 0x7c - 0x6a;
}

/// Parameters of a function at most; what a program hands over beyond that is computed and dropped.
pub(super) const PARAMETERS: usize = 15;

/// The type without results and parameters' number.
const I32: u8 = 0x7f;
const NO_RESULT: u8 = 0x40;

/// The imported function that stands for a hash which the program does not hold itself; it takes two values.
pub(super) const DIGEST: u32 = 0;

/// Imported functions: [`DIGEST`], and one for calls of unknown functions by the number of values that they take.
pub(super) const IMPORTS: u32 = DIGEST + 2 + PARAMETERS as u32;

/// The imported function for calls of unknown functions with so many values.
pub(super) fn unknown(values: usize) -> u32 {
    DIGEST + 1 + values.min(PARAMETERS) as u32
}

/// One function's code.
#[derive(Debug, Default)]
pub(super) struct Code {
    pub(super) bytes: Vec<u8>,
    /// Offsets in the code and in the text, ascending.
    marks: Vec<(u32, u32)>,
    /// Parameters, `this` among them.
    pub(super) parameters: u32,
    /// Parameters and locals.
    pub(super) locals: u32,
    /// Open blocks.
    pub(super) depth: u32,
}

impl Code {
    pub(super) fn new(parameters: u32) -> Self {
        Self { parameters, locals: parameters, ..Self::default() }
    }

    /// Says that what follows comes from this place of the text.
    pub(super) fn mark(&mut self, source: u32) {
        let at = self.bytes.len() as u32;
        match self.marks.last_mut() {
            Some(last) if last.0 == at => last.1 = source,
            Some(last) if last.1 == source => {}
            _ => self.marks.push((at, source)),
        }
    }

    pub(super) fn op(&mut self, code: u8) {
        self.bytes.push(code);
    }

    /// A number by itself.
    pub(super) fn index(&mut self, index: u32) {
        unsigned(&mut self.bytes, u64::from(index));
    }

    pub(super) fn op_with(&mut self, code: u8, index: u32) {
        self.bytes.push(code);
        unsigned(&mut self.bytes, u64::from(index));
    }

    pub(super) fn i32(&mut self, value: i32) {
        self.bytes.push(code::I32_CONST);
        signed(&mut self.bytes, i64::from(value));
    }

    pub(super) fn i64(&mut self, value: i64) {
        self.bytes.push(code::I64_CONST);
        signed(&mut self.bytes, value);
    }

    /// A load or store.
    pub(super) fn memory(&mut self, code: u8, offset: u32) {
        self.bytes.extend([code, 0]);
        unsigned(&mut self.bytes, u64::from(offset));
    }

    pub(super) fn local(&mut self) -> u32 {
        self.locals += 1;
        self.locals - 1
    }

    /// Opens a block, a loop or a branch, with one result or none; gives how many are open then.
    pub(super) fn open(&mut self, code: u8, result: bool) -> u32 {
        self.bytes.extend([code, if result { I32 } else { NO_RESULT }]);
        self.depth += 1;
        self.depth
    }

    pub(super) fn end(&mut self) {
        self.bytes.push(code::END);
        self.depth -= 1;
    }

    /// A branch to the block that was the `target`th to be opened.
    pub(super) fn branch(&mut self, code: u8, target: u32) {
        self.op_with(code, self.depth - target);
    }
}

/// A module: functions, words in memory, and what is imported.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// None of those that were not written, which are most of a bundle's.
    pub(super) functions: Vec<Option<Box<Code>>>,
    /// Constants in memory, from [`DATA`].
    pub(super) data: Vec<u8>,
    /// Imported globals, of which nothing is known.
    pub(super) unknown_globals: u32,
    /// What globals hold at first.
    pub(super) globals: Vec<i32>,
}

/// Where constants stand in memory.
pub(super) const DATA: u32 = 1 << 24;

/// Where each function's code stands in the module, and where each part of it comes from.
pub(super) struct Origins {
    /// Where each function's code begins in the module, and which mark is its first.
    functions: Vec<(u32, u32)>,
    /// Offsets in a function's code and in the text, ascending for each function.
    marks: Vec<(u32, u32)>,
}

impl Origins {
    /// The place in the text of a byte of a function, by the function's ordinal.
    pub(super) fn source(&self, function: u32, at: u32) -> u32 {
        let Some((start, first)) = self.functions.get(function as usize) else { return 0 };
        let end = self.functions.get(function as usize + 1).map_or(self.marks.len(), |(_, next)| *next as usize);
        let marks = self.marks.get(*first as usize..end).unwrap_or_default();
        let at = at.saturating_sub(*start);
        let next = marks.partition_point(|(offset, _)| *offset <= at);
        marks.get(next.saturating_sub(1)).map_or(0, |(_, source)| *source)
    }
}

impl Module {
    /// The module's bytes. Function 0 starts it, all others can be called by anybody.
    pub(super) fn finish(self) -> (Vec<u8>, Origins) {
        let mut out = b"\0asm\x01\0\0\0".to_vec();
        let count = self.functions.len() as u32;
        section(&mut out, 1, |s| {
            list(s, 0..PARAMETERS + 2, |s, parameters| {
                s.push(0x60);
                unsigned(s, parameters as u64);
                s.extend(std::iter::repeat_n(I32, parameters));
                s.extend([1, I32]);
            });
        });
        section(&mut out, 2, |s| {
            unsigned(s, u64::from(IMPORTS + self.unknown_globals));
            for index in 0..IMPORTS {
                let (name, parameters) = if index == DIGEST { (b'd', 2) } else { (b'c', index - DIGEST - 1) };
                s.extend([1, b'j', 1, name, 0]);
                unsigned(s, u64::from(parameters));
            }
            (0..self.unknown_globals).for_each(|_| s.extend([1, b'j', 1, b'g', 3, I32, 0]));
        });
        section(&mut out, 3, |s| {
            list(s, &self.functions, |s, code| unsigned(s, code.as_ref().map_or(1, |code| u64::from(code.parameters))))
        });
        section(&mut out, 6, |s| {
            list(s, &self.globals, |s, value| {
                s.extend([I32, 1, code::I32_CONST]);
                signed(s, i64::from(*value));
                s.push(code::END);
            });
        });
        section(&mut out, 8, |s| unsigned(s, u64::from(IMPORTS)));
        section(&mut out, 9, |s| {
            s.extend([1, 1, 0]);
            list(s, IMPORTS + 1..IMPORTS + count.max(1), |s, function| unsigned(s, u64::from(function)));
        });
        let origins = code_section(&mut out, self.functions);
        section(&mut out, 11, |s| {
            s.extend([1, 0, code::I32_CONST]);
            signed(s, i64::from(DATA));
            s.push(code::END);
            unsigned(s, self.data.len() as u64);
            s.extend(&self.data);
        });
        (out, origins)
    }
}

/// The code of a function that was not written.
const UNWRITTEN: [u8; 3] = [code::I32_CONST, 0, code::END];

/// Bytes that a function takes beside its code, at most, or without any: their number, and its locals.
const HEAD: usize = 12;

fn code_section(out: &mut Vec<u8>, functions: Vec<Option<Box<Code>>>) -> Origins {
    let count = functions.len();
    let bytes: usize = functions.iter().flatten().map(|code| code.bytes.len().max(UNWRITTEN.len())).sum();
    let mut bodies = Vec::with_capacity(bytes + count * HEAD);
    let mut starts = Vec::with_capacity(count);
    let mut marks = Vec::with_capacity(functions.iter().flatten().map(|code| code.marks.len()).sum());
    unsigned(&mut bodies, count as u64);
    for code in functions {
        let code = code.map_or_else(|| Code::new(1), |code| *code);
        let mut head = Vec::new();
        let locals = code.locals - code.parameters;
        unsigned(&mut head, u64::from(locals > 0));
        if locals > 0 {
            unsigned(&mut head, u64::from(locals));
            head.push(I32);
        }
        // Of a function that was not written nothing is known.
        let code_bytes = if code.bytes.is_empty() { &UNWRITTEN[..] } else { &code.bytes };
        unsigned(&mut bodies, (head.len() + code_bytes.len()) as u64);
        bodies.extend(&head);
        starts.push((bodies.len() as u32, marks.len() as u32));
        marks.extend(code.marks);
        bodies.extend(code_bytes);
    }
    out.push(10);
    unsigned(out, bodies.len() as u64);
    let base = out.len() as u32;
    out.extend(&bodies);
    starts.iter_mut().for_each(|(start, _)| *start += base);
    Origins { functions: starts, marks }
}

fn section(out: &mut Vec<u8>, id: u8, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut content = Vec::new();
    fill(&mut content);
    out.push(id);
    unsigned(out, content.len() as u64);
    out.extend(content);
}

fn list<T>(
    out: &mut Vec<u8>,
    items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
    mut write: impl FnMut(&mut Vec<u8>, T),
) {
    let items = items.into_iter();
    unsigned(out, items.len() as u64);
    items.for_each(|item| write(out, item));
}

fn unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn signed(out: &mut Vec<u8>, mut value: i64) {
    while !(-0x40..0x40).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
}
