//! What sets the children of the family apart: sizes, loop counts and tweaks, in the names that miners use.

/// What a child changes in the main loop.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tweak {
    /// CryptoNight as first published.
    None,
    /// Variant 1 (Monero, April 2018): one byte and one word of what is stored.
    Nonce,
    /// Variant 2 (Monero, October 2018): shuffle of the neighbour blocks, division and square root.
    Shuffle,
    /// Variant 2 with the shuffle in the other direction ("reverse waltz").
    ReverseShuffle,
}

/// How a 4 MiB child ends each turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Division {
    /// Not at all.
    None,
    /// Divides and jumps.
    Plain,
    /// The same with the divisor's complement in the jump (Haven).
    Complement,
}

/// One child of the family.
pub trait Algorithm {
    /// Scratchpad in bytes.
    const MEMORY: usize;
    /// Turns of the main loop.
    const TURNS: u32;
    /// Mask of an address in the scratchpad, in bytes.
    const MASK: u64 = (Self::MEMORY as u64 - 1) / 16 * 16;
    /// Change of the main loop.
    const TWEAK: Tweak;
    /// The 4 MiB children's division; also mixes the eight blocks when the scratchpad is filled and read back.
    const DIVISION: Division = Division::None;
}

macro_rules! family {
    ($($(#[$doc:meta])* $name:ident $feature:literal { $($constant:ident: $type:ty = $value:expr;)* })*) => {
        $($(#[$doc])* pub struct $name; impl Algorithm for $name { $(const $constant: $type = $value;)* }
        #[cfg(feature = $feature)] pub type Selected = $name;)*
        #[cfg(not(any($(feature = $feature),*)))] pub type Selected = Cn0;
    };
}

const MIB: usize = 1 << 20;

family! {
    /// CryptoNight v0.
    Cn0 "cn-0" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x80000; TWEAK: Tweak = Tweak::None; }
    /// Variant 1.
    Cn1 "cn-1" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x80000; TWEAK: Tweak = Tweak::Nonce; }
    /// Variant 2.
    Cn2 "cn-2" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x80000; TWEAK: Tweak = Tweak::Shuffle; }
    /// Variant 1 with half the turns (Masari).
    CnFast "cn-fast" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x40000; TWEAK: Tweak = Tweak::Nonce; }
    /// Variant 2 with half the turns (Masari, Torque).
    CnHalf "cn-half" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x40000; TWEAK: Tweak = Tweak::Shuffle; }
    /// Reverse waltz (Graft).
    CnRwz "cn-rwz" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x60000; TWEAK: Tweak = Tweak::ReverseShuffle; }
    /// Variant 2 with three quarters of the turns (Zelerius).
    CnZls "cn-zls" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x60000; TWEAK: Tweak = Tweak::Shuffle; }
    /// Variant 2 with twice the turns (X-CASH).
    CnDouble "cn-double" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x100000; TWEAK: Tweak = Tweak::Shuffle; }
    /// v0 with twice the turns (Alloy).
    CnXao "cn-xao" { MEMORY: usize = 2 * MIB; TURNS: u32 = 0x100000; TWEAK: Tweak = Tweak::None; }
    /// CryptoNight-Lite v0 (Aeon).
    CnLite0 "cn-lite-0" { MEMORY: usize = MIB; TURNS: u32 = 0x40000; TWEAK: Tweak = Tweak::None; }
    /// CryptoNight-Lite variant 1.
    CnLite1 "cn-lite-1" { MEMORY: usize = MIB; TURNS: u32 = 0x40000; TWEAK: Tweak = Tweak::Nonce; }
    /// CryptoNight-Heavy (Sumokoin).
    CnHeavy0 "cn-heavy-0" {
        MEMORY: usize = 4 * MIB; TURNS: u32 = 0x40000; TWEAK: Tweak = Tweak::None; DIVISION: Division = Division::Plain;
    }
    /// CryptoNight-Heavy (Haven).
    CnHeavyXhv "cn-heavy-xhv" {
        MEMORY: usize = 4 * MIB; TURNS: u32 = 0x40000; TWEAK: Tweak = Tweak::None;
        DIVISION: Division = Division::Complement;
    }
    /// CryptoNight-Pico (TurtleCoin); its mask reaches only half of the scratchpad.
    CnPico "cn-pico" {
        MEMORY: usize = MIB / 4; TURNS: u32 = 0x10000; MASK: u64 = 0x1fff0; TWEAK: Tweak = Tweak::Shuffle;
    }
    /// CryptoNight-UPX/2 (uPlexa).
    CnUpx2 "cn-upx2" {
        MEMORY: usize = MIB / 8; TURNS: u32 = 0x4000; TWEAK: Tweak = Tweak::ReverseShuffle;
    }
}

macro_rules! ghostrider {
    ($($(#[$doc:meta])* $name:ident($memory:expr, $turns:expr, $mask:expr);)*) => {
        $($(#[$doc])* pub struct $name; impl Algorithm for $name {
            const MEMORY: usize = $memory;
            const TURNS: u32 = $turns;
            const MASK: u64 = $mask;
            const TWEAK: Tweak = Tweak::Nonce;
        })*
    };
}

// Variant 1 in the sizes that GhostRider interleaves; the "lite" ones walk only half of their scratchpad.
ghostrider! {
    /// CryptoNight-Dark.
    Dark(MIB / 2, 0x20000, 0x7fff0);
    /// CryptoNight-Dark-Lite.
    DarkLite(MIB / 2, 0x20000, 0x3fff0);
    /// CryptoNight-Turtle.
    Turtle(MIB / 4, 0x10000, 0x3fff0);
    /// CryptoNight-Turtle-Lite.
    TurtleLite(MIB / 4, 0x10000, 0x1fff0);
}
