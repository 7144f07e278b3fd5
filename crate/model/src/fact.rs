//! What reading can establish. Rules see these and nothing else.

use crate::Location;
use serde::{Deserialize, Serialize};

/// One thing that was read: a name, a number whose meaning the name fixes, how often, and where first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Which fact this is.
    pub name: FactName,
    /// The fact's number; see each name for its meaning, 0 where it has none.
    pub value: u64,
    /// How many sites (or distinct table entries) in the scope show it; at least 1.
    pub count: u32,
    /// The fact's word (a table's name, an export, a host) where the name has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The first site in byte order.
    pub location: Location,
}

impl Fact {
    /// The order in which a scope holds its facts: by name, text and value.
    #[must_use]
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        (self.name, &self.text, self.value).cmp(&(other.name, &other.text, other.value))
    }
}

/// The vocabulary of facts. Each line says what `value`, `count` and `text` mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactName {
    // -- the module as a whole --
    /// A linear memory's initial size. value: pages of 64 KiB.
    MemoryMin,
    /// A linear memory's maximum size. value: pages of 64 KiB; absent when unbounded.
    MemoryMax,
    /// Defined functions. count: how many.
    Functions,
    /// Functions that exports, the start function or a table can reach. count: how many.
    FunctionsReachable,
    /// Code inside loops that entries can reach. count: bytes.
    HotCode,
    /// A way in from outside. value: 0 an export, 1 the start function, 2 a table element, 3 an entry point of a shader.
    /// text: the export's name, or the shader's stage.
    /// Stands in the function's own scope.
    Entry,
    /// An imported function. text: `module.name`.
    Import,
    // -- a function with its callees, or a loop with what it calls --
    /// Share of the scope's loop code that hashes. value: percent, 0 to 100.
    HashShare,
    /// The same share where each loop's code counts eight times as much as the code around it: what a scope spends its
    /// time on, however little of its code that is. value: percent, 0 to 100.
    LoopShare,
    /// Code inside loops that entries can reach and that neither hashes nor belongs to this scope: what else the module
    /// is made of. value: KiB, rounded down.
    OtherCode,
    /// A load or store whose address is masked, with the masked word itself read from memory (or from a multiply or
    /// xor of such words). value: the mask in bytes, as it acts on the address; 0 for a mask known only at run time that
    /// does not itself come from data. count: sites.
    MaskedAddress,
    /// A full 64×64→128-bit multiply, of four (or three) 32-bit halves or `i64.mul_wide_u`, neither factor constant.
    /// value: 1 when a factor was read through a masked address. count: sites.
    Mul128,
    /// A 32-bit rotation by a constant. value: the amount to the right, 1 to 31. count: sites.
    Rotation32,
    /// A 64-bit rotation by a constant. value: the amount to the right, 1 to 63; 0 for one that is looked up or computed.
    /// count: sites.
    Rotation64,
    /// A load from a table indexed by one byte of a data-dependent word (an s-box or T-table). value: entry size in
    /// bytes. count: sites.
    ByteLookup,
    /// A known table of constants. text: its name. value: 0 from a data segment, 1 from code. count: distinct entries.
    Table,
    /// A loop counter compared with, or counted down from, a constant. value: the constant. count: sites.
    LoopBound,
    /// `a + b + 2·lo32(a)·lo32(b)`, the multiply-add of Argon2's compression. count: sites.
    MultiplyAdd,
    /// Exclusive-ors of two values neither of which is constant. value: 1 where one of them comes from what was read at
    /// a masked address, else 0. count: sites.
    Xor,
    /// Loops. value: deepest nesting. count: how many.
    Loops,
    // -- purpose: what a loop is for --
    /// A counter of the loop, or a sum of it and what does not change, written to an address that does not change: each
    /// turn tries another number in the same place. value: 1 when the address is a slot of the shadow stack, 2 when it is
    /// stored nowhere but added to what a hash mixes, 3 when the counter is the number of a shader's invocation, else 0.
    /// count: sites. Stands in the loop's own scope, not in those that call it.
    NonceStore,
    /// A word that was computed or read after the loop's work, compared with a bound that the loop does not change.
    /// value: 1 an order (below a target), 0 equality of a shifted or masked word with nothing (leading zeros).
    /// count: sites. Stands in the loop's own scope, not in those that call it.
    TargetCompare,
    /// A load at a masked address that was itself computed from what a masked load gave: a walk over a region that
    /// cannot be foretold. value: the mask, as in `masked-address`; 1 for one that is read from memory,
    /// or counts blocks of a length that is known no sooner. count: sites.
    ChainedAddress,
    /// A store at a masked address. value: the mask, as in `chained-address`. count: sites.
    MaskedStore,
    /// A load at a masked address, whatever it was computed from. value: the mask, as in `chained-address`. count: sites.
    MaskedLoad,
    /// A load at a confined address that was computed from an object in memory into which what such loads gave is mixed in
    /// the same loop: a walk whose state stands in memory. value: the mask, as in `chained-address`. count: sites.
    FedAddress,
    // -- memory-hard mixers of one family each --
    /// `(hi(x)·lo(x) + S0[lo(x) & m]) ^ S1[hi(x) & m]`, the round of pwxform: a product of two 32-bit words, plus one word
    /// read at a masked address, xor another. value: the mask in bytes, 0 for one known only at run time. count: sites.
    Pwxform,
    /// Floating-point numbers made of integers that were read at a masked, data-dependent address. value: the mask, as
    /// for `masked-address`. count: sites.
    FloatFromMasked,
    /// 64-bit floating-point operations, scalar or vector. value: 0 add, 1 subtract, 2 multiply, 3 divide, 4 square
    /// root. count: sites.
    Float64,
    /// 64-bit products of two words neither of which is constant. count: sites.
    Product64,
    /// Stores of any kind. count: sites.
    Stores,
    // -- hashes that coins and lawful programs share --
    /// SHA-256's padding for a message whose length never changes, stored as constants or folded into the round
    /// constants. value: the length in bits, 256 (another hash) or 640 (a header of 80 bytes). count: sites.
    FixedPadding,
    // -- dealing into buckets --
    /// A store to a slot that a bucket's counter handed out: the counter stands in memory at a place that depends on
    /// data, and is raised by one in the same loop. value: 1 where the slot is noted for later, else 0. count: sites.
    BucketSlot,
    /// Such a store of the exclusive-or of two words read from memory: two entries that agree in some bits are joined.
    /// value: 1 for a bucket that such an exclusive-or chooses, else 0. count: sites.
    BucketXor,
    /// A store, to a third place, of the exclusive-or of a word that an inner loop runs over and one that stands still in
    /// it while an outer loop runs: all pairs of a list are joined. count: sites.
    PairJoin,
    // -- chains, and walks over a dataset --
    /// `x·0x01000193 ^ y` of two whole words, the mix that Ethash takes from FNV. count: sites.
    FnvMix,
    /// A load whose address is a remainder of such a mix. value: the largest number up to 1024 that its loop, or
    /// one around it, counts to; 0 when none is known. count: sites.
    FnvWalk,
    /// A remainder of such a mix, whatever becomes of it, in a function that calls nothing through a table. value: as
    /// for `fnv-walk`. count: sites.
    FnvRemainder,
    /// A remainder of a word whose four bytes are read at an address that moves by one byte from turn to turn. value: 1
    /// for a load from a table that it indexes, else 0. count: sites.
    OverlappingWord,
    /// 16 bits times a multiplier of KISS99. value: the multiplier. count: sites.
    CarryMultiply,
    /// A rotation of BLAKE2's mixing function without a message word, as Lyra2's sponge has it. value: 16 or 32, to the
    /// right. count: sites.
    BareMix,
    // -- an address --
    /// The canonical host of an address. text: the host.
    Host,
    /// An address whose path has the shape that mining proxies use. text: the path.
    PoolPath,
    /// A word in an address that only pools use (a wallet-length login, a worker name). text: the part.
    PoolParameter,
    // -- a page --
    /// Code that stands in a page. value: 0 a classic script, 1 a module, 2 an event handler or a `javascript:` address.
    /// count: how many.
    InlineScript,
    /// A policy about content that the page sets for itself in a `<meta>`. text: the policy.
    PagePolicy,
    // -- what passes a socket --
    /// A received message with work for a miner. text: its form (`blob-and-target`, `header`, `block-parts`,
    /// `subscription`, `hash-pair`, `block-settings`, `prehash`, `nonce-range`). value: 1 where the form cannot well be
    /// anything else or words of its dialect confirm it, 0 where other things look like it. count: messages.
    PoolWork,
    /// A sent message with a share. text: its form (`id-nonce-result`, `block-fields`, `solved-header`,
    /// `count-and-rate`, `nimiq-header`, `prehash-result`). value: 0 its shape alone, 1 with words of its dialect, 2 it
    /// names work that was handed out, 3 work that was certain, 4 it solves that work. count: messages.
    PoolShare,
    /// A sent message that says for whom a page works. text: `wallet`, `nimiq-address`, `pool-login` for a
    /// wallet among the words of a pool's login, or `pool-address` for a pool's host and port beside a wallet, worker or
    /// algorithm. count: messages.
    PoolLogin,
    /// A word of a pool's dialect as key, method, type or event. text: the word. value: 1 sent, 0 received. count: 1.
    PoolWord,
    // -- a program in JavaScript --
    /// A call of a hash that the program does not hold itself: the browser's digest, or a function that a library's name
    /// for a hash is called by. count: sites.
    DigestCall,
    /// Half of a 64-bit rotation by a constant, of two 32-bit words: `high >>> n | low << 32 - n`. value: the amount to
    /// the right, 1 to 31, of the rotation or of one by 32 more. count: sites.
    Funnel32,
    // -- what a script sets up, in one function or a short program as a whole --
    /// A name that speaks of mining. text: what it speaks of (`hashrate`, `job`, `nonce`, `difficulty`, `share`, `miner`,
    /// `stratum`, `throttle`, `threads`, `payout`, `pool`, `seed`, `template`, `solved`, `reward`, `algorithm`).
    /// count: names.
    MiningWord,
    /// A text that names who is paid. text: `monero`, `cryptonote`, `nimiq` or `zcash` for a wallet's address, `key` for a
    /// key as mining services hand them out. value: 0 an address, 1 a key that something is made with. count: sites.
    Payee,
    /// A worker that is started. value: 1 in a loop or for each of several, else 0. count: sites.
    WorkerStarted,
    /// How many cores there are is asked. count: sites.
    CoresAsked,
    /// Something is posted to whom started this worker, or scripts are brought into it. count: sites.
    WorkerSide,
    /// A socket is made. value: 0 a WebSocket, 1 another. count: sites.
    SocketMade,
    /// A server is asked without a socket. count: sites.
    ServerAsked,
    /// A WebAssembly module is compiled or instantiated. value: 0, or 1 where one that Emscripten linked is called into.
    /// count: sites.
    ModuleBuilt,
    // -- addresses in a program --
    /// A socket that a program opens. value: 1 where its address was found out, which then gives the facts of an address,
    /// 0 where it only exists at run time. count: places.
    SocketOpened,
    /// The host of a socket's or pool's address that a program holds as a string, opened or not. value: 0 `ws` and `wss`,
    /// 1 a scheme by which miners name a pool. text: the host. count: places.
    NamedHost,
    // -- graphs whose edges are hashes of their numbers --
    /// A number that a loop counts, joined by exclusive-or with what a hash mixes, and made of nothing that is read: all
    /// numbers are hashed one after the other. count: sites.
    NumberedHash,
    // -- what a script does with a miner, beside what it sets up --
    /// One thing is asked how fast it hashes, and driven in other ways. value: how many kinds of calls it gets, of five: its
    /// rate is asked, it is started or stopped, its threads and its throttle are set or asked, it tells of shares and jobs.
    /// count: 1.
    MinerDriven,
    /// An object is written down with the names of a share: work, nonce, and what came out. count: sites.
    ShareObject,
    // -- a walk over a file --
    /// A load whose address is a remainder of FNV-1a, `(x ^ y)·0x01000193` of two whole words. count: sites.
    FnvSeek,
    // -- a text that is no program, or the strings of an executable --
    /// An address of a socket or pool. value: 0 `ws` and `wss`, 1 a scheme by which miners name a pool, 2 a host and port
    /// alone. text: the host. count: places.
    TextAddress,
    /// An object of a configuration, or a command, with a pool's address and who is paid there. text: `object` or
    /// `command`. value: how many things about it only miners have, of four: the pool's scheme; a wallet; an algorithm of
    /// mining; settings of miners. count: how many.
    MinerSettings,
    /// A script that fetches something and runs it. text: of a shell, `package` for what a package says is run when it is
    /// installed, `installer` for a file that is called so, `script` for another; `program` for one of node that writes a
    /// file and runs that file. count: 1.
    FetchedAndRun,
    /// A script of its own that a package has node run when it is installed. text: its path from the package. count: 1.
    RunAtInstall,
    // -- layers of a script --
    /// Code that a script makes of what it holds and runs, and that does not stand in it as such. count: how many texts.
    HiddenCode,
    // -- numbers of many words --
    /// Two numbers of several words in memory, neither a constant, that are compared in order: word by word in a loop or in one
    /// piece of code, or by a function that is handed their length. value: their bits. count: sites.
    NumberCompare,
}

impl FactName {
    /// Whether it tells what the loop itself is for, and so says nothing of a loop that only calls it.
    #[must_use]
    pub fn is_purpose(self) -> bool {
        matches!(self, Self::NonceStore | Self::TargetCompare)
    }
}
