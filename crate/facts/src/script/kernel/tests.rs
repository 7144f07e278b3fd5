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
        // A block as an object, and a target as text.
        "async function s(block, k) { let nonce = 0; const want = '0'.repeat(k); while (true) {
           const text = JSON.stringify({ ...block, nonce }), h = hex(await crypto.subtle.digest('SHA-256', e.encode(text)));
           if (h.substring(0, k) === want) return nonce; nonce++ } }",
        // Lists of hashes.
        "async function s(p, t) { for (let base = 0; ; base += 64) { const all = Array.from({ length: 64 }, (_, i) => base + i);
           const hs = await Promise.all(all.map(async (n) => new Uint8Array(await crypto.subtle.digest('SHA-256', e.encode(p + n)))));
           const at = hs.findIndex((h) => h[0] === 0 && h[1] === 0); if (at >= 0) return all[at] } }",
        "const header = new Uint8Array(80); async function s(from) { for (let base = from; ; base += 8) { const all = [];
           for (let i = 0; i < 8; i++) { const h = header.slice(); new DataView(h.buffer).setUint32(76, base + i); \
           all.push(crypto.subtle.digest('SHA-256', h)) }
           for (const d of await Promise.all(all)) if (new Uint8Array(d)[31] === 0) return base } }",
        // A function that only says whether it is one.
        "const one = async (n) => { const h = new Uint8Array(await crypto.subtle.digest('SHA-256', e.encode(p + n))); \
           return h[0] === 0 && h[1] === 0 ? n : -1 }; async function s() { for (let n = 0; ; n++) { const r = await one(n); \
           if (r >= 0) return r } }",
        // Orders of bytes.
        "const sum = (b) => createHash('sha256').update(b).digest(); function s(b, t) { for (let n = 0; n < 4294967295; n++) {
           b.writeUInt32LE(n, 76); if (sum(sum(b)).reverse().compare(t) <= 0) return n } }",
        "const sum = (b) => createHash('sha256').update(b).digest(); function s(b, t) { for (let n = 0; n < 4294967295; n++) {
           b.writeUInt32LE(n, 76); if (Buffer.compare(sum(b), t) < 0) return n } }",
    ];
    forms.into_iter().for_each(is_search);
}

/// Says where a text shows no search by a hash of others.
fn is_search(text: &str) {
    let missing: Vec<FactName> = search_facts(text).into_iter().filter(|(_, count)| *count == 0).map(|f| f.0).collect();
    assert!(missing.is_empty(), "{missing:?}: {text}");
}

/// What a search is told by, and how often it stands in the loops of a text.
fn search_facts(text: &str) -> [(FactName, u32); 3] {
    let extraction = read(text);
    let count = |name| {
        let loops = extraction.scopes.iter().filter(|scope| scope.kind == ScopeKind::Loop);
        let facts = loops.flat_map(|scope| &scope.facts).filter(|fact| fact.name == name);
        (name, facts.map(|fact| fact.count).sum::<u32>())
    };
    [count(FactName::DigestCall), count(FactName::NonceStore), count(FactName::TargetCompare)]
}

#[test]
fn whatever_is_asked_of_a_hash_is_a_target() {
    let asked = [
        "hex(h).startsWith('0000')",
        "/^0{4}/.test(hex(h))",
        "new RegExp('^0{' + t + '}').exec(hex(h))",
        "hex(h).slice(0, 4) === '0000'",
        "hex(h).indexOf('0000') === 0",
        "parseInt(hex(h).slice(0, 8), 16) < t",
        "BigInt('0x' + hex(h)) < t",
        "parseInt(hex(h).slice(56, 64), 16) < parseInt(t.match(/../g).reverse().join(''), 16)",
        "!(b[0] | b[1])",
        "!b[0] && !(b[1] & 0xf0)",
        "b.slice(0, 3).every((x) => x === 0)",
        "Math.clz32(v.getUint32(0)) >= t",
    ];
    for asked in asked {
        is_search(&format!(
            "async function s(p, t) {{ for (let n = 0; ; n++) {{ const h = await crypto.subtle.digest('SHA-256', e.encode(p + n)),
               b = new Uint8Array(h), v = new DataView(h); if ({asked}) return n }} }}"
        ));
    }
}

#[test]
fn numbers_drawn_and_hashed_are_nonces() {
    let search = |draw: &str| {
        format!(
            "async function s(p, t) {{ for (;;) {{ {draw} const h = new DataView(await crypto.subtle.digest('SHA-256', m));
               if (h.getUint32(0) < t) return m }} }}"
        )
    };
    is_search(&search("const n = Math.floor(Math.random() * 2 ** 32), m = e.encode(p + n);"));
    is_search(&search("const n = Math.random() * 2 ** 32 >>> 0; m.setUint32(76, n);"));
    is_search(&search("const m = crypto.getRandomValues(new Uint8Array(32));"));
    is_search(&search("const m = new Uint8Array(96), n = new Uint8Array(8); crypto.getRandomValues(n); m.set(n, 80);"));
    // An initialisation vector is drawn for each part as well, and is not what is hashed.
    let [_, (_, nonces), _] =
        search_facts(&search("const v = crypto.getRandomValues(new Uint8Array(12)), m = await seal(v, p.next());"));
    assert_eq!(nonces, 0);
    let [_, (_, nonces), _] = search_facts(
        "async function s(l, w) { for (const m of l) { const v = crypto.getRandomValues(new Uint8Array(12));
           const h = await crypto.subtle.digest('SHA-256', m); if (hex(h) === w) out.push(v) } }",
    );
    assert_eq!(nonces, 0);
}

#[test]
fn functions_taken_apart_at_each_wait_are_loops() {
    is_search(
        "function s(p, t) { return __awaiter(this, void 0, void 0, function () { var n, h; return __generator(this, function (a) {
           switch (a.label) { case 0: n = 0; a.label = 1; case 1: return [4, crypto.subtle.digest('SHA-256', e.encode(p + n))];
           case 2: h = new DataView(a.sent()); if (h.getUint32(0) < t) return [2, n]; n++; return [3, 1] } }) }) }",
    );
    is_search(
        "var s = wrap(function (c) { for (;;) switch (c.prev = c.next) { case 0: n = 0; case 1: c.next = 4;
           return crypto.subtle.digest('SHA-256', e.encode(p + n)); case 4: h = new Uint8Array(c.sent);
           if (!(h[0] === 0 && h[1] === 0)) { c.next = 8; break } return c.abrupt('return', n);
           case 8: n++; c.next = 1; break; case 11: case 'end': return c.stop() } }); var n, h",
    );
}

#[test]
fn numbers_are_padded_and_lists_spread_on_the_way() {
    let ways = ["n.toString(16).padStart(8, '0')", "('0000000' + n.toString(16)).slice(-8)", "n"];
    for way in ways {
        is_search(&format!(
            "async function s(p, t) {{ for (let n = 0; ; n++) {{ const h = [...new Uint8Array(await crypto.subtle.digest('SHA-256',
               e.encode(p + {way})))].map((b) => b.toString(16)).join(''); if (h < t) return n }} }}"
        ));
    }
    is_search(
        "function s(p, w) { var n = 0; setInterval(function () { var m = p + '|' + (n++); if (lib.SHA256.hex(m) === w) done(m) }) }",
    );
    is_search(
        "function s(p, t) { for (var n = 0; ; n++) { var m = lib.create(); m.update(p + n); if (m.digest().toHex() < t) return n } }",
    );
}

#[test]
fn the_hash_of_a_module_is_one() {
    let search = |exported: &str| {
        format!(
            "var f = Module.cwrap('{exported}', 'string', ['string']); function s(j) {{ for (let n = j.from; ; n++) {{
               var h = f(j.blob.substring(0, 78) + n.toString(16) + j.blob.substring(86)); if (parseInt(h.slice(56, 64), 16) < j.t) return n }} }}"
        )
    };
    is_search(&search("cn_hash"));
    assert_eq!(search_facts(&search("translate"))[0].1, 0);
}

#[test]
fn fields_that_are_a_state_are_followed() {
    let mix = "this.b = this.b + this.m[this.a & 0x3ffff] | 0; this.b = this.b << 11 | this.b >>> 21; this.#c ^= this.b; \
               this.m[this.#c & 0x3ffff] ^= this.a; this.a = (this.a ^ this.#c) + this.b | 0; this.a = this.a << 6 | this.a >>> 26;";
    let text = format!(
        "class W {{ #c = 1; a = 2; b = 3; m = new Uint32Array(1 << 18); hash() {{ for (let i = 0; i < 65536; i++) {{ {mix} {mix} }} }} }}"
    );
    assert!(most(&text, ScopeKind::Loop, FactName::ChainedAddress, 0xf_fffc) >= 2);
    assert!(most(&text, ScopeKind::Artifact, FactName::HashShare, 0) == 0, "some of it hashes");
}

#[test]
fn regions_are_measured_by_their_array_and_by_what_a_shift_leaves() {
    for index in [|of| format!("{of} & (m.length - 1)"), |of: char| format!("{of} >>> 14")] {
        let (j, k) = (index('a'), index('c'));
        let text = format!(
            "const m = new Uint32Array(262144); function w(s) {{ let a = s, b = 5, c = 1, d = 2; for (let i = 0; i < 262144; i++) {{
               const j = {j}; let x = m[j]; b = (b + x) | 0; b = b << 7 | b >>> 25; c ^= b; const k = {k}; let y = m[k];
               d = (d + y) | 0; d = d << 13 | d >>> 19; a ^= d; m[j] = x ^ d; m[k] = y + b ^ c; a = (a + c) | 0;
               a = a << 9 | a >>> 23 }} return a }}"
        );
        assert!(most(&text, ScopeKind::Loop, FactName::ChainedAddress, 0xf_fffc) > 0, "{text}");
    }
}

#[test]
fn keccak_whose_constants_are_made_is_known() {
    let made =
        "const H = [], I = []; for (let i = 0, R = 1n; i < 24; i++) { let t = 0n; for (let j = 0n; j < 7n; j++) {
      R = ((R << 1n) ^ ((R >> 7n) * 0x71n)) % 256n; if (R & 2n) t ^= 1n << ((1n << j) - 1n) } H.push(t) }";
    let permutation = |parity: &str| {
        format!(
            "{made} function p(s) {{ const b = []; for (let r = 0; r < 24; r++) {{ for (let x = 0; x < 10; x++) b[x] = {parity};
               for (let y = 0; y < 50; y += 10) {{ s[y] ^= ~s[y + 2] & s[y + 4]; s[y + 1] ^= ~s[y + 3] & s[y + 5]; s[y] ^= s[y] >>> 3 }}
               s[0] ^= H[r] }} }} p(q)"
        )
    };
    let five = permutation("s[x] ^ s[x + 10] ^ s[x + 20] ^ s[x + 30] ^ s[x + 40]");
    assert_eq!(most(&five, ScopeKind::Function, FactName::Table, 0), 24);
    assert_eq!(most(&permutation("s[x] ^ s[x + 10] ^ s[x + 20]"), ScopeKind::Function, FactName::Table, 0), 0);
}

#[test]
fn hashes_are_called_by_the_function_that_a_maker_has_made() {
    let text = format!(
        "const make = (c) => {{ const h = (m) => c().update(m).digest(); return Object.freeze(h) }}; const of = (n) => make(() => new S(n));
         class S {{ update(m) {{ this.m = m; return this }} digest() {{ return f(this.m, 1, 2, 3, 4) }} }} {}; const sum = of(3);
         onmessage = (e) => {{ for (let n = 0; ; n++) {{ b[9] = n; if (sum(b)[0] < e.data.t) return n }} }}; const b = new Uint32Array(16)",
        mixing("d ^= a << 5 | a >>> 27")
    );
    let extraction = read(&text);
    let tries = |scope: &&davy_model::Scope| scope.facts.iter().any(|fact| fact.name == FactName::NonceStore);
    let search = extraction.scopes.iter().filter(|scope| scope.kind == ScopeKind::Loop).find(tries);
    assert!(search.is_some_and(|scope| scope.functions.len() > 1), "the loop and the hash: {extraction:?}");
}

#[test]
fn hashing_a_list_is_no_search() {
    let text = "async function all(list) { const out = []; for (let i = 0; i < list.length; i++) { const h = await \
                crypto.subtle.digest('SHA-256', list[i]); if (h.byteLength > 10) out.push(h) } return out }";
    assert_eq!(most(text, ScopeKind::Loop, FactName::NonceStore, 0), 0);
    let parts = "async function sums(file) { const all = []; for (let at = 0; at < file.size; at += 1048576) { \
                 const part = await file.slice(at, at + 1048576).arrayBuffer(); all.push(crypto.subtle.digest('SHA-256', part)) } \
                 return (await Promise.all(all)).map(hex) }";
    let names = "async function names(all) { for (const { id, text } of all) { const h = hex(await crypto.subtle.digest('SHA-1', \
                 e.encode(JSON.stringify({ id, text })))); if (h === last) return id } }";
    for text in [parts, names] {
        assert_eq!(search_facts(text)[1].1, 0, "{text}");
    }
}

#[test]
fn lists_that_are_made_of_each_other_end() {
    let all = (1..40).map(|n| {
        let before = n - 1;
        format!("const l{n} = Array.from(l, (v, i) => l{before}.map((x) => x ^ i) + l{before}.map((x) => x ^ v) + l{n}.map((x) => x)); ")
    });
    let text = format!(
        "for (let l0 = 0; ; l0++) {{ {} l39.map((x) => digest(x ^ x << 5 ^ x >>> 3 ^ l0 ^ 1 ^ 2 ^ 3 ^ 4)) }}",
        all.collect::<String>()
    );
    assert!(!read(&text).scopes.is_empty());
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
