// Random numbers as games and films draw them: integer hashes of the pixel's place, and a grain that is shown where it
// exceeds a bound.

@group(0) @binding(0) var picture: texture_storage_2d<rgba8unorm, write>;
@group(0) @binding(1) var<uniform> amount: f32;

fn pcg(seed: u32) -> u32 {
    let state = seed * 747796405u + 2891336453u;
    let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
    return (word >> 22u) ^ word;
}

fn murmur(seed: u32, key: u32) -> u32 {
    var k = key * 0xcc9e2d51u;
    k = (k << 15u) | (k >> 17u);
    var h = seed ^ (k * 0x1b873593u);
    h = (h << 13u) | (h >> 19u);
    h = h * 5u + 0xe6546b64u;
    h ^= h >> 16u;
    h *= 0x85ebca6bu;
    h ^= h >> 13u;
    h *= 0xc2b2ae35u;
    h ^= h >> 16u;
    return h;
}

fn xorshift(state: ptr<function, u32>) -> u32 {
    *state ^= *state << 13u;
    *state ^= *state >> 17u;
    *state ^= *state << 5u;
    return *state;
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    var state = pcg(id.x ^ murmur(id.y, 7u));
    var sum = 0u;
    for (var i = 0u; i < 16u; i++) {
        sum += xorshift(&state) >> 8u;
    }
    let grain = f32(sum) / 268435456.0;
    if (grain > amount) {
        textureStore(picture, vec2<i32>(id.xy), vec4<f32>(grain, grain, grain, 1.0));
    }
}
