// In place of modules of node, which browsers do not have: what is called of them is that something holds.
module.exports = Object.assign((holds, why) => { if (!holds) throw new Error(why ?? "does not hold"); }, { Agent: class {}, equal() {} });
