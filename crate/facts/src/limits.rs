//! Every bound of the readers, one constant each, with its reason.

/// Bounds that a caller may tighten or widen; everything else in this file is fixed.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest artifact that is read at all, in bytes.
    pub artifact_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { artifact_bytes: ARTIFACT_BYTES }
    }
}

/// 1 GiB is what Chromium and Firefox accept as a module (`wasm-limits.h`, `WasmConstants.h`): beyond it nothing can run.
pub const ARTIFACT_BYTES: u64 = 1 << 30;

/// Values kept for one stretch of a function's body. A longer body is read stretch by stretch: what is lost is only the
/// data-flow across the seam, never code. 2^17 nodes of 40 bytes keep a frame's analyser under 10 MiB.
pub const GRAPH_NODES: usize = 1 << 17;

/// Locals of one function that are followed: V8 and SpiderMonkey accept 50,000 (`kV8MaxWasmFunctionLocals`).
pub const LOCALS: usize = 50_000;

/// Nesting of blocks that is followed; deeper code is skipped and said so. Validators accept any depth that fits the
/// body; compilers never pass a few hundred.
pub const NESTING: usize = 10_000;

/// Bytes of a leaf function's body that are read again at each of its calls. Helpers that hide a mask, a rotation or
/// one multiply are shorter; `__multi3` of compiler-rt is 100 to 200 bytes.
pub const INLINE_BYTES: u32 = 256;

/// The same for functions that mix or multiply and are called from a loop, so that unoptimised ones are read too: moves
/// between locals and the shadow stack fill most of them. A 64×64→128 multiply at -O0 is about 900, obfuscated up to 3,800.
pub const INLINE_UNOPTIMISED_BYTES: u32 = 4096;

/// Operators that compute in such a function. Four products and their sums are 30 to 40, obfuscated
/// three times as many.
pub const INLINE_WORK: u32 = 128;

/// Depth of leaf inlining: helper, and a helper's helper, and one more.
pub const INLINE_DEPTH: usize = 3;

/// Operators read by inlining into one function, so that calls cannot multiply the work: so many times its own,
/// but never fewer than the second bound nor more than the third. A hash that is all helpers stays below the second; what
/// a program's larger functions read beyond the first never told a verdict (npm list and kernels).
pub const INLINE_TIMES_BODY: u32 = 4;
/// See [`INLINE_TIMES_BODY`].
pub const INLINE_LEAST: u32 = 20_000;
/// See [`INLINE_TIMES_BODY`].
pub const INLINE_OPERATORS: u32 = 200_000;

/// Bytes of a function that is run to see whether it computes on words of 64 bits handed over in halves. A rotation that a
/// lowering writes is 300, a product as much.
pub const HALVES_BYTES: u32 = 1024;

/// Operators that one run may take, and all runs of a module: a helper takes 200 in each of twelve.
pub const HALVES_STEPS: u32 = 4096;
/// See [`HALVES_STEPS`].
pub const HALVES_ALL_STEPS: u32 = 1 << 20;

/// Innermost open loops in which a slot of the shadow stack is a loop variable, and variables of one loop beyond which
/// slots are not: hashes nest three deep and keep some hundred words; more would only multiply the work.
pub const SLOT_LOOPS: usize = 16;
/// See [`SLOT_LOOPS`].
pub const LOOP_HEADS: usize = 1024;

/// Results of a block that are followed over its branches. Compilers give one, rarely two.
pub const RESULTS: usize = 16;

/// Data segments in which constants kept in memory are looked up: linkers make one for each section, a handful.
pub const CONSTANT_SEGMENTS: usize = 64;

/// Ways into a module that are listed. Chromium accepts 10 million table entries; 2^20 is beyond every module seen.
pub const ENTRIES: usize = 1 << 20;

/// Gaps listed for one artifact; the rest would say the same.
pub const GAPS: usize = 64;

/// Functions that belong to one scope. CryptoNight with its four final hashes has about 40.
pub const SCOPE_FUNCTIONS: usize = 512;

/// Scopes of one module, and facts of one scope, that are handed to the judge.
pub const SCOPES: usize = 512;

/// Distinct facts in one scope.
pub const SCOPE_FACTS: usize = 512;

/// Modules that are taken out of one text. Feature tests spell out about 40 tiny ones, bundles of hash functions 20.
#[cfg(feature = "script")]
pub const EMBEDDED_MODULES: usize = 256;

/// Bytes decoded out of a text, in lengths of the text. One whole pass over every spelling at every level of nesting
/// stays below 3; only a text made to be decoded again and again needs more.
#[cfg(feature = "script")]
pub const EMBEDDED_TIMES_TEXT: usize = 4;

/// Levels of literals inside literals that are read: a module in a script, in a worker's source, in a bundle's `eval`.
#[cfg(feature = "script")]
pub const SCRIPT_ROUNDS: usize = 3;

/// Bytes of code in a module that is small: where one of its functions mixes as much as a hash does, all are read. Bare kernels
/// of hashes have 1 to 25 KiB; reading as much takes about a millisecond.
pub const SMALL_CODE: u32 = 32 << 10;
/// Exclusive-ors of two values, and rotations, in a function of a small module for which it is read where no other mixes more.
/// One that takes its steps from tables has one of each.
pub const SMALL_JOINS: u32 = 2;

/// Longest address in bytes: Chromium refuses longer ones (`url::kMaxURLChars`, 2 MiB), Firefox sooner.
pub const ADDRESS_BYTES: u64 = 2 << 20;

/// Characters of an address that a location shows.
pub const ADDRESS_SHOWN: usize = 2048;

/// Attributes of one tag that are read. Frameworks write a few dozen; templates inlined into a page some hundred.
#[cfg(feature = "script")]
pub const ATTRIBUTES: usize = 4096;

/// Foreign elements open inside of each other: Chromium opens 512 (`kMaximumHTMLParserDOMTreeDepth`) of any kind.
#[cfg(feature = "script")]
pub const FOREIGN_DEPTH: usize = 512;

/// Scripts, handlers, documents and shaders taken out of one page. A page of a large shop has some hundred.
#[cfg(feature = "script")]
pub const PAGE_CHILDREN: usize = 4096;

/// Policies about content of one page; browsers apply all, pages set one.
#[cfg(feature = "script")]
pub const PAGE_POLICIES: usize = 16;

/// Addresses by which one artifact brings others in, that are handed on. Bundles of a large site name some hundred.
#[cfg(feature = "script")]
pub const REFERENCES: usize = 4096;

/// Shaders taken out of one script. A rendering library has some hundred, few of which mix integers at all.
#[cfg(feature = "script")]
pub const SHADERS: usize = 256;

/// Longest shader that is read, in bytes. The largest of rendering libraries, put together, have some hundred thousand.
#[cfg(feature = "script")]
pub const SHADER_BYTES: usize = 4 << 20;

/// Tokens of a shader with its macros put in, for each byte of its text, and for any. Hashes written as macros inside of
/// macros come to some ten thousand.
#[cfg(feature = "script")]
pub const SHADER_TOKENS: usize = 1;
/// See [`SHADER_TOKENS`].
#[cfg(feature = "script")]
pub const SHADER_TOKENS_LEAST: usize = 1 << 18;

/// Macros of one shader, parameters of one, macros put into one another, and tokens of one use's arguments.
#[cfg(feature = "script")]
pub const SHADER_MACROS: usize = 4096;
/// See [`SHADER_MACROS`].
#[cfg(feature = "script")]
pub const SHADER_ARGUMENTS: usize = 32;
/// See [`SHADER_MACROS`].
#[cfg(feature = "script")]
pub const SHADER_MACRO_DEPTH: usize = 24;
/// See [`SHADER_MACROS`].
#[cfg(feature = "script")]
pub const SHADER_ARGUMENT_TOKENS: usize = 4096;

/// Functions of one shader, and values in one of them, that are followed.
#[cfg(feature = "script")]
pub const SHADER_FUNCTIONS: usize = 1024;
/// See [`SHADER_FUNCTIONS`].
#[cfg(feature = "script")]
pub const SHADER_VALUES: usize = 1 << 16;

/// Brackets inside of each other in an expression of a shader.
#[cfg(feature = "script")]
pub const SHADER_NESTING: usize = 64;

/// Pool logins listed for one address: one is enough to judge by, a few help to explain.
pub const POOL_PARAMETERS: usize = 4;

/// Bytes of code in loops that does not hash, of modules of which it is asked how much of that is copies: with less there
/// is little to take off, and no kernel of which everything was put in line came to a third of the upper bound.
pub const COPIED_BYTES: std::ops::Range<u64> = 64 << 10..4 << 20;

/// Functions of one module around which scopes are built, those that show most first. The largest lawful modules seen
/// (30 MB) have some hundred that hash or mask; none but those of a miner show as much as a miner's.
pub const SCOPE_SEEDS: usize = 256;

/// Functions called from a loop, nearest first, that belong to the loop's scope. A hash's round helpers are two calls deep
/// and a dozen; an interpreter's loop calls the whole program, and facts from its far ends do not meet.
pub const LOOP_FUNCTIONS: usize = 32;

/// Bytes of bodies that are read value by value although what mixes is spread thinly in them, or only called from them; the
/// thickest come first. No miner seen has as much code in all; of the lawful modules seen, ONNX's runtime and FFmpeg have
/// four times that, in which nothing was ever found.
pub const THIN_BYTES: u32 = 1 << 20;

/// Longest body, in bytes, of which flattened control flow is put back: the largest hashes are some ten thousand. And
/// steps of running its loops for each of its bytes: each operator once or twice, doors once for each piece behind them.
pub const FLATTENED_BYTES: usize = 256 << 10;
/// See [`FLATTENED_BYTES`].
pub const FLATTENED_STEPS_PER_BYTE: usize = 16;

/// Functions that are read value by value only because they call, from a loop, what hashes; and their bytes together. A
/// miner's search stands in one such function; programs of 20 MB have hundreds, none of which a verdict hangs on.
pub const SEEKERS: usize = 48;

/// See [`SEEKERS`]: 64 KiB are a hundredth of the time that a module of 5 MB takes.
pub const SEEKER_BYTES: u32 = 64 << 10;

/// Functions that may lead to one that hashes before no more are asked for: what a large program calls all over leads to no
/// search.
pub const SEEKER_CALLERS: usize = 512;

/// Calls between a search loop and the hash: the loop, a module's entry, a hash's public function, its context, its passes, its
/// compression. Builds for size put none of them in line.
pub const SEEKER_DISTANCE: usize = 6;

/// Bytes of a started module's memory that are looked at: compilers put static data below the heap, in the first few
/// MiB; beyond stand scratchpads, which hold no tables.
pub const STARTED_BYTES: usize = 8 << 20;

/// Functions of one type in tables that still count as a switch between them. A chain of hash functions has 15 to 17.
pub const SWITCHED_FUNCTIONS: usize = 32;

/// Longest text that is parsed as a program, in bytes: tree, scopes and references take some ten times as much. The largest
/// lawful bundles seen have 15 MB.
#[cfg(feature = "script")]
pub const SCRIPT_BYTES: usize = 64 << 20;

/// Words and signs of a program that is parsed, beside one for so many bytes of its text. Tree, scopes and references of
/// one take some 70 bytes: so all take 20 times the text, and 128 MiB beside. Minified bundles have one in three bytes,
/// asm.js one in two. In a text of nothing but names one takes 110, of parameters 220, of arrow functions 360: the most
/// that such a text can come to is a gigabyte, at 4.5 MB.
#[cfg(feature = "script")]
pub const SCRIPT_TOKENS: usize = (128 << 20) / 72;
/// See [`SCRIPT_TOKENS`].
#[cfg(feature = "script")]
pub const SCRIPT_BYTES_PER_TOKEN: usize = 4;

/// Brackets, prefixes and right sides inside of each other, and levels of the tree with chains that bind to the left: a
/// parser calls itself for the first, all who visit the tree for the second. A database as asm.js nests 621 deep, of other
/// lawful code nothing more than 222 and its tree nowhere more than 215. A browser's stack is 1 MB, and bears less.
#[cfg(feature = "script")]
pub const SCRIPT_NESTING: u32 = if cfg!(target_family = "wasm") { SCRIPT_NESTING_ON_SMALL_STACK } else { 1024 };
/// See [`SCRIPT_NESTING`].
#[cfg(feature = "script")]
pub const SCRIPT_NESTING_ON_SMALL_STACK: u32 = 640;
/// See [`SCRIPT_NESTING`].
#[cfg(feature = "script")]
pub const SCRIPT_TREE: u32 = 4096;

/// Bytes of the stack on which programs are parsed outside of browsers. Pages of it that are not touched cost nothing.
#[cfg(feature = "script")]
pub const SCRIPT_STACK: usize = 256 << 20;

/// Bytes of one message of a socket that are read. Pools' longest are some KiB; padding costs a miner more than it costs
/// the reader, which takes one pass whatever stands there.
pub const FRAME_BYTES: usize = 256 << 10;

/// Messages that are read in each direction of a socket before most are passed over. A miner speaks for minutes and gives
/// itself away in its first three; 64 leave room for a greeting meant to bore.
pub const FRAME_MESSAGES: u32 = 64;

/// The same where work was seen: shares may be seldom.
pub const FRAME_MESSAGES_WITH_WORK: u32 = 4096;

/// Of later messages one in so many is read, in the mean.
pub const FRAME_EVERY: u32 = 8;

/// Bytes that are kept of a message that comes in pieces. Work has some hundred; whoever streams long texts is left alone.
pub const FRAME_PIECES_BYTES: usize = 2048;

/// Encodings inside encodings: JSON in base64 in an event of socket.io, and one more.
pub const FRAME_LAYERS: usize = 4;

/// Objects and lists inside each other that are followed. Dialects need five.
pub const FRAME_DEPTH: usize = 64;

/// Values that are looked at together. A block in parts with all branches of its tree has about 30.
pub const FRAME_GROUP: usize = 40;

/// Longest value of which the bytes are taken: a Zcash block's header with its solution has 1,487.
pub const FRAME_VALUE_BYTES: usize = 4096;

/// Lines of plain text that are read in one message.
pub const FRAME_LINES: usize = 16;

/// Bytes in front of a text inside a binary message: MQTT's head with its topic.
pub const FRAME_HEAD: usize = 128;

/// Longest text that can name a piece of work: pools use up to 36, an address of Nimiq has 44; hashes and keys are longer.
pub const FRAME_ID_BYTES: usize = 48;

/// Shortest text that names work by being repeated alone: shorter ones are equal by chance.
pub const FRAME_ID_LEAST: usize = 4;

/// Texts of one piece of work that may be its name.
pub const FRAME_IDS: usize = 6;

/// Pieces of work that are remembered: pools accept shares for the last two or three.
pub const FRAME_WORKS: usize = 4;

/// Different things that are remembered of one socket; there are 50 in all.
pub const FRAME_SEEN: usize = 50;

/// Bytes of a header that its solution has to repeat: version and the hash of the block before, which are never equal by
/// chance.
pub const FRAME_PREFIX: usize = 36;

/// Leading zeros of a target from which on a hash below it is no accident: one in 128 read from either end, and only in a
/// message that names the work besides. The easiest pools ask for 8.
pub const FRAME_TARGET_BITS: u32 = 8;

/// Leading zeros of a hash that was searched for: JSEcoin asks for 16 and more.
pub const FRAME_LOW_HASH_BITS: u32 = 16;

/// Seconds by which a share's time may differ from its work's: two hours, as Bitcoin's rules allow.
pub const FRAME_TIME_SECONDS: u32 = 7200;

/// Steps of evaluating a program's own constants ([`crate::script`]'s hidden layers), at most and for each byte of the
/// text: some 25 million are a second, and no text may take a second for each MB.
#[cfg(feature = "script")]
pub const LAYER_STEPS: u64 = 500_000;
/// See [`LAYER_STEPS`].
#[cfg(feature = "script")]
pub const LAYER_STEPS_PER_BYTE: u64 = 8;

/// Steps that a longer program has from the start, and bytes of its text for one more: bundles compute for hundreds of steps
/// a byte without decoding anything. What decodes holds what it decodes, and that earns the other steps.
#[cfg(feature = "script")]
pub const LAYER_STEPS_ORDINARY: u64 = 30_000;
/// See [`LAYER_STEPS_ORDINARY`].
#[cfg(feature = "script")]
pub const LAYER_BYTES_PER_STEP: u64 = 8;

/// Bytes of a program that has all of [`LAYER_STEPS`] from the start: packers' and loaders' own.
#[cfg(feature = "script")]
pub const LAYER_SHORT: usize = 32 << 10;

/// Bytes of a text, and elements of a list, from which on a constant earns the steps that decoding it takes, and steps for
/// each: a loop over it with an exclusive-or and `fromCharCode` takes 25, and what it hands on is followed too.
#[cfg(feature = "script")]
pub const LAYER_TEXT: usize = 96;
/// See [`LAYER_TEXT`].
#[cfg(feature = "script")]
pub const LAYER_LIST: usize = 32;
/// See [`LAYER_TEXT`].
#[cfg(feature = "script")]
pub const LAYER_STEPS_PER_UNIT: u64 = 40;

/// Steps, at least, for texts that are dense with hexadecimal numbers and escapes, as obfuscators write them: turning a
/// table of 150 strings in base64 takes 2.5 million.
#[cfg(feature = "script")]
pub const LAYER_STEPS_OBFUSCATED: u64 = 8_000_000;

/// Steps for one function that the program itself never calls, where it holds what hands code to the engine or opens
/// sockets, and at least for each other one.
#[cfg(feature = "script")]
pub const LAYER_FUNCTION_STEPS: u64 = 20_000;
/// See [`LAYER_FUNCTION_STEPS`].
#[cfg(feature = "script")]
pub const LAYER_FUNCTION_STEPS_LEAST: u64 = 4_000;

/// Steps, at least, for such a function in which no word tells of decoding, and bytes of its text for one more: enough to
/// come to the calls that it makes. Ordinary programs consist of these.
#[cfg(feature = "script")]
pub const LAYER_FUNCTION_STEPS_BRIEF: u64 = 250;
/// See [`LAYER_FUNCTION_STEPS_BRIEF`].
#[cfg(feature = "script")]
pub const LAYER_FUNCTION_BYTES_PER_STEP: u64 = 4;

/// Bytes that values may hold at once, at least and in lengths of the text.
#[cfg(feature = "script")]
pub const LAYER_BYTES: usize = 4 << 20;
/// See [`LAYER_BYTES`].
#[cfg(feature = "script")]
pub const LAYER_BYTES_TIMES_TEXT: usize = 3;

/// Expressions, statements and calls inside of each other that are evaluated: each is a few frames of the browser's stack.
#[cfg(feature = "script")]
pub const LAYER_DEPTH: u32 = 400;

/// Calls inside of each other. Obfuscators put five wrappers around a decoder, packers recurse over digits.
#[cfg(feature = "script")]
pub const LAYER_CALLS: u32 = 48;

/// Elements of an array that evaluation makes.
#[cfg(feature = "script")]
pub const LAYER_ARRAY: usize = 1 << 24;

/// Texts that one program may hand to the engine and that are read.
#[cfg(feature = "script")]
pub const LAYERS: usize = 64;

/// Addresses of sockets that are listed for one program.
#[cfg(feature = "script")]
pub const LAYER_ADDRESSES: usize = 64;

/// Expressions whose strings are kept for one program.
#[cfg(feature = "script")]
pub const LAYER_STRINGS: usize = 1 << 16;

/// Variables shared between a program's functions that are kept as globals, of those that change and of those that do not;
/// further ones are words in memory. A kernel shares a few dozen.
#[cfg(feature = "script")]
pub const SCRIPT_GLOBALS: usize = 256;

/// Bytes of the text of a function that is written where it is called from a loop: a comparison of two hashes, or who
/// puts a nonce into a header, has 100 to 300.
#[cfg(feature = "script")]
pub const SCRIPT_INLINE_TEXT: usize = 512;
/// Signs that may nest in such a text: each of the few levels adds as much to the stack at most.
#[cfg(feature = "script")]
pub const SCRIPT_INLINE_SIGNS: usize = 160;
/// Functions so written inside of each other.
#[cfg(feature = "script")]
pub const SCRIPT_INLINE_DEPTH: usize = 3;
/// Bytes of text that are so written for one function, and for a program: a round calls its quarter eight times.
#[cfg(feature = "script")]
pub const SCRIPT_INLINE_ROOM: usize = 16 << 10;
/// See [`SCRIPT_INLINE_ROOM`].
#[cfg(feature = "script")]
pub const SCRIPT_INLINE_IN_ALL: usize = 512 << 10;

/// Nodes of a program's tree whose names and calls are taken together: the clients of browser miners in the development
/// set fit, each whole; the modules of bundles are shorter.
#[cfg(feature = "script")]
pub const SHAPE_NODES: usize = 20_000;

/// Places of one program at which its names and calls are told.
#[cfg(feature = "script")]
pub const SHAPE_SCOPES: usize = 256;

/// Places of addresses in a text that are told, the first ones: a list of hosts says no more by being longer.
#[cfg(feature = "files")]
pub const TEXT_ADDRESSES: usize = 256;

/// Bytes of a line or command that are read as one; compilers' and installers' longest have some ten thousand.
#[cfg(feature = "files")]
pub const COMMAND_BYTES: usize = 64 << 10;

/// Objects inside each other, and values of one object, that are read of a configuration. Miners' need four and some dozen.
#[cfg(feature = "files")]
pub const SETTINGS_DEPTH: usize = 64;
/// See [`SETTINGS_DEPTH`].
#[cfg(feature = "files")]
pub const SETTINGS_VALUES: usize = 256;

/// Files that a script writes, or programs that it starts, of which it is asked whether they are the same, and bytes of an
/// expression that names one. Installers have a few, of some words each.
#[cfg(feature = "script")]
pub(crate) const INSTALLER_NAMES: usize = 32;
/// See [`INSTALLER_NAMES`].
#[cfg(feature = "script")]
pub(crate) const INSTALLER_NAME: usize = 1024;

/// Scripts that one command of a package has node run; lawful packages have one.
#[cfg(feature = "files")]
pub(crate) const INSTALL_SCRIPTS: usize = 4;
