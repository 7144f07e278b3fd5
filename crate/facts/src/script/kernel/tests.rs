//! What a program computes is seen however it is written.

use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction, FactName, Location, ScopeKind};

/// Words that make the first look want the program.
const WANTED: &str = "\n// ^ ^ ^ ^ ^ ^ ^ ^ << digest";

fn read(text: &str) -> Extraction {
    let bytes = format!("{text}{WANTED}").into_bytes();
    let artifact = Artifact { path: "a.js".into(), kind: ArtifactKind::Script, bytes: bytes.into() };
    let extraction = extract(&artifact, &Limits::default());
    assert!(extraction.gaps.is_empty(), "{:?}", extraction.gaps);
    extraction
}

/// How often a fact with a value stands in scopes of a kind, in the scope that has most of them.
fn most(text: &str, kind: ScopeKind, name: FactName, value: u64) -> u32 {
    let extraction = read(text);
    let scopes = extraction.scopes.iter().filter(|scope| scope.kind == kind);
    let counts =
        scopes.map(|scope| scope.facts.iter().filter(|f| f.name == name && f.value == value).map(|f| f.count).sum());
    counts.max().unwrap_or(0)
}

/// A function that mixes enough to be read, and does this as well.
fn mixing(body: &str) -> String {
    let mix = "e = (b ^ a) + (a ^ c) | 0; b = (c ^ b) + (e << 3 | e >>> 29) | 0; a = b << 3 ^ b >>> 29;".repeat(5);
    format!(
        "function f(a, b, c, d, e) {{ for (let i = 0; i < 64; i++) {{ {mix} {body} }} return a + b + c + d }} f(p, q)"
    )
}

fn rotations(body: &str, width: FactName, amount: u64) -> u32 {
    most(&mixing(body), ScopeKind::Loop, width, amount)
}

#[test]
fn rotations_of_32_bits() {
    let ways = [
        "d ^= a << 5 | a >>> 27",
        "d ^= (a << 5) + (a >>> 27)",
        "d ^= (a << 5 ^ a >>> 27) >>> 0",
        "d ^= ((a | 0) << 5 | (a >>> 0) >>> 27) & 0xffffffff",
        "d ^= a << (0x3 + 0x2) | a >>> (0x20 - 0x5)",
        "d ^= rotl(a, 5)} function rotl(x, n) { return (x << n) | (x >>> (32 - n)) } {",
        "d ^= rotr(a, 27)} const rotr = (x, n) => (x >>> n) | (x << (32 - n)); {",
        "d ^= o.r(a, 5)} const o = {r: function (x, n) { return o.or(o.left(x, n), x >>> 32 - n) }, or: (x, y) => x | y, \
         left(x, y) { return x << y }}; {",
        "d ^= (0, u.rotl)(a, 5)} exports.rotl = g; function g(x, n) { return x << n | x >>> 32 - n } {",
        "t[0] = t[0] << 5 | t[0] >>> 27} const t = new Uint32Array(8); {",
        "s[i] = (this.s[i] << 5) | (this.s[i] >>> 27)} var s; {",
        "d = d ^ (a << k | a >>> 32 - k)} const k = 5; {",
        "d ^= a * 32 | a >>> 27",
        "d = w['x'](d, w['o'](w['l'](a, w['n']), w['r'](a, w['s'](32, w['n']))))} const w = {'x': function (p, q) { return p ^ q }, \
         'o': (p, q) => p | q, 'l': (p, q) => p << q, 'r': (p, q) => { return p >>> q }, 's': (p, q) => p - q, 'n': 0x2 + 0x3}; {",
        "d ^= w.c(w.d, r, t[0], 27)} const w = {c(f, g, x, n) { return f(g, x, n) }, d: (f, x, n) => f(x, n)}; \
         function r(x, n) { return x >>> n | x << 32 - n } let t; {",
    ];
    for way in ways {
        assert_eq!(rotations(way, FactName::Rotation32, 27), 1, "{way}");
    }
    assert_eq!(rotations("d ^= a << 5 | b >>> 27", FactName::Rotation32, 27), 0);
    assert_eq!(rotations("d ^= a << 5 | a >>> 26", FactName::Rotation32, 27), 0);
}

#[test]
fn a_hash_among_many_functions_is_read_with_what_it_calls() {
    // Flags and lists of numbers are in every bundle, and are no mixing.
    let others: String =
        (0..40).map(|n| format!("function o{n}(a) {{ return [1, 2, 3, 4, a << 3, a << {n}] }} ")).collect();
    for way in [
        "d = p(d, q(rotl(a, 5)))} function rotl(x, n) { return (x << n) | (x >>> (32 - n)) } \
         function p(x, y) { let z = x ^ y; return z } function q(x) { return x } {",
        "d ^= o.r(a, 5)} const o = {r(x, n) { return o.l(x, n) | x >>> 32 - n }, l(x, y) { return x << y }}; {",
        "d ^= w(r, a, 27)} function w(f, x, n) { return f(x, n) } const r = (x, n) => x >>> n | x << 32 - n; {",
        "d = w.x(d, w.r(a, 27))} const w = {x: (p, q) => p ^ q, r: (x, n) => w.s(x, n) | x << 32 - n, s: (p, q) => p >>> q}; {",
    ] {
        let text = others.clone() + &mixing(way);
        assert_eq!(most(&text, ScopeKind::Loop, FactName::Rotation32, 27), 1, "{way}");
    }
}

#[test]
fn rotations_of_64_bits_as_bigints() {
    let ways = [
        "u = u ^ ((v << 13n) | (v >> 51n)) & 0xffffffffffffffffn; v = v + u} let u, v; {",
        "u = w(u, r(v, 13n)); v = u} let u, v; const M = (1n << 64n) - 1n, w = (x, y) => x ^ y; function r(x, n) { return ((x << n) | \
         (x >> (64n - n))) & M } {",
        "u[1] = u[0] ^ BigInt.asUintN(64, u[0] << 13n | u[0] >> 51n)} const u = new BigUint64Array(8); {",
    ];
    for way in ways {
        assert_eq!(rotations(way, FactName::Rotation64, 51), 1, "{way}");
    }
}

#[test]
fn control_flow_that_is_only_put_into_an_order_is_put_back() {
    let flat = "var o = '2|0|1'.split('|'), n = 0; while (true) { switch (o[n++]) { case '0': y = x >>> 27; continue; case '1': \
                d ^= z | y; continue; case '2': var x = a, y, z = x << 5; continue; } break; }";
    assert_eq!(rotations(flat, FactName::Rotation32, 27), 1);
}

#[test]
fn tables_are_known_as_lists_and_as_constants() {
    let words = [0x6a09_e667_u32, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a];
    let lists: [fn(&u32) -> String; 4] = [
        |w| format!("{w:#x}"),
        |w| format!("{}", *w as i32),
        |w| format!("0x{:x}+0x{:x}", w - 0x1234, 0x1234),
        |w| format!("'{w:#010x}'"),
    ];
    for list in lists {
        let list = words.iter().map(list).collect::<Vec<_>>().join(",");
        let text = mixing(&format!("d ^= T[i]}} const T = Object.freeze(new Uint32Array([{list}])); {{"));
        assert_eq!(most(&text, ScopeKind::Loop, FactName::Table, 0), 4, "{text}");
    }
    let code = words.map(|w| format!("d ^= {};", w as i32)).concat();
    assert_eq!(most(&mixing(&code), ScopeKind::Loop, FactName::Table, 1), 4);
}

#[test]
fn a_walk_over_a_typed_array_is_seen_as_one_over_memory() {
    let asm = "function m(stdlib, foreign, heap) { 'use asm'; var H = new stdlib.Int32Array(heap); var imul = stdlib.Math.imul;
      function walk(p) { p = p | 0; var a = 0, i = 0, q = 0;
        for (; (i | 0) < 524288; i = i + 1 | 0) {
          q = p + (a & 2097136) | 0; a = H[q >> 2] ^ imul(a, H[q + 4 >> 2] | 0) ^ H[q + 8 >> 2];
          H[q >> 2] = a ^ H[p >> 2]; q = p + (a & 2097136) | 0; a = (H[q >> 2] ^ a) + (H[q + 12 >> 2] ^ i) | 0; H[q + 4 >> 2] = a ^ q;
          a = a ^ H[p + 4 >> 2] ^ H[p + 8 >> 2];
        } return a | 0 } return { walk: walk } }";
    assert!(most(asm, ScopeKind::Loop, FactName::MaskedAddress, 0x1f_fff0) >= 6);
    assert!(most(asm, ScopeKind::Loop, FactName::ChainedAddress, 0x1f_fff0) >= 2);
    assert!(most(asm, ScopeKind::Loop, FactName::MaskedStore, 0x1f_fff0) >= 2);
    assert_eq!(most(asm, ScopeKind::Loop, FactName::LoopBound, 0x80000), 1);
}

#[test]
fn a_search_around_a_digest_is_one_in_any_form() {
    let forms = [
        "async function s(p, t) { for (let n = 0; ; n++) { const h = await crypto.subtle.digest('SHA-256', e.encode(p + n));
           if (hex(h).startsWith(t)) return n } }",
        "async function s(p, t) { let n = 0; while (true) { const b = new Uint8Array(await crypto.subtle.digest('SHA-1', \
           new TextEncoder().encode(`${p}:${n}`))); if (b[0] === 0 && b[1] === 0) break; n++ } }",
        "function s(p, t, n) { crypto.subtle.digest('SHA-256', e.encode(p + n)).then(function (h) { const v = new DataView(h);
           if (v.getUint32(0) < t) done(n); else s(p, t, n + 1) }) }",
        "function s(p, t, n) { d(p + n).then(h => { if (h.slice(0, t) === z) done(n); else setTimeout(() => s(p, t, n + 1)) }) }
           async function d(x) { return hex(await crypto.subtle.digest('SHA-256', e.encode(x))) }",
        "class W { async step() { this.n++; const h = BigInt('0x' + sha256(this.p + this.n)); if (h <= this.t) this.done();
           else setTimeout(this.step.bind(this), 0) } }",
        "onmessage = e => { for (let n = 0; n < e.data.max; n++) { h = new lib.SHA1().hex(e.data.p + n);
           if (h === e.data.wanted) postMessage(n) } }",
        "const w = {'a': (f, x) => f(x), 'b': (x, y) => x + y, 'c': (x, y) => x === y, 'd': 'SHA-256', 'e': (x, y) => x < y};
           async function h(x) { return hex(await crypto['subtle']['digest'](w['d'], e['encode'](x))) }
           async function s(p, t, m) { for (let n = 0; w['e'](n, m); n++) if (w['c'](await w['a'](h, w['b'](p, n)), t)) return n }",
    ];
    for text in forms {
        let count = |name| {
            let extraction = read(text);
            let loops = extraction.scopes.into_iter().filter(|scope| scope.kind == ScopeKind::Loop);
            let facts = loops.flat_map(|scope| scope.facts).filter(|fact| fact.name == name);
            facts.map(|fact| fact.count).sum::<u32>()
        };
        assert!(count(FactName::DigestCall) > 0, "{text}");
        assert!(count(FactName::NonceStore) > 0, "{text}");
        assert!(count(FactName::TargetCompare) > 0, "{text}");
    }
}

#[test]
fn hashing_a_list_is_no_search() {
    let text = "async function all(list) { const out = []; for (let i = 0; i < list.length; i++) { const h = await \
                crypto.subtle.digest('SHA-256', list[i]); if (h.byteLength > 10) out.push(h) } return out }";
    assert_eq!(most(text, ScopeKind::Loop, FactName::NonceStore, 0), 0);
}

#[test]
fn places_are_those_of_the_text() {
    let text = format!("// first\n{}", mixing("\n\nd ^= a << 5 | a >>> 27\n"));
    let extraction = read(&text);
    let inner = extraction.scopes.iter().find(|scope| scope.kind == ScopeKind::Loop).unwrap();
    let rotation = inner.facts.iter().find(|fact| fact.name == FactName::Rotation32).unwrap();
    assert_eq!(rotation.location, Location::Line { line: 4, column: 1 });
    assert!(matches!(inner.location, Location::Line { line: 2, .. }), "{:?}", inner.location);
}

#[test]
fn every_construct_can_be_written_down() {
    let text = "import a, {b as c} from 'd'; export default class extends a { #p = 1; static { this.q = 2 } get r() { return this.#p } \
      static async *s(...t) { for await (const {u, v: [w = 1, ...x], ...y} of t) yield* u?.v?.[w]?.(...x, y) } } \
      export const [e, , f = 2] = [1, , ...b], {g, ['h']: i} = c; label: for (var j in c) { for (;;) { if (j) continue label; else break label } } \
      blk: { break blk } do { try { throw j } catch ({k}) { k++ } finally { --j } } while (j ||= k ?? 1n ** 2n); \
      switch (j) { case 1: case f(): break; default: j = j ? a`${b}` : new.target } \
      ({l: a, m: [b.n, c[0]], ...a.o} = c); [a.p, ...c] = b; a.p += 1, a[1] **= 2, delete a.q, void 0, typeof a, !a, -a, +a, ~a; \
      var r = function s() { return s() }, t = async () => await s, u = {v() {}, get w() { return 1 }, ...a, [a]: 1}; \
      import('x'); import.meta.url; a?.b; a?.[1]; a?.(); /x/g.test(a); `a${b}c`; (a, b); x => ({x}); new a; if (a) b; else c; ; debugger";
    assert!(read(text).scopes.first().is_some_and(|scope| scope.kind == ScopeKind::Artifact));
    read("with (a) { b = 010 } return a");
    read("function f() { return f(f) } function g(a, a) { arguments[0]++; this.x = this.y-- }");
}
