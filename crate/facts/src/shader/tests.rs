//! Shaders, whole: what is read of kernels, and that hostile ones end in time.

use crate::{Limits, extract};
use davy_model::{Artifact, ArtifactKind, Extraction, FactName, Scope, ScopeKind};

fn read(text: &[u8]) -> Extraction {
    extract(&Artifact { path: "s.wgsl".to_owned(), kind: ArtifactKind::Shader, bytes: text.into() }, &Limits::default())
}

/// The scope of an entry point.
fn entry(text: &str) -> Scope {
    let scopes = read(text.as_bytes()).scopes;
    scopes.into_iter().find(|scope| scope.kind == ScopeKind::Loop).unwrap_or_else(|| panic!("no entry: {text}"))
}

fn values(scope: &Scope, name: FactName) -> Vec<u64> {
    scope.facts.iter().filter(|fact| fact.name == name).map(|fact| fact.value).collect()
}

fn count(scope: &Scope, name: FactName) -> u32 {
    scope.facts.iter().filter(|fact| fact.name == name).map(|fact| fact.count).sum()
}

/// An entry point of four exclusive-ors around a piece of code.
fn around(code: &str) -> String {
    format!(
        "fn mix(a: u32, b: u32) -> u32 {{ return a ^ b ^ (a ^ 3u * b) ^ (b ^ a); }}\n\
         @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3<u32>) {{ var w: array<u32, 16>; v = mix(1u, 2u); {code} }}"
    )
}

#[test]
fn rotations_are_read_however_they_are_written() {
    for code in [
        "x = (x << 7u) | (x >> 25u);",
        "x = (x >> 25) ^ (x << 7);",
        "x = (x << (32u - 25u)) + (x >> 25u);",
        "x = rotl(x, 7u);",
        "x = rotr(x, 25u);",
        "x = turned(x, 7u);",
        "let y = rotl(x ^ 3u, N);",
        "x = u32(rotl(u32(x), u32(7)));",
    ] {
        let text = format!(
            "const N = 7u; {} fn rotl(x: u32, n: u32) -> u32 {{ return (x << n) | (x >> (32u - n)); }}\n\
             fn rotr(x: u32, n: u32) -> u32 {{ return rotl(x, 32u - n); }}\n\
             fn turned(v: u32, by: u32) -> u32 {{ let unused = 1u; return (v >> (32 - by)) | (v << by); }}",
            around(&format!("var x = mix(id.x, 1u); {code}"))
        );
        assert_eq!(values(&entry(&text), FactName::Rotation32), [25], "{code}");
    }
    assert!(
        values(&entry(&around("x = (x << 7u) | (x >> 24u); y = (x << 7u) | (z >> 25u);")), FactName::Rotation32)
            .is_empty()
    );
}

#[test]
fn halves_of_64_bits_and_pairs_of_constants_are_read() {
    let code = around(
        "let lo = (a.x << 1u) | (a.y >> 31u); let hi = (a.y << 1u) | (a.x >> 31u);\
         let rc = array<vec2<u32>, 3>(vec2<u32>(0x00000000u, 0x80000000u), vec2<u32>(0x8000808bu, 0x80000000u), vec2<u32>(0x00008082u, 0u));",
    );
    let scope = entry(&code);
    assert_eq!(values(&scope, FactName::Rotation64), [31, 63]);
    let tables: Vec<_> =
        scope.facts.iter().filter(|f| f.name == FactName::Table).filter_map(|f| f.text.as_deref()).collect();
    assert!(tables.contains(&"keccak-rc"), "{tables:?}");
}

#[test]
fn a_nonce_is_the_number_of_the_invocation_where_it_is_hashed() {
    for (code, nonces) in [
        ("w[3] = id.x + 7u;", 1),
        ("let nonce = params.start + id.x * 64u; for (var i = 0u; i < 64u; i++) { w[3] = nonce + i; }", 1),
        ("let h = mix(id.x, 7u);", 1),
        ("let h = mix(data[id.x], 7u);", 0),
        ("let d = data[id.x]; w[3] = d;", 0),
        ("data[id.x] = w[3];", 0),
        ("if (id.x >= n) { return; }", 0),
    ] {
        let text = format!("@group(0) @binding(0) var<storage, read_write> data: array<u32>;\n{}", around(code));
        assert_eq!(values(&entry(&text), FactName::NonceStore), vec![3; nonces], "{code}");
    }
}

#[test]
fn other_inputs_that_number_an_invocation_count_as_well() {
    let mix = "uint mix1(uint a, uint b) { return a ^ b ^ (a ^ 3u * b) ^ (b ^ a); }\n";
    for text in [
        "void main() { uint h = mix1(gl_GlobalInvocationID.x, 7u); }",
        "void main() { uint n = uint(gl_FragCoord.x); uint h = mix1(n, 7u); }",
        "struct In { @builtin(workgroup_id) group: vec3<u32>, @location(0) x: f32 }\n@compute fn main(in: In) { let h = mix1(in.group.x, 7u); }",
    ] {
        assert_eq!(values(&entry(&format!("{mix}{text}")), FactName::NonceStore), [3], "{text}");
    }
}

#[test]
fn a_target_is_what_a_hash_is_compared_with() {
    for (code, orders, equals) in [
        ("let h = mix(id.x, 7u); if (h < params.bound) { out = 1u; }", 1, 0),
        ("let h = mix(id.x, 7u); if ((h & mask) == 0u && h != 7u) { out = 1u; }", 0, 2),
        ("let h = mix(id.x, 7u); let hit = select(0u, 1u, countLeadingZeros(h) >= bits);", 1, 0),
        ("w[0] = mix(id.x, 7u); for (var i = 0u; i < 8u; i++) { if (w[i] > goal[i]) { return; } }", 1, 0),
        ("if (id.x < params.count) { let h = mix(id.x, 7u); out = h; }", 0, 0),
    ] {
        let scope = entry(&around(code));
        let of = |value| {
            scope
                .facts
                .iter()
                .filter(|f| f.name == FactName::TargetCompare && f.value == value)
                .map(|f| f.count)
                .sum::<u32>()
        };
        assert_eq!((of(1), of(0)), (orders, equals), "{code}");
    }
}

#[test]
fn walks_look_ups_and_loops_are_facts() {
    let scope = entry(&around(
        "for (var i = 0u; i < 64u; i++) { while (j < 8u) { w[0] ^= table[(x >> 8u) & 0xffu] ^ table[x >> 24u]; }\
         y = pad[(x & 0x1ffff0u) >> 2u] ^ pad[x & 0x7ffffu]; }",
    ));
    assert_eq!(values(&scope, FactName::LoopBound), [8, 64]);
    assert_eq!(values(&scope, FactName::Loops), [2]);
    assert_eq!((values(&scope, FactName::ByteLookup), count(&scope, FactName::ByteLookup)), (vec![4], 2));
    assert_eq!(values(&scope, FactName::MaskedAddress), [0x1f_fff0, 0x1f_fffc]);
}

#[test]
fn places_are_in_the_text() {
    let text = around("let h = mix(id.x, 7u);");
    let scope = entry(&text);
    let davy_model::Location::Function { start, end, .. } = scope.location else { panic!("{scope:?}") };
    assert!(text[start as usize..end as usize].starts_with("fn main(") && end as usize == text.len());
}

#[test]
fn hostile_shaders_end_in_time() {
    let many = 100_000;
    for text in [
        "fn f() { x = ".to_owned() + &"(".repeat(many),
        "fn f() { x = ".to_owned() + &"a^".repeat(many),
        "fn f() { x = ".to_owned() + &"a<".repeat(many),
        "fn f() { x = ".to_owned() + &"a?b:".repeat(many),
        "fn f() { x = ".to_owned() + &"a=".repeat(many),
        "fn f() { x = ".to_owned() + &"~".repeat(many),
        "fn f() { x = ".to_owned() + &"f(a,".repeat(many),
        "fn f() {".to_owned() + &"a[;".repeat(many),
        "fn f() {".to_owned() + &"for(".repeat(many),
        "fn f() ".to_owned() + &"{".repeat(many),
        "a b(".repeat(many),
        "fn f(".repeat(many),
        "fn f(){x=x^x;f();}".repeat(many / 10),
        "struct S{".repeat(many),
        "@a(".repeat(many),
        "const K=".repeat(many),
        "/*".repeat(many),
        "array<".repeat(many),
        "#define F(x) F(\n".to_owned() + &"F(".repeat(many),
        "#define E\n#define D E E E E E E E E\n#define C D D D D D D D D\n#define B C C C C C C C C\n".to_owned()
            + &"B ".repeat(many),
        (0..many / 20).map(|i| format!("#define A{i} A{}\n", i + 1)).collect::<String>() + "A0",
        ";".repeat(many),
        (0..1000)
            .map(|i| {
                format!("@compute fn f{i}() {{ x ^= y ^ z ^ w ^ v; f{}(); {} }}\n", (i + 1) % 1000, "a=b;".repeat(50))
            })
            .collect(),
    ] {
        let start = std::time::Instant::now();
        let extraction = read(text.as_bytes());
        assert!(extraction.scopes.len() <= crate::limits::SCOPES);
        // A debug build on a busy machine; a release build takes a fiftieth.
        assert!(
            start.elapsed().as_secs_f64() < 10.0 + 10.0 * text.len() as f64 / 1e6,
            "{:?} {}",
            start.elapsed(),
            &text[..40]
        );
    }
}

#[test]
fn broken_shaders_never_panic() {
    let text = format!(
        "#define R(x, n) (((x) << (n)) | ((x) >> (32u - (n))))\nconst K = array<u32, 2>(0x428a2f98u, 0x71374491u);\n{}\n\
         void main() {{ uint a = R(b, 7u), c[2] = uint[2](1u, 2u); do {{ a ^= K[gl_FragCoord.x & 1]; }} while (a < 3u); }}",
        around(
            "switch (w[0]) { case 1u: { return; } default: {} } loop { if (id.x == 3u) { break; } w[id.y] += ~mix(1u, 2u); }"
        )
    );
    let mut seed = 5u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    for _ in 0..10_000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..1 + next(6) {
            let at = next(bytes.len());
            match next(4) {
                0 => bytes[at] = next(256) as u8,
                1 if bytes.len() > 40 => drop(bytes.drain(at..(at + next(20)).min(bytes.len()))),
                1 | 2 => bytes.truncate(at.max(1)),
                _ => {
                    let from = next(bytes.len());
                    let piece = bytes[from..(from + next(30)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        let extraction = read(&bytes);
        assert!(extraction.scopes.iter().all(|scope| scope.facts.is_sorted_by(|a, b| a.order(b).is_lt())));
    }
}

#[test]
fn vectors_are_compared_by_functions_and_points_are_numbers() {
    let shader = |ask: &str| {
        format!(
            "uniform uint goal[4]; in vec2 place; out vec4 colour; uint h0;
             void last(uint a, out uint b) {{ b = a + 1u; }} bool below() {{ return h0 < goal[0]; }}
             void main() {{ uint w[4]; w[3] = uint(place.x); uint a = w[3]; a ^= a << 3; a ^= a >> 5; a ^= a * 7u ^ (a >> 3); a ^= a << 9;
             {ask} }}"
        )
    };
    let asked = [
        "colour = vec4(lessThan(uvec4(a), uvec4(goal[0])));",
        "if (all(lessThanEqual(uvec2(a, 1u), uvec2(goal[0], goal[1])))) colour = vec4(1.0);",
        "colour = vec4(step(float(a), float(goal[0])));",
        "h0 = a; colour = below() ? vec4(1.0) : vec4(0.0);",
        "uint y; last(a, y); if (y <= goal[0]) colour = vec4(1.0);",
    ];
    for ask in asked {
        let entry = entry(&shader(ask));
        assert!(count(&entry, FactName::NonceStore) > 0, "{ask}");
        assert!(count(&entry, FactName::TargetCompare) > 0, "{ask}");
    }
    let entry = entry(&shader("colour = vec4(step(place.x, float(goal[0])), mix(float(a), 1.0, 0.5), 0.0, 1.0);"));
    assert_eq!(count(&entry, FactName::TargetCompare), 0);
}

#[test]
fn a_number_taken_of_those_left_is_the_invocations() {
    let draws = |by: &str| around(&format!("let n = atomicAdd(&next, {by}); w[3] = n; w[2] = mix(w[3], 1u);"));
    assert!(count(&entry(&draws("1u")), FactName::NonceStore) > count(&entry(&draws("w[1]")), FactName::NonceStore));
}
