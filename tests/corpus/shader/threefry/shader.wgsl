// A generator for simulations (Threefry-4x32, Random123): the invocation's number goes in, rotations and sums mix it,
// and what comes out is compared with a probability. No hash function, no target of a proof of work.

@group(0) @binding(0) var<storage, read_write> spins: array<i32>;
@group(0) @binding(1) var<uniform> chance: u32;

fn rotl(x: u32, n: u32) -> u32 {
    return (x << n) | (x >> (32u - n));
}

fn mix(x: ptr<function, vec4<u32>>, a: u32, b: u32) {
    (*x).x += (*x).y;
    (*x).y = rotl((*x).y, a) ^ (*x).x;
    (*x).z += (*x).w;
    (*x).w = rotl((*x).w, b) ^ (*x).z;
}

fn mix_across(x: ptr<function, vec4<u32>>, a: u32, b: u32) {
    (*x).x += (*x).w;
    (*x).w = rotl((*x).w, a) ^ (*x).x;
    (*x).z += (*x).y;
    (*x).y = rotl((*x).y, b) ^ (*x).z;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let key = vec4<u32>(0x1bd11bdau, id.y, 3u, 4u);
    var x = vec4<u32>(id.x, 0u, 0u, 0u) + key;
    for (var i = 0u; i < 2u; i++) {
        mix(&x, 10u, 26u);
        mix_across(&x, 11u, 21u);
        mix(&x, 13u, 27u);
        mix_across(&x, 23u, 5u);
        x += key;
        mix(&x, 6u, 20u);
        mix_across(&x, 17u, 11u);
        mix(&x, 25u, 10u);
        mix_across(&x, 18u, 20u);
        x += key.yzwx;
    }
    if (x.x < chance) {
        spins[id.x] = -spins[id.x];
    }
}
